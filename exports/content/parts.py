"""Parts: a table cut by its columns. Pure.

Every part has all rows. The first columns, and what in the head reaches over a cut, stand in each
part they cover; everything else stands once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import deepcopy

from exports.content.grid import Place
from exports.content.nodes import Element, classes, forget, make, plain

REPEATED_CHARACTERS = 200  # of a cell; what is longer is told in short when it is repeated
REPEATED_ELEMENTS = 30


class Cutter:
    """Takes a table's grid apart; cells are moved, or copied where they are repeated."""

    def __init__(self, grid: Sequence[Sequence[Place]], head: int, keys: int) -> None:
        self._grid, self._head, self._keys = grid, head, keys
        self._shown: set[Element] = set()

    def part(self, columns: range) -> list[list[Place]]:
        """The rows of a part with these columns after the repeated ones."""
        return [self._line(line, columns, at < self._head) for at, line in enumerate(self._grid)]

    def _line(self, line: Sequence[Place], columns: range, is_head: bool) -> list[Place]:
        """The cells that reach into the part. They are in order, so few have to be looked at."""
        keys = bisect_left(line, self._keys, key=lambda place: place.column)
        begin = bisect_right(line, columns.start, key=lambda place: place.end)
        end = bisect_left(line, columns.stop, key=lambda place: place.column)
        return [
            self._place(place, columns, is_head)
            for place in (*line[:keys], *line[max(keys, begin) : end])
        ]

    def _place(self, place: Place, columns: range, is_head: bool) -> Place:
        in_keys = max(0, min(place.end, self._keys) - place.column)
        in_run = max(0, min(place.end, columns.stop) - max(place.column, columns.start, self._keys))
        column = place.column if in_keys else self._keys + max(0, place.column - columns.start)
        return Place(self._cell(place, in_keys + in_run, is_head), column, in_keys + in_run)

    def _cell(self, place: Place, span: int, is_head: bool) -> Element:
        if place.cell not in self._shown:
            self._shown.add(place.cell)
            cell = place.cell
        elif is_head or place.column < self._keys:
            cell = _repeated(place.cell)
        else:
            cell = _emptied(place.cell)
        forget(cell, "colspan")
        if span > 1:
            cell.set("colspan", str(span))
        return cell


def _repeated(cell: Element) -> Element:
    """A copy without names, for names stand once; a large cell is told in short."""
    text = plain(cell)
    elements = list(cell.iter())
    is_large = len(text) > REPEATED_CHARACTERS or len(elements) > REPEATED_ELEMENTS
    if is_large or any(item.tag in {"table", "img", "pre"} for item in elements):
        copy = _emptied(cell)
        copy.text = text if len(text) <= REPEATED_CHARACTERS else f"{text[:REPEATED_CHARACTERS]}…"
        return copy
    copy = deepcopy(cell)
    copy.tail = None
    for item in copy.iter():
        forget(item, "id")
    return copy


def _emptied(cell: Element) -> Element:
    """A cell of the same look with nothing in it."""
    empty = make(str(cell.tag), " ".join(classes(cell)))
    for name in ("style", "rowspan", "scope"):
        if cell.get(name):
            empty.set(name, cell.get(name) or "")
    return empty
