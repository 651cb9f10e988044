"""Numbers: 1, 1.1, 1.1.1 before the titles of pages and the headings inside them. Pure.

Pages are numbered as they stand in the tree, and the headings of a page below its own number. Where
pages stand below it, 1.1 is the first of these, so its headings carry no numbers: they introduce
what follows. What the whole document is named after carries none either: the pages below it are 1,
2, 3. Headings in tables and panels are never numbered.

Chunks are printed apart, so numbers are given before that, as the articles come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from exports.document import SHEET_SCHEME, Article, Heading, Illustrated
from exports.tree import PageRef, PageTree

_HEADING = re.compile(r'<h[2-6](?: [^<>]*?)? id="([^"<>]+)"[^<>]*>')
# The room for a sheet's number, before it the number that the author's own list has (toc.py).
_LISTED = re.compile(
    rf'(<a [^<>]*href="{SHEET_SCHEME}([^"<>]+)"[^<>]*>[^<>]*</a>)'
    r'(?:<span class="xp-toc-number">[^<>]*</span>)?(?=<a )'
)


@dataclass(slots=True)
class _Open:
    """A row of the outline that rows below may follow."""

    level: int  # as in the outline: pages by depth, headings below them
    number: tuple[int, ...]
    rows: int = 0  # below it, so far


def numbered(articles: Iterable[Illustrated], tree: PageTree) -> Iterator[Illustrated]:
    """The articles with numbers; `tree` names them all, and pages that nobody could read."""
    numbers = _Numbers(tree)
    for illustrated in articles:
        yield replace(illustrated, article=numbers.of(illustrated.article))


class _Numbers:
    def __init__(self, tree: PageTree) -> None:
        self._coming = iter(tree)
        self._parents = {ref.id for ref, below in pairwise(tree) if below.depth > ref.depth}
        self._has_one_root = sum(ref.depth == 0 for ref in tree) == 1
        self._path = [_Open(-1, ())]

    def of(self, article: Article) -> Article:
        self._pass_over(article.ref)
        depth = article.ref.depth
        number = "" if depth == 0 and self._has_one_root else self._next(depth)
        is_above = article.ref.id in self._parents
        headings = tuple(
            it if it.is_aside or is_above else replace(it, number=self._next(depth + it.level))
            for it in article.headings
        )
        html = _marked(article.html, headings)
        return replace(article, number=number, headings=headings, html=html)

    def _pass_over(self, ref: PageRef) -> None:
        """What stands below a page that was left out does not go on from the page before it."""
        for coming in self._coming:
            if coming.id == ref.id:
                return
            self._close(coming.depth)

    def _next(self, level: int) -> str:
        self._close(level)
        above = self._path[-1]
        above.rows += 1
        self._path.append(_Open(level, (*above.number, above.rows)))
        return ".".join(map(str, self._path[-1].number))

    def _close(self, level: int) -> None:
        while self._path[-1].level >= level:
            self._path.pop()


def _marked(html: str, headings: Iterable[Heading]) -> str:
    """The page with its numbers before its headings, and in its own contents lists.

    Other numbers that these lists have of their own would be taken for ours.
    """
    numbers = {it.anchor: it.number for it in headings if it.number}
    html = _HEADING.sub(lambda found: found[0] + _heading_number(numbers, found[1]), html)
    return _LISTED.sub(lambda found: _listed(numbers, found), html)


def _heading_number(numbers: Mapping[str, str], anchor: str) -> str:
    number = numbers.get(anchor)
    return f'<span class="heading-number">{number}</span> ' if number else ""


def _listed(numbers: Mapping[str, str], found: re.Match[str]) -> str:
    number = numbers.get(found[2])
    return found[1] + (f'<span class="xp-toc-number">{number} </span>' if number else "")
