"""Tables: heads that repeat, widths that fit the sheet, spans that break nothing. Pure.

What a table needs is told by columns.py, how it is made to fit by fitting.py. parts.py cuts it,
turned.py gives it sheets of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from exports.content import columns, fitting, measure, room, styles
from exports.content.columns import SIZES, Content, Needs, Span
from exports.content.draft import Draft
from exports.content.grid import MAX_COLUMNS, Place, fill, lay_out, rows_of
from exports.content.images import SCREEN_WIDTH
from exports.content.nodes import (
    Element,
    add_all,
    add_class,
    add_text,
    classes,
    find,
    having,
    is_blank,
    make,
    move_content,
    plain,
    rename,
    replace,
    unwrap,
)
from exports.content.parts import Cutter
from exports.content.turned import join, turn

MAX_ROWS_OF_PARTS = 50_000  # together; every part has all rows
MAX_NESTING = 4  # tables within tables; each level multiplies the work of the one around it
FULL = 99.0  # percent; what is nearly as wide as the text is as wide
MIN_TABLE = 40.0  # mm

HEAD_ROWS = 4
HEAD_SHARE = 0.25  # of a sheet; a taller head, repeated, would leave no room for rows
TALL_SHARE = 1 / 3  # of a sheet; a taller row may be broken
WHOLE_SHARE = 1 / 2  # of a sheet; rows that a cell joins are kept together up to this height
SMALL_SHARE = 0.2  # a table that is no taller is not broken at all
BOXES = (["xp-code"], ["xp-panel"], ["xp-expand"], ["xp-table"])  # when one opens a cell


@dataclass(frozen=True, slots=True)
class Table:
    """A table's grid, read and measured."""

    grid: list[list[Place]]
    contents: dict[Element, Content]  # by cell
    needs: Needs
    head: int  # leading rows that are its head
    numbering: frozenset[int]  # columns that only count the rows
    given: list[float]  # the author's column widths in any unit, may be empty
    width: float | None  # the author's width in px of the screen
    is_centred: bool
    caption: Element | None

    @property
    def count(self) -> int:
        return len(self.needs.firm)

    @property
    def keys(self) -> int:
        """How many first columns say what a row is about."""
        return 2 if 0 in self.numbering else 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What a table is set into."""

    size: float  # pt of its type, as drawn
    width: float  # mm
    height: float  # mm of text on a sheet
    text: float  # pt of the text around

    @property
    def em(self) -> float:
        return columns.em_of(self.size, self.text)


def tables(draft: Draft) -> None:
    """Set every table (C-30 – C-39)."""
    for table in find(draft.body, ".//table[not(ancestor::table)]"):
        _set(draft, table, 0)
    for shell in having(draft.body, "table-wrap"):
        unwrap(shell)
    for shell in having(draft.body, "xp-turned"):
        join(shell)
        _bound(shell, "xp-low")
    for cell in draft.body.iter("td", "th"):
        if len(cell) and not (cell.text or "").strip() and classes(cell[0])[:1] in BOXES:
            add_class(cell[0], "xp-flush")
    # What a table leaves behind when it is taken apart.
    for stray in find(draft.body, ".//*[self::tr or self::td or self::th][not(ancestor::table)]"):
        rename(stray, "div")


def _set(draft: Draft, table: Element, depth: int) -> None:
    """Set the table, then those in its cells, which have the room that it leaves them."""
    rows = rows_of(table)
    grid = lay_out(rows)
    count = max((place.end for line in grid for place in line), default=0)
    if not count:
        unwrap(table)
        return
    if count > MAX_COLUMNS or depth >= MAX_NESTING:
        made = [_stack(draft, rows)]
        replace(table, *made)
    else:
        made = _typeset(draft, table, rows, grid, count)
    for outer in made:
        for inner in _inner(outer):
            _set(draft, inner, depth + 1)


def _inner(outer: Element) -> list[Element]:
    """The tables inside, but not those inside these."""
    return [
        table
        for table in outer.iter("table")
        if table is not outer
        and next(x for x in table.iterancestors() if x is outer or x.tag == "table") is outer
    ]


def _typeset(
    draft: Draft, element: Element, rows: list[Element], grid: list[list[Place]], count: int
) -> list[Element]:
    """Put the finished table, or its parts, where the element stood."""
    fill(rows, grid, count)
    upright = room.of(element, draft)
    text = draft.options.font_size
    if "xp-gallery" in classes(element):
        made = [_gallery(grid, count, upright, text)]
        replace(element, *made)
        return made
    table = _read(element, rows, grid, count, text)
    sheet, turned_sheet = draft.sheet, draft.sheet.turned
    wider = turned_sheet.text_width - sheet.text_width
    turned = upright + wider if wider > 0 and room.may_turn(element) else 0.0
    fit = fitting.fit(table.needs, table.keys, upright, turned, _crossed(grid, count))
    if len(fit.parts) > 1 and len(fit.parts) * len(rows) > MAX_ROWS_OF_PARTS:
        made = [_stack(draft, rows)]
        replace(element, *made)
        return made
    if fit.is_turned:
        made = list(_made(table, fit, Frame(fit.size, turned, turned_sheet.text_height, text)))
        turn(element, made)
    else:
        made = list(_made(table, fit, Frame(fit.size, upright, sheet.text_height, text)))
        replace(element, *made)
    if draft.options.table_style == "striped":
        for part in made:
            _stripe(part.findall("tbody/tr"))
    if len(made) > 1:
        draft.note(
            "table_split",
            f"A table with {count} columns is too wide for a sheet.",
            f"It is printed in {len(made)} parts; each begins with the table's first column.",
            "info",
        )
    return made


def _read(
    element: Element, rows: list[Element], grid: list[list[Place]], count: int, text: float
) -> Table:
    places = [place for line in grid for place in line]
    contents = {place.cell: columns.read(place.cell, text) for place in places}
    return Table(
        grid,
        contents,
        columns.needs(
            (Span(contents[place.cell], place.column, place.span) for place in places),
            count,
            text,
        ),
        _head(rows),
        frozenset(place.column for place in places if "xp-number" in classes(place.cell)),
        _given(element, count),
        styles.pixels(element.get("data-table-width")),
        element.get("data-layout") == "center",
        next(iter(element.iterchildren("caption")), None),
    )


def _crossed(grid: list[list[Place]], count: int) -> list[int]:
    """How many cells reach over the left edge of each column."""
    steps = [0] * (count + 1)
    for place in (place for line in grid for place in line if place.span > 1):
        steps[place.column + 1] += 1
        steps[place.end] -= 1
    return list(accumulate(steps[:count]))


def _made(table: Table, fit: fitting.Fit, frame: Frame) -> Iterator[Element]:
    """The table as it is printed, whole or in parts."""
    if len(fit.parts) == 1:
        widths = _widths(table, table.needs, range(table.count), frame, fit.is_turned)
        yield _table(table, table.grid, widths, frame, table.caption)
        return
    cutter = Cutter(table.grid, table.head, table.keys)
    for number, run in enumerate(fit.parts):
        grid = cutter.part(run)
        shown = (*range(table.keys), *run)
        widths = _widths(table, _part_needs(table, grid, len(shown)), shown, frame, True)
        caption = make("caption")
        if number == 0 and table.caption is not None:
            move_content(table.caption, caption)
            add_text(caption, " ")
        first = 1 if number == 0 else run.start + 1
        caption.append(make("span", "xp-part", _columns_label(first, run.stop, table.count)))
        yield _table(table, grid, widths, frame, caption)


def _part_needs(table: Table, grid: Sequence[Sequence[Place]], count: int) -> Needs:
    """What a part needs by itself: a cell that was cut through has fewer columns than before."""
    return columns.needs(
        (
            Span(
                table.contents.get(place.cell) or columns.read(place.cell, table.needs.text),
                place.column,
                place.span,
            )
            for line in grid
            for place in line
        ),
        count,
        table.needs.text,
    )


def _columns_label(first: int, last: int, count: int) -> str:
    return f"Columns {first}–{last} of {count}" if last > first else f"Column {first} of {count}"


def _table(
    table: Table,
    grid: Sequence[Sequence[Place]],
    widths: list[float],
    frame: Frame,
    caption: Element | None,
) -> Element:
    """Build the element with these cells in columns of these widths (mm)."""
    made = make("table", " ".join(filter(None, ("xp-table", SIZES[frame.size]))))
    share = 100 * sum(widths) / frame.width
    if share < FULL:
        made.set("style", f"width:{share:.1f}%")
    if table.is_centred:
        add_class(made, "xp-middle")
    if caption is not None:
        caption.attrib.clear()
        add_all(made, [caption])
    made.append(_colgroup(widths))
    heights = [_height(line, widths, table.contents, frame.em) for line in grid]
    rows = [_row(line, widths, frame) for line in grid]
    for row, height in zip(rows, heights, strict=True):
        if height > TALL_SHARE * frame.height:
            row.set("class", "xp-tall")
    head = table.head if sum(heights[: table.head]) <= HEAD_SHARE * frame.height else 0
    if head:
        made.append(add_all(make("thead"), rows[:head]))
    _mark_row_heads(rows[head:])
    made.extend(_bodies(rows[head:], heights[head:], WHOLE_SHARE * frame.height))
    if sum(heights) <= SMALL_SHARE * frame.height:
        add_class(made, "xp-whole")
    return made


def _row(line: Sequence[Place], widths: list[float], frame: Frame) -> Element:
    """A row of these cells, each of which knows its width."""
    for place in line:
        inside = sum(widths[place.column : place.end]) - columns.PADDING * frame.em
        _fit_content(place.cell, inside, frame.em)
    return add_all(make("tr"), (place.cell for place in line))


def _bodies(rows: list[Element], heights: list[float], most: float) -> Iterator[Element]:
    """`tbody` elements: rows that a cell joins stand in one of their own, which is not broken."""
    loose: list[Element] = []
    at = 0
    while at < len(rows):
        end = _end_of_group(rows, at)
        if end - at > 1 and sum(heights[at:end]) <= most:
            if loose:
                yield add_all(make("tbody"), loose)
                loose = []
            yield add_all(make("tbody", "xp-whole"), rows[at:end])
        else:
            loose += rows[at:end]
        at = end
    if loose:
        yield add_all(make("tbody"), loose)


def _stripe(rows: list[Element]) -> None:
    """Mark every other row; rows that a cell joins are as one."""
    at = count = 0
    while at < len(rows):
        end = _end_of_group(rows, at)
        if count % 2:
            for row in rows[at:end]:
                add_class(row, "xp-stripe")
        at, count = end, count + 1


def _end_of_group(rows: list[Element], start: int) -> int:
    """The row after those that cells of the row at `start` reach down to, directly or in turn."""
    end = at = start
    while at <= end and at < len(rows):
        end = max([end, *(at + int(cell.get("rowspan") or 1) - 1 for cell in rows[at])])
        at += 1
    return min(end + 1, len(rows))


def _fit_content(cell: Element, width: float, em: float) -> None:
    """Tell what stands in the cell that it has `width` mm."""
    if len(cell):
        room.leave(cell, width)
        _bound(cell, "xp-in-cell")
        for status in having(cell, "xp-status"):
            if measure.width(plain(status)) * em + 1.0 > width:
                add_class(status, "xp-long")


def _bound(element: Element, css_class: str) -> None:
    """Keep pictures from being higher than there is room, but for those that stand for letters."""
    for image in element.iter("img"):
        if not columns.IN_LINE & {*classes(image)}:
            add_class(image, css_class)


def _gallery(grid: list[list[Place]], count: int, width: float, text: float) -> Element:
    """Pictures in rows: equal columns, no lines."""
    widths = [width / count] * count
    frame = Frame(max(SIZES), width, 0.0, text)
    body = add_all(make("tbody"), [_row(line, widths, frame) for line in grid])
    return add_all(make("table", "xp-gallery"), [_colgroup(widths), body])


def _head(rows: list[Element]) -> int:
    """How many leading rows are the table's head (C-30)."""
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
    return 0 if count > HEAD_ROWS else count


def _height(
    line: Iterable[Place], widths: list[float], contents: dict[Element, Content], em: float
) -> float:
    """Estimate how tall a row is, in mm."""
    return max(
        (
            contents[place.cell].height(sum(widths[place.column : place.end]), em)
            for place in line
            if place.cell in contents
        ),
        default=0.0,
    )


def _mark_row_heads(rows: list[Element]) -> None:
    """A `th` before `td`s is the head of its row (C-32)."""
    for row in rows:
        if len(row) > 1 and row[0].tag == "th" and any(cell.tag == "td" for cell in row):
            row[0].set("scope", "row")


def _widths(
    table: Table, needs: Needs, shown: Sequence[int], frame: Frame, is_full: bool
) -> list[float]:
    """The width in mm of every shown column, of which `needs` tells (C-31, C-33).

    Widths are always given, so the printer need not try the cells for them. Where the author set
    none, the new editor means equal columns, and older pages what the words need.
    """
    words = needs.wanted(frame.size)
    total = frame.width * min(1.0, (table.width or SCREEN_WIDTH) / SCREEN_WIDTH)
    if table.given:
        known = [
            value for at, value in enumerate(table.given) if value and at not in table.numbering
        ]
        usual = sum(known) / len(known) if known else 1.0
        wanted = [table.given[at] or usual for at in shown]
    elif table.width:
        # Equal on the screen, where there is more room; on paper the words have half a say.
        wanted = [1 / len(shown) + need / sum(words) for need in words]
    else:
        wanted = words
        total = min(frame.width, max(MIN_TABLE, sum(wanted)))
    pairs = zip(shown, wanted, strict=True)
    wanted = [0.0 if at in table.numbering else value for at, value in pairs]
    firm, fair = (needs.least(frame.size, whole) for whole in (False, True))
    total = frame.width if is_full else min(frame.width, max(total, sum(fair)))
    return columns.share(total, wanted, fair if sum(fair) <= total else firm)


def _given(table: Element, count: int) -> list[float]:
    """The author's widths, in whatever unit; empty when there are none or their count is wrong."""
    cols = [col for group in table.iterchildren("colgroup", "col") for col in _cols(group)]
    widths = [_col_width(col) for col in cols]
    return widths if len(cols) == count and any(widths) else []


def _cols(group: Element) -> list[Element]:
    return [group] if group.tag == "col" else list(group.iterchildren("col"))


def _col_width(col: Element) -> float:
    width = styles.of(col).get("width", "") or (col.get("width") or "")
    if width.endswith("%"):
        return float(width[:-1]) if width[:-1].replace(".", "", 1).isdigit() else 0.0
    return styles.pixels(width) or 0.0


def _colgroup(widths: list[float]) -> Element:
    group = make("colgroup")
    for width in widths:
        group.append(make("col", style=f"width:{100 * width / sum(widths):.2f}%"))
    return group


def _stack(draft: Draft, rows: list[Element]) -> Element:
    """Set the cells below each other: the table is too broad or too deep for any sheet."""
    draft.note(
        "table_taken_apart",
        "A table on this page has too many columns, or stands too deep inside other tables.",
        "Its cells are printed below each other.",
    )
    shell = make("div", "xp-stack")
    for row in rows:
        for cell in [cell for cell in row if not is_blank(cell)]:
            block = make("div", "xp-cell")
            move_content(cell, block)
            shell.append(block)
    return shell
