"""Pages: one page at a time, with all that has to be read beside it.

Its HTML loses captions, code languages and whole macros, which its ADF still has; that is read for
many pages in one request. The names and sizes of its files, the titles of pages it links to and
the rows of its live lists are read where its content asks for them, its people and labels where
some text of the export names them. All of it as the caller; what is not to be had beside a page
costs only itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from addon.host import Host
from addon.options import ExportOptions
from exports import confluence
from exports.attempts import attempt
from exports.confluence import Adf
from exports.content import datasource, properties, wants
from exports.document import Listed, Note, Page
from exports.inquiry import Inquiry
from exports.tree import PageRef, PageTree

BATCH = 20  # pages whose ADF is read in one request

_WRITTEN = ("page", "blogpost")

_T = TypeVar("_T")


class Pages:
    """Reads the pages of a tree. Threads may share it."""

    def __init__(
        self, host: Host, tree: PageTree, most_bytes: int, inquiry: Inquiry | None = None
    ) -> None:
        self._host, self._tree, self._most_bytes = host, tree, most_bytes
        self._inquiry = inquiry or Inquiry(host, ExportOptions())
        self._batch_of = {ref.id: batch for batch in _batches(tree) for ref in batch}
        self._structures: dict[Sequence[PageRef], Future[dict[str, Adf]]] = {}
        self._titles: dict[str, str] = {}
        self._lock = threading.Lock()

    def read(self, ref: PageRef) -> tuple[Page, tuple[Note, ...]]:
        """The page, and what could not be read beside it. Raises as confluence.fetch_page does."""
        page = self._fetched(ref)
        if ref.type not in _WRITTEN:
            return page, ()
        adf = self._structures_with(ref).pop(ref.id, None)
        if adf is None or adf.version != page.version:
            # Changed between the two readings, or moved: both once more.
            page = self._fetched(ref)
            found = self._try(lambda: confluence.fetch_adf(self._host, [ref])) or {}
            adf = found.get(ref.id)
        notes: tuple[Note, ...] = ()
        if adf is None or adf.version != page.version or len(adf.text) > self._most_bytes:
            notes = (_unread(ref),)
        else:
            page = replace(page, adf=adf.text)
        return self._with_companions(page), notes

    def _fetched(self, ref: PageRef) -> Page:
        with_labels = "labels" in self._inquiry.used.names
        return confluence.fetch_page(self._host, ref, self._most_bytes, with_labels=with_labels)

    def _with_companions(self, page: Page) -> Page:
        """The page with everything its content asks for."""
        if wants.attachments(page):
            files = self._try(lambda: confluence.fetch_attachments(self._host, page.ref)) or ()
            page = replace(page, attachments=files)
        return replace(
            page,
            people=self._inquiry.people(page),
            properties=properties.of(page) if "property" in self._inquiry.used.names else {},
            titles=self._titles_for(page),
            below=_found(wants.roots(page, self._tree), self._below),
            lists=_found(datasource.queries(page, self._host.site.base_url), self._rows_of),
        )

    def _structures_with(self, ref: PageRef) -> dict[str, Adf]:
        """Read a batch when its first page asks; the others wait for that answer."""
        batch = self._batch_of[ref.id]
        with self._lock:
            known = self._structures.get(batch)
            future = known or self._structures.setdefault(batch, Future())
        if known is None:
            try:
                found = self._try(lambda: confluence.fetch_adf(self._host, batch)) or {}
                self._inquiry.meet(adf.accounts for adf in found.values())
                future.set_result(found)
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()

    def _titles_for(self, page: Page) -> dict[str, str]:
        wanted = wants.titles(page, self._tree, self._host.site.origin)
        with self._lock:
            unknown = sorted(wanted - self._titles.keys())
        if unknown:
            found = self._try(lambda: confluence.fetch_titles(self._host, unknown)) or {}
            with self._lock:
                self._titles.update({page_id: found.get(page_id, "") for page_id in unknown})
        with self._lock:
            return {page_id: title for page_id in wanted if (title := self._titles[page_id])}

    def _below(self, root: str) -> tuple[PageRef, ...] | None:
        """The branch below a page that is not in the export, or is in it without its branch."""
        space = self._tree.space
        branch = self._try(lambda: confluence.fetch_branch(self._host, PageRef(root, ""), space))
        return branch.pages[1:] if branch else None

    def _rows_of(self, cql: str) -> tuple[Listed, ...] | None:
        return self._try(lambda: confluence.search(self._host, cql, datasource.MOST_ROWS))

    def _try(self, read: Callable[[], _T]) -> _T | None:
        return attempt(self._host, read)


def _found(keys: Iterable[str], read: Callable[[str], _T | None]) -> dict[str, _T]:
    """What could be read, by its key."""
    return {key: value for key in keys if (value := read(key)) is not None}


def _batches(tree: PageTree) -> list[tuple[PageRef, ...]]:
    """The pages in runs of BATCH, pages and blog posts apart, as the API lists them."""
    return [
        tuple(refs[start : start + BATCH])
        for refs in ([ref for ref in tree if ref.type == type_] for type_ in _WRITTEN)
        for start in range(0, len(refs), BATCH)
    ]


def _unread(ref: PageRef) -> Note:
    return Note(
        ref,
        "structure_unread",
        "Confluence did not send the structure of this page, only its look.",
        "Captions of pictures and languages of code may be missing.",
    )
