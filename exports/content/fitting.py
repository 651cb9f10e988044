"""Fitting: a table that is too wide gets smaller type, a turned sheet, or is cut by columns. Pure.

In this order, and always by what is readable (columns.py). A part of a table that was cut begins
with the columns that say what its rows are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.content.columns import SIZES, Needs

# Sizes of type in pt, as drawn, and whether long words stay whole in it: for them alone no table
# is set in the smallest.
TRIALS = ((9.0, True), (8.0, True), (9.0, False), (8.0, False), (7.0, False))
KEY_SHARE = 0.4  # of the width, at most, for the columns that are repeated
FILLED = 0.6  # of the room, at least, when a run ends earlier
_STEP = 0.05  # of the width, when parts are made alike


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is to be set."""

    size: float  # pt of its type, as drawn
    is_turned: bool
    parts: tuple[range, ...]  # columns of each part, besides those that are repeated


def fit(needs: Needs, keys: int, upright: float, turned: float, crossed: Sequence[int] = ()) -> Fit:
    """Find the largest type that needs the least help.

    `keys` is the number of first columns that parts would repeat; `upright` and `turned` are the
    widths in mm on either sheet, `turned` 0 where the table cannot be turned. `crossed` tells how
    many cells reach over the left edge of each column.
    """
    count = len(needs.firm)
    whole = (range(count),)
    for room in (upright, turned):
        for size, keeps_long_words in TRIALS:
            if room and sum(needs.least(size, keeps_long_words)) <= room:
                return Fit(size, room == turned, whole)
    if count <= keys + 1:  # there is nothing to cut
        return Fit(min(SIZES), bool(turned), whole)
    choices = [
        Fit(size, room == turned, cut(needs.least(size), keys, room, crossed))
        for room in (upright, turned)
        for size in SIZES
        if room
    ]
    # min() takes the first of equals: upright before turned, large before small.
    best = min(choices, key=lambda choice: len(choice.parts))
    return best if len(best.parts) > 1 else Fit(best.size, best.is_turned, whole)


def cut(
    least: Sequence[float], keys: int, room: float, crossed: Sequence[int] = ()
) -> tuple[range, ...]:
    """Cut the columns after the first `keys` into as few runs as fit, of much the same width."""
    room -= min(sum(least[:keys]), room * KEY_SHARE)
    crossed = crossed or [0] * len(least)
    fewest = _runs(least, keys, room, crossed)
    share = 1.0
    while share > _STEP:
        share -= _STEP
        narrower = _runs(least, keys, room * share, crossed)
        if len(narrower) > len(fewest):
            break
        fewest = narrower
    return fewest


def _runs(
    least: Sequence[float], start: int, room: float, crossed: Sequence[int]
) -> tuple[range, ...]:
    """Runs of columns, each filled up to `room`; a column that is wider makes a run by itself.

    A run may end earlier where fewer cells are cut through.
    """
    runs: list[range] = []
    while start < len(least):
        end, width = start + 1, least[start]
        best = end
        while end < len(least) and width + least[end] <= room:
            width += least[end]
            end += 1
            if width < FILLED * room or crossed[best] >= crossed[min(end, len(least) - 1)]:
                best = end
        if end == len(least):
            best = end
        runs.append(range(start, best))
        start = best
    return tuple(runs)
