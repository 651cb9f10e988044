"""Room: how wide the place is where an element stands, as the style sheet sets it. Pure. In mm.

What steps find out on the way down (a column of a layout, a cell of a table) they leave on the
element for those that come after; nothing of it gets past sanitising.
"""

from __future__ import annotations

from lxml import etree

from exports.content.draft import Draft
from exports.content.nodes import Element, classes, find, flatten, names
from exports.lettering import scale

LEAST = 12.0  # however deep something stands
MOST_LEVELS = 20  # of boxes and lists: the printer tries their breaks level by level
FREE_LEVELS = 8  # stay, also where a narrow cell has no room for them
# Margins, borders and paddings of content.css, both sides together.
TAGS = {"blockquote": 4.6}
INDENTS = {"li": 6.0, "dd": 6.0}  # for text of 10 pt: they grow with it
BOXES = {
    "xp-panel": 8.8,
    "xp-icon": 6.0,  # more than the panel it stands in
    "xp-expand": 4.4,
    "xp-code": 6.4,
    "xp-macro": 8.4,
}
LISTS = names("ul ol dl dt")

_ATTRIBUTE = "data-xp-room"


def of(element: Element, draft: Draft) -> float:
    """The width left for the element."""
    taken = 0.0
    width = draft.sheet.text_width
    for outer in element.iterancestors():
        known = outer.get(_ATTRIBUTE)
        if known:
            width = float(known)
            break
        taken += inset(outer, draft.options.font_size)
        if "xp-turned" in classes(outer):
            width = draft.sheet.turned.text_width
    return max(LEAST, width - taken)


def for_words(draft: Draft) -> None:
    """Flatten boxes and lists where so many stand in each other that words have no room left.

    Their words would be set beyond the edge of the sheet, where nobody sees them.
    """
    if not find(draft.body, f"(.//*[count(ancestor::*) >= {FREE_LEVELS}])[1]"):
        return
    narrow = _without_room(draft)
    if narrow:
        draft.note(
            "nested_too_deep",
            "Boxes or lists on this page stand in so many others that no room is left for words.",
            "What stands deeper is printed without them.",
        )
    for element in narrow:
        flatten(element)


def _without_room(draft: Draft) -> list[Element]:
    """The boxes and lists that would leave less than LEAST to what is in them."""
    narrow: list[Element] = []
    outer = [(draft.sheet.text_width, 0)]  # the room there is, and boxes and lists so far
    for event, element in etree.iterwalk(draft.body, events=("start", "end")):
        if event == "end":
            outer.pop()
            continue
        width, levels = outer[-1]
        if known := element.get(_ATTRIBUTE):
            width = float(known)
        if taken := inset(element, draft.options.font_size):
            levels += 1
            width -= taken
        is_narrow = levels > MOST_LEVELS or (levels > FREE_LEVELS and width < LEAST)
        if is_narrow and (taken or element.tag in LISTS):
            narrow.append(element)
        if "xp-turned" in classes(element):
            width = draft.sheet.turned.text_width
        outer.append((width, levels))
    return narrow


def inset(element: Element, text: float) -> float:
    """How much narrower what stands inside the element is, in text of `text` pt."""
    given = classes(element) if element.get("class") else []
    tag = str(element.tag)
    own = INDENTS[tag] * scale(text) if tag in INDENTS else TAGS.get(tag, 0.0)
    return own + sum(BOXES.get(name, 0.0) for name in given)


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
