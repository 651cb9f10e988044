"""Paper: the sheets we print on, and how much of one holds text. Pure. All lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass

TOP, SIDE, BOTTOM = 22.0, 20.0, 20.0  # margins; the running heads stand in them


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, upright unless turned."""

    width: float
    height: float

    @property
    def text_width(self) -> float:
        return self.width - 2 * SIDE

    @property
    def text_height(self) -> float:
        return self.height - TOP - BOTTOM

    @property
    def turned(self) -> Sheet:
        """The same sheet on its side, for what is too wide."""
        return Sheet(self.height, self.width)


SHEETS = {"A4": Sheet(210.0, 297.0), "Letter": Sheet(215.9, 279.4)}
A4 = SHEETS["A4"]
