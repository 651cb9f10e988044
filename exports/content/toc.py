"""Contents macro: the list of a page's headings, made anew from the headings. Pure.

In one rendition Confluence leaves the list to the browser, in the other it is finished (C-81,
C-82). A finished list says which headings its author wanted; the words and levels are ours.
"""

from __future__ import annotations

import re

from exports.content.draft import Draft
from exports.content.nodes import Element, drop, find, first, forget, having, make, replace
from exports.document import ANCHOR_SCHEME, SHEET_SCHEME, Heading

MAX_PATTERN = 200
MAX_REPEATS = 3
_GROUP_REPEATED = re.compile(r"\)[*+?{]|\\\d|\(\?")


def contents(draft: Draft) -> None:
    written = {
        heading.get("id"): heading.get("data-level")
        for heading in find(draft.body, ".//*[@data-level]")
    }
    for macro in having(draft.body, "toc-macro"):
        if macro.getparent() is None:
            continue
        wanted = _listed(draft, macro)
        if wanted is None:
            wanted = [h for h in draft.listed if _is_wanted(draft, macro, h, written)]
        if not wanted:
            drop(macro)
            continue
        numbered = (
            first(macro, "TOCOutline") is not None or macro.get("data-numberedoutline") == "true"
        )
        replace(macro, _list(wanted, numbered))
    for heading in find(draft.body, ".//*[@data-level]"):
        forget(heading, "data-level")


def sheet_numbers(draft: Draft) -> None:
    """Leave room for the number of the sheet in every list that leads through the document.

    It is known only when everything is printed; the merge writes it there (C-81, C-84).
    """
    for name in ("xp-toc", "xp-children", "xp-pages"):
        for listing in having(draft.body, name):
            for entry in listing.iter("li"):
                link = entry.find("./a")
                address = link.get("href") or "" if link is not None else ""
                if not address.startswith(ANCHOR_SCHEME):
                    continue
                is_rtl = entry.get("dir") == "rtl"
                css_class = "xp-sheet-number xp-sheet-left" if is_rtl else "xp-sheet-number"
                room = make("a", css_class, "\u00a0")
                room.set("href", SHEET_SCHEME + address.removeprefix(ANCHOR_SCHEME))
                room.tail, entry.text = entry.text, None
                entry.insert(0, room)


def _listed(draft: Draft, macro: Element) -> list[Heading] | None:
    """The headings a finished list leads to; None when there is no such list."""
    named = {(link.get("href") or "").removeprefix(ANCHOR_SCHEME) for link in macro.iter("a")}
    found = [heading for heading in draft.listed if heading.anchor in named]
    return found or None


def _is_wanted(
    draft: Draft, macro: Element, heading: Heading, written: dict[str | None, str | None]
) -> bool:
    """Apply the macro's own filters; its levels are those of the page as written."""
    elements = {x.strip().upper() for x in (macro.get("data-headerelements") or "").split(",")}
    level = written.get(heading.anchor)
    if elements != {""} and level and f"H{level}" not in elements:
        return False
    exclude, include = macro.get("data-excludeheaderregex"), macro.get("data-includeheaderregex")
    if exclude and _matches(draft, exclude, heading.text):
        return False
    return not include or _matches(draft, include, heading.text, otherwise=True)


def _matches(draft: Draft, pattern: str, text: str, otherwise: bool = False) -> bool:
    """Match the whole text; patterns that could take for ever are not tried."""
    repeats = sum(pattern.count(sign) for sign in "*+{")
    if (
        len(pattern) <= MAX_PATTERN
        and repeats <= MAX_REPEATS
        and not _GROUP_REPEATED.search(pattern)
    ):
        try:
            return re.fullmatch(pattern, text[:200]) is not None
        except (re.error, OverflowError, RecursionError):
            pass
    draft.note(
        "contents_filter_ignored",
        "The contents list of this page filters headings by a pattern we do not apply.",
        "It lists all headings.",
        "info",
    )
    return otherwise


def _list(headings: list[Heading], numbered: bool) -> Element:
    """Nest the entries by level, levels closed up."""
    top = make("ul", "xp-toc")
    stack: list[tuple[int, Element, list[int]]] = [(0, top, [0])]
    for heading in headings:
        while len(stack) > 1 and stack[-1][0] >= heading.level:
            stack.pop()
        if stack[-1][1] is top and len(stack) == 1:
            listing = top
        else:
            entry = stack[-1][1]
            last = entry[-1] if len(entry) and entry[-1].tag == "ul" else None
            listing = last if last is not None else make("ul")
            if last is None:
                entry.append(listing)
        count = stack[-1][2]
        count[0] += 1
        entry = make("li")
        if numbered:
            number = ".".join(str(item[2][0]) for item in stack)
            entry.append(make("span", "xp-toc-number", f"{number} "))
        entry.append(make("a", "", heading.text, href=f"{ANCHOR_SCHEME}{heading.anchor}"))
        listing.append(entry)
        stack.append((heading.level, entry, [0]))
    return top
