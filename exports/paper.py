"""Paper: the sheets we print on, and how much of one holds text. Pure. All lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from addon.options import ExportOptions, Paper

POINTS_A_MM = 72 / 25.4
TOP, SIDE, BOTTOM = 22.0, 20.0, 20.0  # the usual margins; headers and footers stand in them
_LEAST_TEXT = 70.0  # that margins leave, across and down: A5 on its side is 148 mm high
_SIZES: dict[Paper, tuple[float, float]] = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it is read; a right one, where the document is printed on both sides."""

    width: float
    height: float
    top: float = TOP
    bottom: float = BOTTOM
    inner: float = SIDE  # at the left edge of a right sheet
    outer: float = SIDE

    @classmethod
    def of(cls, options: ExportOptions) -> Self:
        """The sheet that was chosen; margins that would leave too little for text are narrowed."""
        width, height = _SIZES[options.paper]
        if options.orientation == "landscape":
            width, height = height, width
        sheet = cls(
            width,
            height,
            options.margin_top,
            options.margin_bottom,
            options.margin_inner,
            options.margin_outer,
        )
        return sheet._narrowed()

    @property
    def text_width(self) -> float:
        return self.width - self.inner - self.outer

    @property
    def text_height(self) -> float:
        return self.height - self.top - self.bottom

    @property
    def turned(self) -> Self:
        """The same sheet on its side, for what is too wide; as it is, when it lies already."""
        low, high = sorted((self.width, self.height))
        return replace(self, width=high, height=low)._narrowed()

    def _narrowed(self) -> Self:
        across = min(1.0, (self.width - _LEAST_TEXT) / (self.inner + self.outer))
        down = min(1.0, (self.height - _LEAST_TEXT) / (self.top + self.bottom))
        return replace(
            self,
            top=self.top * down,
            bottom=self.bottom * down,
            inner=self.inner * across,
            outer=self.outer * across,
        )


SHEETS = {paper: Sheet(*size) for paper, size in _SIZES.items()}
A4 = SHEETS["A4"]
