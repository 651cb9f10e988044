"""Colours: an author's colours, as far as they can be read on paper. Pure."""

from __future__ import annotations

import re

from exports.content import styles
from exports.content.draft import Draft
from exports.content.nodes import Element, classes, find
from exports.contrast import READABLE, contrast

# Confluence's names of cell colours in old pages (C-36).
CELL_NAMES = {
    "grey": "#f0f0f0",
    "red": "#ffe7e7",
    "green": "#ddfade",
    "blue": "#e0f0ff",
    "yellow": "#ffffdd",
}
# `legacy-color-text-…` of the editor's old palette (C-22).
LEGACY = {
    "inverse": "#ffffff",
    "blue1": "#4c9aff",
    "blue2": "#0747a6",
    "blue3": "#0747a6",
    "blue4": "#0747a6",
    "teal1": "#00b8d9",
    "teal2": "#008da6",
    "teal3": "#008da6",
    "green1": "#36b37e",
    "green2": "#006644",
    "green3": "#006644",
    "yellow1": "#ffc400",
    "yellow2": "#ff991f",
    "yellow3": "#ff991f",
    "red1": "#ff5630",
    "red2": "#bf2600",
    "red3": "#bf2600",
    "purple1": "#6554c0",
    "purple2": "#403294",
    "purple3": "#403294",
    "default": "",
}
TEXT = "#172b4d"
MIN_CONTRAST = 1.8  # below, a colour cannot be read; WCAG's formula

MAX_STYLE_SHEET = 200_000  # characters

# Only Confluence's own form; `html[data-color-mode=dark] [data-colorid=…]` is for dark screens.
_RULE = re.compile(
    r"(?<![\]\w] )\[data-colorid=(\w{1,64})\]\s*\{\s*color:\s*(#[0-9a-fA-F]{3,8})\s*;?\s*\}"
)


def by_id(draft: Draft) -> None:
    """Write the colours of the body's style sheets onto the texts they are for (C-20)."""
    found: dict[str, str] = {}
    for sheet in draft.styles:
        found.update(_RULE.findall(sheet[:MAX_STYLE_SHEET]))
    for element in find(draft.body, ".//*[@data-colorid]"):
        colour = styles.colour(found.get(element.get("data-colorid") or "", ""))
        if colour:
            styles.put(element, color=colour)


def legacy(draft: Draft) -> None:
    """Read the colour classes of old pages."""
    for element in find(draft.body, ".//*[contains(@class, 'legacy-color-text-')]"):
        for name in classes(element):
            colour = LEGACY.get(name.removeprefix("legacy-color-text-"), "")
            if colour:
                styles.put(element, color=colour)


def cells(draft: Draft) -> None:
    """Fill cells as on the page, with text that can be read on the fill (C-36)."""
    for cell in find(draft.body, ".//*[@data-highlight-colour]"):
        name = (cell.get("data-highlight-colour") or "").strip().lower()
        fill = CELL_NAMES.get(name) or styles.colour(name)
        if fill and fill != "#ffffff":
            styles.put(cell, background_color=fill)
    for element in find(draft.body, ".//*[contains(@style, 'background-color')]"):
        style = styles.of(element)
        fill = style.get("background-color", "")
        if fill and not style.get("color") and contrast(TEXT, fill) < READABLE:
            lighter = contrast("#ffffff", fill) > contrast(TEXT, fill)
            styles.put(element, color="#ffffff" if lighter else "#000000")


def legible(draft: Draft) -> None:
    """Take away text colours that cannot be told from what is behind them."""
    for element in find(draft.body, ".//*[contains(@style, 'color')]"):
        colour = styles.of(element).get("color", "")
        if colour and contrast(colour, _behind(element)) < MIN_CONTRAST:
            styles.put(element, color="")


def _behind(element: Element) -> str:
    for item in (element, *element.iterancestors()):
        style = item.get("style")
        fill = styles.of(item).get("background-color", "") if style else ""
        if fill:
            return fill
    return "#ffffff"
