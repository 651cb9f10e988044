"""Chunks for tests, printed and joined, and looked at sheet by sheet."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from dataclasses import replace

import pikepdf
import pypdfium2
from PIL import Image as Pillow

from addon.options import ExportOptions
from exports.document import Chunk, Image, Printed
from exports.facts import NO_FACTS
from exports.paper import POINTS_A_MM, Sheet
from exports.pdf import compose
from exports.pdf.furniture import Furniture, Running, furnish
from exports.pdf.merge import Cover, merge
from exports.pdf.placement import Placement, place
from exports.pdf.plates import Plates
from exports.pdf.printing import print_chunk
from exports.pdf.stencils import Stencils, print_stencils
from tests.pdf_reading import Sheets

STYLE = """
@page { size: 400pt 200pt; margin: 50pt }
body { font: 12pt "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC" }
code { font-family: "Noto Sans Mono" }
"""
_FOOT = 60  # points, with the folio that a sheet gets when it is joined


def a_print(html: str, images: Mapping[str, Image] | None = None, style: str = STYLE) -> Printed:
    return print_chunk(Chunk(f"<!doctype html><body>{html}", images or {}), style)


def joined(*chunks: Printed, plates: Plates | None = None) -> Sheets:
    cover = Cover("The book", "en", "XPress")
    placement = place(chunks)
    furniture = a_furniture(placement)
    parts = (None, chunks, placement, [], furniture, stencils(furniture))
    return Sheets(merge(*parts, cover, plates or Plates()))


def a_furniture(placement: Placement) -> Furniture:
    """For sheets of STYLE: no header, and numbers at the foot."""
    options = ExportOptions(header_left="", header_right="")
    running = [Running.of(options, NO_FACTS)]
    sheet = Sheet(400 / POINTS_A_MM, 200 / POINTS_A_MM)
    return replace(furnish(options, placement, [], running, NO_FACTS), sheet=sheet)


def stencils(furniture: Furniture, style: str = "") -> Stencils:
    style = style or compose.style(ExportOptions())
    return print_stencils(furniture, lambda chunks: [print_chunk(it, style).pdf for it in chunks])


def looks(pdf: bytes, sheet: int = 1) -> bytes:
    """The pixels of a sheet, as PDFium draws them, without its foot."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[sheet - 1].render(scale=2).to_pil().convert("RGB")
    return _without_foot(picture)


def looks_in_poppler(pdf: bytes, sheet: int = 1) -> bytes:
    """The same, as Poppler draws them."""
    page = ["-f", str(sheet), "-l", str(sheet), "-r", "144"]
    done = subprocess.run(["pdftoppm", *page, "-"], input=pdf, capture_output=True, check=True)
    return _without_foot(Pillow.open(io.BytesIO(done.stdout)))


def _without_foot(picture: Pillow.Image) -> bytes:
    return picture.crop((0, 0, picture.width, picture.height - 2 * _FOOT)).tobytes()


def programs(pdf: pikepdf.Pdf) -> dict[str, set[tuple[int, int]]]:
    """The font programs of each face, by its name without the tag."""
    found: dict[str, set[tuple[int, int]]] = {}
    for font in fonts(pdf):
        descriptor = font.DescendantFonts[0].FontDescriptor
        program = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
        found.setdefault(str(font.BaseFont).partition("+")[2], set()).add(program.objgen)
    return found


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """All that pages use, each once."""
    all_of_them = {
        font.objgen: font for page in pdf.pages for font in page.Resources.Font.as_dict().values()
    }
    return list(all_of_them.values())
