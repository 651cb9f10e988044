"""Columns: what the columns of a table need to be readable, and how they share the width. Pure.

Text is reckoned in em, so that one reading of a table serves every size of type; pictures, code and
tables inside cells are reckoned in mm. "Readable" means: no word is broken that could stand whole,
and a column of sentences gets about READABLE characters a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from exports.content import measure, room, styles
from exports.content.nodes import INLINE, Element, classes, text_of, texts
from exports.lettering import DRAWN, printed

# pt of type → class, in order of preference; as drawn, in text of 10 pt (exports.lettering)
SIZES = {9.0: "", 8.0: "xp-wide", 7.0: "xp-wider"}
MM_PER_PT = 25.4 / 72

NUMBERED = "data-xp-numbered"  # on a link that will have the number of a footnote
IN_LINE = frozenset({"xp-emoji", "xp-math"})  # pictures that stand for letters

# In em.
LETTER = 0.55  # an average character
READABLE = 18 * LETTER
COMFORTABLE_LINES = 4  # text that fits this many lines need not have READABLE ones
WORD = 20 * LETTER  # a longer word may be broken where there is no room
LONG_WORD = 32 * LETTER  # and is where it is longer than this: an address, a path
BROADEST = 41.0  # more than this of one line makes no column broader
NARROWEST = 1.5
PADDING = 1.35  # both sides of a cell with its border, and what the reckoning is off by
LINE = 1.4  # the height of a line

# In mm.
PICTURE = 24.0  # a picture in a cell is not made narrower
LONE_PICTURE = 60.0  # what a picture of unknown width is taken for
TABLE = 80.0  # most that a table in a cell can ask for
PICTURE_HEIGHT = 36.0  # what a picture is taken to add to its row
CODE_SIZE = 8.0  # pt, as drawn
CODE_BOX = 8.0  # both sides of a code block
ROOMY_CODE = 24 * measure.MONO  # em of a code block: 24 characters


@dataclass(frozen=True, slots=True)
class Content:
    """What one cell holds."""

    word: float = 0.0  # em: its widest word
    lines: tuple[float, ...] = ()  # em: its lines, if none was broken
    fixed: float = 0.0  # mm: what else in it cannot be narrower
    wish: float = 0.0  # mm: what else in it would be best
    pictures: int = 0

    def height(self, width: float, em: float) -> float:
        """The height in mm of the cell when it is `width` mm wide and an em is `em` mm."""
        measure_em = max(2.0, width / em - PADDING)
        count = sum(max(1, ceil(line / measure_em)) for line in self.lines)
        return max(1, count) * LINE * em + self.pictures * PICTURE_HEIGHT + em


@dataclass(frozen=True, slots=True)
class Span:
    """A cell's content and the columns it covers."""

    content: Content
    column: int  # counted from 0
    span: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What each column of a table needs; the lists are as long as the table has columns."""

    firm: list[float]  # em: below this it cannot be read
    fair: list[float]  # em: below this a long word is broken
    line: list[float]  # em: what would break no line, within reason
    fixed: list[float]  # mm: what pictures and the like need
    wish: list[float]  # mm: what pictures and the like would like
    text: float = DRAWN  # pt of the text around the table

    def least(self, size: float, fair: bool = False) -> list[float]:
        """The narrowest readable widths in mm, in type drawn at `size` pt."""
        em = em_of(size, self.text)
        return [
            max((own + PADDING) * em, fixed)
            for own, fixed in zip(self.fair if fair else self.firm, self.fixed, strict=True)
        ]

    def wanted(self, size: float) -> list[float]:
        """The widths in mm at which nothing would be broken, within reason."""
        em = em_of(size, self.text)
        both = zip(self.line, self.wish, strict=True)
        return [max((line + PADDING) * em, wish) for line, wish in both]


def em_of(size: float, text: float) -> float:
    """An em in mm of type drawn at `size` pt, where the text has `text` pt."""
    return printed(size, text) * MM_PER_PT


def read(cell: Element, text: float = DRAWN) -> Content:
    """Measure a cell, in text of `text` pt."""
    reading = _Reading(measure.BOLD if cell.tag == "th" or _has_bold(cell) else 1.0, text)
    reading.walk(cell)
    return reading.content()


def needs(cells: Iterable[Span], count: int, text: float = DRAWN) -> Needs:
    """What the columns need so that every cell can be read.

    A cell over several columns is content with them together; what it lacks is spread over them.
    """
    em = [[NARROWEST] * count for _ in range(3)]
    found = Needs(em[0], em[1], em[2], [0.0] * count, [0.0] * count, text)
    over_many: dict[tuple[int, int], Content] = {}
    for cell in cells:
        if cell.span == 1:
            _raise(found, cell.column, 1, cell.content)
        else:
            place = (cell.column, cell.span)
            over_many[place] = _joined(over_many.get(place, Content()), cell.content)
    for (column, span), content in sorted(over_many.items(), key=lambda item: item[0][1]):
        _raise(found, column, span, content)
    return found


def share(total: float, wanted: Sequence[float], floors: Sequence[float]) -> list[float]:
    """Share out `total` in proportion to `wanted`, no part below its floor.

    >>> share(100, [1, 1, 2], [40, 0, 0])
    [40, 20.0, 40.0]
    """
    if sum(floors) >= total or not any(wanted):
        scale = total / (sum(floors) or 1.0)
        return [floor * scale for floor in floors]
    low: set[int] = set()
    while True:
        rest = total - sum(floors[at] for at in low)
        free = sum(value for at, value in enumerate(wanted) if at not in low)
        scale = rest / free if free else 0.0
        below = {at for at, value in enumerate(wanted) if value * scale < floors[at]}
        if below <= low:
            return [floors[at] if at in low else value * scale for at, value in enumerate(wanted)]
        low |= below


class _Reading:
    """A walk through a cell that gathers its text by lines and measures the rest."""

    def __init__(self, weight: float, text: float) -> None:
        self._weight = weight  # of the type, against the regular face
        self._text = text  # pt
        self._smallest = em_of(min(SIZES), text)  # mm: an em of the smallest type
        self._pieces: list[str] = []
        self._inner: list[Content] = []  # of what is set in
        self._lines: list[float] = []  # em, of code and tables
        self._fixed = self._wish = 0.0  # mm
        self._pictures = 0

    def content(self) -> Content:
        text = "".join(self._pieces)
        own = (measure.width(" ".join(line.split())) for line in text.split("\n"))
        inner = self._inner
        return Content(
            max([measure.longest_word(text) * self._weight, *(it.word for it in inner)]),
            (
                *(line * self._weight for line in own if line),
                *self._lines,
                *(line for it in inner for line in it.lines),
            ),
            max([self._fixed, *(it.fixed for it in inner)]),
            max([self._wish, *(it.wish for it in inner)]),
            self._pictures + sum(it.pictures for it in inner),
        )

    def walk(self, element: Element) -> None:
        self._pieces.append(element.text or "")
        for child in element:
            self._take(child)
            self._pieces.append(child.tail or "")

    def _take(self, child: Element) -> None:
        tag = str(child.tag)
        if tag == "img":
            self._picture(child)
        elif tag == "table":
            self._table(child)
        elif tag == "pre":
            self._code(child)
        elif tag == "br":
            self._pieces.append("\n")
        elif "xp-status" in (child.get("class") or "") and "xp-long" not in classes(child):
            self._pieces.append("\u00a0".join(text_of(child).split()))  # it is never broken
        elif tag in INLINE:
            self.walk(child)
            if child.get(NUMBERED) is not None:
                self._pieces.append("00")
        else:
            self._pieces.append("\n")
            if inset := room.inset(child, self._text):
                self._set_in(child, inset)
            else:
                self.walk(child)
            self._pieces.append("\n")

    def _set_in(self, child: Element, inset: float) -> None:
        """An item of a list, a panel: all of it needs that much more."""
        reading = _Reading(self._weight, self._text)
        reading.walk(child)
        found = reading.content()
        more = inset / self._smallest
        self._inner.append(
            Content(
                found.word + more,
                tuple(line + more for line in found.lines),
                found.fixed + inset if found.fixed else 0.0,
                found.wish + inset if found.wish else 0.0,
                found.pictures,
            )
        )

    def _picture(self, image: Element) -> None:
        if IN_LINE & {*classes(image)}:
            self._pieces.append("mmm")
            return
        width = styles.of(image).get("width", "")
        mm = float(width[:-2]) * MM_PER_PT if width.endswith("pt") else LONE_PICTURE
        padding = PADDING * self._smallest
        self._fixed = max(self._fixed, min(PICTURE, mm) + padding)
        self._wish = max(self._wish, mm + padding)
        self._pictures += 1

    def _table(self, table: Element) -> None:
        """A table in the cell: it needs its words side by side, each row is a line or more."""
        self._pieces.append("\n")
        for row in table.iter("tr"):
            words = ["".join(texts(cell)) for cell in row]
            least = sum(min(WORD, measure.longest_word(text)) + PADDING for text in words)
            self._fixed = max(self._fixed, min(TABLE, least * self._smallest))
            self._lines.append(sum(map(len, words)) * LETTER)

    def _code(self, pre: Element) -> None:
        lines = [measure.columns(line) * measure.MONO for line in text_of(pre).split("\n")]
        self._lines += lines
        em = em_of(CODE_SIZE, self._text)
        self._fixed = max(self._fixed, min(ROOMY_CODE, max(lines)) * em + CODE_BOX)
        self._wish = max(self._wish, min(BROADEST, max(lines)) * em + CODE_BOX)


def _has_bold(cell: Element) -> bool:
    return any(True for _ in cell.iter("strong", "b"))


def _joined(one: Content, other: Content) -> Content:
    """A content that asks for what either asks for."""
    lines = (max((*one.lines, *other.lines), default=0.0),)
    return Content(
        max(one.word, other.word),
        lines,
        max(one.fixed, other.fixed),
        max(one.wish, other.wish),
    )


def _raise(found: Needs, column: int, span: int, content: Content) -> None:
    longest = max(content.lines, default=0.0)
    prose = min(READABLE, longest / COMFORTABLE_LINES)
    for kind, need in (
        (found.firm, max(min(content.word, WORD), prose)),
        (found.fair, max(min(content.word, LONG_WORD), prose)),
        (found.line, min(BROADEST, longest)),
    ):
        lack = (need - sum(kind[column : column + span]) - PADDING * (span - 1)) / span
        _add(kind, column, span, lack)
    for kind, need in ((found.fixed, content.fixed), (found.wish, content.wish)):
        _add(kind, column, span, (need - sum(kind[column : column + span])) / span)


def _add(kind: list[float], column: int, span: int, lack: float) -> None:
    if lack > 0:
        for at in range(column, column + span):
            kind[at] += lack
