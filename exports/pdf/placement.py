"""Place: where every anchor landed, once the chunks are on sheets. Pure.

The contents, the outline, the links and the running heads are all made from its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exports.document import Printed, Spot
from exports.paper import POINTS_A_MM, Sheet
from exports.pdf.numbering import Numbering

_NEAR = 1.0  # points


@dataclass(frozen=True, slots=True)
class Placement:
    sheets: int
    spots: Mapping[str, Spot]  # sheets counted from 0 over the whole body
    turned: frozenset[int] = frozenset()  # the sheets that lie on their side
    numbering: Numbering = field(default_factory=Numbering)

    def sheet_number(self, anchor: str) -> str | None:
        """The number of the anchor's sheet, as it is printed."""
        spot = self.spots.get(anchor)
        return None if spot is None else self.numbering.number(spot.sheet)

    def under(self, anchors: Sequence[str], sheet: Sheet) -> tuple[int, ...]:
        """Which of the anchors, in reading order, the beginning of each sheet stands under.

        A sheet that begins with one stands under it; one that begins with none, and has none
        before it, stands under the first that comes. Anchors that are nowhere count for nothing.
        """
        starts: list[tuple[int, int]] = []  # (the first sheet that begins under it, index)
        for index, anchor in enumerate(anchors):
            if spot := self.spots.get(anchor):
                starts.append((spot.sheet + (not self._is_on_top(spot, sheet)), index))
        found: list[int] = []
        at = 0
        for number in range(self.sheets):
            while at + 1 < len(starts) and starts[at + 1][0] <= number:
                at += 1
            found.append(starts[at][1] if starts else 0)
        return tuple(found)

    def _is_on_top(self, spot: Spot, sheet: Sheet) -> bool:
        stood_on = sheet.turned if spot.sheet in self.turned else sheet
        top = (stood_on.height - stood_on.top) * POINTS_A_MM
        return spot.y >= top - _NEAR


def place(printed: Iterable[Printed]) -> Placement:
    """Lay the chunks end to end. Their sheets are numbered from 1."""
    spots: dict[str, Spot] = {}
    turned: set[int] = set()
    sheets = 0
    for chunk in printed:
        for anchor, spot in chunk.spots.items():
            spots.setdefault(anchor, replace(spot, sheet=spot.sheet + sheets))
        turned |= {sheets + at for at, kind in enumerate(chunk.turned) if kind == "t"}
        sheets += chunk.sheets
    return Placement(sheets, spots, frozenset(turned), Numbering(sheets))
