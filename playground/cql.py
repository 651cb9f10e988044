"""CQL: the text of a query in, its clauses out. Pure.

As much of the language as the lists of a page need: clauses joined by `and`, compared with `=`,
`~`, `in (…)` and, for dates, `>=`, `>`, `<=`, `<`; and the one order in which the playground finds
pages anyway. What Confluence would not understand, or only
the playground does not, is BadQuery.
https://developer.atlassian.com/cloud/confluence/advanced-searching-using-cql/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain

TEXTS = frozenset({"text", "title"})
NAMES = frozenset({"type", "space", "label", "ancestor", "creator", "contributor", "id"})
DATES = frozenset({"created", "lastmodified"})
OPERATORS = {
    **dict.fromkeys(TEXTS, frozenset({"~"})),
    **dict.fromkeys(NAMES, frozenset({"=", "in"})),
    **dict.fromkeys(DATES, frozenset({"=", ">=", ">", "<=", "<"})),
}

_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')|(?P<sign>>=|<=|[=~<>(),])"
    r"|(?P<word>[^\s=~<>(),\"'!]++))",
    re.DOTALL,
)
_OFFSET = re.compile(r"([+-]?)(\d{1,4})([yMwdhm])")
_UNITS = {
    "y": timedelta(days=365),
    "M": timedelta(days=30),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")


class BadQuery(Exception):
    """The query cannot be understood; the message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of time: `now("-7d")`, `startOfDay()`."""

    function: str  # in lower case
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A field compared with one value, or with some."""

    field: str  # in lower case
    operator: str
    values: tuple[str | Call, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(value for value in self.values if isinstance(value, str))


def parse(query: str) -> tuple[Clause, ...]:
    """Read a query.

    >>> parse('space in ("DOC", OPS) and lastmodified >= now("-7d")')[1]
    Clause(field='lastmodified', operator='>=', values=(Call(function='now', offset='-7d'),))
    """
    tokens = _Tokens(query)
    clauses = [_clause(tokens)]
    while tokens.following:
        if tokens.take("and", "order").lower() == "order":
            _order(tokens)
            break
        clauses.append(_clause(tokens))
    return tuple(clauses)


def moment(value: str | Call, now: datetime) -> datetime:
    """When a date or a function of time is, for somebody whose clock shows `now`."""
    if isinstance(value, str):
        return _date(value, now.tzinfo or UTC)
    if value.function == "startofday":
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if not value.offset:
        return now
    found = _OFFSET.fullmatch(value.offset)
    if not found:
        raise BadQuery(f"{value.offset} is no span of time.")
    span = int(found[2]) * _UNITS[found[3]]
    try:
        return now - span if found[1] == "-" else now + span
    except OverflowError:
        raise BadQuery(f"{value.offset} is beyond all calendars.") from None


def _date(text: str, zone: tzinfo) -> datetime:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise BadQuery(f"{text} is no date.")


class _Tokens:
    """The words of a query, one after the other."""

    def __init__(self, query: str) -> None:
        self._rest = chain(_tokens(query), [("", "")])
        self._kind, self.following = next(self._rest)

    def take(self, *wanted: str) -> str:
        """Take the next token, which must be one of those wanted, if any are named."""
        token, is_string = self.following, self._kind == "string"
        if not self._kind or (wanted and (is_string or token.lower() not in wanted)):
            expected = f"Expected {' or '.join(wanted)}, but got" if wanted else "Unexpected"
            raise BadQuery(f"Could not parse cql: {expected} {token or 'the end of the query'}.")
        self._kind, self.following = next(self._rest)
        return token

    def value(self) -> str:
        if self._kind == "sign":
            raise BadQuery(f"Could not parse cql: {self.following} is no value.")
        return self.take()

    @property
    def is_string(self) -> bool:
        return self._kind == "string"


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    position, query = 0, query.rstrip()
    while position < len(query):
        found = _TOKEN.match(query, position)
        if not found:
            raise BadQuery(f"Could not parse cql: {query[position:]}")
        position = found.end()
        if text := found["string"]:
            yield "string", re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        else:
            yield ("sign", found["sign"]) if found["sign"] else ("word", found["word"])


def _order(tokens: _Tokens) -> None:
    for word in ("by", "lastmodified", "desc"):
        tokens.take(word)
    if tokens.following:
        raise BadQuery(f"Could not parse cql: {tokens.following} after the order.")


def _clause(tokens: _Tokens) -> Clause:
    field = tokens.value().lower()
    if field not in OPERATORS:
        raise BadQuery(f"The playground knows no field {field}.")
    operator = tokens.take().lower()
    if operator not in OPERATORS[field]:
        raise BadQuery(f"The field {field} cannot be compared with {operator}.")
    if operator != "in":
        return Clause(field, operator, (_value(tokens, field),))
    tokens.take("(")
    values = [_value(tokens, field)]
    while tokens.take(",", ")") == ",":
        values.append(_value(tokens, field))
    return Clause(field, operator, tuple(values))


def _value(tokens: _Tokens, field: str) -> str | Call:
    is_string = tokens.is_string
    value = tokens.value()
    if is_string or tokens.following != "(" or tokens.is_string:
        return value
    if field not in DATES or value.lower() not in ("now", "startofday"):
        raise BadQuery(f"The playground knows no function {value} for {field}.")
    tokens.take("(")
    offset = "" if tokens.following == ")" else tokens.value()
    tokens.take(")")
    return Call(value.lower(), offset)
