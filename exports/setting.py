"""Articles in, sheets out: the body in chunks, the front sheets, the furniture.

"Setting" is the printers' word: type is set, then printed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from addon.errors import XPressError
from addon.options import ExportOptions
from addon.outbound import Budget
from exports.branches import advice
from exports.content.numbers import numbered
from exports.document import (
    Article,
    Chunk,
    Illustrated,
    Note,
    Page,
    Printed,
    Progress,
    Revision,
    page_failed,
)
from exports.facts import NO_FACTS, Facts, page_facts
from exports.paper import Sheet
from exports.pdf import compose, front, furniture, look
from exports.pdf.alternates import described
from exports.pdf.chapters import Chapter
from exports.pdf.front import Front
from exports.pdf.furniture import Running
from exports.pdf.merge import Cover, merge
from exports.pdf.placement import Placement, place
from exports.pdf.plates import Plates
from exports.pdf.stencils import print_stencils
from exports.printers import Printers, PrintFailed, TooMuch
from exports.tree import PageRef, PageTree, page_count

logger = logging.getLogger(__name__)

_NAMED_CHARACTERS = 10  # in one note

_ROOM = 0.9  # of the pages that would fit if all were like those that were set

_Run = tuple[Illustrated, ...]


class TooManySheets(XPressError):
    """The pages have more sheets than one PDF holds."""

    status = 422
    code = "too_many_sheets"


class Setting:
    """Articles in, printed chunks out; keeps what the front sheets and the outline need."""

    def __init__(
        self,
        budget: Budget,
        tree: PageTree,
        options: ExportOptions,
        printers: Printers,
        progress: Progress,
        most_sheets: int = 5000,
        facts: Facts = NO_FACTS,
    ) -> None:
        self.pages = 0  # set so far; folders do not count
        self.sheets = 0  # of the whole document, once it is joined
        self.chapters: list[Chapter] = []
        self._running: list[Running] = []  # of each chapter
        self.notes: list[Note] = []
        self.plates = Plates()  # of all pictures that are not on the sheets yet
        self._budget, self._tree, self._options = budget, tree, options
        self._printers, self._progress = printers, progress
        self._facts = facts  # of the document, before any page is read
        self._first: Page | None = None  # what the document as a whole is told by
        self._style = compose.style(options)
        self._written: Counter[str] = Counter()  # characters by language
        self._total, self._most_sheets = len(tree), most_sheets
        self._drawn = False  # all articles have been read

    def print(self, articles: Iterable[Illustrated]) -> list[Printed]:
        """The body. Raises TooManySheets as soon as that is known."""
        body: list[Printed] = []
        sheets = 0
        for run, printed in self._printers.chunks(self._jobs(articles), self._style, self._budget):
            for articles_of_part, part in self._parts(run, printed):
                body.append(part)
                sheets += part.sheets
                self.notes += _glyph_notes(articles_of_part, part.unset)
            for article in (illustrated.article for illustrated in run):
                self._first = self._first or article.page
                self.chapters.append(Chapter.of(article))
                facts = self.facts_of(article)
                self._running.append(Running.of(self._options, facts, article.language))
                self.pages += article.ref.type != "folder"
                self._written[article.language] += len(article.html)
            self._check(sheets)
            if self._drawn:
                self._progress("printing", len(self.chapters), self._total, "")
        self.notes += self._look_notes()
        return body

    def place(self, body: Iterable[Printed]) -> Placement:
        """Lay the body's parts end to end, and number its sheets."""
        placed = place(body)
        numbers = furniture.numbering(self._options, placed, self.chapters)
        return replace(placed, numbering=numbers)

    def front(
        self, title: str, placement: Placement, revisions: tuple[Revision, ...] = ()
    ) -> Printed | None:
        """Cover, contents, versions, printed once the sheet numbers are known; None: nothing."""
        matter = Front(
            title,
            self._tree.space,
            self.chapters,
            lambda anchor: placement.sheet_number(anchor) or "",
            self._options,
            self.facts,
            Sheet.of(self._options),
            self._language,
            revisions,
        )
        if not matter:
            return None
        printed = self._printers.chunk(front.compose(matter), self._style, self._budget)
        if isinstance(printed, PrintFailed):
            raise printed
        words = matter.logo_words
        return replace(printed, pdf=described(printed.pdf, words)) if words else printed

    def join(
        self, front: Printed | None, body: Sequence[Printed], placement: Placement, title: str
    ) -> bytes:
        """One PDF, with all that was gathered on the way."""
        furnished = furniture.furnish(
            self._options, placement, self.chapters, self._running, self.facts, self._language
        )
        stencils = print_stencils(furnished, self._print_all)
        self._budget.check()  # the last time: joining is short, and nearly everything is there
        self._progress("joining", 0, 1, "")
        cover = self.cover(title)
        parts = (front, body, placement, self.chapters, furnished, stencils)
        pdf = merge(*parts, cover, self.plates)
        self.sheets = placement.sheets + furnished.front_sheets(front.sheets if front else 0)
        self._progress("joining", 1, 1, "")
        return pdf

    def _print_all(self, chunks: Iterable[Chunk]) -> Iterator[bytes]:
        """What stands round the text. What it says of the pages has been printed with them."""
        jobs = ((None, chunk) for chunk in chunks)
        typed = "".join(it for it in self._options.to_stored().values() if isinstance(it, str))
        for _, printed in self._printers.chunks(jobs, self._style, self._budget):
            if isinstance(printed, PrintFailed):
                raise printed
            self.notes += _unset_notes(self._tree.root, [it for it in printed.unset if it in typed])
            yield printed.pdf

    def cover(self, title: str) -> Cover:
        return Cover(title, self._language, "XPress")

    def facts_of(self, article: Article) -> Facts:
        """What placeholders stand for on the sheets of one page."""
        return page_facts(self._facts, article.page)

    @property
    def facts(self) -> Facts:
        """What they stand for in the document as a whole: complete once the body is printed."""
        return page_facts(self._facts, self._first) if self._first else self._facts

    @property
    def _language(self) -> str:
        """What most of the text is written in; empty when that is not known."""
        return self._written.most_common(1)[0][0] if self._written else ""

    def _check(self, sheets: int) -> None:
        if sheets > self._most_sheets:
            pages = page_count(self._tree)
            raise TooManySheets(
                f"{self.pages:,} of {pages:,} pages have {sheets:,} sheets already; "
                f"one PDF holds {self._most_sheets:,}. "
                + advice(self._tree.pages, int(_ROOM * self._most_sheets / sheets * self.pages))
            )

    def _jobs(self, articles: Iterable[Illustrated]) -> Iterator[tuple[_Run, Chunk]]:
        if self._options.numbered_headings:
            articles = numbered(articles, self._tree)
        follows = self._options.fresh_sheet == "none"
        weight = compose.LONGEST_RUN if follows else compose.CHUNK_WEIGHT
        for count, run in enumerate(compose.split(articles, weight)):
            if follows and count:
                self.notes.append(_begun_note(run[0].article.ref))
            yield run, self._compose(run)
        self._drawn = True

    def _compose(self, run: _Run) -> Chunk:
        chunk = compose.body(run, self._tree.space.name, self._options, self.facts_of)
        return replace(chunk, images=self.plates.proofs(chunk.images))

    def _look_notes(self) -> Iterator[Note]:
        """What of the chosen look cannot be had; only printers know which fonts they have."""
        if self._first is None:
            return
        yield from look.notes(self._options, self._first.ref)
        for family in look.families(self._options):
            printed = self._printers.chunk(*look.specimen(family), self._budget)
            if isinstance(printed, Printed) and not look.shows(printed.pdf, family):
                yield look.font_note(family, self._first.ref)

    def _parts(self, run: _Run, printed: Printed | PrintFailed) -> Iterator[tuple[_Run, Printed]]:
        """The chunk; where it failed, its pages singly, and a note in place of the one at fault."""
        if isinstance(printed, Printed):
            yield run, printed
            return
        is_found = len(run) == 1 and isinstance(printed, TooMuch)
        for illustrated in run:
            part = printed if is_found else self._one(illustrated)
            if isinstance(part, PrintFailed):
                logger.warning("page not printed")
                replacement = page_failed(illustrated.article.ref, part.message)
                self.notes += replacement.notes
                replacement = replace(replacement, number=illustrated.article.number)
                part = self._one(Illustrated(replacement, {}))
            if isinstance(part, PrintFailed):
                raise part
            yield (illustrated,), part

    def _one(self, illustrated: Illustrated) -> Printed | PrintFailed:
        chunk = self._compose((illustrated,))
        return self._printers.chunk(chunk, self._style, self._budget)


def _begun_note(ref: PageRef) -> Note:
    what = "The document is too long to be set in one piece."
    return Note(ref, "sheet_begun", what, "This page begins on a fresh sheet.", "info")


def _glyph_notes(run: _Run, unset: str) -> Iterator[Note]:
    """Say on which of the pages the characters stand that no font has."""
    for article in (illustrated.article for illustrated in run):
        found = [it for it in unset if it in article.ref.title or it in article.html]
        yield from _unset_notes(article.ref, found)


def _unset_notes(page: PageRef, unset: Sequence[str]) -> Iterator[Note]:
    if unset:
        named = ", ".join(f"“{it}” (U+{ord(it):04X})" for it in unset[:_NAMED_CHARACTERS])
        more = len(unset) - _NAMED_CHARACTERS
        what = f"No font has {named}{f' and {more} more characters' if more > 0 else ''}."
        yield Note(page, "glyph_missing", what, "Empty boxes stand in their place.")
