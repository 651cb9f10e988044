"""Reading: storage format in, a tree out, whatever state the text is in. Pure.

Storage format is XHTML whose prefixes are never declared and whose entities are HTML's. It is read
by a scanner of our own, for two things no parser does: to keep every word of text that is not well
formed, and to know no entity but characters, so nothing can be fetched or multiplied.

A prefix becomes a part of the name: `<ac:image ac:width="9">` is the element `ac-image` with the
attribute `ac-width`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from html.entities import html5

from lxml import etree

from exports.content.markup import MAX_TAG_LENGTH, MAX_TAGS, NOT_XML, VOID
from exports.content.nodes import Element, names

MAX_ELEMENTS = 2 * MAX_TAGS  # storage has about two elements for one of HTML
MAX_DEPTH = 250  # elements within elements
PREFIXES = ("ac", "ri", "at", "fab")
# Never hold anything; what an unclosed one seems to hold stands after it.
EMPTY = VOID | names(
    """
    ac:adf-mark ac:adf-fragment-mark-detail ac:emoticon ri:blog-post ri:content-entity ri:page
    ri:shortcut ri:space ri:url ri:user
    """
)
# Settings of the editor's; where no element is made any more, their text still has to go.
UNSEEN = names(
    """
    ac:parameter ac:default-parameter ac:placeholder ac:task-id ac:task-uuid ac:task-status
    ac:adf-attribute
    """
)

# Beside them, never in them: what closes one that was left open.
BESIDE_UNSEEN = UNSEEN | names(
    "ac:adf-content ac:adf-node ac:plain-text-body ac:rich-text-body ac:task-body"
)

# Every attempt ends at the next `<` or quote, and nothing taken is given back: the scan is linear.
_TOKEN = re.compile(
    r"<!--"
    r"|<!\[CDATA\["
    r"|<[!?][^<>]*+>"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9_.:-]*+)"
    r"(?P<rest>(?:[^<>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+)>"
    rf"|</?(?:{'|'.join(PREFIXES)}):[^<>]*+>?"
)
# Backups write `]] >` for the end of a section that stands in another.
_CDATA_END = re.compile(r"\]\]>|\]\] >(?=</ac:)")
_ATTRIBUTE = re.compile(
    r"(?<![A-Za-z0-9_.:-])([A-Za-z_][A-Za-z0-9_.:-]*+)\s*+=\s*+"
    r"(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))"
)
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")


def read(text: str) -> Element:
    """Read the text into a tree under a `div` of our own.

    >>> etree.tostring(read("<p>a &nbsp;<b>b</p><ac:link ac:anchor='x'/>")).decode()
    '<div><p>a &#160;<b>b</b></p><ac-link ac-anchor="x"/></div>'
    """
    reader = _Reader()
    position = 0
    endless: set[str] = set()  # what was looked for and never ends
    while token := _TOKEN.search(text, position):
        reader.text(characters(text[position : token.start()]))
        position = token.end()
        if token["name"]:
            reader.tag(token)
        elif token[0] == "<!--" and "-->" not in endless:
            end = text.find("-->", position)
            position = end + 3 if end >= 0 else position
            if end < 0:
                endless.add("-->")
        elif token[0] == "<![CDATA[" and "]]>" not in endless:
            section = _CDATA_END.search(text, position)
            if section is None:
                endless.add("]]>")
            else:
                reader.text(text[position : section.start()])
                position = section.end()
    reader.text(characters(text[position:]))
    return reader.finish()


def characters(text: str) -> str:
    """Put characters for entities; what is no entity of HTML stays as written.

    >>> characters("&rarr; &#8364; R&D &xxe;")
    '→ € R&D &xxe;'
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return html5.get(f"{name};", entity[0])
    point = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(point) if point < 0x110000 else "\ufffd"


class _Reader:
    """Builds the tree; closes what was left open, leaves out what closes nothing."""

    def __init__(self) -> None:
        self._element = etree.Element("div")
        self._root = self._element
        self._last: Element | None = None  # the child that text goes after, if any
        self._waiting: list[str] = []  # text not yet in the tree
        self._open: list[tuple[str, bool]] = []  # (name, whether an element was made for it)
        self._places: dict[str, list[int]] = defaultdict(list)  # name → where in `_open`
        self._walls: list[int] = []  # where in `_open` elements of Confluence's own stand
        self._unseen = 0  # how many of the open ones hold text that is never shown
        self._depth = 0
        self._elements = 0  # made, or left out for standing too deep

    def text(self, text: str) -> None:
        if text.strip() and self._open and self._open[-1][0].startswith("ri:"):
            self._close(self._open[-1][0])
        if text and not self._unseen:
            self._waiting.append(text)

    def tag(self, token: re.Match[str]) -> None:
        name, rest = token["name"], token["rest"]
        is_excess = self._elements >= MAX_ELEMENTS and not name.startswith("ac:")
        if len(token[0]) > MAX_TAG_LENGTH or is_excess:
            return
        if token["close"]:
            self._close(name)
            return
        self._close_before(name)
        if rest.endswith("/") or name in EMPTY or name.lower() in VOID:
            if not self._unseen and self._elements < MAX_ELEMENTS:
                self._elements += 1
                self._make(name, rest)
                self._leave()
        else:
            self._start(name, rest)

    def finish(self) -> Element:
        self._flush()
        return self._root

    def _start(self, name: str, rest: str) -> None:
        is_bearable = self._depth < MAX_DEPTH and self._elements < MAX_ELEMENTS
        is_made = is_bearable and not self._unseen
        self._elements += 1
        if is_made:
            self._make(name, rest)
        elif name in UNSEEN or self._unseen:
            self._unseen += 1
        self._places[name].append(len(self._open))
        if name.startswith("ac:"):
            self._walls.append(len(self._open))
        self._open.append((name, is_made))

    def _close_before(self, name: str) -> None:
        """Close what was left open and cannot hold an element of that name."""
        while self._open:
            top = self._open[-1][0]
            is_resource = top.startswith("ri:") and not name.startswith("ri:")
            if not is_resource and not (top in UNSEEN and name in BESIDE_UNSEEN):
                return
            self._close(top)

    def _close(self, name: str) -> None:
        """Close the innermost element of that name and what is open inside it.

        HTML never closes an element of Confluence's own: a stray `</p>` must not end a macro.
        """
        places = self._places[name]
        is_beyond = bool(places and self._walls and self._walls[-1] > places[-1])
        if not places or (is_beyond and not name.startswith("ac:")):
            return
        for _ in range(len(self._open) - places[-1]):
            inner, is_made = self._open.pop()
            self._places[inner].pop()
            if inner.startswith("ac:"):
                self._walls.pop()
            if is_made:
                self._leave()
            elif self._unseen:
                self._unseen -= 1

    def _make(self, name: str, rest: str) -> None:
        self._flush()
        self._element = etree.SubElement(self._element, name.replace(":", "-"))
        for attribute in _ATTRIBUTE.finditer(rest):
            key = attribute[1].replace(":", "-")
            if not key.startswith(("data-xp-", "xmlns")):
                value = attribute[2] or attribute[3] or attribute[4] or ""
                self._element.set(key, NOT_XML.sub("", characters(value)))
        self._last = None
        self._depth += 1

    def _leave(self) -> None:
        self._flush()
        parent = self._element.getparent()
        if parent is not None:
            self._element, self._last = parent, self._element
            self._depth -= 1

    def _flush(self) -> None:
        if not self._waiting:
            return
        text = NOT_XML.sub("", "".join(self._waiting))
        self._waiting.clear()
        if self._last is None:
            self._element.text = (self._element.text or "") + text
        else:
            self._last.tail = (self._last.tail or "") + text
