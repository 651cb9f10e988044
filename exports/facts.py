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
from addon.option_kinds import Text
from addon.options import OPTIONS, ExportOptions
from addon.placeholders import KNOWN, SEPARATOR, Placeholder
from exports.document import Page
from exports.tree import Space

_NAMED = frozenset({"short", "medium", "long", "full"})
_CLOCK = frozenset("Hhms")  # letters of a pattern that tell the time of day
_TEXTS = tuple(name for name, option in OPTIONS.items() if isinstance(option.kind, Text))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who exports, and how they write dates."""

    name: str = ""
    locale: str = "en-GB"  # BCP 47
    time_zone: str = ""  # IANA; empty where nobody told, which is taken for UTC

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


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Used:
    """The placeholders in the texts that some options print."""

    names: frozenset[str]
    has_clock: bool  # a time of day is among them

    @classmethod
    def by(cls, options: ExportOptions) -> Self:
        """
        >>> sorted(Used.by(ExportOptions()).names)
        ['modified', 'page', 'sheet', 'sheets', 'space']
        """
        texts = (getattr(options, name) for name in _TEXTS if _is_printed(name, options))
        pieces = [piece for text in texts for piece in placeholders.parse(text)]
        found = [piece for piece in pieces if isinstance(piece, Placeholder)]
        return cls(frozenset(piece.name for piece in found), any(map(_has_clock, found)))


def _is_printed(name: str, options: ExportOptions) -> bool:
    return (options.cover != "none" or not name.startswith("cover_")) and (
        bool(options.logo) or name != "logo_alt"
    )


def _has_clock(piece: Placeholder) -> bool:
    if KNOWN[piece.name].takes != "date":
        return False
    if piece.format in _NAMED or piece.format in ("", "iso"):
        return piece.name == "time"
    return not _CLOCK.isdisjoint(piece.format)


def document_facts(
    title: str, space: Space, viewer: Viewer, now: datetime, site: str = ""
) -> Facts:
    """What is known before any page is read; `site` is the name people know it by."""
    texts = {
        "title": title,
        "space": space.name,
        "space_key": space.key,
        "site": site,
        "exporter": viewer.name,
    }
    return Facts(texts, {"date": now, "time": now}, viewer=viewer)


def page_facts(document: Facts, page: Page) -> Facts:
    """What is known where the page stands. For the cover: of the document's first page.

    A page that has no body, such as a folder, has a title and nothing else.
    """
    texts = {"page": page.ref.title, "labels": ", ".join(page.labels)}
    texts |= {str(role): name for role, name in page.people.items()}
    if page.url:
        texts |= {"version": str(page.version), "address": page.short_url or page.url}
    moments = {"created": moment(page.created_at), "modified": moment(page.modified_at)}
    return replace(
        document,
        texts={**document.texts, **texts},
        moments={**document.moments, **{name: at for name, at in moments.items() if at}},
        properties=page.properties,
    )


def moment(text: str) -> datetime | None:
    """A date of Confluence's, which says where it is; None for what is no date.

    >>> moment("2026-03-02T09:00:00.000Z").isoformat()
    '2026-03-02T09:00:00+00:00'
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


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
    """The locale, or that of its language alone; British English for what nobody has heard of."""
    whole = name.replace("-", "_")
    for known in (whole, whole.partition("_")[0]):
        try:
            return Locale.parse(known)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")


def is_time_zone(name: str) -> bool:
    """
    >>> is_time_zone("Europe/Berlin"), is_time_zone("Europe/Atlantis"), is_time_zone("")
    (True, False, False)
    """
    return _known_zone(name) is not None


def _zone(name: str) -> tzinfo:
    return _known_zone(name) or UTC


@lru_cache(maxsize=64)
def _known_zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
