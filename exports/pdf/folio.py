"""Folios: the printed "n / N" at the foot of each sheet, and the sheet numbers of contents lists.

They are known only when all chunks are on paper, so they are drawn straight into the joined PDF. A
second layout pass would cost as much as the first, an overlay printed by WeasyPrint 6 ms a sheet;
this takes one sheet with the ten digits from the printer and sets the rest from its font
(ISO 32000-2, 9.7: Type 0 fonts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Name, Stream

from exports.document import Chunk

SAMPLE = Chunk("<!doctype html><title></title><p>0123456789 /</p>", {})
SAMPLE_STYLE = '@page { size: 300pt 100pt } p { font: 400 8pt "Noto Sans", sans-serif }'

_NAME = "/XP"
_SIZE = 7.5  # points
_BASELINE = 30.0  # points above the lower edge of the sheet
_GREY = "0.38 0.42 0.48"  # --muted of sheet.css


@dataclass(frozen=True, slots=True)
class FolioFont:
    """The sample sheet's font: which glyph stands for which character, and how wide it is."""

    font: pikepdf.Object
    glyphs: dict[str, int]
    widths: dict[int, float]  # thousandths of the size

    @classmethod
    def of(cls, sample: pikepdf.Pdf) -> FolioFont:
        fonts = sample.pages[0].Resources.Font
        font = fonts[next(iter(fonts.keys()))]
        mapping = font.ToUnicode.read_bytes().decode("ascii")
        pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]{4})>", mapping)
        glyphs = {chr(int(code, 16)): int(glyph, 16) for glyph, code in pairs}
        return cls(font, glyphs, _widths(font.DescendantFonts[0].W))

    def line(self, text: str) -> tuple[str, float]:
        """The text as a hex string of glyphs, and its width in points."""
        glyphs = [self.glyphs[character] for character in text]
        width = sum(self.widths.get(glyph, 500.0) for glyph in glyphs) * _SIZE / 1000
        return "".join(f"{glyph:04x}" for glyph in glyphs), width


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to be written on a sheet, so that it ends at a point."""

    text: str  # digits
    right: float  # PDF points from the left edge
    baseline: float  # PDF points from the bottom edge


def stamp(
    pdf: pikepdf.Pdf,
    pages: Sequence[pikepdf.Page],
    sample: bytes,
    figures: Mapping[int, Sequence[Figure]],
) -> None:
    """Write "1 / N" … "N / N" centred at the foot of the pages, and the figures on each of them.

    What all pages have in common stands once in the file, round the content of each: what saves the
    state that the content finds, what restores it and takes up the pen, and the " / N".
    """
    with pikepdf.open(io.BytesIO(sample)) as source:
        face = FolioFont.of(source)
        font = pdf.copy_foreign(face.font)
    of_all, of_all_width = face.line(f" / {len(pages)}")
    before = Stream(pdf, b"q")
    pen = Stream(pdf, f"Q BT {_NAME} {_SIZE} Tf {_GREY} rg".encode())
    after = Stream(pdf, f"<{of_all}> Tj ET".encode())
    inked: set[tuple[int, int]] = set()
    for at, page in enumerate(pages):
        drawn = [_set(face, figure) for figure in figures.get(at, ())]
        number = str(at + 1)
        left, _, right, _ = (float(edge) for edge in page.mediabox)
        end = (left + right + face.line(number)[1] - of_all_width) / 2
        drawn.append(_set(face, Figure(number, end, _BASELINE)))
        own = Stream(pdf, "\n".join(drawn).encode())
        page.Contents = Array([before, *_contents(page), pen, own, after])
        # Pages of one chunk have their resources in common.
        if page.Resources.objgen not in inked:
            page.add_resource(font, Name.Font, Name(_NAME))
        if page.Resources.is_indirect:
            inked.add(page.Resources.objgen)


def _set(face: FolioFont, figure: Figure) -> str:
    glyphs, width = face.line(figure.text)
    return f"1 0 0 1 {figure.right - width:.2f} {figure.baseline:.2f} Tm <{glyphs}> Tj"


def _contents(page: pikepdf.Page) -> list[pikepdf.Object]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents.as_list()) if isinstance(contents, Array) else [contents]


def _widths(array: pikepdf.Object) -> dict[int, float]:
    """`[first [w1 w2 …] …]` as one width a glyph."""
    items = list(array)
    widths: dict[int, float] = {}
    for first, run in zip(items[::2], items[1::2], strict=True):
        for offset, width in enumerate(run):
            widths[int(first) + offset] = float(width)
    return widths
