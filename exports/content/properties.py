"""Properties: the rows of Page Properties on a page, as keys and plain values. Pure.

The macro leaves its table in a frame (C-86), or nothing where its author hides it; then the page's
ADF still has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from lxml import etree

from exports.content import adf, markup
from exports.content.adf import Node
from exports.content.nodes import INLINE, Element, classes, find
from exports.document import Page

MACRO = "details"  # its name in Confluence
MOST = 200  # rows of a page
LONGEST = 300  # characters of a value
_FRAMES = f".//*[contains(@class, 'plugin-tabmeta-details') or @data-macro-name='{MACRO}']"
_LINE = "\x1e"  # no document holds it
_UNSEEN = "text-placeholder"  # what a template asks its reader to fill in

_Cell = tuple[bool, str]  # whether it is a head, and what it says


def of(page: Page) -> dict[str, str]:
    """Values by the head of their row or column in lower case; the first of a head counts.

    >>> from exports.tree import PageRef
    >>> table = "<table><tr><th>Owner</th><td>Ann</td></tr></table>"
    >>> of(Page(PageRef("1", "P"), f'<div data-macro-name="details">{table}</div>'))
    {'owner': 'Ann'}
    """
    found: dict[str, str] = {}
    for table in (*_of_html(page.html), *_of_adf(page.adf)):
        for key, value in _pairs(table):
            if key and value and len(found) < MOST:
                found.setdefault(key.casefold(), value[:LONGEST])
    return found


def _pairs(rows: Sequence[Sequence[_Cell]]) -> Iterator[tuple[str, str]]:
    """A table has its heads in the first column; or in the first row, with the values below."""
    has_heads_above = len(rows) > 1 and all(is_head for is_head, _ in rows[0])
    if has_heads_above and not any(is_head for is_head, _ in rows[1]):
        yield from ((key, value) for (_, key), (_, value) in zip(rows[0], rows[1], strict=False))
        return
    for row in rows:
        if len(row) > 1 and not row[1][0]:
            yield row[0][1], row[1][1]


def _of_html(html: str) -> Iterator[list[list[_Cell]]]:
    if MACRO not in html or len(html) > adf.MAX_CHARACTERS:
        return
    try:
        body = markup.parse(markup.repair(html).html)
    except (ValueError, etree.LxmlError):
        return  # the page itself says so, where it is cleaned
    for frame in find(body, _FRAMES):
        for table in frame.iter("table"):
            yield [
                [(cell.tag == "th", _words(cell)) for cell in row.iterchildren("th", "td")]
                for row in table.iter("tr")
                if next(row.iterancestors("table")) is table
            ]


def _words(cell: Element) -> str:
    """What a cell says, its blocks set apart by commas."""
    pieces: list[str] = []
    unseen: Element | None = None
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        is_break = element.tag == "br" or element.tag not in INLINE
        if event == "start":
            if unseen is None and _UNSEEN in classes(element):
                unseen = element
            words = element.text
        else:
            if unseen is element:
                unseen = None
            words = element.tail if element is not cell else ""
        if unseen is None:
            mark = _LINE if is_break else ""
            pieces += [mark, words or ""]
    return _joined("".join(pieces).split(_LINE))


def _of_adf(text: str) -> Iterator[list[list[_Cell]]]:
    document = adf.parse(text) if f'"{MACRO}"' in text else None
    for node in document.walk() if document else ():
        if node.type in adf.EXTENSIONS and adf.macro_name(node) == MACRO:
            for table in (below for below in node.walk() if below.type == "table"):
                yield [_row(row) for row in table.children if row.type == "tableRow"]


def _row(row: Node) -> list[_Cell]:
    return [
        (cell.type == "tableHeader", _joined(_lines(cell)))
        for cell in row.children
        if cell.type in ("tableHeader", "tableCell")
    ]


def _lines(cell: Node) -> Iterator[str]:
    for leaf in cell.walk():
        if leaf.type in adf.LEAVES:
            yield "".join(" " if it.type == "hardBreak" else _said(it) for it in leaf.walk())


def _said(node: Node) -> str:
    """Text, and what dates, people, states and signs say."""
    if node.type == "date":
        return _day(node.attr("timestamp"))
    if node.type in ("mention", "status", "emoji"):
        return node.attr("text").removeprefix("@")
    return node.text


def _day(milliseconds: str) -> str:
    """
    >>> _day("1793318400000"), _day("soon")
    ('2026-10-30', '')
    """
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _joined(lines: Iterable[str]) -> str:
    return ", ".join(filter(None, (" ".join(line.split()) for line in lines)))
