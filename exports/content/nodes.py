"""Nodes: the few moves on a tree that lxml leaves to its users. Pure.

lxml keeps the text after an element in the element's `tail`; every move here looks after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

Element = etree._Element


def names(text: str) -> frozenset[str]:
    """Read a list of names, set apart by blanks."""
    return frozenset(text.split())


# What may stand inside a paragraph.
INLINE = names(
    """
    a abbr b big br cite code del dfn em font i img ins kbd label mark q s samp small span strike
    strong sub sup svg time tt u var wbr
    """
)


def classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def find(root: Element, path: str) -> list[Element]:
    """The elements an XPath names, in document order."""
    return cast(list[Element], _path(path)(root))


@lru_cache(maxsize=512)
def _path(path: str) -> etree.XPath:
    return etree.XPath(path, smart_strings=False)


def having(root: Element, name: str, tag: str = "*") -> list[Element]:
    """The elements below `root` with the class `name`, in document order."""
    # Over the attribute it takes less than half the time of `.//*[contains(@class, …)]`; telling
    # whole names in XPath would take three times as long.
    found = find(root, f"descendant::{tag}/@class[contains(., '{name}')]/..")
    return [element for element in found if name in classes(element)]


def first(root: Element, name: str, tag: str = "*") -> Element | None:
    return next(iter(having(root, name, tag)), None)


def texts(element: Element) -> Iterator[str]:
    """The pieces of text below the element."""
    return cast(Iterator[str], element.itertext())


def text_of(element: Element) -> str:
    """All text below the element, as written."""
    return "".join(texts(element))


def plain(element: Element) -> str:
    """All text below the element on one line."""
    return " ".join(text_of(element).split())


def is_blank(element: Element) -> bool:
    """Say whether nothing of the element could be seen."""
    return not text_of(element).strip("\u200b\ufeff \t\r\n\u00a0") and not any(
        True
        for _ in element.iter("img", "hr", "svg", "iframe", "video", "audio", "object", "embed")
    )


def make(tag: str, css_class: str = "", text: str = "", **attributes: str) -> Element:
    element = etree.Element(tag)
    if css_class:
        element.set("class", css_class)
    for name, value in attributes.items():
        element.set(name, value)
    element.text = text or None
    return element


def is_within(element: Element, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def drop(element: Element) -> None:
    """Remove the element with all it holds; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    _join(element, element.tail or "")
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Remove the element; what it holds stays."""
    parent = element.getparent()
    if parent is None:
        return
    _join(element, element.text or "")
    children = list(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + (element.tail or "")
        at = parent.index(element)
        parent[at : at + 1] = children
    else:
        _join(element, element.tail or "")
        parent.remove(element)


def flatten(element: Element) -> None:
    """Remove the element; what it holds stays, and no two words run into one."""
    if element.tag not in INLINE:
        element.text = f" {element.text or ''}"
        add_text(element, " ")
    unwrap(element)


def replace(element: Element, *new: Element) -> None:
    """Put new elements where the element stood."""
    parent = element.getparent()
    if parent is None:
        return
    for item in new:
        item.tail = None
        element.addprevious(item)
    drop(element)


def turn_into_text(element: Element, text: str) -> None:
    _join(element, text)
    drop(element)


def forget(element: Element, name: str) -> None:
    """Remove an attribute, if it is there."""
    if element.get(name) is not None:
        del element.attrib[name]


def rename(element: Element, tag: str, css_class: str = "") -> None:
    """Make it another element: its attributes go, its content and its id stay."""
    name = element.get("id")
    element.attrib.clear()
    element.tag = tag
    if name:
        element.set("id", name)
    if css_class:
        element.set("class", css_class)


def add_class(element: Element, *names: str) -> None:
    """Add what the element does not have yet."""
    for name in names:
        if name not in classes(element):
            element.set("class", " ".join([*classes(element), name]))


def move_content(source: Element, target: Element) -> None:
    """Append everything inside `source` to `target`."""
    add_text(target, source.text or "")
    source.text = None
    target.extend(list(source))


def add_text(element: Element, text: str) -> None:
    """Append text after everything the element holds."""
    if not text:
        return
    last = next(element.iterchildren(reversed=True), None)  # `len` would count all of them
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        element.text = (element.text or "") + text


def add_all(element: Element, items: Iterable[Element]) -> Element:
    """Append the elements, without the text that stood after them."""
    for item in items:
        item.tail = None
        element.append(item)
    return element


def put_block(element: Element, block: Element) -> None:
    """Put a block where the element stood, outside the paragraph it stood in, if any.

    A paragraph cannot hold a block: a parser would end it there.
    """
    paragraph = next(
        (item for item in element.iterancestors("p", "h1", "h2", "h3", "h4", "h5", "h6")), None
    )
    if paragraph is None:
        replace(element, block)
    else:
        block.tail = None
        paragraph.addnext(block)
        block.tail, paragraph.tail = paragraph.tail, None
        drop(element)
        if is_blank(paragraph):
            drop(paragraph)


def _join(element: Element, text: str) -> None:
    """Append text to whatever comes right before the element."""
    if not text:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent = element.getparent()
        if parent is not None:
            parent.text = (parent.text or "") + text
