"""Grid: the rows of a table, and which columns each cell covers. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from exports.content import styles
from exports.content.nodes import Element, classes, drop, forget, make

MAX_COLUMNS = 400  # more make no table any more


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, and the columns it covers."""

    cell: Element
    column: int  # counted from 0
    span: int

    @property
    def end(self) -> int:
        return self.column + self.span


def rows_of(table: Element) -> list[Element]:
    """The table's own rows that have cells, its head first and its foot last."""
    order = {"thead": 0, "tbody": 1, "tr": 1, "tfoot": 2}
    parts = sorted((x for x in table if x.tag in order), key=lambda x: order[str(x.tag)])
    return _filled(
        [row for part in parts for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))]
    )


def _filled(rows: list[Element]) -> list[Element]:
    """The rows that have cells; a cell that reached over another is made shorter by it."""
    filled: list[Element] = []
    reaching: list[tuple[Element, int]] = []  # cells and the last row they reach
    for index, row in enumerate(rows):
        reaching = [(cell, last) for cell, last in reaching if last >= index]
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if cells:
            filled.append(row)
            spans = ((cell, _span(cell, "rowspan", len(rows) - index)) for cell in cells)
            reaching += [(cell, index + down - 1) for cell, down in spans if down > 1]
            del reaching[MAX_COLUMNS:]  # more cannot stand beside each other
        else:
            drop(row)
            for cell, _ in reaching:
                cell.set("rowspan", str(max(1, int(cell.get("rowspan") or 1) - 1)))
    return filled


def lay_out(rows: list[Element]) -> list[list[Place]]:
    """Find every cell's column; clamp spans to what the table has (C-35).

    What comes after a row that is too broad for any table is not looked at.
    """
    grid: list[list[Place]] = []
    taken: dict[int, int] = {}  # column → rows it is still covered for
    for index, row in enumerate(rows):
        line: list[Place] = []
        column = 0
        covered = {at: left for at, left in taken.items() if left > 0}
        taken = {at: left - 1 for at, left in covered.items()}
        for cell in [cell for cell in row if cell.tag in {"td", "th"}]:
            while column in covered:
                column += 1
            across = _span(cell, "colspan", MAX_COLUMNS)
            down = _span(cell, "rowspan", len(rows) - index)
            line.append(Place(cell, column, across))
            if down > 1:
                taken.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
        grid.append(line)
        if column > MAX_COLUMNS:
            break
    return grid


def _span(cell: Element, name: str, limit: int) -> int:
    text = (cell.get(name) or "").strip()
    # "0" means the rest of the table in HTML; few writers know.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    number = min(limit, number or limit) if name == "rowspan" else min(limit, max(1, number))
    if number > 1:
        cell.set(name, str(number))
    else:
        forget(cell, name)
    return max(1, number)


def fill(rows: list[Element], grid: list[list[Place]], count: int) -> None:
    """Strip cells of what is not ours; give short rows the cells they lack, all at their end."""
    taken: dict[int, int] = {}  # column → rows it is still covered for
    for row, line in zip(rows, grid, strict=True):
        covered = {at for at, left in taken.items() if left > 0}
        taken = {at: taken[at] - 1 for at in covered}
        for place in line:
            _strip(place.cell)
            down = int(place.cell.get("rowspan") or 1)
            if down > 1:
                taken.update(dict.fromkeys(range(place.column, place.end), down - 1))
        at = line[-1].end if line else count
        while at < count:
            end = next((column for column in range(at, count) if column in covered), count)
            if end > at:
                rest = make("td")
                if end - at > 1:
                    rest.set("colspan", str(end - at))
                row.append(rest)
                line.append(Place(rest, at, end - at))
            at = end + 1


def _strip(cell: Element) -> None:
    kept = {
        name: cell.get(name) or ""
        for name in ("colspan", "rowspan", "id", "style")
        if cell.get(name)
    }
    ours = [name for name in classes(cell) if name.startswith("xp-")]
    if "numberingColumn" in classes(cell):
        ours.append("xp-number")
    cell.attrib.clear()
    if ours:
        kept["class"] = " ".join(ours)
    for name, value in kept.items():
        cell.set(name, value)
    style = styles.of(cell)
    style.pop("width", None)
    styles.write(cell, style)
