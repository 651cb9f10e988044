"""Search: clauses in, the pages, folders and blog posts that they all hold for out.

Words are looked for in titles and in export bodies. Attachments, comments and spaces are not
searched.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from pathlib import Path

import lxml.html
from lxml import etree

from playground.cql import BadQuery, Clause, moment
from playground.site import Page, Site, Version

# As Confluence: any other type makes the query a bad one.
TYPES = frozenset(
    {"page", "blogpost", "attachment", "comment", "whiteboard", "database", "embed", "folder"}
    | {"space", "user"}
)
EXCERPTS = ("highlight", "indexed", "none", "highlight_unescaped", "indexed_unescaped")
EXCERPT_LENGTH = 200  # characters

_PHRASE = re.compile(r'"([^"]*)"|([^\s"]+)')


def found(
    site: Site, visible: Iterable[str], clauses: Sequence[Clause], now: datetime
) -> list[Page]:
    """Find what an account may see, the last changed first; `now` is in its time zone."""
    holds = [_predicate(site, clause, now) for clause in clauses]
    pages = (site.pages[page_id] for page_id in visible)
    matching = [page for page in pages if all(of(page) for of in holds)]
    return sorted(matching, key=lambda page: (page.version.created_at, int(page.id)), reverse=True)


def words_of(clauses: Iterable[Clause]) -> list[str]:
    """Give the words and phrases that the clauses look for."""
    texts = (text for one in clauses if one.operator == "~" for text in one.texts)
    return [phrase for text in texts for phrase in _phrases(text)]


def excerpt(page: Page, strategy: str, words: Sequence[str]) -> str:
    """Give the beginning of a page's text in one of the ways of EXCERPTS."""
    if strategy == "none":
        return ""
    text = _text(page)[:EXCERPT_LENGTH]
    if not strategy.endswith("_unescaped"):
        text = escape(text)
    return highlighted(text, words) if strategy.startswith("highlight") else text


def highlighted(text: str, words: Sequence[str]) -> str:
    """Put Confluence's marks round the words."""
    if not words:
        return text
    alternatives = "|".join(re.escape(word) for word in words)
    return re.sub(rf"(?i)\b({alternatives})\b", r"@@@hl@@@\1@@@endhl@@@", text)


def _predicate(site: Site, clause: Clause, now: datetime) -> Callable[[Page], bool]:
    if clause.field in ("text", "title"):
        phrases = [phrase for text in clause.texts for phrase in _phrases(text)]
        if not phrases:
            raise BadQuery(f"The field {clause.field} cannot be searched for nothing.")
        read = _title if clause.field == "title" else _text_with_title
        return lambda page: all(_contains(read(page), phrase) for phrase in phrases)
    if clause.field in ("created", "lastmodified"):
        when = moment(clause.values[0], now)
        version = _first if clause.field == "created" else _latest
        return lambda page: _compares(_date(version(page)), clause.operator, when)
    wanted = frozenset(clause.texts)
    if clause.field == "type" and wanted - TYPES:
        raise BadQuery(f"{', '.join(sorted(wanted - TYPES))} is no type of content.")
    return lambda page: not wanted.isdisjoint(_names(site, clause.field, page))


def _names(site: Site, field: str, page: Page) -> Iterable[str]:
    """Give what a field says of a page: one name, or several."""
    if field == "ancestor":
        return [one.id for one in site.ancestors(page)]
    if field == "label":
        return page.labels
    if field == "creator":
        return [page.first.author_id]
    if field == "contributor":
        return [version.author_id for version in page.versions]
    return [{"type": page.type, "space": site.space_of(page).key, "id": page.id}[field]]


def _first(page: Page) -> Version:
    return page.first


def _latest(page: Page) -> Version:
    return page.version


def _date(version: Version) -> datetime:
    when = datetime.fromisoformat(version.created_at)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _compares(left: datetime, operator: str, right: datetime) -> bool:
    return {
        ">=": left >= right,
        ">": left > right,
        "<=": left <= right,
        "<": left < right,
        "=": left == right,
    }[operator]


def _phrases(text: str) -> list[str]:
    """Words, and phrases between quotation marks, in lower case."""
    if text.count('"') % 2:
        raise BadQuery(f"A quotation mark in {text} never ends.")
    found = ((phrase or word).casefold().split() for phrase, word in _PHRASE.findall(text))
    return [" ".join(words) for words in found if words]


def _contains(text: str, phrase: str) -> bool:
    """Look for a phrase, or for a word that begins as it does: `inst*`."""
    end = "" if phrase.endswith("*") else r"(?!\w)"
    return re.search(rf"(?<!\w){re.escape(phrase.removesuffix('*'))}{end}", text) is not None


def _title(page: Page) -> str:
    return page.title.casefold()


def _text_with_title(page: Page) -> str:
    return f"{page.title} {_text(page)} {' '.join(page.labels)}".casefold()


def _text(page: Page) -> str:
    path = page.bodies.get("export_view")
    return _words(path, path.stat().st_mtime_ns) if path else ""


@lru_cache(maxsize=2048)
def _words(path: Path, changed_at: int) -> str:
    """Read the text of a body on one line; once, until its file changes."""
    body = path.read_text(encoding="utf-8")
    if not body.strip():
        return ""
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    etree.strip_elements(root, etree.Comment, "script", "style", with_tail=False)
    return " ".join(" ".join(root.itertext()).split())
