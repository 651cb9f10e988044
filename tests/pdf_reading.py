"""Reads a PDF back and answers as a person would who looks at it."""

from __future__ import annotations

import io
import re
import subprocess
from typing import Any

import pikepdf


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
