"""Listings: what Confluence makes of other pages. Pure."""

from __future__ import annotations

from exports.content.draft import Draft
from exports.content.macros import name_of
from exports.content.nodes import (
    Element,
    drop,
    find,
    first,
    having,
    is_blank,
    make,
    plain,
    rename,
    replace,
)
from exports.tree import PageRef

MAX_LISTED = 5_000  # entries of the page lists of one page


def roots(draft: Draft) -> None:
    """Tell page trees whose branch they show, before the hidden field that says so is dropped."""
    for shell in having(draft.body, "plugin_pagetree"):
        for field in find(shell, ".//input[@name='rootPageId']"):
            shell.set("data-xp-root", field.get("value") or "")


def children(draft: Draft) -> None:
    """Children and page trees; those that a browser would fill are filled here (C-84, C-85)."""
    for shell in having(draft.body, "childpages-macro"):
        rename(shell, shell.tag, "xp-children")
    shells = [*having(draft.body, "plugin_pagetree"), *having(draft.body, "plugin-pagetree")]
    for element in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(element) in {"children", "pagetree"} and is_blank(element):
            shells.append(element)
    room = MAX_LISTED
    for shell in shells:
        if shell.getparent() is None or not is_blank(shell):
            continue
        root = shell.get("data-xp-root") or draft.page.ref.id
        below = _branch(draft, root)
        if name_of(shell) == "children":
            below = [page for page in below if page.depth == below[0].depth]
        if below and len(below) <= room:
            room -= len(below)
            replace(shell, _list_of(below))
            continue
        if below:
            draft.note(
                "page_list_left_out",
                "The lists of pages on this page are too long together.",
                "One of them is left out.",
            )
        elif root not in draft.page.below:
            draft.note(
                "page_list_left_out",
                "A list of pages is filled in by the browser only, and could not be read.",
                "It is left out.",
            )
        drop(shell)


def by_label(draft: Draft) -> None:
    """Content by label: a plain list; labels as small words (C-87)."""
    for listing in having(draft.body, "content-by-label"):
        for entry in find(listing, "./li"):
            details = first(entry, "details")
            if details is None:
                continue
            line = make("li")
            link = details.find(".//a")
            if link is not None and plain(link):
                line.append(make("a", "", plain(link), **_address(link)))
            for small in having(details, "smalltext"):
                line.append(make("span", "xp-small", f" {plain(small)}"))
            for label in having(details, "aui-label"):
                line.append(make("span", "", " "))
                line.append(make("span", "xp-label", plain(label)))
            replace(entry, line)
        rename(listing, "ul", "xp-pages")


def updates(draft: Draft) -> None:
    """Recently updated, blog posts: titles with their dates (C-88)."""
    for heading in find(draft.body, ".//*[@id='recently-updated-macro']"):
        rename(heading, "p", "xp-list-title")
    for head in having(draft.body, "blogHeading"):
        rename(head, "p", "xp-list-title")
    for meta in having(draft.body, "update-item-meta"):
        rename(meta, "p", "xp-small")


def _branch(draft: Draft, root: str) -> list[PageRef]:
    """What lies below a page, in reading order: of the export, else as it was looked up."""
    known: list[PageRef] = []
    depth = None
    for page in draft.tree:
        if depth is not None and page.depth <= depth:
            break
        if depth is not None:
            known.append(page)
        elif page.id == root:
            depth = page.depth
    return known or list(draft.page.below.get(root, ()))


def _list_of(pages: list[PageRef]) -> Element:
    """Entries nested as the pages are."""
    top = make("ul", "xp-children")
    stack: list[tuple[int, Element]] = []  # (depth, entry)
    for page in pages:
        while stack and stack[-1][0] >= page.depth:
            stack.pop()
        listing = top
        if stack:
            holder = stack[-1][1]
            listing = holder[-1] if holder[-1].tag == "ul" else make("ul")
            holder.append(listing)
        entry = make("li")
        entry.append(_link_to(page))
        listing.append(entry)
        stack.append((page.depth, entry))
    return top


def _link_to(page: PageRef) -> Element:
    link = make("a", "", page.title, href=f"/wiki/pages/viewpage.action?pageId={page.id}")
    link.set("data-linked-resource-type", "page")
    link.set("data-linked-resource-id", page.id)
    return link


def _address(link: Element) -> dict[str, str]:
    names = ("href", "data-linked-resource-id", "data-linked-resource-type")
    return {name: link.get(name) or "" for name in names if link.get(name)}
