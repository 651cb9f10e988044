"""Links of storage format: what a `ri:` resource names, as an address the link step settles. Pure.

Addresses are relative to the site, as Confluence itself writes them. Accounts are never printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import normalize
from urllib.parse import quote, quote_plus

from exports.content.nodes import Element, drop, is_blank, plain
from exports.tree import PageRef, PageTree, PageType

SOMEBODY = "user"  # printed as `@user`: storage has an account's id, never its name
MAX_LISTED = 20_000  # entries of all lists of pages in one text
SELF, HOME, THIS_SPACE = "@self", "@home", "currentSpace()"
# In a title these keep an address of the short form from working.
_UNFIT = frozenset('/?#%+&;:\\"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text stands, which its names of pages and files are relative to."""

    page: PageRef
    tree: PageTree
    ids: Mapping[tuple[str, PageType], str] = field(default_factory=dict)  # of the export's pages
    most_listed: int = 1  # entries of one list of pages

    @classmethod
    def of(cls, page: PageRef, tree: PageTree, lists: int) -> Place:
        """`lists` is how many lists of pages the text asks for; they share what is bearable."""
        ids = {(_same(entry.title), entry.type): entry.id for entry in tree}
        return cls(page, tree, ids, MAX_LISTED // max(1, lists))

    def page_id(self, resource: Element | None) -> str:
        """The id of the page that a resource names; empty when only Confluence knows it."""
        if resource is None:
            return self.page.id
        if resource.get("ri-content-id"):
            return resource.get("ri-content-id") or ""
        title = resource.get("ri-content-title") or ""
        if not self._is_here(resource):
            return ""
        if title in {"", SELF}:
            return self.page.id
        if title == HOME:
            return self.tree.space.homepage_id or ""
        kind: PageType = "blogpost" if resource.tag == "ri-blog-post" else "page"
        return self.ids.get((_same(title), kind), "")

    def space_key(self, resource: Element) -> str:
        return self.tree.space.key if self._is_here(resource) else resource.get("ri-space-key", "")

    def _is_here(self, resource: Element) -> bool:
        return resource.get("ri-space-key", "") in {"", SELF, THIS_SPACE, self.tree.space.key}


def resource_of(element: Element | None) -> Element | None:
    """The outermost resource named below the element; a file's may name its page inside."""
    if element is None:
        return None
    return next((x for x in element.iterdescendants() if str(x.tag).startswith("ri-")), None)


def address(resource: Element, place: Place) -> str:
    """Where a resource is to be found; empty for people and for what is unknown.

    A file of a page whose id is not known is to be found on that page.
    """
    kind = resource.tag
    if kind == "ri-url":
        return resource.get("ri-value") or ""
    if kind == "ri-attachment":
        holder = resource_of(resource)
        elsewhere = address(holder, place) if holder is not None else ""
        return file_address(resource, place) or elsewhere
    if kind in {"ri-page", "ri-content-entity", "ri-blog-post"}:
        return _page_address(resource, place)
    if kind == "ri-space":
        return f"spaces/{quote(place.space_key(resource), safe='~')}/overview"
    return ""


def file_address(resource: Element, place: Place) -> str:
    """Where an attachment is to be loaded from; empty when the id of its page is not known."""
    name = resource.get("ri-filename") or ""
    holder = place.page_id(resource_of(resource))
    if not holder or not name:
        return ""
    return f"./download/attachments/{quote(holder, safe='')}/{quote(name, safe='')}"


def link(element: Element, place: Place) -> None:
    """Turn an `ac:link` into an `a`; one without words gets the name of what it leads to."""
    resource = next((x for x in element if str(x.tag).startswith("ri-")), None)
    anchor = element.get("ac-anchor") or ""
    card = element.get("ac-card-appearance")
    words = _words(resource, anchor, place)
    for child in list(element):
        if str(child.tag).startswith("ri-"):
            drop(child)
        elif not (child.tail or "").strip():
            child.tail = None
    if not (element.text or "").strip():
        element.text = None
    element.attrib.clear()
    element.tag = "a"
    if resource is not None and resource.tag == "ri-user":
        element.set("class", "confluence-userlink user-mention")
        if account := resource.get("ri-account-id"):
            element.set("data-account-id", account)
    else:
        element.set("href", _target(resource, anchor, place))
    if resource is not None and resource.tag == "ri-attachment":
        element.set("data-linked-resource-type", "attachment")
        element.set("data-linked-resource-default-alias", resource.get("ri-filename") or "")
    if card:
        element.set("data-card-appearance", card)
    if is_blank(element) and not any(_is_seen(x) for x in element.iter()):
        for child in list(element):
            element.remove(child)
        element.text = words


def _is_seen(element: Element) -> bool:
    """Say whether a picture, an emoticon or a macro may be what the link shows."""
    return str(element.tag).startswith("ac-") and not str(element.tag).endswith("link-body")


def _target(resource: Element | None, anchor: str, place: Place) -> str:
    path = "" if resource is None else address(resource, place)
    if resource is None or (path and anchor):
        return f"{path}#{quote(anchor or 'top', safe='')}"
    return path


def _words(resource: Element | None, anchor: str, place: Place) -> str:
    """What Confluence prints for a link that has no words of its own."""
    if resource is None:
        return anchor or place.page.title
    if resource.tag == "ri-user":
        return SOMEBODY
    title = resource.get("ri-content-title") or ""
    if title in {SELF, HOME} or resource.tag == "ri-content-entity":
        page_id = place.page_id(resource)
        title = next((page.title for page in place.tree if page.id == page_id), "this page")
    named = title or resource.get("ri-filename") or resource.get("ri-value")
    return named or resource.get("ri-space-key") or plain(resource)


def _page_address(resource: Element, place: Place) -> str:
    page_id = place.page_id(resource)
    if page_id:
        return f"pages/viewpage.action?pageId={quote(page_id, safe='')}"
    key, title = place.space_key(resource), resource.get("ri-content-title") or ""
    if title == HOME:
        return f"spaces/{quote(key, safe='~')}/overview"
    day = resource.get("ri-posting-day") or ""
    if _UNFIT.intersection(title):
        return f"pages/viewpage.action?spaceKey={quote(key, safe='~')}&title={quote_plus(title)}"
    path = f"{day.strip('/')}/{quote_plus(title)}" if day else quote_plus(title)
    return f"display/{quote(key, safe='~')}/{path}"


def _same(title: str) -> str:
    """How titles are compared; some writers take letters and their accents apart."""
    return normalize("NFC", title)
