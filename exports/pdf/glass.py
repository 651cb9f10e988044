"""A PDF of ours in, pictures of its sheets out: what a person would see. CPU only.

Runs in printer processes, as what is on the sheets is of outside origin.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import product
from typing import Any

import pypdfium2
from PIL import Image as Pillow

from exports.document import Image

_WHITE, _NONE = (255, 255, 255, 255), (255, 255, 255, 0)
_HAIR = 0.001  # PDFium rounds up whatever is more than `width` pixels
_COUNTED = 4096  # colours; a sheet with more shows photographs
_PALETTE = 256
# Pillow looks a pixel up by the cube of 8 × 8 × 8 colours that it is in, from that cube's middle:
# colours of a palette that are as far apart as this find themselves.
_APART = 13
_NEIGHBOURS = tuple(product((-1, 0, 1), repeat=3))

_Colour = tuple[int, int, int]


def sheets(pdf: bytes, numbers: Iterable[int], width: int) -> list[Image]:
    """Sheets by their number, from 0, as PNG, `width` pixels wide; what is not there is passed."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            _png(_seen(document[number], width, _WHITE))
            for number in numbers
            if number < len(document)
        ]


def clear(pdf: bytes, width: int) -> Pillow.Image:
    """The first sheet without its paper: what nothing is printed on is transparent."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _seen(document[0], width, _NONE)


def _seen(page: pypdfium2.PdfPage, width: int, paper: tuple[int, int, int, int]) -> Pillow.Image:
    scale = (width - _HAIR) / page.get_width()
    picture: Pillow.Image = page.render(scale=scale, fill_color=paper).to_pil()
    return picture


def _png(picture: Pillow.Image) -> Image:
    out = io.BytesIO()
    _few_colours(picture).save(out, "PNG")
    return Image(out.getvalue(), "image/png", *picture.size)


def _few_colours(picture: Pillow.Image) -> Pillow.Image:
    """With a palette, where that changes nothing to the eye: a quarter of the bytes.

    Areas and strokes keep their very colour; what lies between them, the edges of letters, goes to
    the nearest of the palette. Photographs stay as they are.
    """
    palette = _palette(picture.getcolors(_COUNTED) or [])
    if not palette:
        return picture
    sample = Pillow.new("P", (1, 1))
    sample.putpalette([band for colour in palette for band in colour])
    return picture.quantize(palette=sample, dither=Pillow.Dither.NONE)


def _palette(counted: Iterable[tuple[int, Any]]) -> list[_Colour]:
    """Colours so that each of those counted has one near; none where it would take too many."""
    taken: dict[_Colour, list[_Colour]] = {}
    for _, colour in sorted(counted, reverse=True):
        red, green, blue = (band // _APART for band in colour)
        near = (taken.get((red + r, green + g, blue + b), ()) for r, g, b in _NEIGHBOURS)
        if not any(_are_near(colour, other) for cell in near for other in cell):
            taken.setdefault((red, green, blue), []).append(colour)
    palette = [colour for cell in taken.values() for colour in cell]
    return palette if len(palette) <= _PALETTE else []


def _are_near(one: _Colour, other: _Colour) -> bool:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) < _APART**2
