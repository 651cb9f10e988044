"""Reads a PDF back and answers as a person would who looks at it."""

from __future__ import annotations

import ctypes
import io
import re
import subprocess
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import raw as pdfium

MM_A_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Box:
    """Something drawn on a sheet, in mm from its upper left corner."""

    text: str  # one character, empty for a picture
    left: float
    top: float
    right: float
    bottom: float
    base: float  # where a character stands on its line; the bottom of a picture


class Sheets:
    """A printed document: its sheets, words, links, outline. Sheets count from 1."""

    def __init__(self, pdf: bytes) -> None:
        self.bytes = pdf
        self.pdf = pikepdf.open(io.BytesIO(pdf))

    def __len__(self) -> int:
        return len(self.pdf.pages)

    def text(self, sheet: int | None = None) -> str:
        """The words in reading order, with single spaces."""
        pages = ["-f", str(sheet), "-l", str(sheet)] if sheet else []
        done = subprocess.run(
            ["pdftotext", *pages, "-", "-"],
            input=self.bytes,
            capture_output=True,
            check=True,
        )
        return re.sub(r"\s+", " ", done.stdout.decode())

    def folio(self, sheet: int) -> str:
        """What stands at the foot as "n/N", empty when nothing does."""
        found = re.search(r"(\d+) ?/ ?(\d+) *$", self.text(sheet))
        return f"{found[1]}/{found[2]}" if found else ""

    def links(self, sheet: int | None = None) -> list[str | int]:
        """Web addresses as text, jumps inside as the number of the sheet they lead to."""
        pages = [self.pdf.pages[sheet - 1]] if sheet else list(self.pdf.pages)
        return [self._target(link) for page in pages for link in page.get("/Annots", [])]

    def outline(self) -> list[tuple[int, str, int]]:
        """(depth, text, sheet) in reading order."""
        with self.pdf.open_outline() as outline:
            return list(self._rows(outline.root, 0))

    def labels(self) -> list[str]:
        return [page.label for page in self.pdf.pages]

    def sizes(self) -> set[tuple[int, int]]:
        """Widths and heights in whole points."""
        boxes = [[float(edge) for edge in page.mediabox] for page in self.pdf.pages]
        return {(round(right - left), round(top - low)) for left, low, right, top in boxes}

    def size(self, sheet: int) -> tuple[int, int]:
        """Width and height of one sheet in whole mm."""
        left, low, right, top = (float(edge) for edge in self.pdf.pages[sheet - 1].mediabox)
        return round((right - left) * MM_A_POINT), round((top - low) * MM_A_POINT)

    def glyphs(self, sheet: int) -> list[Box]:
        """The characters of a sheet that are not blank, in the order of the PDF."""
        with pypdfium2.PdfDocument(self.bytes) as document:
            page = document[sheet - 1]
            text = page.get_textpage()
            height = page.get_height()
            return [
                _box(character, height, text.get_charbox(index), _origin(text, index))
                for index in range(text.count_chars())
                if (character := text.get_text_range(index, 1)).strip()
            ]

    def pictures(self, sheet: int) -> list[Box]:
        """Where the pictures of a sheet stand."""
        with pypdfium2.PdfDocument(self.bytes) as document:
            page = document[sheet - 1]
            height = page.get_height()
            found = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
            boxes = [item.get_bounds() for item in found]
            return [_box("", height, box, box[1]) for box in boxes]

    def lines(self, sheet: int) -> list[str]:
        """The lines of a sheet as they are set, with the blanks between columns."""
        done = subprocess.run(
            ["pdftotext", "-layout", "-f", str(sheet), "-l", str(sheet), "-", "-"],
            input=self.bytes,
            capture_output=True,
            check=True,
        )
        return [line for line in done.stdout.decode().splitlines() if line.strip()]

    def largest_image(self) -> tuple[int, int]:
        """Width and height in pixels."""
        images = [x for page in self.pdf.pages for x in page.get_images().values()]
        return max((int(image.Width), int(image.Height)) for image in images)

    def images(self) -> int:
        return sum(len(page.get_images()) for page in self.pdf.pages)

    def _target(self, link: Any) -> str | int:
        if "/Dest" in link:
            return self._number(link.Dest[0])
        return str(link.A.URI)

    def _number(self, page: Any) -> int:
        return pikepdf.Page(page).index + 1

    def _rows(self, items: Any, depth: int) -> Any:
        for item in items:
            yield depth, str(item.title), self._number(item.destination[0])
            yield from self._rows(item.children, depth + 1)


def _origin(text: Any, index: int) -> float:
    """The height of a character's baseline above the sheet's lower edge, in points."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
    return y.value


def _box(text: str, height: float, edges: tuple[float, float, float, float], base: float) -> Box:
    left, bottom, right, top = edges
    return Box(
        text,
        left * MM_A_POINT,
        (height - top) * MM_A_POINT,
        right * MM_A_POINT,
        (height - bottom) * MM_A_POINT,
        (height - base) * MM_A_POINT,
    )
