"""Tasks: what a printer process is asked to do, by names that cost the server nothing to know.

WeasyPrint, Pillow, PDFium and ziamath are imported inside, so only printers carry them (100 MB and
0.6 s).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from addon.options import Images
from exports import confinement
from exports.document import Chunk, Drawing, Image, Logo, Printed

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Timed(Generic[_P, _R]):
    """A task, and how many seconds it may take; a LocalPool kills what takes longer.

    Somebody looks at the screen until an urgent one is done: it goes before those that wait.
    """

    function: Callable[_P, _R]
    seconds: float
    is_urgent: bool = False

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        return self.function(*args, **kwargs)


def picture(content: bytes, profile: Images, width: float) -> Image | str:
    """The picture in a file, or why there is none; `width` as printed in points, 0: unknown."""
    from exports.pdf import illustrations
    from exports.pdf.pictures import PictureUnreadable

    try:
        return illustrations.picture(content, profile, width)
    except PictureUnreadable as reason:
        return str(reason)


def drawings(wanted: Sequence[Drawing], profile: Images) -> dict[str, Image | str]:
    """Drawings and formulas by key, or why there is none."""
    from exports.pdf import illustrations

    return illustrations.drawn(wanted, profile)


def logo(content: bytes) -> Logo | str:
    """The logo in a file, or why there is none."""
    from exports.pdf import emblems
    from exports.pdf.pictures import PictureUnreadable

    try:
        return emblems.prepare(content)
    except PictureUnreadable as reason:
        return str(reason)


def raster(pdf: bytes, sheets: Sequence[int], width: int) -> list[Image]:
    """Sheets of a PDF of ours, by their numbers from 0, as pictures so many pixels wide."""
    from exports.pdf import glass

    return glass.sheets(pdf, sheets, width)


def chunk(chunk: Chunk, style: str) -> Printed:
    """A chunk on sheets; `style` is CSS of ours."""
    from exports.pdf.printing import print_chunk

    return print_chunk(chunk, style)


PICTURE = Timed(picture, 20.0)
DRAWINGS = Timed(drawings, 20.0)
LOGO = Timed(logo, 20.0)
RASTER = Timed(raster, 20.0)
CHUNK = Timed(chunk, 180.0)


def prepare(must_be_confined: bool = True) -> None:
    """Import what tasks need, give up all else, and print a first sheet to see that it is enough.

    Raises NotConfined, where that must be and cannot.
    """
    from exports.pdf import emblems, illustrations, printing

    _ = emblems, illustrations
    try:
        confinement.confine()
    except confinement.NotConfined:
        if must_be_confined:
            raise
    printing.print_chunk(Chunk("<!doctype html><title></title><p>XPress</p>", {}), "")
