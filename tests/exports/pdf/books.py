"""Whole documents for tests: articles in, a PDF out, through the real Setting, in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from addon.options import ExportOptions
from addon.outbound import Budget
from exports.content.clean import clean
from exports.document import Illustrated, Image, Note, Page, Revision
from exports.facts import Facts, Viewer, document_facts
from exports.paper import Sheet
from exports.pdf.chapters import Chapter
from exports.pdf.front import Front
from exports.pdf.placement import Placement
from exports.printers import Printers
from exports.setting import Setting
from exports.tree import PageRef, PageTree, Space
from tests.builders import SITE
from tests.pdf_reading import Sheets

SPACE = Space("1", "DOC", "Lighthouse handbook")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class AtOnce(Executor):
    """Does what it is given before it answers."""

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(task(*args, **kwargs))
        return future


PRINTERS = Printers(AtOnce(), 1)


@dataclass(frozen=True, slots=True)
class Book:
    sheets: Sheets
    notes: Sequence[Note]


def a_leaf(
    title: str = "Guide", html: str = "<p>Words.</p>", *, id: str = "1", depth: int = 0, **more: Any
) -> Page:
    """A page for a book, hung as deep as `depth` says."""
    return Page(
        PageRef(id, title, depth),
        html,
        url=f"{SITE}/spaces/DOC/pages/{id}",
        short_url=f"{SITE}/x/{id}",
        modified_at="2026-03-05T10:00:00.000Z",
        **more,
    )


def a_book(
    *pages: Page,
    options: ExportOptions | None = None,
    title: str = "The book",
    viewer: Viewer | None = None,
    revisions: tuple[Revision, ...] = (),
    images: Mapping[str, Image] | None = None,
    **texts: str,
) -> Book:
    """The pages cleaned and printed; `texts` are more facts about the document."""
    options = options or ExportOptions()
    refs = [page.ref for page in pages]
    tree = PageTree(SPACE, tuple(refs))
    facts: Facts = document_facts(title, SPACE, viewer or Viewer(), NOW).with_texts(**texts)
    setting = Setting(Budget.of(100), tree, options, PRINTERS, lambda *step: None, 5000, facts)
    body = setting.print(Illustrated(clean(page, tree, SITE), images or {}) for page in pages)
    placement = setting.place(body)
    front = setting.front(title, placement, revisions)
    return Book(Sheets(setting.join(front, body, placement, title)), setting.notes)


def a_front(
    chapters: Sequence[Chapter],
    placement: Placement,
    options: ExportOptions | None = None,
    **more: Any,
) -> Front:
    """The front sheets of a document that was printed elsewhere."""
    options = options or ExportOptions()
    return Front(
        "The book",
        SPACE,
        chapters,
        lambda anchor: str(placement.sheet_number(anchor) or ""),
        options,
        document_facts("The book", SPACE, Viewer(), NOW),
        Sheet.of(options),
        **more,
    )
