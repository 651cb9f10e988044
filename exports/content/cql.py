"""CQL: the question of a list of Confluence's content, in the language that Confluence reads. Pure.

A list keeps its question as the parameters of `ConfluenceSearchDatasourceParameters` in Atlassian's
`@atlaskit/link-datasource`. One that is not understood to its last word is not asked at all: a list
without one of its filters would look right and be wrong.
https://developer.atlassian.com/cloud/confluence/cql-fields/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeGuard

from exports.content.nodes import names

MOST_VALUES = 50  # of one filter
LONGEST_VALUE = 255  # characters
_MOST_WORDS = 10  # of a title
_SIGNS = re.compile(r"""[!"#$%&'()*+,./:;<=>?@\[\\\]^`{|}~-]""")
# Thai to Khmer, and what Chinese, Japanese and Korean are written in: no blanks between words, so
# an index knows pieces of them and none that begins as they do.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
LONGEST = 2_000  # characters: a query travels in an address

# For any other type Confluence would refuse the whole query.
TYPES = names("page blogpost attachment comment whiteboard database embed folder space")

_PERIODS = {
    "today": ("lastmodified >= startOfDay()",),
    "yesterday": ('lastmodified >= startOfDay("-1d")', "lastmodified < startOfDay()"),
    "past7Days": ('lastmodified >= now("-7d")',),
    "past30Days": ('lastmodified >= now("-30d")',),
    "pastYear": ('lastmodified >= now("-1y")',),
}
_DATES = names("lastModified lastModifiedFrom lastModifiedTo")
_SEARCHED_ANYWAY = names("contentStatuses containerStatus")  # for what is current
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].{0,40})?", re.ASCII)


def written(parameters: Mapping[str, Any]) -> str:
    """Write a list's parameters as a query; empty when it cannot be asked.

    >>> written({"cloudId": "c", "searchString": "", "spaceKeys": ["DOC"], "labels": ["a", "b"]})
    'space in ("DOC") and label in ("a", "b")'
    """
    asked = {
        name: value
        for name, value in parameters.items()
        if name != "cloudId" and not _is_empty(value) and not _is_current(name, value)
    }
    only_titles = asked.pop("shouldMatchTitleOnly", False)
    clauses = [clause(asked[name]) for name, clause in _CLAUSES.items() if name in asked]
    if "searchString" in asked:
        clauses.insert(0, _contains("title" if only_titles else "text", asked["searchString"]))
    if _DATES & asked.keys():
        clauses += _within(asked)
    known = _CLAUSES.keys() | _DATES | {"searchString"}
    understood = all(clauses) and asked.keys() <= known and isinstance(only_titles, bool)
    query = " and ".join(clauses) if understood else ""
    return query if len(query) <= LONGEST else ""


def titled(space_key: str, words: str) -> str:
    """Ask for pages by the beginnings of words in their titles; empty when that cannot be asked.

    Confluence reads the text of `~` once more, as Lucene does: signs that mean something there are
    passed over, and so are capitals, as in AND.
    https://developer.atlassian.com/cloud/confluence/performing-text-searches-using-cql/

    >>> titled("DOC", "Release (no")
    'type = page and space = "DOC" and title ~ "release* no*" order by lastmodified desc'
    """
    spaces = _quoted([space_key]) if space_key else []
    sought = _SIGNS.sub(" ", words).lower().split()[:_MOST_WORDS]
    begun = (word if _UNSPACED.search(word) else f"{word}*" for word in sought)
    titles = _quoted([" ".join(begun)]) if sought else []
    if (space_key and not spaces) or (words.strip() and not titles):
        return ""
    clauses = ["type = page"]
    clauses += [f"space = {space}" for space in spaces]
    clauses += [f"title ~ {title}" for title in titles]
    return " and ".join(clauses) + " order by lastmodified desc"


def _contains(field: str, value: object) -> str:
    words = _quoted([value])
    return f"{field} ~ {words[0]}" if words else ""


def _of_types(value: object) -> str:
    """Types are given as such, or as `ati:cloud:confluence:page`."""
    given = [str(item).rpartition(":")[2].lower() for item in value] if _is_list(value) else []
    types = ["blogpost" if name == "blog" else name for name in given]
    return _one_of("type", types) if set(types) <= TYPES else ""


def _below(value: object) -> str:
    ids = [str(item) for item in value] if _is_list(value) else []
    is_whole = 0 < len(ids) <= MOST_VALUES and all(re.fullmatch("[0-9]{1,20}", x) for x in ids)
    return f"ancestor in ({', '.join(ids)})" if is_whole else ""


def _one_of(field: str, value: object) -> str:
    values = _quoted(value)
    return f"{field} in ({', '.join(values)})" if values else ""


_CLAUSES: Mapping[str, Callable[[object], str]] = {
    "entityTypes": _of_types,
    "spaceKeys": lambda value: _one_of("space", value),
    "labels": lambda value: _one_of("label", value),
    "ancestorPageIds": _below,
    "creatorAccountIds": lambda value: _one_of("creator", value),
    "contributorAccountIds": lambda value: _one_of("contributor", value),
}


def _within(asked: Mapping[str, Any]) -> list[str]:
    """When the content was changed last; Confluence reckons in the reader's own time zone."""
    period = asked.get("lastModified", "custom")
    if period != "custom":
        is_alone = _DATES & asked.keys() == {"lastModified"}
        return list(_PERIODS.get(str(period), ("",))) if is_alone else [""]
    clauses = []
    # The last day counts to its end.
    for name, operator, days in (("lastModifiedFrom", ">=", 0), ("lastModifiedTo", "<", 1)):
        if name in asked:
            day = _day(asked[name], days)
            clauses.append(f'lastmodified {operator} "{day.isoformat()}"' if day else "")
    return clauses or [""]


def _day(value: object, later: int) -> date | None:
    """The day of an ISO 8601 time, so many days later."""
    found = _DAY.fullmatch(str(value).strip())
    try:
        return date.fromisoformat(found[1]) + timedelta(days=later) if found else None
    except (ValueError, OverflowError):
        return None


def _quoted(value: object) -> list[str]:
    """The texts of a list as CQL takes them; none when one of them cannot be written."""
    items = value if _is_list(value) and len(value) <= MOST_VALUES else []
    texts = [" ".join(item.split()) if isinstance(item, str) else "" for item in items]
    if not all(text and len(text) <= LONGEST_VALUE and _is_printable(text) for text in texts):
        return []
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return [f'"{text}"' for text in escaped]


def _is_printable(text: str) -> bool:
    """Whether a person could have typed it; joiners between letters or emoji are invisible."""
    return all(x.isprintable() or unicodedata.category(x) == "Cf" for x in text)


def _is_empty(value: object) -> bool:
    """Whether a filter lets everything through."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is False or (isinstance(value, list | dict) and not value)


def _is_current(name: str, value: object) -> bool:
    """Whether a filter asks for what a search finds anyway: current content of current spaces."""
    values = value if isinstance(value, list) else [value]
    return name in _SEARCHED_ANYWAY and all(str(item).lower() == "current" for item in values)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
