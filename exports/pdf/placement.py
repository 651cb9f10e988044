"""Place: where every anchor landed, once the chunks are on sheets. Pure.

The contents, the outline and the links are all made from its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from exports.document import Printed, Spot


@dataclass(frozen=True, slots=True)
class Placement:
    sheets: int
    spots: Mapping[str, Spot]  # sheets counted from 0 over the whole body

    def sheet_number(self, anchor: str) -> int | None:
        """The printed number of the anchor's sheet, from 1."""
        spot = self.spots.get(anchor)
        return None if spot is None else spot.sheet + 1


def place(printed: Iterable[Printed]) -> Placement:
    """Lay the chunks end to end."""
    spots: dict[str, Spot] = {}
    sheets = 0
    for chunk in printed:
        for anchor, spot in chunk.spots.items():
            spots.setdefault(anchor, replace(spot, sheet=spot.sheet + sheets))
        sheets += chunk.sheets
    return Placement(sheets, spots)
