"""Stencils: pieces of text in, each on a small sheet of its own out, and where it stands on that.

WeasyPrint prints them, so scripts, shaping and fonts are as in the text; a hundred take it less
than a tenth of a second. Numbers are too many for that: they are set one by one from the font of a
sheet that has a sample of all their signs (ISO 32000-2, 9.7: Type 0 fonts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from django.template.loader import render_to_string

from addon.options import Numerals
from exports.document import ANCHOR_SCHEME, IMAGE_SCHEME, Chunk, Image
from exports.pdf.compose import has_many_scripts
from exports.pdf.furniture import PLAIN, Furniture
from exports.pdf.rows import Piece, Stencil

SIZE = 7.5  # points, of all but the watermark
MARK_SIZE = 24.0  # points, as the watermark is printed; it is drawn much larger
LOGO_HEIGHT = 48.0  # points, as it is printed
SHEET_HEIGHT = 72.0  # points

_BATCH = 250  # stencils that are printed together
_LOGO = "stencil-logo"
_BASE, _WHOLE = f"{ANCHOR_SCHEME}base", f"{ANCHOR_SCHEME}whole"  # only to be found in the PDF
_RIGHT_TO_LEFT, _END = "\u2067", "\u2069"
_SIGNS: Mapping[Numerals, str] = {
    "decimal": "",
    "lower-roman": "ivxlcdm",
    "upper-roman": "IVXLCDM",
    "lower-alpha": "abcdefghijklmnopqrstuvwxyz",
}
# A text of one font and nothing else, as WeasyPrint and exports.pdf.brevity write it.
_ONE_RUN = re.compile(
    rb"1 0 0 -1 0 72 cm\n(?:q\n|0\.75 0 0 0\.75 0 0 cm\n)+/a1\.0 gs\n[\d. ]+ rg\n"
    rb"BT\n1 0 0 -1 ([\d.]+) [\d.]+ Tm\n(/\w+) 10 Tf\n(\[[<>0-9a-f.-]+\]) TJ\nET\n[Q\n]+"
)
_PIXEL = 0.75  # points
_PAIR = re.compile(r"<([0-9a-f]{4})> <([0-9a-f]{4})>")

Print = Callable[[Sequence[Chunk]], Iterable[bytes]]  # a PDF for each


@dataclass(frozen=True, slots=True)
class Figures:
    """The signs that numbers are set from, one by one."""

    name: str  # of their font, on the sample's sheet
    glyphs: Mapping[str, int]
    widths: Mapping[int, float]  # thousandths of the size

    def line(self, text: str) -> tuple[str, float]:
        """The text as a hex string of glyphs, and its width in points."""
        glyphs = [self.glyphs[character] for character in text]
        width = sum(self.widths.get(glyph, 500.0) for glyph in glyphs) * SIZE / 1000
        return "".join(f"{glyph:04x}" for glyph in glyphs), width


@dataclass(frozen=True, slots=True)
class Run:
    """All that a plain text is drawn with."""

    font: str  # its name on the stencil's sheet
    glyphs: str  # an operand of TJ (ISO 32000-2, 9.4.3)
    x: float  # where it begins


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stencil was printed; points from the lower left corner of its sheet."""

    part: int
    sheet: int  # counted from 0
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    run: Run | None = None  # where the text is plain


@dataclass(frozen=True, slots=True)
class Stencils:
    """All that was printed to furnish a document."""

    parts: tuple[bytes, ...] = field(repr=False)  # PDFs; the first begins with the sample
    figures: Figures
    places: Mapping[Stencil, Place]
    logo: Place | None = None

    def width(self, piece: Piece) -> float:
        """Points. A text that is cut takes the room it has."""
        if isinstance(piece, str):
            return self.figures.line(piece)[1]
        if piece.room:
            return piece.room
        place = self.places[piece]
        return place.right - place.left


def print_stencils(furniture: Furniture, print_all: Print) -> Stencils:
    """Print every text, and once more, cut short, those that turn out to be too long."""
    whole = furniture.stencils
    sample = f"0123456789{PLAIN}{_SIGNS[furniture.numbering.numerals]}"
    first = [_chunk(whole[:_BATCH], sample, furniture.logo)]
    first += [_chunk(whole[at : at + _BATCH]) for at in range(_BATCH, len(whole), _BATCH)]
    parts = list(print_all(first))
    logo = _logo_place(furniture.logo)
    skipped = 2 if logo else 1
    with pikepdf.open(io.BytesIO(parts[0])) as pdf:
        figures = _figures(pdf.pages[0])
    stencils = Stencils(tuple(parts), figures, _places(parts, whole, skipped), logo)
    cut = list(_too_long(furniture, stencils))
    if not cut:
        return stencils
    again = list(print_all([_chunk(cut[at : at + _BATCH]) for at in range(0, len(cut), _BATCH)]))
    places = {**stencils.places, **_places(again, cut, 0, len(parts))}
    return Stencils((*parts, *again), figures, places, logo)


def _logo_place(logo: Image | None) -> Place | None:
    return Place(0, 1, right=LOGO_HEIGHT * logo.width / logo.height) if logo else None


def _too_long(furniture: Furniture, stencils: Stencils) -> Iterator[Stencil]:
    """What is cut on some sheet, once."""
    found: dict[Stencil, None] = {}
    for margin in furniture.margins:
        # Every row once: the sheets of a page have the same, but for their numbers.
        different = {(row, at in furniture.turned): at for at, row in enumerate(margin.rows)}
        for at in different.values():
            pieces = (it.piece for it in furniture.arranged(margin, at, stencils.width))
            found |= {it: None for it in pieces if isinstance(it, Stencil) and it.room}
    yield from found


def _chunk(stencils: Sequence[Stencil], sample: str = "", logo: Image | None = None) -> Chunk:
    context = {
        "sample": sample,
        "logo": f"{IMAGE_SCHEME}{_LOGO}" if logo else "",
        "stencils": [_shown(stencil) for stencil in stencils],
        "base": _BASE,
        "whole": _WHOLE,
    }
    html = render_to_string("pdf/stencils.html", context)
    return Chunk(html, {_LOGO: logo} if logo else {})


def _shown(stencil: Stencil) -> dict[str, object]:
    kinds = {
        " mark": stencil.is_mark,
        " cut": stencil.room,
        " many-scripts": has_many_scripts(stencil.text),
    }
    # The printer puts the end of what it cuts on the right, so the whole has to run to there.
    turns = stencil.room and stencil.is_rtl
    return {
        "text": f"{_RIGHT_TO_LEFT}{stencil.text}{_END}" if turns else stencil.text,
        "kinds": "".join(kind for kind, is_so in kinds.items() if is_so),
        "language": stencil.language,
        "room": stencil.room,
        "is_rtl": stencil.is_rtl,
    }


def _places(
    parts: Sequence[bytes], stencils: Sequence[Stencil], skipped: int, before: int = 0
) -> dict[Stencil, Place]:
    """Where each is: so many sheets are skipped, and so many parts come before these."""
    places: dict[Stencil, Place] = {}
    for number, part in enumerate(parts):
        with pikepdf.open(io.BytesIO(part)) as pdf:
            first = 0 if number else skipped
            batch = stencils[number * _BATCH : (number + 1) * _BATCH]
            for at, stencil in enumerate(batch, start=first):
                places[stencil] = _place(pdf.pages[at], before + number, at)
    return places


def _place(page: pikepdf.Page, part: int, sheet: int) -> Place:
    boxes: dict[str, list[list[float]]] = {_BASE: [], _WHOLE: []}
    for link in page.get("/Annots", []):
        boxes[str(link.A.URI)].append([float(edge) for edge in link.Rect])
    # A line that is one blank leaves no trace of itself.
    edges = [edge for box in boxes[_WHOLE] for edge in (box[0], box[2])] or [0.0]
    base = min(edge for box in boxes[_BASE] for edge in (box[1], box[3]))
    return Place(part, sheet, min(edges), max(edges), base, _run(page))


def _run(page: pikepdf.Page) -> Run | None:
    found = _ONE_RUN.fullmatch(page.Contents.read_bytes())
    if not found:
        return None
    x, font, glyphs = (it.decode("ascii") for it in found.groups())
    return Run(font, glyphs, float(x) * _PIXEL)


def _figures(page: pikepdf.Page) -> Figures:
    """Of the font that a sheet's only text is set in."""
    operators = pikepdf.parse_content_stream(page, "Tf")
    name = str(operators[0].operands[0])
    font = page.Resources.Font[name]
    pairs = _PAIR.findall(font.ToUnicode.read_bytes().decode("ascii"))
    glyphs = {chr(int(code, 16)): int(glyph, 16) for glyph, code in pairs}
    return Figures(name, glyphs, _widths(font.DescendantFonts[0].W))


def _widths(array: pikepdf.Object) -> dict[int, float]:
    """`[first [w1 w2 …] …]` as one width a glyph."""
    items: list[Any] = list(array)
    widths: dict[int, float] = {}
    for first, run in zip(items[::2], items[1::2], strict=True):
        for offset, width in enumerate(run):
            widths[int(first) + offset] = float(width)
    return widths
