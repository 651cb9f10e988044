"""Turned: what is too wide for an upright sheet, on sheets of its own. Pure."""

from __future__ import annotations

from exports.content.nodes import (
    Element,
    add_all,
    classes,
    drop,
    find,
    is_blank,
    make,
    move_content,
    plain,
    replace,
)

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MOST_ABOVE = 8  # elements that go with a table
INTRODUCTION = 200  # characters of a paragraph that goes with the table it introduces


def turn(element: Element, made: list[Element]) -> None:
    """Put the tables on turned sheets, together with what introduces them.

    A heading left behind would be the last thing on its sheet.
    """
    block = element
    while (
        (outer := block.getparent()) is not None
        and outer.tag == "div"
        and outer.getparent() is not None
        and not outer.get("id")
        and not any(name.startswith("xp-") for name in classes(outer))
        and len(outer) == 1
        and not (outer.text or "").strip()
        and not (block.tail or "").strip()
    ):
        block = outer
    shell = make("div", "xp-turned")
    introduction = _introduction(block)
    for item in introduction:
        item.tail = None
    replace(block, shell)
    add_all(shell, [*introduction, *made])


def _introduction(block: Element) -> list[Element]:
    """The headings right before the block, and a short paragraph between them and it."""
    found: list[Element] = []
    above = block.getprevious()
    has_lead = False
    while above is not None and not (above.tail or "").strip() and len(found) < MOST_ABOVE:
        is_empty = above.tag == "p" and is_blank(above)
        is_lead = above.tag == "p" and not has_lead and _is_short(above)
        if not (_opens(above) or is_empty or is_lead):
            break
        has_lead = has_lead or not is_empty
        found.insert(0, above)
        above = above.getprevious()
    while found and not _opens(found[0]):
        found.pop(0)
    return found


def _opens(element: Element) -> bool:
    """Whether the element means nothing without what follows it."""
    if element.tag in HEADINGS or "xp-expand-title" in classes(element):
        return not is_blank(element)
    text = plain(element)
    is_bold = len(element) == 1 and plain(element[0]) == text and element[0].tag in {"strong", "b"}
    return element.tag == "p" and _is_short(element) and bool(text) and (is_bold or text[-1] == ":")


def _is_short(element: Element) -> bool:
    return len(plain(element)) <= INTRODUCTION and not any(True for _ in element.iter("img"))


def join(shell: Element) -> None:
    """Tables that follow each other share their turned sheets."""
    between: list[Element] = []
    last, following = shell, shell.getnext()
    while following is not None and not (last.tail or "").strip():
        if "xp-turned" in classes(following):
            for blank in between:
                drop(blank)
            move_content(following, shell)
            drop(following)
            between = []
            last, following = shell, shell.getnext()
        elif following.tag == "p" and is_blank(following) and not find(following, ".//@id"):
            between.append(following)
            last, following = following, following.getnext()
        else:
            return
