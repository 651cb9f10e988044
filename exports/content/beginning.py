"""Beginning: an article cut after what surely fills the first sheets. Pure.

What stands on those sheets is not changed, so the cut errs on the long side: it reckons with narrow
letters and no gaps. Pictures that stand behind it are no longer wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape

from exports.content.nodes import INLINE, names
from exports.document import IMAGE_SCHEME, Article, ImageRef
from exports.paper import Sheet

_SPARE = 1.15  # of the sheets asked for: the last one is to be full
_MM_A_POINT = 25.4 / 72

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]")
_WIDER = 1.2  # than a letter, so many times
_VOID = names("br col hr img")
_LINES = names("p h2 h3 h4 h5 h6 li dt dd pre tr")  # each begins a line of its own
_BESIDE = re.compile(r"^(?:td|th)$|\bxp-columns?\b|\bxp-float")  # others stand at the side of it
_SOURCE = re.compile(rf'src="{IMAGE_SCHEME}([A-Za-z0-9_-]+)"')
_ID = re.compile(r'\bid="([^"]*)"')


def beginning(article: Article, sheet: Sheet, size: float, sheets: int) -> Article:
    """The article as far as it stands on the first sheets; `size` is that of its type in pt.

    The very same article where it is not longer.
    """
    area = sheet.text_width * sheet.text_height
    walk = _Walk(article, sheet.text_width, size * _MM_A_POINT)
    html = walk.until(area * sheets * _SPARE, area)
    if html is None:
        return article
    anchors = set(map(unescape, _ID.findall(html)))
    wanted = set(_SOURCE.findall(html))
    return replace(
        article,
        html=html,
        headings=tuple(it for it in article.headings if it.anchor in anchors),
        images=tuple(it for it in article.images if it.key in wanted),
        drawings=tuple(it for it in article.drawings if it.key in wanted),
    )


@dataclass(frozen=True, slots=True)
class _Type:
    """How text is set, as content.css says, in sizes of the page's type."""

    character: float  # the least area of one
    line: float  # the least height; of a row, in a table


_RUNNING = _Type(0.5, 1.2)
_CODE = _Type(0.6 * 0.7 * 1.45 * 0.7, 1.45 * 0.7)
_TABLES = {
    name: _Type(0.45 * 1.4 * size**2, (1.4 + 2 * 0.38) * size)
    for name, size in (("xp-wider", 0.7), ("xp-wide", 0.8), ("", 0.9))
}


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that has not been closed yet."""

    tag: str
    area: float  # what there was before it
    is_beside: bool  # others stand at the side of it, or of what it stands in
    type: _Type


class _Walk:
    """Goes through an article's HTML, which sanitising has written, and adds up what it covers."""

    def __init__(self, article: Article, width: float, size: float) -> None:
        self._html = article.html
        self._images = {image.key: image for image in article.images}
        self._width, self._size = width, size
        self._open: list[_Open] = []
        self._area = 0.0  # mm²

    def until(self, room: float, more: float) -> str | None:
        """The HTML to the end of the block with which the room is full; None if it never is.

        A block that would take `more` than the room is cut in its words.
        """
        at = 0
        for tag in _TAG.finditer(self._html):
            text = self._html[at : tag.start()]
            fits = self._fitting(text, room + more)
            if fits < len(text):
                return self._closed(at + fits)
            self._area += self._of_text(text)
            at = tag.end()
            ends_block = self._pass(tag)
            if self._area > room and (ends_block or self._area > room + more):
                return self._closed(at) if self._html[at:].strip() else None
        return None

    def _fitting(self, text: str, room: float) -> int:
        """How many characters there is room for. An entity is not cut."""
        area = self._of_text(text)
        if self._area + area <= room:
            return len(text)
        left = int(len(text) * max(room - self._area, 0.0) / area)
        entity = text.rfind("&", 0, left)
        return entity if text.find(";", entity) >= left and entity >= 0 else left

    def _pass(self, tag: re.Match[str]) -> bool:
        """Open or close an element. Whether that ends a block that a page may be cut after."""
        is_end, name, attributes = tag[1] == "/", tag[2], tag[3]
        if is_end:
            return self._close(name)
        if name in _VOID:
            self._area += self._of_void(name, attributes)
            return False
        beside = _BESIDE.search(name) or _BESIDE.search(attributes)
        is_beside = self._is_beside or beside is not None
        self._open.append(_Open(name, self._area, is_beside, self._type_of(name, attributes)))
        return False

    def _type_of(self, name: str, attributes: str) -> _Type:
        if name == "table":
            return next(it for word, it in _TABLES.items() if word in attributes)
        return _CODE if name == "pre" else self._type

    def _close(self, name: str) -> bool:
        if not self._open or self._open[-1].tag != name:
            return False
        opened = self._open.pop()
        if opened.is_beside:
            return False
        if name in _LINES:
            self._area = max(self._area, opened.area + self._of_lines(1, opened.type))
        return name not in INLINE

    def _of_void(self, name: str, attributes: str) -> float:
        if name != "img":
            return 0.0
        found = _SOURCE.search(attributes)
        image = self._images.get(found[1]) if found else None
        return _covered(image) if image else 0.0

    def _of_text(self, text: str) -> float:
        wide = 0 if text.isascii() else len(_WIDE.findall(text))
        area = (len(text) + _WIDER * wide) * self._type.character * self._size**2
        if self._type is _CODE and not self._is_beside:
            return max(area, self._of_lines(text.count("\n"), _CODE))
        return area

    def _of_lines(self, count: int, type_: _Type) -> float:
        return count * self._width * self._size * type_.line

    @property
    def _type(self) -> _Type:
        return self._open[-1].type if self._open else _RUNNING

    @property
    def _is_beside(self) -> bool:
        return self._open[-1].is_beside if self._open else False

    def _closed(self, at: int) -> str:
        ends = "".join(f"</{it.tag}>" for it in reversed(self._open))
        return self._html[:at] + ends


def _covered(image: ImageRef) -> float:
    """The least that a picture covers, in mm²; nothing when only the picture itself knows."""
    return image.width**2 * image.ratio * _MM_A_POINT**2
