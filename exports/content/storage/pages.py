"""Macros that list other pages, or show what stands on them. Pure."""

from __future__ import annotations

from exports.content.nodes import Element, make, plain
from exports.content.storage.links import Place, address, resource_of
from exports.content.storage.macro import Macro, number, other
from exports.tree import PageRef

PAGE_LISTS = ("children", "pagetree")


def page_list(macro: Macro) -> Element:
    """Children and page trees, as far as the export has the pages (C-84, C-85)."""
    shell = make("div", "conf-macro")
    shell.set("data-macro-name", macro.name)
    root_id = _root_of_list(macro)
    pages = _below(macro.place, root_id, _depth_of_list(macro)) if root_id else []
    if pages:
        listing = _nested(pages[: macro.place.most_listed])
        if len(pages) > macro.place.most_listed:
            listing.append(make("li", text="…"))
        return listing
    if root_id != macro.place.page.id:
        shell.set("data-xp-gap", "")
    return shell


def _root_of_list(macro: Macro) -> str:
    place = macro.place
    is_children = macro.name == "children"
    parameter = macro.parameters.get("page" if is_children else "root")
    if parameter is None:
        return place.page.id if is_children else place.tree.space.homepage_id or place.page.id
    resource, title = resource_of(parameter), plain(parameter)
    if resource is None and title:
        resource = make("ri-page")
        resource.set("ri-content-title", title)
    return place.page_id(resource)


def _depth_of_list(macro: Macro) -> int:
    if macro.name == "children" and "true" in (
        macro.setting("all").lower(),
        macro.setting("allchildren").lower(),
    ):
        return len(macro.place.tree)
    return number(macro, "depth" if macro.name == "children" else "startdepth", 1)


def _below(place: Place, root_id: str, depth: int) -> list[PageRef]:
    """The pages below another, `depth` levels of them, in reading order."""
    found: list[PageRef] = []
    top = -1
    for page in place.tree:
        if page.id == root_id:
            top = page.depth
        elif top >= 0 and page.depth <= top:
            break
        elif top >= 0 and page.depth <= top + depth:
            found.append(page)
    return found


def _nested(pages: list[PageRef]) -> Element:
    listing = make("ul", "childpages-macro")
    open_lists = [(pages[0].depth, listing)]
    for page in pages:
        while page.depth < open_lists[-1][0]:
            open_lists.pop()
        if page.depth > open_lists[-1][0] and len(open_lists[-1][1]):
            deeper = make("ul")
            open_lists[-1][1][-1].append(deeper)
            open_lists.append((page.depth, deeper))
        entry = make("li")
        entry.append(make("a", "", page.title, href=f"pages/viewpage.action?pageId={page.id}"))
        open_lists[-1][1].append(entry)
    return listing


def included(macro: Macro) -> Element:
    """A page, or a part of it, that only Confluence can put here: a gap that leads to it."""
    is_gap = macro.is_empty
    shell = other(macro)
    resource = macro.resource("", "page", "pagetitle")
    if resource is None and (title := macro.setting("", "page", "pagetitle")):
        resource = make("ri-page")
        resource.set("ri-content-title", title)
    if resource is not None and (title := resource.get("ri-content-title") or ""):
        shell.append(make("a", "", title, href=address(resource, macro.place)))
        if is_gap:
            shell.set("data-xp-gap", "")
    return shell
