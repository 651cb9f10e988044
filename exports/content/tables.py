"""Tables: heads that repeat, widths that fit the sheet, spans that break nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from exports.content import styles
from exports.content.draft import Draft
from exports.content.images import SCREEN_WIDTH
from exports.content.nodes import (
    Element,
    add_all,
    classes,
    drop,
    find,
    forget,
    having,
    is_within,
    make,
    move_content,
    rename,
    texts,
    unwrap,
)

MAX_SPAN = 100
MAX_COLUMNS = 60  # more do not fit any sheet: the cells are set below each other
MAX_NESTING = 4  # tables within tables; each level multiplies the work of the one around it
WIDE_COLUMNS = 8
WIDE_PIXELS, WIDE_FROM_COLUMNS = 1000, 6
WIDER_COLUMNS = 14
FULL = 99.0  # percent; what is nearly as wide as the text is as wide

# All in mm, for 9 pt type.
TEXT_WIDTH = 170.0
NESTED_WIDTH = 90.0  # what a table inside another can count on
MIN_TABLE = 40.0
CHARACTER = 1.95
PADDING = 6.0
MM_PER_PT = 25.4 / 72
NARROWEST, BROADEST_WORD = 9.0, 34.0  # a column's share for its longest word
BROADEST_NEED = 130.0
NUMBERING = 8.0

HEAD_ROWS = 4
HEAD_LINES = 7  # a taller head, repeated, would leave no room for rows
TALL_LINES = 18  # about a third of a sheet: a taller row may be broken
PICTURE_LINES = 8


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
    for stray in find(draft.body, ".//*[self::tr or self::td or self::th][not(ancestor::table)]"):
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
    width = styles.pixels(table.get("data-table-width"))
    shares, of_text = _widths(table, grid, columns, width)
    heights = [_height(line, shares, of_text) for line in grid]
    head = _head(table, rows, heights)
    _mark_row_heads(rows[head:])
    for row, height in zip(rows, heights, strict=True):
        rename(row, "tr", "xp-tall" if height > TALL_LINES else "")
    captions = [item for item in table if item.tag == "caption"][:1]
    if "xp-gallery" in classes(table):
        kinds, shares, of_text = ["xp-gallery"], [100 / columns] * columns, 100.0
    else:
        kinds = _kinds(table, columns, width)
    for item in list(table):
        table.remove(item)
    table.text = None
    rename(table, "table", " ".join(kinds))
    if of_text < FULL:
        table.set("style", f"width:{of_text:.1f}%")
    table.extend([*captions, _colgroup(shares)])
    for tag, part in (("thead", rows[:head]), ("tbody", rows[head:])):
        if part:
            table.append(add_all(make(tag), part))


def _kinds(table: Element, columns: int, width: float | None) -> list[str]:
    """The table's classes: wide ones are set in smaller type (C-31)."""
    kinds = ["xp-table"]
    if columns >= WIDER_COLUMNS:
        kinds.append("xp-wider")
    elif columns >= WIDE_COLUMNS or ((width or 0) > WIDE_PIXELS and columns >= WIDE_FROM_COLUMNS):
        kinds.append("xp-wide")
    if table.get("data-layout") == "center":
        kinds.append("xp-middle")
    return kinds


def _rows(table: Element) -> list[Element]:
    """The table's own rows, its head first and its foot last."""
    order = {"thead": 0, "tbody": 1, "tr": 1, "tfoot": 2}
    parts = sorted((x for x in table if x.tag in order), key=lambda x: order[str(x.tag)])
    return [
        row for part in parts for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))
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
        forget(cell, name)
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


def _head(table: Element, rows: list[Element], heights: list[float]) -> int:
    """How many leading rows are repeated on every sheet (C-30)."""
    count = 0
    end = 1  # rows that cells of the head reach down to
    for index, row in enumerate(rows):
        section = row.getparent()
        authored = section is not None and section.tag == "thead"
        only_heads = all(cell.tag == "th" for cell in row)
        if not (authored or only_heads or (0 < index < end)):
            break
        count = index + 1
        end = max(end, *(index + int(cell.get("rowspan") or 1) for cell in row))
    count = max(count, end) if count else 0
    if count >= len(rows):  # a table of heads only
        count = 1 if len(rows) > 1 and end == 1 else 0
    return 0 if count > HEAD_ROWS or sum(heights[:count]) > HEAD_LINES else count


def _height(line: list[Place], shares: list[float], of_text: float) -> float:
    """Estimate how many lines of text a row takes."""
    tallest = 0.0
    for place in line:
        share = sum(shares[place.column : place.column + place.span]) * of_text / 10_000
        letters = max(4.0, (TEXT_WIDTH * share - PADDING) / CHARACTER)
        lines = sum(1 + len(text) // letters for text in _lines(place.cell))
        pictures = sum(1 for _ in place.cell.iter("img"))
        tallest = max(tallest, lines + PICTURE_LINES * pictures)
    return tallest


def _mark_row_heads(rows: list[Element]) -> None:
    """A `th` before `td`s is the head of its row (C-32)."""
    for row in rows:
        if len(row) > 1 and row[0].tag == "th" and any(cell.tag == "td" for cell in row):
            row[0].set("scope", "row")


def _widths(
    table: Element, grid: list[list[Place]], columns: int, width: float | None
) -> tuple[list[float], float]:
    """Every column in percent of the table, and the table in percent of the text (C-31, C-33).

    Widths are always given, so the printer need not try the cells for them. Where the author set
    none, the new editor means equal columns, and older pages what the words need.
    """
    nested = is_within(table, "table", "li")
    room = NESTED_WIDTH if nested else TEXT_WIDTH
    floors = _floors(grid, columns)
    numbering = {
        place.column for line in grid for place in line if "xp-number" in classes(place.cell)
    }
    for at in numbering:
        floors[at] = NUMBERING
    given = _given(table, columns)
    needs = _needs(grid, columns)
    total = room * min(1.0, (width or SCREEN_WIDTH) / SCREEN_WIDTH)
    if given:
        known = [value for at, value in enumerate(given) if value and at not in numbering]
        usual = sum(known) / len(known) if known else 1.0
        wanted = [value or usual for value in given]
    elif width:
        # Equal on the screen, where there is more room; on paper the words have half a say.
        wanted = [1 / columns + need / sum(needs) for need in needs]
    else:
        wanted = needs
        total = min(room, max(MIN_TABLE, sum(wanted)))
    for at in numbering:
        wanted[at] = 0.0
    scale = (total - NUMBERING * len(numbering)) / (sum(wanted) or 1)
    mm = [max(value * scale, floor) for value, floor in zip(wanted, floors, strict=True)]
    over = sum(mm) - total
    if over > 0:
        # Only what stands above its floor gives way.
        spare = [value - floor for value, floor in zip(mm, floors, strict=True)]
        give = min(1.0, over / (sum(spare) or 1))
        mm = [value - give * more for value, more in zip(mm, spare, strict=True)]
    return [100 * value / sum(mm) for value in mm], 100 * min(1.0, max(total, sum(mm)) / room)


def _given(table: Element, columns: int) -> list[float]:
    """The author's widths, in whatever unit; empty when there are none or their count is wrong."""
    cols = [col for group in table.iterchildren("colgroup", "col") for col in _cols(group)]
    widths = [_col_width(col) for col in cols]
    return widths if len(cols) == columns and any(widths) else []


def _needs(grid: list[list[Place]], columns: int) -> list[float]:
    """What each column would take if nothing was broken, in mm, within reason."""
    mm = [NARROWEST] * columns
    for place in (place for line in grid for place in line if place.span == 1):
        longest = max((len(line) for line in _lines(place.cell)), default=0)
        pictures = max(
            (float(styles.of(x).get("width", "0pt")[:-2]) for x in place.cell.iter("img")),
            default=0,
        )
        need = max(longest * CHARACTER + PADDING, pictures * MM_PER_PT + PADDING)
        mm[place.column] = max(mm[place.column], min(BROADEST_NEED, need))
    return mm


def _lines(cell: Element) -> list[str]:
    """The cell's blocks as lines of text."""
    if any(True for _ in cell.iter("table")):
        return ["x" * 60]
    blocks = [block for block in cell.iter("p", "li", "pre", "div") if block is not cell]
    return [" ".join("".join(texts(block)).split()) for block in blocks or [cell]]


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
                words = "".join(texts(place.cell)).split()
                longest = max(map(len, words), default=0)
                letters[place.column] = max(letters[place.column], longest)
    return [min(BROADEST_WORD, max(NARROWEST, count * CHARACTER + PADDING)) for count in letters]


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
