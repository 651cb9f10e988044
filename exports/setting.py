"""Articles in, sheets out: the body in chunks, the front sheets, the folios.

"Setting" is the printers' word: type is set, then printed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from addon.errors import XPressError
from addon.options import ExportOptions
from addon.outbound import Budget
from exports.branches import advice
from exports.document import Chunk, Illustrated, Note, Printed, Progress, page_failed
from exports.pdf import compose, folio
from exports.pdf.merge import Chapter, Cover, merge
from exports.pdf.placement import Placement
from exports.pdf.plates import Plates
from exports.printers import Printers, PrintFailed, TooMuch
from exports.tree import PageTree, page_count

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
    ) -> None:
        self.pages = 0  # set so far; folders do not count
        self.chapters: list[Chapter] = []
        self.notes: list[Note] = []
        self.plates = Plates()  # of all pictures that are not on the sheets yet
        self._budget, self._tree, self._options = budget, tree, options
        self._printers, self._progress = printers, progress
        self._style = compose.style(options)
        self._languages: dict[str, str] = {}  # by the page's id
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
                self.chapters.append(Chapter.of(article))
                self.pages += article.ref.type != "folder"
                self._languages[article.ref.id] = article.language
                self._written[article.language] += len(article.html)
            self._check(sheets)
            if self._drawn:
                self._progress("printing", len(self.chapters), self._total, "")
        return body

    def front(self, title: str, placement: Placement) -> Printed | None:
        """Title and contents, printed once the sheet numbers are known."""
        if not self._options.contents:
            return None
        now = datetime.now(UTC)
        chunk = compose.front(self._tree, title, placement, now, self._language, self._languages)
        printed = self._printers.chunk(chunk, self._style, self._budget)
        if isinstance(printed, PrintFailed):
            raise printed
        return printed

    def join(
        self, front: Printed | None, body: Sequence[Printed], placement: Placement, title: str
    ) -> bytes:
        """One PDF, with all that was gathered on the way."""
        folios = self._folios()
        self._budget.check()  # the last time: joining is short, and nearly everything is there
        self._progress("joining", 0, 1, "")
        cover = self.cover(title)
        pdf = merge(front, body, placement, self.chapters, folios, cover, self.plates)
        self._progress("joining", 1, 1, "")
        return pdf

    def _folios(self) -> bytes:
        """The sample sheet whose font the sheet numbers are set in."""
        sample = self._printers.chunk(folio.SAMPLE, folio.SAMPLE_STYLE, self._budget)
        if isinstance(sample, PrintFailed):
            raise sample
        return sample.pdf

    def cover(self, title: str) -> Cover:
        return Cover(title, self._language, "XPress")

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
        for run in compose.split(articles):
            yield run, self._compose(run)
        self._drawn = True

    def _compose(self, run: _Run) -> Chunk:
        chunk = compose.body(run, self._tree.space.name)
        return replace(chunk, images=self.plates.proofs(chunk.images))

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
                part = self._one(Illustrated(replacement, {}))
            if isinstance(part, PrintFailed):
                raise part
            yield (illustrated,), part

    def _one(self, illustrated: Illustrated) -> Printed | PrintFailed:
        chunk = self._compose((illustrated,))
        return self._printers.chunk(chunk, self._style, self._budget)


def _glyph_notes(run: _Run, unset: str) -> Iterator[Note]:
    """Say on which of the pages the characters stand that no font has."""
    for article in (illustrated.article for illustrated in run):
        found = [it for it in unset if it in article.ref.title or it in article.html]
        if found:
            named = ", ".join(f"“{it}” (U+{ord(it):04X})" for it in found[:_NAMED_CHARACTERS])
            more = len(found) - _NAMED_CHARACTERS
            what = f"No font has {named}{f' and {more} more characters' if more > 0 else ''}."
            yield Note(article.ref, "glyph_missing", what, "Empty boxes stand in their place.")
