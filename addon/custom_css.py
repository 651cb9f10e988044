"""Style rules of an administrator: what may stand in them, and what is wrong with a text. Pure.

A closed list of properties, no at-rules, no functions but colours and arithmetic: nothing can be
fetched, laid over other text or moved off the sheet. What is refused is refused whole, with a
sentence; what was stored is checked again before it is printed.
"""

from __future__ import annotations

import tinycss2
from tinycss2.ast import Node

_SIDES = ("top", "right", "bottom", "left")
PROPERTIES = frozenset(
    {
        *("background-color", "color", "opacity", "vertical-align", "white-space", "tab-size"),
        *("font-size", "font-stretch", "font-style", "font-variant", "font-variant-numeric"),
        *("font-weight", "hyphens", "letter-spacing", "line-height", "word-spacing"),
        *("text-align", "text-decoration", "text-decoration-color", "text-decoration-line"),
        *("text-decoration-style", "text-indent", "text-transform", "list-style-type"),
        *("break-after", "break-before", "break-inside", "orphans", "widows"),
        *("border", "border-collapse", "border-color", "border-radius", "border-spacing"),
        *("border-style", "border-width", "margin", "margin-block", "margin-inline"),
        *("padding", "padding-block", "padding-inline"),
        *(f"{edge}-{side}" for edge in ("border", "margin", "padding") for side in _SIDES),
        *(f"border-{side}-{what}" for side in _SIDES for what in ("color", "style", "width")),
    }
)
FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp"})
MOST_LENGTH = 400  # in any unit: more than a sheet in millimetres, far more in others
MOST_RULES = 200


def problem(text: str) -> str:
    """What is wrong with the rules, with the line; empty when they can be used.

    >>> problem("h2 { color: #123456; margin-top: 12mm }")
    ''
    >>> problem("p { background: url(x) }")
    'Line 1: “background” is not a property that can be used here.'
    >>> problem("@import 'x';")
    'Line 1: rules that begin with @ cannot be used here.'
    """
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    if len(rules) > MOST_RULES:
        return f"Use at most {MOST_RULES} rules."
    for rule in rules:
        if trouble := _rule_problem(rule):
            return f"Line {rule.source_line}: {trouble}"
    return ""


def _rule_problem(rule: Node) -> str:
    if rule.type == "at-rule":
        return "rules that begin with @ cannot be used here."
    if rule.type != "qualified-rule":
        return "this is no style rule."
    if any(token.type in ("{} block", "url", "error") for token in rule.prelude):
        return "this is no selector."
    selector = tinycss2.serialize(rule.prelude).strip()
    if not selector or ":has(" in selector.lower() or len(selector) > 200:
        return "this selector cannot be used here."
    for item in tinycss2.parse_blocks_contents(
        rule.content, skip_comments=True, skip_whitespace=True
    ):
        if item.type != "declaration":
            return "this is no declaration such as “color: #1558bc”."
        if item.lower_name not in PROPERTIES:
            return f"“{item.name}” is not a property that can be used here."
        if trouble := _value_problem(item.value):
            return trouble
    return ""


def _value_problem(tokens: list[Node]) -> str:
    for token in tokens:
        if token.type in ("url", "error", "{} block", "[] block", "at-keyword", "string"):
            return f"“{token.serialize()}” cannot stand in a value here."
        if token.type == "function":
            if token.lower_name not in FUNCTIONS:
                return f"the function {token.name}() cannot be used here."
            if trouble := _value_problem(token.arguments):
                return trouble
        if token.type == "() block" and (trouble := _value_problem(token.content)):
            return trouble
        if token.type in ("number", "dimension", "percentage") and abs(token.value) > MOST_LENGTH:
            if token.type == "number" and token.is_integer and abs(token.value) <= 1000:
                continue  # a font weight
            return f"“{token.serialize()}” is too large."
    return ""
