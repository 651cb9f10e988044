"""Storage: Confluence's storage format in, the markup of its `view` out. Pure.

https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html

From here on a page in storage format is cleaned like any other. What storage knows and `view` does
not (the language of code, the emoji of a panel) goes along in attributes of ours, `data-xp-…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from exports.content.nodes import Element, drop, make, move_content, plain, rename, replace
from exports.content.storage.images import image
from exports.content.storage.links import Place, link
from exports.content.storage.macro import BLOCKS
from exports.content.storage.macros import view_of
from exports.content.storage.pages import PAGE_LISTS
from exports.content.storage.panels import NOTE_COLOURS, expand, icon, panel
from exports.content.storage.reading import read
from exports.tree import PageRef, PageTree

# What marks a text as storage format. Confluence forgets comment markers in its HTML now and then.
_STORAGE = re.compile(r"<(?:ac:(?!inline-comment-marker)[a-z]|ri:[a-z]|at:[a-z])")
_LAYOUT = re.compile(r"[a-z0-9_-]{1,40}")


def is_storage(text: str) -> bool:
    """Say whether the text is in storage format, not in HTML.

    >>> is_storage('<p><ac:link ac:anchor="top"/></p>'), is_storage("<p>&lt;ac:link/&gt;</p>")
    (True, False)
    """
    return _STORAGE.search(text) is not None


def to_view(text: str, page: PageRef, tree: PageTree) -> str:
    """Write the text as `view` would have it; names of pages and files are relative to `page`.

    Every word that people see on the page is in the answer, in order, whatever state the text is
    in; no name or setting of a macro is.
    """
    root = read(text)
    macros = root.iter("ac-structured-macro", "ac-macro")
    lists = sum(1 for macro in macros if (macro.get("ac-name") or "").lower() in PAGE_LISTS)
    place = Place.of(page, tree, lists)
    waiting = list(root)
    while waiting:
        # Outer elements first: what a macro holds is looked at where the macro has put it.
        element = waiting.pop()
        waiting.extend(_settle(element, place))
    for paragraph in list(root.iter("p")):
        if any(child.tag in BLOCKS for child in paragraph):
            _split(paragraph)
    html = etree.tostring(root, encoding="unicode")
    return html.removeprefix("<div>").removesuffix("</div>") if html != "<div/>" else ""


def _settle(element: Element, place: Place) -> Iterable[Element]:
    """Put the markup of `view` where the element stands; answer what is left to look at in it."""
    tag = str(element.tag)
    if tag in {"ac-structured-macro", "ac-macro"}:
        made = view_of(element, place)
        replace(element, *made)
        return made
    if tag == "ac-image":
        return image(element, place)
    if tag == "ac-link":
        link(element, place)
    elif tag in ELEMENTS:
        ELEMENTS[tag](element)
    elif tag.startswith(("ac-", "ri-", "at-", "fab-")):
        _unseen(element)
    return list(element) if element.getparent() is not None else ()


def _unseen(element: Element) -> None:
    """Settings, ids and placeholders are dropped; an element we do not know keeps what it holds."""
    if element.tag in UNSEEN or not str(element.tag).startswith("ac-"):
        drop(element)
    else:
        rename(element, "div" if any(child.tag in BLOCKS for child in element) else "span")


def _emoticon(element: Element) -> None:
    name = element.get("ac-name") or ""
    picture = make("img", "emoticon", alt=f"({name})" if name else "")
    for attribute, given in (
        ("data-emoticon-name", "ac-name"),
        ("data-emoji-id", "ac-emoji-id"),
        ("data-emoji-shortname", "ac-emoji-shortname"),
        ("data-emoji-fallback", "ac-emoji-fallback"),
    ):
        if value := element.get(given):
            picture.set(attribute, value)
    replace(element, picture)


def _comment_marker(element: Element) -> None:
    rename(element, "span", "inline-comment-marker")


def _task_list(element: Element) -> None:
    rename(element, "ul", "inline-task-list")


def _task(element: Element) -> None:
    status = element.find("ac-task-status")
    is_done = status is not None and plain(status) == "complete"
    rename(element, "li", "checked" if is_done else "")
    for child in element:
        if not (child.tail or "").strip():
            child.tail = None


def _task_body(element: Element) -> None:
    rename(element, "span", "placeholder-inline-tasks")


def _layout(element: Element) -> None:
    rename(element, "div", "contentLayout2")


def _section(element: Element) -> None:
    """A row of columns; HTML has hyphens where storage has underscores (C-80)."""
    written = element.get("ac-type") or ""
    kind = written.replace("_", "-") if _LAYOUT.fullmatch(written) else ""
    rename(element, "div", f"columnLayout {kind}".rstrip())
    if kind:
        element.set("data-layout", kind)


def _cell(element: Element) -> None:
    rename(element, "div", "cell normal")
    inner = make("div", "innerCell")
    move_content(element, inner)
    element.append(inner)


def _extension(element: Element) -> None:
    """What the new editor keeps beside HTML: its own form, else what it left for others to show."""
    node, fallback = element.find("ac-adf-node"), element.find("ac-adf-fallback")
    shown = _node_view(node) if node is not None else None
    if shown is None:
        shown = make("div")
        content = fallback if fallback is not None and _has_content(fallback) else element
        move_content(content, shown)
    for child in list(element):
        element.remove(child)
    rename(element, "div")
    element.text = None
    element.append(shown)


def _node_view(node: Element) -> Element | None:
    """The node in the markup of `view`; None when it is of a kind we do not know, or empty."""
    kind = node.get("type") or ""
    settings = {x.get("key") or "": plain(x) for x in node.iterchildren("ac-adf-attribute")}
    content = node.find("ac-adf-content")
    if kind == "decision-list":
        return _decisions(node)
    if content is None or not _has_content(content):
        return None
    if kind == "panel":
        return _adf_panel(content, settings)
    if kind == "nested-expand":
        return expand(content, settings.get("title", ""))
    return None


def _adf_panel(content: Element, settings: Mapping[str, str]) -> Element:
    kind = settings.get("panel-type", "")
    fill, edge = NOTE_COLOURS if kind == "note" else (settings.get("panel-color", ""), "")
    shell = panel(content, "", {"background-color": fill, "border-color": edge})
    shell.set("data-xp-panel", kind)
    given = (settings.get(f"panel-{name}", "") for name in ("icon-id", "icon", "icon-text"))
    if found := icon(*given):
        shell.set("data-xp-icon", found)
    return shell


def _decisions(node: Element) -> Element | None:
    listing = make("ul", "decision-list")
    for item in node.iterchildren("ac-adf-node"):
        entry = make("li")
        states = {x.get("key"): plain(x) for x in item.iterchildren("ac-adf-attribute")}
        if states.get("state") == "UNDECIDED":
            entry.set("data-xp-state", "undecided")
        content = item.find("ac-adf-content")
        if content is not None:
            move_content(content, entry)
        listing.append(entry)
    return listing if _has_content(listing) else None


def _has_content(element: Element) -> bool:
    shown = {"img", "hr", "ac-image", "ac-link", "ac-emoticon", "ac-structured-macro", "ac-macro"}
    return bool(plain(element)) or any(child.tag in shown for child in element.iter())


ELEMENTS: Mapping[str, Callable[[Element], None]] = {
    "ac-emoticon": _emoticon,
    "ac-inline-comment-marker": _comment_marker,
    "ac-task-list": _task_list,
    "ac-task": _task,
    "ac-task-body": _task_body,
    "ac-layout": _layout,
    "ac-layout-section": _section,
    "ac-layout-cell": _cell,
    "ac-adf-extension": _extension,
}
UNSEEN = frozenset(
    {
        "ac-parameter",
        "ac-default-parameter",
        "ac-placeholder",
        "ac-task-id",
        "ac-task-uuid",
        "ac-task-status",
        "ac-adf-attribute",
        "ac-adf-mark",
        "ac-adf-fragment-mark",
        "ac-adf-fragment-mark-detail",
    }
)


def _split(paragraph: Element) -> None:
    """Take blocks out of a paragraph, which a parser would end at the first of them."""
    pieces = [make("p")]
    pieces[0].text = paragraph.text
    for child in list(paragraph):
        if child.tag in BLOCKS:
            rest = make("p", text=child.tail or "")
            child.tail = None
            pieces += [child, rest]
        else:
            pieces[-1].append(child)
    kept = [x for x in pieces if x.tag != "p" or len(x) or (x.text or "").strip()]
    for piece in kept:
        if piece.tag == "p":
            for name in ("class", "style"):
                if value := paragraph.get(name):
                    piece.set(name, value)
    replace(paragraph, *kept)
