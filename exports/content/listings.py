"""Listings: what Confluence makes of other pages and of attachments. Pure."""

from __future__ import annotations

from exports.content.draft import Draft, box
from exports.content.macros import name_of
from exports.content.nodes import (
    Element,
    drop,
    find,
    first,
    forget,
    having,
    is_blank,
    make,
    plain,
    rename,
    replace,
)
from exports.tree import PageRef


def children(draft: Draft) -> None:
    """Children and page trees; an empty one is filled from the tree of this export (C-84, C-85)."""
    for shell in having(draft.body, "childpages-macro"):
        rename(shell, shell.tag, "xp-children")
    shells = [*having(draft.body, "plugin_pagetree"), *having(draft.body, "plugin-pagetree")]
    for element in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(element) in {"children", "pagetree"} and is_blank(element):
            shells.append(element)
    for shell in shells:
        if shell.getparent() is None:
            continue
        if not is_blank(shell):
            continue
        below = _children_of(draft)
        if below:
            replace(shell, _list_of(below))
        else:
            draft.note(
                "page_list_left_out",
                "A list of pages is filled in by the browser only.",
                "It is left out, as none of those pages are in this PDF.",
                "info",
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


def attachments(draft: Draft) -> None:
    """The attachments macro: its files with their dates, as a table (C-89).

    Old and new Confluence mark the rows differently; templates the browser would fill have a `$`.
    """
    for shell in having(draft.body, "plugin_attachments_container"):
        table = make("table", "confluenceTable")
        for row in shell.iter("tr"):
            link = first(row, "filename")
            name = row.get("data-attachment-filename") or (plain(link) if link is not None else "")
            if name and not name.startswith("$"):
                table.append(_file_row(name, link, first(row, "modified-column")))
        if len(table):
            replace(shell, table)
        else:
            drop(shell)


def galleries(draft: Draft) -> None:
    """A gallery's layout table becomes pictures in a row (C-90)."""
    for gallery in having(draft.body, "gallery"):
        for cell in having(gallery, "gallery-image"):
            forget(cell, "style")
        for table in gallery.iter("table"):
            table.set("class", "xp-gallery")


def databases(draft: Draft) -> None:
    """Databases, whiteboards and live lists that leave only a link (C-59)."""
    for link in find(draft.body, ".//a[@data-datasource]"):
        address = link.get("href") or ""
        draft.note(
            "list_left_out",
            "A live list (for example of Jira work items) is not part of what Confluence exports.",
            "A box with a link to the list stands in its place.",
        )
        card = box("Live list, not exported.", "Open the list", address)
        card.set("class", "xp-box xp-box-list")
        replace(link, card)


def _file_row(name: str, link: Element | None, changed: Element | None) -> Element:
    row, cell = make("tr"), make("td")
    cell.append(make("span", "", name) if link is None else make("a", "", name, **_address(link)))
    row.append(cell)
    row.append(make("td", "", plain(changed) if changed is not None else ""))
    return row


def _children_of(draft: Draft) -> list[PageRef]:
    return [page for page in draft.tree if page.parent_id == draft.page.ref.id]


def _list_of(pages: list[PageRef]) -> Element:
    listing = make("ul", "xp-children")
    for page in pages:
        entry = make("li")
        link = make("a", "", page.title, href="#")
        link.set("data-linked-resource-type", "page")
        link.set("data-linked-resource-id", page.id)
        entry.append(link)
        listing.append(entry)
    return listing


def _address(link: Element) -> dict[str, str]:
    names = ("href", "data-linked-resource-id", "data-linked-resource-type")
    return {name: link.get(name) or "" for name in names if link.get(name)}
