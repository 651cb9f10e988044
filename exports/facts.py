"""Facts: what placeholders stand for on one page or in the whole document, and texts filled. Pure.

Dates are written in the viewer's locale and time zone. What is known only when sheets are counted
(`chapter`, `sheet`, `sheets`) stays a placeholder until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time

from addon import placeholders
from addon.placeholders import KNOWN, SEPARATOR, Placeholder

_NAMED = frozenset({"short", "medium", "long", "full"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who exports, and how they write dates."""

    name: str = ""
    locale: str = "en-GB"  # BCP 47
    time_zone: str = "UTC"  # IANA

    @property
    def zone(self) -> tzinfo:
        return _zone(self.time_zone)


@dataclass(frozen=True, slots=True)
class Facts:
    """Values by the placeholder's name; a name without a value is missing."""

    texts: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)  # of Page Properties, casefolded
    viewer: Viewer = field(default_factory=Viewer)

    def with_texts(self, **texts: str) -> Self:
        return replace(self, texts={**self.texts, **texts})


def fill(text: str, facts: Facts) -> tuple[str | Placeholder, ...]:
    """The text with its values; parts between " · " whose placeholders all lack one are left out.

    >>> fill("{space} · {owner} · {sheet} / {sheets}", Facts({"space": "Docs"}))
    ('Docs · ', Placeholder(name='sheet', format=''), ' / ', Placeholder(name='sheets', format=''))
    """
    filled: list[str | Placeholder] = []
    for part in _parts(placeholders.parse(text)):
        values = [piece if isinstance(piece, str) else _value(piece, facts) for piece in part]
        asked = [it for it, was in zip(values, part, strict=True) if isinstance(was, Placeholder)]
        if asked and not any(asked):
            continue
        if filled and values:
            filled.append(SEPARATOR)
        filled += [value for value in values if value]
    return _joined(filled)


def fill_text(text: str, facts: Facts) -> str:
    """The text with its values, where no sheet is known."""
    return "".join(piece for piece in fill(text, facts) if isinstance(piece, str)).strip()


def _parts(pieces: list[str | Placeholder]) -> list[list[str | Placeholder]]:
    parts: list[list[str | Placeholder]] = [[]]
    for piece in pieces:
        if isinstance(piece, Placeholder):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(SEPARATOR)
        parts[-1].append(first)
        parts += [[other] for other in others]
    return parts


def _joined(pieces: list[str | Placeholder]) -> tuple[str | Placeholder, ...]:
    joined: list[str | Placeholder] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _value(piece: Placeholder, facts: Facts) -> str | Placeholder:
    if KNOWN[piece.name].scope == "sheet":
        return piece
    if piece.name == "property":
        return facts.properties.get(piece.format.strip().casefold(), "")
    if KNOWN[piece.name].takes == "date":
        moment = facts.moments.get(piece.name)
        return _written(moment, piece, facts.viewer) if moment else ""
    return facts.texts.get(piece.name, "")


def _written(moment: datetime, piece: Placeholder, viewer: Viewer) -> str:
    """A moment as people of the viewer's locale write it: https://unicode.org/reports/tr35/"""
    there = moment.astimezone(viewer.zone)
    form = piece.format or ("short" if piece.name == "time" else "long")
    if form == "iso":
        return there.strftime("%Y-%m-%d %H:%M" if piece.name == "time" else "%Y-%m-%d")
    locale = _locale(viewer.locale)
    if form not in _NAMED:
        return str(format_datetime(there, form, tzinfo=viewer.zone, locale=locale))
    if piece.name == "time":
        day = format_date(there, form, locale=locale)
        return f"{day} {format_time(there, 'short', tzinfo=viewer.zone, locale=locale)}"
    return str(format_date(there, form, locale=locale))


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
