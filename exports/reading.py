"""Pages in, articles with their pictures out: a few at a time, in reading order.

A page or a picture that is not to be had costs only itself; what ends the whole export is what
would meet every page: no rights, no points left, cancelled, out of time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TypeVar

from addon.errors import XPressError
from addon.host import Host, NotVisible
from addon.options import ExportOptions
from exports import confluence
from exports.attempts import ENDS_ALL
from exports.content.beginning import beginning
from exports.content.clean import clean
from exports.content.images import text_width
from exports.content.settle import Missing, settle
from exports.document import (
    Article,
    Drawing,
    Illustrated,
    Image,
    ImageRef,
    Note,
    Progress,
    page_failed,
)
from exports.inquiry import Inquiry
from exports.pages import Pages
from exports.paper import Sheet
from exports.printers import Printers
from exports.tree import PageRef, PageTree

READERS = 6  # pages at once, and as many pictures; addon.outbound bounds the requests
_READ_AHEAD = 12  # pages that may wait for the printers
_SHARED_IMAGES = 64  # last ones kept, for pictures that stand on many pages
_LONGEST_LABEL = 60  # characters, of a drawing in the report

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one export may take."""

    pages: int = 1000
    sheets: int = 5000
    seconds: int = 900  # only told: the host's budget is what ends an export
    body_bytes: int = 8 * 1024 * 1024  # of one page's HTML
    image_bytes: int = 25 * 1024 * 1024  # of one picture, as downloaded
    images_bytes: int = 400 * 1024 * 1024  # of all pictures, as downloaded


class Reading:
    """Pages in, articles out, in reading order, a few pages at a time."""

    def __init__(
        self,
        host: Host,
        tree: PageTree,
        limits: Limits,
        sheet: Sheet,
        printers: Printers,
        progress: Progress,
        options: ExportOptions,
        inquiry: Inquiry,
        first_sheets: int = 0,
    ) -> None:
        """`first_sheets`: what does not stand on so many sheets of a page is left; 0: all stays."""
        self.left_out = 0
        self.is_whole = True
        self.notes: list[Note] = []
        self.urls: dict[str, str] = {}
        self._host, self._tree, self._limits, self._sheet = host, tree, limits, sheet
        self._printers, self._progress, self._options = printers, progress, options
        self._profile = options.images
        self._first_sheets = first_sheets
        self._pages = Pages(host, tree, limits.body_bytes, inquiry)
        self._image = lru_cache(maxsize=_SHARED_IMAGES)(self._fetch_image)
        self._images_bytes = 0
        self._counting = threading.Lock()

    def articles(self) -> Generator[Illustrated]:
        """Each article with its pictures. A page that is not to be had costs only itself."""
        total = len(self._tree)
        with (
            ThreadPoolExecutor(READERS, thread_name_prefix="page") as readers,
            ThreadPoolExecutor(READERS, thread_name_prefix="picture") as fetchers,
            # Closed before the pools, which would first do all that still waits.
            closing(_in_order(readers, partial(self._read, fetchers), self._tree)) as pages,
        ):
            for done, (ref, ready) in enumerate(pages, start=1):
                self._progress("reading", done, total, ref.title if ready else "")
                if ready is None:
                    self.left_out += 1
                else:
                    self.notes += ready.article.notes
                    self.urls[ref.id] = ready.article.page.url
                    yield ready

    def _read(
        self, fetchers: ThreadPoolExecutor, ref: PageRef
    ) -> tuple[PageRef, Illustrated | None]:
        try:
            page, notes = self._pages.read(ref)
        except NotVisible:
            return ref, None
        except ENDS_ALL:
            raise
        except XPressError as error:
            self._host.budget.check()  # out of time altogether is not this page's failure
            return ref, Illustrated(page_failed(ref, error.message), {})
        site = self._host.site.base_url
        article = clean(page, self._tree, site, self._sheet, self._options)
        article = replace(self._shortened(article), notes=notes + article.notes)
        return ref, self._illustrate(article, fetchers)

    def _shortened(self, article: Article) -> Article:
        if not self._first_sheets:
            return article
        size = self._options.font_size
        shortened = beginning(article, self._sheet, size, self._first_sheets)
        self.is_whole = self.is_whole and shortened is article
        return shortened

    def _illustrate(self, article: Article, fetchers: ThreadPoolExecutor) -> Illustrated:
        """Fetch the article's pictures; those that are not to be had become labelled boxes."""
        wanted: tuple[ImageRef | Drawing, ...] = (*article.images, *article.drawings)
        if not wanted:
            return Illustrated(article, {})
        containers = [image.container_id or article.ref.id for image in article.images]
        fetched = fetchers.map(self._image, map(self._needed, article.images), containers)
        got = self._printers.drawings(article.drawings, self._host.budget, self._profile)
        got |= dict(zip((image.key for image in article.images), fetched, strict=True))
        images = {key: image for key, image in got.items() if isinstance(image, Image)}
        lost = {key: reason for key, reason in got.items() if isinstance(reason, str)}
        missing = {it.key: _missing(it, lost[it.key]) for it in wanted if it.key in lost}
        notes = tuple(_missing_note(article, it, lost[it.key]) for it in wanted if it.key in lost)
        html = settle(article.html, images, missing, self._sheet)
        return Illustrated(replace(article, html=html, notes=article.notes + notes), images)

    def _needed(self, image: ImageRef) -> ImageRef:
        """The picture as far as it matters to printing: equal ones are fetched once."""
        width = 0.0 if self._profile == "original" else image.width or text_width(self._sheet)
        return replace(image, width=width, ratio=0.0)

    def _fetch_image(self, image: ImageRef, container_id: str) -> Image | str:
        """The picture, or the reason why there is none."""
        with self._counting:
            if self._images_bytes > self._limits.images_bytes:
                return "the pictures of this export are too large together"
        try:
            content = confluence.fetch_image(
                self._host, image, container_id, self._limits.image_bytes
            )
            with self._counting:
                self._images_bytes += len(content)
            budget = self._host.budget
            return self._printers.picture(content, budget, self._profile, image.width)
        except NotVisible:
            return "Confluence does not show it to you, or it is no longer there"
        except ENDS_ALL:
            raise
        except XPressError:
            self._host.budget.check()
            return "Confluence did not send it"


def _sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}."


def _missing(wanted: ImageRef | Drawing, reason: str) -> Missing:
    if isinstance(wanted, ImageRef):
        return Missing(_sentence(reason), wanted.ratio)
    return Missing(_sentence(reason), words=wanted.label)


def _missing_note(article: Article, wanted: ImageRef | Drawing, reason: str) -> Note:
    if isinstance(wanted, ImageRef):
        what = f"The picture “{wanted.file_name or 'without a name'}” is not in the PDF: {reason}."
        return Note(article.ref, "image_missing", what, "A labelled box stands in its place.")
    label = wanted.label if len(wanted.label) <= _LONGEST_LABEL else f"{wanted.label[:60]}…"
    if wanted.kind == "svg":
        what = f"The drawing “{label or 'without words'}” is not in the PDF: {reason}."
        did = "A labelled box with its words stands in its place."
        return Note(article.ref, "drawing_left_out", what, did)
    what = f"The formula “{label}” cannot be set: {reason}."
    return Note(article.ref, "math_as_source", what, "Its source is printed instead.")


def _in_order(
    pool: ThreadPoolExecutor, function: Callable[[_T], _R], items: Iterable[_T]
) -> Generator[_R]:
    """`map` that runs at most _READ_AHEAD items before the one that is asked for."""
    waiting: deque[Future[_R]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > _READ_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
