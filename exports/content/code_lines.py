"""Code lines: code in parts that print fast, and lines that are too long for their place. Pure.

In a typewriter face it is known where a line ends, so long lines are wrapped here and not by the
printer: what is wrapped can then be indented and have a mark, a line may end inside a run that has
no blank, and no line is too much work for the printer. That is done in parts, because laying out
one long paragraph is worse than linear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from exports.content import measure, room
from exports.content.code import FIRST
from exports.content.columns import MM_PER_PT
from exports.content.draft import Draft
from exports.content.nodes import Element, add_class, add_text, having, make
from exports.lettering import printed

PART_LINES = 60
SIZE, TIGHT_SIZE = 8.0, 7.0  # pt, in text of 10
TIGHT = 60.0  # mm; in a narrower place the type is smaller
FEWEST_COLUMNS = 16  # in a narrower place there is no room for an indent
PICTURE = "\ufffc"  # stands for a picture where characters are counted
PICTURE_COLUMNS = 10
EARLIEST = 0.5  # of a row; a blank before that is no place to end it

Piece = tuple[tuple[Element, ...], str | Element]  # marks around it, outermost first, and itself
Line = list[Piece]


@dataclass(frozen=True, slots=True)
class Gutter:
    """Room before what is wrapped, which is where numbers stand, as in content.css."""

    digits: int
    columns: int
    css_class: str


PLAIN = Gutter(0, 4, "xp-more")
NUMBERED = (
    Gutter(2, 4, "xp-more"),
    Gutter(4, 6, "xp-more xp-gutter-4"),
    Gutter(7, 9, "xp-more xp-gutter-7"),
)


def lines(draft: Draft) -> None:
    """Set the lines of every code block, once it is known how much room there is."""
    for pre in having(draft.body, "xp-pre", "pre"):
        parent = pre.getparent()
        if parent is None:
            continue
        width = room.of(pre, draft)
        size = TIGHT_SIZE if width < TIGHT else SIZE
        em = printed(size, draft.options.font_size) * MM_PER_PT
        columns = max(1, int(width / (measure.MONO * em)))
        first = pre.get(FIRST)
        rows = _rows(_lines(pre), columns, int(first) if first else None)
        parts = list(_parts(rows))
        if pre.get("id"):
            parts[0].set("id", pre.get("id") or "")
        if size == TIGHT_SIZE:
            for part in parts:
                add_class(part, "xp-tight")
        at = parent.index(pre)
        parent[at : at + 1] = parts


def _lines(pre: Element) -> list[Line]:
    """The lines of a block, each as pieces of text and pictures with the marks around them."""
    found: list[Line] = [[]]
    for marks, piece in _pieces(pre, ()):
        if not isinstance(piece, str):
            found[-1].append((marks, piece))
            continue
        for count, text in enumerate(piece.split("\n")):
            if count:
                found.append([])
            if text:
                found[-1].append((marks, text))
    while len(found) > 1 and not found[-1]:
        found.pop()
    return found


def _pieces(element: Element, marks: tuple[Element, ...]) -> Iterator[Piece]:
    if element.text:
        yield marks, element.text
    for child in element:
        if child.tag == "img":
            yield marks, child
        else:
            yield from _pieces(child, (*marks, child))
        if child.tail:
            yield marks, child.tail


def _rows(all_lines: list[Line], columns: int, number: int | None) -> Iterator[Line]:
    """The rows that the lines take, numbered from `number` on if there is one."""
    gutter = PLAIN
    if number is not None:
        digits = len(str(number + len(all_lines)))
        gutter = next((it for it in NUMBERED if digits <= it.digits), NUMBERED[-1])
    label = make("span", "xp-line")
    has_room = columns >= FEWEST_COLUMNS
    outer = (make("span", gutter.css_class),) if has_room else ()
    for offset, line in enumerate(all_lines):
        numbered = line
        if number is not None:
            numbered = [((label,), f"{number + offset:>{gutter.digits}}  "), *line]
        first, *wrapped = _wrapped(numbered, columns, gutter.columns if has_room else 0)
        yield first
        for row in wrapped:
            yield [((*outer, *marks), piece) for marks, piece in row]


def _wrapped(line: Line, columns: int, indent: int) -> Iterator[Line]:
    """Cut a line into rows."""
    text = "".join(piece if isinstance(piece, str) else PICTURE for _, piece in line)
    if len(text) <= columns and text.isascii():
        yield line
        return
    ends = _ends(text, columns, indent)
    row: Line = []
    end, at = next(ends), 0
    for marks, piece in line:
        begin, stop = at, at + (len(piece) if isinstance(piece, str) else 1)
        while at < stop:
            if at == end:
                yield row
                row, end = [], next(ends)
            taken = min(end, stop)
            if isinstance(piece, str):
                row.append((marks, piece[at - begin : taken - begin]))
            else:
                row.append((marks, piece))
            at = taken
    yield row


def _ends(text: str, columns: int, indent: int) -> Iterator[int]:
    """Where the rows of a line end, in characters. The last is the line's own end.

    A row ends after a blank or else after a sign where there is one in its later half. The blank
    counts: one that hung over the edge would make the printer wrap the row again.

    >>> list(_ends("one two three", 9, 4)), list(_ends("x" * 20, 9, 4))
    ([8, 13], [9, 14, 19, 20])
    >>> list(_ends("path/to/something", 10, 0))
    [8, 17]
    """
    widths = _widths(text)
    at, most = 0, float(columns)
    while at < len(text):
        # A long line is not walked to its end for each of its rows.
        reached = accumulate(widths[at : at + 4 * columns])
        fitting = sum(1 for width in reached if width <= most)
        end = at + max(1, fitting)
        if end < len(text):
            earliest = at + round(EARLIEST * (end - at))
            end = _after_blank(text, earliest, end) or _after_sign(text, earliest, end) or end
        yield end
        at, most = end, float(columns - indent)
    if not text:
        yield 0


def _after_blank(text: str, start: int, end: int) -> int:
    """Behind the last blank between the two, 0 when there is none."""
    return text.rfind(" ", start, end) + 1


def _after_sign(text: str, start: int, end: int) -> int:
    """Behind the last character between the two that no word is made of, 0 when there is none."""
    signs = (
        at for at in range(end, start, -1) if not (text[at - 1].isalnum() or text[at - 1] == "_")
    )
    return next(signs, 0)


def _widths(text: str) -> list[float]:
    """The width of each character in columns."""
    if text.isascii():
        return [1.0] * len(text)
    return [PICTURE_COLUMNS if it == PICTURE else measure.columns(it) for it in text]


def _parts(rows: Iterator[Line]) -> Iterator[Element]:
    """`pre` elements of at most PART_LINES rows."""
    named: set[Element] = set()  # marks whose id has been given away
    while part := list(islice(rows, PART_LINES)):
        pre = make("pre", "xp-pre")
        for count, row in enumerate(part):
            if count:
                add_text(pre, "\n")
            _write(pre, row, named)
        if not part[-1]:
            add_text(pre, " ")  # a newline at the very end makes no line
        if (pre.text or "").startswith("\n"):
            pre.text = f" {pre.text}"  # a parser takes away a newline that comes first
        yield pre


def _write(pre: Element, row: Line, named: set[Element]) -> None:
    """Append the row, with the marks around its pieces opened anew."""
    opened: list[tuple[Element, Element]] = []  # (mark, its copy), outermost first
    for marks, piece in row:
        kept = 0
        while kept < min(len(opened), len(marks)) and opened[kept][0] is marks[kept]:
            kept += 1
        del opened[kept:]
        for mark in marks[kept:]:
            holder = opened[-1][1] if opened else pre
            copy = make(str(mark.tag))
            for name, value in mark.attrib.items():
                if name != "id" or mark not in named:
                    copy.set(str(name), str(value))
            named.add(mark)
            holder.append(copy)
            opened.append((mark, copy))
        holder = opened[-1][1] if opened else pre
        if isinstance(piece, str):
            add_text(holder, piece)
        else:
            piece.tail = None
            holder.append(piece)
