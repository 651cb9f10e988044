"""Branches: a tree that is too large in, the parts of it that can be exported instead out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.tree import PageRef

_NAMED = 3
_MOST_MORE = 20  # exports that a person would start one by one
_SCATTERED = 0.9  # of the pages outside of the named branches: naming those is no help
_LONGEST_TITLE = 60  # characters


@dataclass(frozen=True, slots=True)
class Branch:
    """A page or folder and all below it, or a page alone when what is below it is too much."""

    root: PageRef
    pages: int


def branches(pages: Sequence[PageRef], most_pages: int) -> tuple[Branch, ...]:
    """Cover the pages with the largest branches of at most `most_pages`, the largest first.

    `pages` are in reading order, as a PageTree has them; folders do not count. A branch that is too
    large gives way to those below it, and its own page stands alone.
    """
    counts = _counts(pages)
    found: list[Branch] = []
    inside = -1  # the depth of the branch that the page lies in
    for page, count in zip(pages, counts, strict=True):
        if 0 <= inside < page.depth:
            continue
        inside = page.depth if count <= most_pages else -1
        if own := count if count <= most_pages else _own(page):
            found.append(Branch(page, own))
    return tuple(sorted(found, key=lambda branch: -branch.pages))  # equal ones in reading order


def advice(pages: Sequence[PageRef], most_pages: int) -> str:
    """The sentence that says what to export instead.

    >>> root = PageRef("1", "Home")
    >>> tree = [root, *(PageRef(str(n), f"Part {n % 9}", 1 + (n % 3 > 0)) for n in range(9))]
    >>> advice(tree, 3)
    'Export these branches one by one: “Part 0” (3 pages), “Part 3” (3 pages), “Part 6” (3 pages) and 1 more.'
    """  # noqa: E501
    total, most_pages = sum(map(_own, pages)), max(most_pages, 1)
    if total <= 1:
        return "It is one page: divide it in Confluence."
    parts = branches(pages, most_pages)
    large = [branch for branch in parts if branch.pages > 1][:_NAMED]
    left = total - sum(branch.pages for branch in large)
    if left > _SCATTERED * total:
        return f"Choose pages, at most {most_pages:,} at a time."
    names = [f"“{_short(branch.root.title)}” ({_pages(branch.pages)})" for branch in large]
    more = len(parts) - len(large)
    if more > _MOST_MORE:
        at_a_time = f", at most {most_pages:,} at a time" if left > most_pages else ""
        then = f"Then choose the other {_pages(left)}{at_a_time}."
        return f"Export these branches one by one: {_listed(names)}. {then}"
    return f"Export these branches one by one: {_listed(names + [f'{more:,} more'] * (more > 0))}."


def _counts(pages: Sequence[PageRef]) -> list[int]:
    """How many pages each branch has."""
    counts = [_own(page) for page in pages]
    ancestors: list[int] = []  # places in `pages`
    for at, page in enumerate(pages):
        while ancestors and pages[ancestors[-1]].depth >= page.depth:
            _add_to_parent(counts, ancestors)
        ancestors.append(at)
    while ancestors:
        _add_to_parent(counts, ancestors)
    return counts


def _add_to_parent(counts: list[int], ancestors: list[int]) -> None:
    child = ancestors.pop()
    if ancestors:
        counts[ancestors[-1]] += counts[child]


def _own(page: PageRef) -> int:
    return 0 if page.type == "folder" else 1


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"
