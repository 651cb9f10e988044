"""Selection in, PageTree out: what was asked for, and the pages it means in reading order. Pure.

Every list here is flat and in reading order; `depth` carries the nesting.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from addon.errors import XPressError

Scope = Literal["page", "tree", "space", "chosen"]
PageType = Literal["page", "folder", "blogpost", "other"]

SCOPES: tuple[Scope, ...] = ("page", "tree", "space", "chosen")


class NothingToExport(XPressError):
    """No page of the selection can be seen by the caller."""

    status = 404
    code = "nothing_to_export"


class TooManyPages(XPressError):
    """The selection is larger than one PDF can hold."""

    status = 422
    code = "too_many_pages"


@dataclass(frozen=True, slots=True)
class Selection:
    """What was picked in the dialog."""

    page: str  # Confluence's id of the page the dialog was opened on
    scope: Scope
    pages: frozenset[str] = frozenset()  # the ticked ones, for the scope "chosen"


@dataclass(frozen=True, slots=True)
class PageRef:
    """One entry of the content tree. A folder is a chapter: a title without a body."""

    id: str
    title: str
    depth: int = 0  # 0 for the root of the tree
    type: PageType = "page"
    parent_id: str | None = None

    @property
    def anchor(self) -> str:
        """The name its start goes by in links inside the PDF, e.g. `p65537`."""
        return f"p{self.id}"


@dataclass(frozen=True, slots=True)
class Space:
    id: str
    key: str
    name: str
    homepage_id: str | None = None


@dataclass(frozen=True, slots=True)
class PageTree:
    """The pages of a branch or a space, in reading order."""

    space: Space
    pages: tuple[PageRef, ...]
    unprintable: tuple[PageRef, ...] = ()  # whiteboards, databases, embeds of the same listing

    def __len__(self) -> int:
        return len(self.pages)

    def __iter__(self) -> Iterator[PageRef]:
        return iter(self.pages)

    def __contains__(self, page_id: object) -> bool:
        return any(page.id == page_id for page in self.pages)

    @property
    def root(self) -> PageRef:
        return self.pages[0]


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a listing: what the host says about one entry, before the order is known."""

    id: str
    title: str
    type: PageType
    parent_id: str | None
    position: int


def in_reading_order(nodes: Iterable[Node], roots: Sequence[str | None]) -> tuple[PageRef, ...]:
    """Lay the rows out depth first, children by their position, ties by id.

    `roots` are the ids to start from; `None` stands for every row whose parent is not among the
    rows. A row is visited once, so a loop in the listing cannot hang the walk.
    """
    rows = {node.id: node for node in nodes}
    children: dict[str | None, list[Node]] = {}
    for node in rows.values():
        parent = node.parent_id if node.parent_id in rows else None
        children.setdefault(parent, []).append(node)
    for siblings in children.values():
        siblings.sort(key=lambda node: (node.position, len(node.id), node.id))

    stack: list[tuple[Node, int]] = []
    for root in reversed(roots):
        starts = children.get(None, []) if root is None else [rows[root]]
        stack.extend((node, 0) for node in reversed(starts))
    seen: set[str] = set()
    ordered: list[PageRef] = []
    while stack:
        node, depth = stack.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        ordered.append(PageRef(node.id, node.title, depth, node.type, node.parent_id))
        stack.extend((child, depth + 1) for child in reversed(children.get(node.id, [])))
    return tuple(ordered)


def select(tree: PageTree, selection: Selection) -> PageTree:
    """Keep what was picked, in the tree's own order."""
    if selection.scope != "chosen":
        return tree
    picked = keep(tree, lambda page: page.id in selection.pages)
    if not picked:
        raise NothingToExport("None of the chosen pages can be seen by you. Choose other pages.")
    return PageTree(tree.space, picked)


def keep(pages: Iterable[PageRef], wanted: Callable[[PageRef], bool]) -> tuple[PageRef, ...]:
    """The wanted ones in their order. Each hangs under its nearest wanted ancestor."""
    kept: list[PageRef] = []
    branch: list[tuple[int, int]] = []  # (depth before, depth now) of the ancestors
    for page in pages:
        while branch and branch[-1][0] >= page.depth:
            branch.pop()
        if not wanted(page):
            continue
        depth = branch[-1][1] + 1 if branch else 0
        kept.append(replace(page, depth=depth))
        branch.append((page.depth, depth))
    return tuple(kept)


def without(tree: PageTree, left_out: Container[str]) -> PageTree:
    """The tree without the pages of these ids and all that is below them, at any depth."""
    kept: list[PageRef] = []
    gone: set[str] = set()
    top: PageRef | None = None  # of the branch that is being left out
    for page in tree:
        if top is None or page.depth <= top.depth:
            top = page if page.id in left_out else None
        if top is None:
            kept.append(page)
        else:
            gone.add(page.id)
    unprintable: list[PageRef] = []
    for page in tree.unprintable:
        if page.parent_id in gone:
            gone.add(page.id)
        else:
            unprintable.append(page)
    return PageTree(tree.space, tuple(kept), tuple(unprintable))


def page_count(tree: PageTree) -> int:
    """How many of the entries are pages; folders are chapters and have no body to read."""
    return sum(page.type != "folder" for page in tree)
