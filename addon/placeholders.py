"""Placeholders: `{page}` in a text stands for what is known when it is printed. Pure.

    {name}           its value
    {name:format}    a date in a form of one's own, e.g. {date:d MMMM yyyy}; or {property:Status}
    {{ and }}        the braces themselves

A text is a row of parts between " · ": a part whose placeholders all have no value is left out, so
that no separator stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Scope = Literal["document", "page", "sheet"]  # each knows what those before it know, and more
_RANKS: Mapping[Scope, int] = {"document": 0, "page": 1, "sheet": 2}
_TOKEN = re.compile(r"\{\{|\}\}|\{([a-z_]{1,20})(?::([^{}]{1,60}))?\}|[{}]")
_DATE_FORMATS = ("short", "medium", "long", "full", "iso")
# The common letters of Unicode TR 35, as often as each may stand in a row.
_LETTERS = "|".join(
    f"{letter}{{1,{most}}}(?!{letter})"
    for letter, most in {"y": 4, "M": 5, "d": 2, "E": 5, "H": 2, "h": 2, "m": 2, "s": 2}.items()
)
_PATTERN = re.compile(rf"(?!.{{41}})(?:{_LETTERS}|[.,:/\-  年月日])+")
SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Known:
    """A placeholder there is."""

    scope: Scope
    label: Any  # translated when shown
    takes: Literal["", "date", "name"] = ""  # what may stand after the colon


KNOWN: Mapping[str, Known] = {
    "title": Known("document", _("Title of the document")),
    "space": Known("document", _("Name of the space")),
    "space_key": Known("document", _("Key of the space")),
    "site": Known("document", _("Name of the site")),
    "exporter": Known("document", _("Who exports")),
    "date": Known("document", _("Date of the export"), "date"),
    "time": Known("document", _("Time of the export"), "date"),
    "version": Known("document", _("Version of the page")),
    "author": Known("document", _("Who wrote the page")),
    "owner": Known("document", _("Who owns the page")),
    "editor": Known("document", _("Who changed the page last")),
    "created": Known("document", _("When the page was written"), "date"),
    "modified": Known("document", _("When the page was changed last"), "date"),
    "labels": Known("document", _("Labels of the page")),
    "property": Known("document", _("A row of Page Properties on the page"), "name"),
    "address": Known("document", _("Short address of the page")),
    "page": Known("page", _("Title of the page")),
    "chapter": Known("sheet", _("Heading that the sheet is under")),
    "sheet": Known("sheet", _("Number of the sheet")),
    "sheets": Known("sheet", _("How many sheets there are")),
}


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    format: str = ""


def parse(text: str) -> list[str | Placeholder]:
    """The text as pieces; what is no placeholder stays as it is.

    >>> parse("Page {sheet} of {sheets}, {date:long} {{}}")
    ['Page ', Placeholder(name='sheet', format=''), ' of ', Placeholder(name='sheets', format=''), \
', ', Placeholder(name='date', format='long'), ' {}']
    """
    pieces: list[str | Placeholder] = []
    at = 0
    for token in _TOKEN.finditer(text):
        _add(pieces, text[at : token.start()])
        at = token.end()
        if token[1] in KNOWN:
            pieces.append(Placeholder(token[1], token[2] or ""))
        else:
            _add(pieces, {"{{": "{", "}}": "}"}.get(token[0], token[0]))
    _add(pieces, text[at:])
    return pieces


def names(text: str) -> frozenset[str]:
    """The placeholders that a text uses."""
    return frozenset(piece.name for piece in parse(text) if isinstance(piece, Placeholder))


def problem(text: str, scope: Scope) -> str:
    """What a person should mend in the text; empty when all is well.

    >>> problem("{pgae}", "page")
    'There is no placeholder {pgae}.'
    >>> problem("{sheet}", "document")
    'The placeholder {sheet} has no value here.'
    """
    for token in _TOKEN.finditer(text):
        name, form = token[1], token[2] or ""
        if token[0] in ("{{", "}}"):
            continue
        if name is None:
            return f"Write a brace as {token[0] * 2}."
        if name not in KNOWN:
            return f"There is no placeholder {{{name}}}."
        if _RANKS[KNOWN[name].scope] > _RANKS[scope]:
            return f"The placeholder {{{name}}} has no value here."
        if trouble := _format_problem(name, form):
            return trouble
    return ""


def _format_problem(name: str, form: str) -> str:
    takes = KNOWN[name].takes
    if takes == "name":
        return "" if form.strip() else f"Name the row: {{{name}:Status}}."
    if not form:
        return ""
    if not takes:
        return f"The placeholder {{{name}}} takes no format."
    if form in _DATE_FORMATS or _PATTERN.fullmatch(form):
        return ""
    return f"“{form}” is no format of a date: try {', '.join(_DATE_FORMATS)} or d MMMM yyyy."


def _add(pieces: list[str | Placeholder], text: str) -> None:
    if text and pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    elif text:
        pieces.append(text)
