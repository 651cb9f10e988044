"""Room: how wide the place is where an element stands, as the style sheet sets it. Pure. In mm.

What steps find out on the way down (a column of a layout, a cell of a table) they leave on the
element for those that come after; nothing of it gets past sanitising.
"""

from __future__ import annotations

from exports.content.nodes import Element, classes
from exports.paper import Sheet

LEAST = 12.0  # however deep something stands
# Margins, borders and paddings of content.css, both sides together.
TAGS = {"li": 6.0, "dd": 6.0, "blockquote": 4.6}
BOXES = {
    "xp-panel": 8.8,
    "xp-icon": 6.0,  # more than the panel it stands in
    "xp-expand": 4.4,
    "xp-code": 6.4,
}

_ATTRIBUTE = "data-xp-room"


def of(element: Element, sheet: Sheet) -> float:
    """The width left for the element."""
    taken = 0.0
    width = sheet.text_width
    for outer in element.iterancestors():
        known = outer.get(_ATTRIBUTE)
        if known:
            width = float(known)
            break
        taken += inset(outer)
        if "xp-turned" in classes(outer):
            width = sheet.turned.text_width
    return max(LEAST, width - taken)


def inset(element: Element) -> float:
    """How much narrower what stands inside the element is."""
    names = classes(element) if element.get("class") else []
    return TAGS.get(str(element.tag), 0.0) + sum(BOXES.get(name, 0.0) for name in names)


def leave(element: Element, width: float) -> None:
    """Note how much room there is inside the element."""
    element.set(_ATTRIBUTE, f"{width:.1f}")


def may_turn(element: Element) -> bool:
    """Whether the element can have turned sheets to itself: nothing of a look stands around it.

    An expand is no more than a rule at the side, which goes on there.
    """
    return all(
        outer.tag == "div"
        and not any(name.startswith("xp-") and name != "xp-expand" for name in classes(outer))
        for outer in element.iterancestors()
    )
