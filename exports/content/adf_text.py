"""ADF text: a line of ADF as HTML, in the markup Confluence itself would use. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from exports.content.adf import Node
from exports.content.markup import NOT_XML
from exports.content.nodes import Element, add_text, make

_MARKS = {"strong": "strong", "em": "em", "code": "code", "underline": "u", "strike": "del"}
_LOZENGES = {
    "blue": "complete",
    "green": "success",
    "yellow": "current",
    "red": "error",
    "purple": "progress",
}


def write_inline(line: Node, target: Element) -> None:
    """Append what the node's children say to an element."""
    for node in line.children:
        if node.type == "text":
            _write_text(node, target)
        elif node.type == "hardBreak":
            target.append(make("br"))
        elif (element := _element(node)) is not None:
            target.append(element)
        else:
            write_inline(node, target)


def _write_text(node: Node, target: Element) -> None:
    """Marks become elements, the first mark outermost."""
    for mark in node.marks:
        if (element := _mark(mark)) is not None:
            target.append(element)
            target = element
    add_text(target, node.text)


def _mark(mark: object) -> Element | None:
    if not isinstance(mark, dict):
        return None
    kind, attrs = mark.get("type"), mark.get("attrs")
    attrs = attrs if isinstance(attrs, dict) else {}
    if kind == "link" and isinstance(attrs.get("href"), str):
        return make("a", href=NOT_XML.sub("", attrs["href"]))
    if kind == "subsup":
        return make("sub" if attrs.get("type") == "sub" else "sup")
    return make(_MARKS[kind]) if kind in _MARKS else None


def _element(node: Node) -> Element | None:
    if node.type == "mention":
        return make("a", "user-mention", node.attr("text"))
    if node.type == "emoji":
        return make("span", "", node.attr("text") or node.attr("shortName"))
    if node.type == "date":
        return make("time", "", _day(node.attr("timestamp")))
    if node.type == "status":
        colour = _LOZENGES.get(node.attr("color"), "")
        lozenge = f" aui-lozenge-{colour}" if colour else ""
        return make("span", f"status-macro aui-lozenge{lozenge}", node.attr("text").upper())
    if node.type in {"inlineCard", "blockCard"} and node.attr("url"):
        link = make("a", "", node.attr("url"), href=node.attr("url"))
        link.set("data-card-appearance", "inline")
        return link
    return None


def _day(timestamp: str) -> str:
    """Milliseconds since 1970 as a day, e.g. "26 Jul 2024"."""
    try:
        day = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{day.day} {day:%b %Y}"
