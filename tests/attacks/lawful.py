"""Lawful: what the HTML of an article may hold, told by the parser that reads it for printing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tinyhtml5

from exports.content.sanitize import ATTRIBUTES, CLASSES, TAGS
from exports.document import Article

_LINK = re.compile(r"(?:https?://[^@/]+(?:[/?#].*)?|mailto:.+|tel:.+|xpress(?:-sheet)?:p\d+.*)")
_COLOUR = r"(?:color|background-color|border-color):#[0-9a-f]{6}"
_LENGTH = r"(?:min-)?(?:width|height):[\d.]+(?:px|pt|mm|cm|in|em|%)|vertical-align:-?[\d.]+em"
_DECLARATION = re.compile(rf"{_COLOUR}|{_LENGTH}|[a-z-]+:[a-z-]+|counter-reset:list-item -?\d+")
_PARTS = frozenset({"html", "head", "body"})  # which the parser adds


def breaches(article: Article) -> list[str]:
    """Everything in the article that no article may hold, in words."""
    page = f"<!doctype html>{' ' * 200}<body>{article.html}"  # it takes shorter texts for paths
    tree = tinyhtml5.parse(page, namespace_html_elements=False)
    keys = {it.key for it in (*article.images, *article.drawings)}
    return [breach for element in tree.iter() for breach in _breaches(element, article, keys)]


def _breaches(element: Any, article: Article, keys: set[str]) -> Iterator[str]:
    tag = element.tag
    if tag in _PARTS and not element.attrib:
        return
    if tag not in TAGS:
        yield f"the element {tag}"
        return
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | {"class"}
    yield from (f"the attribute {name} of {tag}" for name in element.attrib if name not in allowed)
    classes = element.get("class", "").split()
    yield from (f"the class {name}" for name in classes if name not in CLASSES)
    anchor = f"{article.ref.anchor}-"
    if not element.get("id", anchor).startswith(anchor):
        yield f"the id {element.get('id')}"
    if tag == "a" and not _LINK.fullmatch(element.get("href", "tel:0")):
        yield f"the link {element.get('href')}"
    if tag == "img" and element.get("src", "").removeprefix("xpress-image:") not in keys:
        yield f"the picture {element.get('src')}"
    for declaration in filter(None, element.get("style", "").split(";")):
        if not _DECLARATION.fullmatch(declaration):
            yield f"the style {declaration}"
