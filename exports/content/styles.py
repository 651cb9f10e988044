"""Styles: which of an author's style declarations may be printed. Pure.

The value grammar is closed: keywords, colours, lengths and percentages. No other function than
`rgb()` and `hsl()` gets through, so nothing can be fetched, computed or repeated.
"""

from __future__ import annotations

import re
from functools import lru_cache

import tinycss2
import tinycss2.ast
from tinycss2 import color4

from exports.content.draft import Draft
from exports.content.nodes import Element, add_class, classes, find, forget, names

MAX_LENGTH = 3000  # px, and characters of a whole style attribute

COLOURS = frozenset({"color", "background-color", "border-color"})
KEYWORDS = {
    "border-style": frozenset({"solid", "dashed", "dotted", "double", "none"}),
    "text-align": frozenset({"left", "right", "center", "justify"}),
    "vertical-align": frozenset({"top", "middle", "bottom", "baseline", "sub", "super"}),
    "text-decoration": frozenset({"underline", "line-through", "none"}),
    "list-style-type": names(
        """
        none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman lower-latin
        upper-latin lower-greek decimal-leading-zero
        """
    ),
}
LENGTHS = frozenset({"width", "margin-left"})
UNITS = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0}

INDENT_STEP = 30  # px of a level of indentation in Confluence's editor
MAX_INDENT = 6  # levels

_LIST_START = re.compile(r"list-item -?\d{1,7}")
_VAR = re.compile(r"var\(\s*--[\w-]{1,80}\s*,\s*([^()]{0,80}(?:\([^()]{0,80}\))?)\s*\)")


@lru_cache(maxsize=2048)
def declarations(style: str) -> tuple[tuple[str, str], ...]:
    """Read the declarations we understand; the last of a property counts.

    >>> declarations("color: red; position: fixed; background-color: url(x)")
    (('color', '#ff0000'),)
    """
    found: dict[str, str] = {}
    if len(style) > MAX_LENGTH or not style.strip():
        return ()
    for item in tinycss2.parse_blocks_contents(
        _VAR.sub(r"\1", style), skip_comments=True, skip_whitespace=True
    ):
        if item.type == "declaration":
            value = _value(item.lower_name, item.value)
            if value:
                found[item.lower_name] = value
    return tuple(found.items())


def of(element: Element) -> dict[str, str]:
    """The element's own declarations, as far as we understand them."""
    return dict(declarations(element.get("style") or ""))


def put(element: Element, **values: str) -> None:
    """Set declarations; an empty value removes one. Underscores stand for hyphens."""
    style = of(element)
    for name, value in values.items():
        style[name.replace("_", "-")] = value
    write(element, style)


def write(element: Element, style: dict[str, str]) -> None:
    text = ";".join(f"{name}:{value}" for name, value in style.items() if value)
    if text:
        element.set("style", text)
    else:
        forget(element, "style")


def pixels(value: str | None) -> float | None:
    """Read a length in px, e.g. "117.0px" or "117"; None when it is something else.

    >>> pixels("117.0px"), pixels("50%"), pixels("0")
    (117.0, None, None)
    """
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*(px)?\s*", value or "")
    number = float(match[1]) if match else 0.0
    return number or None


def colour(text: str) -> str:
    """Read one colour as `#rrggbb`; empty when it is none, or mostly transparent.

    >>> colour("rgb(128,0,0)"), colour("var(--ds-surface, #FFF)"), colour("url(x)")
    ('#800000', '#ffffff', '')
    """
    if not text or len(text) > 200:
        return ""
    try:
        parsed = color4.parse_color(_VAR.sub(r"\1", text.strip()))
        if parsed is None or isinstance(parsed, str) or parsed.space not in {"srgb", "hsl"}:
            return ""
        red, green, blue = (_channel(value) for value in parsed.to("srgb").coordinates)
        alpha = min(1.0, max(0.0, float(parsed.alpha)))
    except (ValueError, TypeError, AttributeError, NotImplementedError, ArithmeticError):
        return ""
    if alpha < 0.1:
        return ""
    # Paper is white: what shines through is mixed in.
    return "#" + "".join(
        f"{round(255 * (channel * alpha + 1 - alpha)):02x}" for channel in (red, green, blue)
    )


def keep_authored(draft: Draft) -> None:
    """Keep colours; turn alignment and indentation into classes; keep widths for the steps to come.

    What is left of the style attribute afterwards is ours.
    """
    for element in find(draft.body, ".//*[@style]"):
        style = of(element)
        alignment = style.pop("text-align", "")
        if alignment and alignment != "justify":
            add_class(element, f"xp-{alignment}")
        margin = pixels(style.pop("margin-left", ""))
        if margin and element.tag in {"p", "h1", "h2", "h3", "h4", "h5", "h6"}:
            level = min(MAX_INDENT, max(1, round(margin / INDENT_STEP)))
            add_class(element, f"xp-indent-{level}")
        if element.tag not in {"ul", "ol"}:
            style.pop("list-style-type", None)
        if element.tag not in {"td", "th"}:
            style.pop("vertical-align", None)
        style.pop("counter-reset", None)
        if element.tag not in {"col", "table", "td", "th"} and "columnMacro" not in classes(
            element
        ):
            style.pop("width", None)
        write(element, style)


def _value(name: str, tokens: list[tinycss2.ast.Node]) -> str:
    text = tinycss2.serialize(tokens).strip().lower()
    if name in COLOURS:
        return colour(text)
    if name == "background":
        return ""
    if name in KEYWORDS:
        return text if text in KEYWORDS[name] else ""
    if name == "counter-reset":
        return text if _LIST_START.fullmatch(text) else ""
    if name in LENGTHS:
        parts = [token for token in tokens if token.type not in {"whitespace", "comment"}]
        return _length(parts[0]) if len(parts) == 1 else ""
    return ""


def _length(token: tinycss2.ast.Node) -> str:
    if token.type == "percentage" and 0 <= token.value <= 100:
        return f"{token.value:g}%"
    if token.type == "dimension":
        pixels_each = UNITS.get(token.lower_unit)
        if pixels_each and 0 <= token.value * pixels_each <= MAX_LENGTH:
            return f"{token.value:g}{token.lower_unit}"
    return ""


def _channel(value: float | None) -> float:
    return min(1.0, max(0.0, float(value or 0)))
