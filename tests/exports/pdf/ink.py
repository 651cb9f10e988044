"""What is drawn on a sheet, letter by letter and shape by shape, as PDFium reads it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

_POINTS_A_PIXEL = 0.75  # the printer's unit of type is the CSS pixel
_MOST_NAME = 200  # bytes


@dataclass(frozen=True, slots=True)
class Letter:
    text: str
    face: str  # e.g. "Noto-Sans-Bold"
    size: float  # points
    colour: str  # e.g. "#1e2330"


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or an area, in points from the lower left corner of the sheet."""

    left: float
    bottom: float
    right: float
    top: float
    fill: str  # a colour, empty for none
    line: str  # a colour, empty for none

    @property
    def is_upright(self) -> bool:
        return self.right - self.left < 2 < self.top - self.bottom

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@lru_cache(maxsize=32)
def letters(pdf: bytes, sheet: int = 1) -> list[Letter]:
    """Without blanks, in the order of the PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[sheet - 1].get_textpage()
        return [
            Letter(character, _face(text, at), _size(text, at), _text_colour(text, at))
            for at in range(text.count_chars())
            if (character := text.get_text_range(at, 1)).strip()
        ]


def of(words: str, pdf: bytes, sheet: int = 1) -> set[tuple[str, float, str]]:
    """(face, size, colour) of the letters of these words, where they stand first on the sheet."""
    found = letters(pdf, sheet)
    wanted = words.replace(" ", "")
    at = "".join(letter.text for letter in found).index(wanted)
    return {(it.face, it.size, it.colour) for it in found[at : at + len(wanted)]}


def shapes(pdf: bytes, sheet: int = 1) -> list[Shape]:
    with pypdfium2.PdfDocument(pdf) as document:
        return list(_shapes(document[sheet - 1]))


def _shapes(page: Any) -> Iterator[Shape]:
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        fill, line = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item.raw, fill, line)
        yield Shape(
            *item.get_bounds(),
            _colour(pdfium.FPDFPageObj_GetFillColor, item.raw) if fill.value else "",
            _colour(pdfium.FPDFPageObj_GetStrokeColor, item.raw) if line.value else "",
        )


def _face(text: Any, at: int) -> str:
    name = ctypes.create_string_buffer(_MOST_NAME)
    pdfium.FPDFText_GetFontInfo(text.raw, at, name, _MOST_NAME, ctypes.c_int())
    return name.value.decode().partition("+")[2]


def _size(text: Any, at: int) -> float:
    return round(pdfium.FPDFText_GetFontSize(text.raw, at) * _POINTS_A_PIXEL, 2)


def _text_colour(text: Any, at: int) -> str:
    return _colour(pdfium.FPDFText_GetFillColor, text.raw, at)


def _colour(ask: Callable[..., object], *of_what: Any) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ask(*of_what, red, green, blue, alpha)
    return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
