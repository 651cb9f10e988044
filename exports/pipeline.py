"""The story of one export: select, read, clean, set on sheets, join. Read this first.

Every step takes values and gives values. Reading, cleaning and printing are drawn through one
another: the first sheets are printed while later pages are still being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from addon.errors import XPressError
from addon.host import Host, TooManyRequests
from addon.options import ExportOptions
from addon.outbound import OutOfTime
from exports import confluence
from exports.branches import advice
from exports.document import Note, Progress, Report
from exports.facts import Viewer, document_facts
from exports.file_names import pdf_file_name
from exports.inquiry import Inquiry
from exports.labels import without_labelled
from exports.paper import Sheet
from exports.printers import Printers
from exports.reading import Limits, Reading
from exports.setting import Setting
from exports.tree import (
    NothingToExport,
    PageTree,
    Selection,
    TooManyPages,
    page_count,
    select,
)

_ROOM = 0.8  # of the pages that were printed in time: those of the next try may be slower
_POINTS_A_PAGE = 3  # of Confluence's rate limit: the request, the page, and its structure


class TookTooLong(XPressError):
    """The export was not done when its time was over."""

    status = 422
    code = "took_too_long"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    selection: Selection
    # By the key of the space, known once it is listed; raises where the caller may not export.
    options_in: Callable[[Host, str], ExportOptions]
    file_name: str = ""  # empty: after the document's title
    limits: Limits = field(default_factory=Limits)
    viewer: Viewer = field(default_factory=Viewer)
    first_sheets: int = 0  # of each page, for a preview; 0: all


@dataclass(frozen=True, slots=True)
class Exported:
    pdf: bytes = field(repr=False)
    report: Report
    is_whole: bool = True  # or but the first sheets, as ordered


def export(host: Host, order: Order, printers: Printers, progress: Progress) -> Exported:
    """Make the PDF of an order, as the host's account sees it."""
    progress("listing", 0, 0, "")
    listed = confluence.fetch_tree(host, order.selection)
    picked = select(listed, order.selection)
    unseen = len(order.selection.pages - {page.id for page in listed})
    options = order.options_in(host, listed.space.key)
    # A preview shows the page that was asked for, whatever its labels are.
    labels = () if order.first_sheets else options.left_out_labels
    tree, label_notes = without_labelled(host, listed, picked, labels)
    _check_size(tree, host, order.limits)
    title = _title(tree, order.selection)

    inquiry = Inquiry(host, options)
    viewer, site_name = inquiry.viewer(order.viewer), inquiry.site_name()
    sheet = Sheet.of(options)
    first = order.first_sheets
    reading = Reading(host, tree, order.limits, sheet, printers, progress, options, inquiry, first)
    facts = document_facts(title, tree.space, viewer, datetime.now(UTC), site_name)
    setting = Setting(host.budget, tree, options, printers, progress, order.limits.sheets, facts)
    with _in_time(tree, setting, order.limits), closing(reading.articles()) as articles:
        body = setting.print(articles)
        if not body:
            raise NothingToExport("Confluence shows none of these pages to you.")

        pages = page_count(tree) - reading.left_out
        placement = setting.place(body)
        front = setting.front(title, placement, inquiry.revisions(tree.root))
        pdf = setting.join(front, body, placement, title)
    report = Report(
        file_name=pdf_file_name(order.file_name or title),
        pages=pages,
        sheets=setting.sheets,
        left_out=reading.left_out + unseen,
        notes=(
            *label_notes,
            *_unprintable_notes(tree),
            *reading.notes,
            *setting.notes,
            *inquiry.notes(tree.root),
        ),
        urls=reading.urls,
    )
    return Exported(pdf, report, reading.is_whole)


def _check_size(tree: PageTree, host: Host, limits: Limits) -> None:
    """Refuse at once, and with a number, what would fail in the middle."""
    count = page_count(tree)
    if count > limits.pages:
        raise TooManyPages(
            f"{count:,} pages are selected; one PDF holds {limits.pages:,}. "
            + advice(tree.pages, limits.pages)
        )
    if host.points_left is not None and host.points_left < count * _POINTS_A_PAGE:
        raise TooManyRequests(
            "Confluence's request limit for XPress is nearly used up; this export would not fit. "
            "Try again in an hour, or export fewer pages.",
            retry_after=3600,
        )


@contextmanager
def _in_time(tree: PageTree, setting: Setting, limits: Limits) -> Iterator[None]:
    """Say what to do when the time of the whole export is over."""
    try:
        yield
    except OutOfTime as error:
        done, total = setting.pages, page_count(tree)
        most = int(_ROOM * done) if 0 < done < total else total // 2
        raise TookTooLong(
            f"An export may take {_duration(limits.seconds)}; {done:,} of {total:,} pages were "
            f"printed by then. {advice(tree.pages, most)}"
        ) from error


def _duration(seconds: int) -> str:
    """
    >>> _duration(900), _duration(90)
    ('15 minutes', '90 seconds')
    """
    return f"{seconds // 60:,} minutes" if seconds % 60 == 0 else f"{seconds:,} seconds"


def _title(tree: PageTree, selection: Selection) -> str:
    roots = sum(page.depth == 0 for page in tree)
    return tree.space.name if selection.scope == "space" or roots > 1 else tree.root.title


def _unprintable_notes(tree: PageTree) -> Iterator[Note]:
    for ref in tree.unprintable:
        what = "A whiteboard, database or embed cannot be printed."
        yield Note(ref, "not_a_page", what, "It was left out.", "info")
