"""Covers: what stands on a cover, and how large. Pure.

A cover is one sheet without margins. All its measures are in em of a size that fits the paper, so
that a cover of A5 is that of A4 made smaller; its title is as large as its length allows.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from addon import logos
from addon.options import Cover, ExportOptions
from exports.contrast import READABLE, contrast
from exports.document import Image
from exports.facts import Facts, fill_text
from exports.paper import Sheet
from exports.pdf.compose import is_rtl

LOGO = "cover-logo"  # its key among the images of the front sheets

_EM = 10.0  # points on A4
_A4_WIDTH = 210.0  # mm
_LARGEST, _SMALLEST = 60, 11  # points on A4, of titles
_BLOCK = 104.0  # points on A4 that the lines of a title have together
_ACROSS = 16.0  # em of both margins
_LOGO_WIDTH, _LOGO_HEIGHT = 18.0, 6.0  # em
_LARGEST_PIXEL = 1.0  # points
_POINTS_A_MM = 72 / 25.4
_WIDE, _USUAL = 1.02, 0.62  # em of a bold character; of Chinese and its like, and of others
_MOST = 600  # characters of each text: a row of Page Properties may hold any number
_WHITE, _INK, _BLACK = "#ffffff", "#1e2330", "#000000"


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """What the template sets."""

    design: Cover
    title: str
    subtitle: str
    facts: str
    logo: tuple[float, float] | None  # its width and height in em
    logo_words: str
    accent: str  # `#rrggbb`
    ink: str  # `#rrggbb`, to be read on the accent
    width: float  # mm
    height: float  # mm
    em: float  # points
    title_size: float  # em

    @property
    def style(self) -> str:
        return (
            f"width:{self.width:g}mm;height:{self.height:g}mm;font-size:{self.em:.2f}pt;"
            f"--cover:{self.accent};--cover-ink:{self.ink}"
        )

    @property
    def logo_style(self) -> str:
        width, height = self.logo or (0.0, 0.0)
        return f"width:{width:.2f}em;height:{height:.2f}em"

    @property
    def title_style(self) -> str:
        return f"font-size:{self.title_size:.2f}em"

    @property
    def directions(self) -> dict[str, str]:
        """In which each text runs; the title's is that of the sheet."""
        texts = {"title": self.title, "subtitle": self.subtitle, "facts": self.facts}
        return {name: "rtl" if is_rtl(text) else "ltr" for name, text in texts.items()}

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.title, self.subtitle, self.facts)


def cover(options: ExportOptions, facts: Facts, sheet: Sheet) -> CoverSheet | None:
    """The cover of a document, if it is to have one; a title that fills to nothing is its own."""
    if options.cover == "none":
        return None
    fallback = facts.texts.get("title", "")
    title = _short(fill_text(options.cover_title, facts) or fallback)
    scale = min(sheet.width, sheet.height) / _A4_WIDTH
    em = _EM * scale
    room = sheet.width * _POINTS_A_MM - _ACROSS * em
    return CoverSheet(
        design=options.cover,
        title=title,
        subtitle=_short(fill_text(options.cover_subtitle, facts)),
        facts=_short(fill_text(options.cover_facts, facts)),
        logo=_logo_size(options, em),
        logo_words=logo_words(options, facts),
        accent=options.accent_colour,
        ink=ink_on(options.accent_colour),
        width=sheet.width,
        height=sheet.height,
        em=em,
        title_size=_title_size(title, room / scale) / _EM,
    )


def logo_words(options: ExportOptions, facts: Facts) -> str:
    """What the cover's logo is in words; empty where it shows none."""
    return _short(fill_text(options.logo_alt, facts)) if logo(options) else ""


def logo(options: ExportOptions) -> dict[str, Image]:
    """The logo as an image of the front sheets, where the cover shows it."""
    if not _has_logo(options) or options.cover == "none":
        return {}
    content = logos.content(options.logo)
    return {LOGO: Image(content, "image/png", *logos.size(content))}


def ink_on(ground: str) -> str:
    """White where it can be read on the ground, otherwise the darkest that the text has.

    >>> ink_on("#1558bc"), ink_on("#ffd400"), ink_on("#777777")
    ('#ffffff', '#1e2330', '#000000')
    """
    return next((it for it in (_WHITE, _INK) if contrast(it, ground) >= READABLE), _BLACK)


def _has_logo(options: ExportOptions) -> bool:
    return options.cover_logo and bool(options.logo)


def _logo_size(options: ExportOptions, em: float) -> tuple[float, float] | None:
    """In em: as large as its place, unless that would show its pixels."""
    if not _has_logo(options):
        return None
    width, height = logos.size(logos.content(options.logo))
    scale = min(_LOGO_WIDTH / width, _LOGO_HEIGHT / height, _LARGEST_PIXEL / em)
    return width * scale, height * scale


def _title_size(title: str, room: float) -> float:
    """Points on A4 of the largest title that keeps its words whole and its block in bounds.

    East Asian words may be broken anywhere.
    """
    whole = _width(title)
    longest = max(
        (_width(word) for word in title.split() if not any(map(_is_wide, word))), default=0
    )
    sizes = range(_LARGEST, _SMALLEST, -1)
    held = [size for size in sizes if math.ceil(whole * size / room) * size <= _BLOCK]
    # A word that fits at no size is broken where the line ends.
    return next((size for size in held if longest * size <= room), max(held, default=_SMALLEST))


def _width(text: str) -> float:
    """About how wide a text is in bold, in em."""
    return sum(_WIDE if _is_wide(character) else _USUAL for character in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1].rstrip()}…"
