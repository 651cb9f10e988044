"""Preparation: what is to be printed in, a manuscript of it out. Not timed.

Pages are cleaned and their pictures made ready once, for all engines alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from bench import articles, manuscript, sites, trees
from bench.export import spread
from bench.made_pages import MadePage, page, small_page, table_page
from bench.manuscript import Manuscript
from exports.document import Illustrated
from exports.tree import PageRef, PageTree, Selection, select
from playground.site import Site
from playground.site_folder import load

SITE, MANUSCRIPT = "site", "manuscript"  # folders within the one that is given
_SITE_URL = "https://bench.atlassian.net/wiki"


def made(folder: Path, pages: int, executor: Executor, *, pictures: bool) -> Manuscript:
    """So many pages of `bench.made_pages`."""
    trees.write_made(folder / SITE, pages, executor, pictures=pictures)
    return _manuscript(folder, [folder / SITE], pages, executor)


def small(folder: Path, executor: Executor) -> Manuscript:
    """The page of one sheet."""
    return _single(folder, small_page(), executor)


def short(folder: Path, executor: Executor) -> Manuscript:
    """A page of three sheets, as many as a preview shows."""
    return _single(folder, page(0, pictures=False), executor)


def table(folder: Path, rows: int, executor: Executor) -> Manuscript:
    """A page with one table."""
    return _single(folder, table_page(rows), executor)


def real(folder: Path, pages: int, shared: Path, executor: Executor) -> Manuscript:
    """Pages of the corpus' HTML exports, as many of each. Raises NoCorpus."""
    exports = [source for source in sites.sources(shared) if source.kind == "export"]
    if not exports:
        raise sites.NoCorpus(f"There is no HTML export in {shared}.")
    for source in exports:
        sites.build(source, folder / source.name)
    return _manuscript(folder, [folder / source.name for source in exports], pages, executor)


def shares(wanted: int, held: Sequence[int]) -> list[int]:
    """How many each gives, so that all give alike as far as they have.

    >>> shares(100, [30, 200]), shares(3, [5, 5]), shares(9, [2, 2])
    ([30, 70], [2, 1], [2, 2])
    """
    given = [0] * len(held)
    for _ in range(min(wanted, sum(held))):
        at = min((x for x in range(len(held)) if given[x] < held[x]), key=lambda x: given[x])
        given[at] += 1
    return given


def _single(folder: Path, page: MadePage, executor: Executor) -> Manuscript:
    trees.write(folder / SITE, [page])
    return _manuscript(folder, [folder / SITE], 1, executor)


def _manuscript(
    folder: Path, site_folders: Sequence[Path], pages: int, executor: Executor
) -> Manuscript:
    """Every site gives the same number of pages, evenly spread over its tree."""
    listed = [articles.tree_of(load(site)) for site in site_folders]
    counts = shares(pages, [len(tree) for tree in listed])
    chosen = [_spread(tree, count) for tree, count in zip(listed, counts, strict=True) if count]
    read = chain.from_iterable(
        executor.map(partial(_read, site, tree), tree.pages, chunksize=4)
        for site, tree in zip(site_folders, chosen, strict=False)
    )
    whole = replace(chosen[0], pages=tuple(chain.from_iterable(chosen)))
    return manuscript.write(folder / MANUSCRIPT, whole, read)


def _spread(tree: PageTree, count: int) -> PageTree:
    ids = frozenset(spread([page.id for page in tree], count))
    return select(tree, Selection(tree.root.id, "chosen", ids))


def _read(site_folder: Path, tree: PageTree, ref: PageRef) -> Illustrated:
    return articles.read(_loaded(site_folder), tree, ref, _SITE_URL)


@lru_cache(maxsize=4)
def _loaded(site_folder: Path) -> Site:
    """Once a process."""
    return load(site_folder)
