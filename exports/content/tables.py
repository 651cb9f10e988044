"""Tables: heads that repeat, widths that fit the sheet, spans that cannot break the layout. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from exports.content import styles
from exports.content.draft import Draft
from exports.content.images import SCREEN_WIDTH
from exports.content.nodes import (
    Element,
    add_class,
    classes,
    drop,
    having,
    is_within,
    make,
    move_content,
    plain,
    rename,
    unwrap,
)

MAX_SPAN = 100
MAX_COLUMNS = 60  # more do not fit any sheet: the cells are set below each other
MAX_NESTING = 4  # tables within tables; each level multiplies the work of the one around it
WIDE_COLUMNS = 8
WIDE_PIXELS = 1000
WIDER_COLUMNS = 14

TEXT_WIDTH = 170  # mm
CHARACTER = 1.9  # mm, a letter of a table with its share of padding
NARROWEST, BROADEST_WORD = 9.0, 32.0  # mm a column gets for its longest word
NUMBERING = 8.0  # mm

HEAD_ROWS = 4
HEAD_CHARACTERS = 800  # a longer head would leave no room for rows


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, and the columns it covers."""

    cell: Element
    column: int  # counted from 0
    span: int


def tables(draft: Draft) -> None:
    """Set every table (C-30 – C-39)."""
    for table in list(draft.body.iter("table")):
        if table.getparent() is not None:
            _set(draft, table)
    for shell in having(draft.body, "table-wrap"):
        unwrap(shell)
    # What a table leaves behind when it is taken apart.
    for stray in draft.body.xpath(".//*[self::tr or self::td or self::th][not(ancestor::table)]"):
        rename(stray, "div")


def _set(draft: Draft, table: Element) -> None:
    rows = _rows(table)
    for row in [row for row in rows if not len(row)]:
        rows.remove(row)
        drop(row)
    if not rows:
        unwrap(table)
        return
    grid = _lay_out(rows)
    columns = max((place.column + place.span for line in grid for place in line), default=0)
    if columns > MAX_COLUMNS or sum(1 for _ in table.iterancestors("table")) >= MAX_NESTING:
        _stack(draft, table, rows)
        return
    _fill(rows, grid, columns)
    names = ["xp-table"]
    if "xp-gallery" in classes(table):
        names = ["xp-gallery"]
    width = styles.pixels(table.get("data-table-width"))
    if columns >= WIDER_COLUMNS:
        names.append("xp-wider")
    elif columns >= WIDE_COLUMNS or (width or 0) > WIDE_PIXELS and columns >= 6:
        names.append("xp-wide")
    if table.get("data-layout") == "center":
        names.append("xp-center")
    shares = _shares(table, grid, columns, width)
    head = _head(table, rows)
    _mark_row_heads(rows[head:])
    body = list(table)
    caption = [item for item in body if item.tag == "caption"]
    for item in body:
        table.remove(item)
    table.text = None
    attributes = dict(table.attrib)
    rename(table, "table", " ".join(names))
    if attributes.get("id"):
        table.set("id", attributes["id"])
    table.extend(caption[:1])
    if shares:
        table.append(_colgroup(shares))
        add_class(table, "xp-fixed")
        if width and width < SCREEN_WIDTH and not is_within(table, "table"):
            table.set("style", f"width:{100 * width / SCREEN_WIDTH:.1f}%")
    for tag, part in (("thead", rows[:head]), ("tbody", rows[head:])):
        if part:
            section = make(tag)
            for row in part:
                row.tail = None
                rename(row, "tr")
                section.append(row)
            table.append(section)


def _rows(table: Element) -> list[Element]:
    """The table's own rows, its head first and its foot last."""
    order = {"thead": 0, "tbody": 1, "tr": 1, "tfoot": 2}
    parts = sorted((x for x in table if x.tag in order), key=lambda x: order[str(x.tag)])
    return [
        row
        for part in parts
        for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))
    ]


def _lay_out(rows: list[Element]) -> list[list[Place]]:
    """Find every cell's column; clamp spans to what the table has (C-35)."""
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
            across = _span(cell, "colspan", MAX_SPAN)
            down = _span(cell, "rowspan", len(rows) - index)
            line.append(Place(cell, column, across))
            if down > 1:
                taken.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
        grid.append(line)
    return grid


def _span(cell: Element, name: str, limit: int) -> int:
    text = (cell.get(name) or "").strip()
    # "0" means the rest of the table in HTML; few writers know.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    number = min(limit, number or limit) if name == "rowspan" else min(limit, max(1, number))
    if number > 1:
        cell.set(name, str(number))
    else:
        cell.attrib.pop(name, None)
    return max(1, number)


def _fill(rows: list[Element], grid: list[list[Place]], columns: int) -> None:
    """Strip cells of what is not ours; give short rows the cells they lack."""
    covered = [0] * len(rows)
    for index, line in enumerate(grid):
        for place in line:
            down = int(place.cell.get("rowspan") or 1)
            for below in range(index, min(len(rows), index + down)):
                covered[below] += place.span
    for row, line, width in zip(rows, grid, covered, strict=True):
        for place in line:
            _strip(place.cell)
        if width < columns and line:
            rest = make("td")
            if columns - width > 1:
                rest.set("colspan", str(columns - width))
            row.append(rest)


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


def _head(table: Element, rows: list[Element]) -> int:
    """How many leading rows are repeated on every sheet (C-30)."""
    count = 0
    end = 1  # rows that cells of the head reach down to
    for index, row in enumerate(rows):
        authored = row.getparent() is not None and row.getparent() is not table and (
            row.getparent().tag == "thead"  # type: ignore[union-attr]
        )
        only_heads = all(cell.tag == "th" for cell in row)
        if not (authored or only_heads or (0 < index < end)):
            break
        count = index + 1
        end = max(end, *(index + int(cell.get("rowspan") or 1) for cell in row))
    count = max(count, end) if count else 0
    if count >= len(rows):  # a table of heads only
        count = 1 if len(rows) > 1 and end == 1 else 0
    text = sum(len(plain(row)) for row in rows[:count])
    pictures = any(True for row in rows[:count] for _ in row.iter("img", "pre"))
    return 0 if count > HEAD_ROWS or text > HEAD_CHARACTERS or pictures else count


def _mark_row_heads(rows: list[Element]) -> None:
    """A `th` before `td`s is the head of its row (C-32)."""
    for row in rows:
        if len(row) > 1 and row[0].tag == "th" and any(cell.tag == "td" for cell in row):
            row[0].set("scope", "row")


def _shares(
    table: Element, grid: list[list[Place]], columns: int, width: float | None
) -> list[float]:
    """Column widths in percent of the table; empty when the author set none (C-33)."""
    cols = [col for group in table.iterchildren("colgroup", "col") for col in _cols(group)]
    if len(cols) != columns:
        return []
    given = [_col_width(col) for col in cols]
    if not any(given):
        return []
    numbering = {
        place.column for line in grid for place in line if "xp-number" in classes(place.cell)
    }
    percent = sum(1 for col in cols if styles.of(col).get("width", "").endswith("%"))
    known = [value for at, value in enumerate(given) if value and at not in numbering]
    other = sum(known) / max(1, len(known))
    wanted = [value or other for value in given]
    total_mm = TEXT_WIDTH * min(1.0, (width or SCREEN_WIDTH) / SCREEN_WIDTH)
    if is_within(table, "table") or percent:
        total_mm = TEXT_WIDTH
    scale = total_mm / (sum(wanted) or 1)
    floors = _floors(grid, columns)
    mm = [max(value * scale, floor) for value, floor in zip(wanted, floors, strict=True)]
    for at in numbering:
        mm[at] = NUMBERING
    over = sum(mm) - total_mm
    if over > 0:
        # Only what stands above its floor gives way.
        spare = [0 if at in numbering else max(0.0, mm[at] - floors[at]) for at in range(columns)]
        give = min(1.0, over / (sum(spare) or 1))
        mm = [value - give * room for value, room in zip(mm, spare, strict=True)]
    return [100 * value / sum(mm) for value in mm]


def _cols(group: Element) -> list[Element]:
    return [group] if group.tag == "col" else list(group.iterchildren("col"))


def _col_width(col: Element) -> float:
    width = styles.of(col).get("width", "") or (col.get("width") or "")
    if width.endswith("%"):
        return float(width[:-1]) if width[:-1].replace(".", "", 1).isdigit() else 0.0
    return styles.pixels(width) or 0.0


def _floors(grid: list[list[Place]], columns: int) -> list[float]:
    """What each column needs for its longest word, in mm."""
    letters = [0] * columns
    for line in grid:
        for place in line:
            if place.span == 1:
                words = "".join(place.cell.itertext()).split()
                longest = max(map(len, words), default=0)
                letters[place.column] = max(letters[place.column], longest)
    return [min(BROADEST_WORD, max(NARROWEST, count * CHARACTER + 3)) for count in letters]


def _colgroup(shares: list[float]) -> Element:
    group = make("colgroup")
    for share in shares:
        group.append(make("col", style=f"width:{share:.2f}%"))
    return group


def _stack(draft: Draft, table: Element, rows: list[Element]) -> None:
    """Set the cells below each other: the table is too broad or too deep for any sheet."""
    draft.note(
        "table_taken_apart",
        "A table on this page has too many columns, or stands too deep inside other tables.",
        "Its cells are printed below each other.",
    )
    shell = make("div", "xp-stack")
    for row in rows:
        for cell in list(row):
            block = make("div", "xp-cell")
            move_content(cell, block)
            shell.append(block)
    parent = table.getparent()
    if parent is not None:
        shell.tail = table.tail
        parent.replace(table, shell)
