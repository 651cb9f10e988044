"""Articles in, sheets out: the body in chunks, the front sheets, the folios.

"Setting" is the printers' word: type is set, then printed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from addon.options import ExportOptions
from addon.outbound import Budget
from exports.document import Chunk, Illustrated, Note, Printed, Progress, page_failed
from exports.pdf import compose, folio
from exports.pdf.merge import Chapter, Cover
from exports.pdf.placement import Placement
from exports.printers import Printers, PrintFailed
from exports.tree import PageTree

logger = logging.getLogger(__name__)

_Run = tuple[Illustrated, ...]


class Setting:
    """Articles in, printed chunks out; keeps what the front sheets and the outline need."""

    def __init__(
        self,
        budget: Budget,
        tree: PageTree,
        options: ExportOptions,
        printers: Printers,
        progress: Progress,
    ) -> None:
        self.chapters: list[Chapter] = []
        self.notes: list[Note] = []
        self._budget, self._tree, self._options = budget, tree, options
        self._printers, self._progress = printers, progress
        self._style = compose.style(options)
        self._languages: Counter[str] = Counter()
        self._total = len(tree)
        self._drawn = False  # all articles have been read

    def print(self, articles: Iterable[Illustrated]) -> list[Printed]:
        body: list[Printed] = []
        for run, printed in self._printers.chunks(self._jobs(articles), self._style, self._budget):
            body += self._singly(run) if isinstance(printed, PrintFailed) else [printed]
            for article in (illustrated.article for illustrated in run):
                self.chapters.append(Chapter.of(article))
                self._languages[article.language] += 1
            if self._drawn:
                self._progress("printing", len(self.chapters), self._total, "")
        return body

    def front(self, title: str, placement: Placement) -> Printed | None:
        """Title and contents, printed once the sheet numbers are known."""
        if not self._options.contents:
            return None
        chunk = compose.front(self._tree, title, placement, datetime.now(UTC))
        printed = self._printers.chunk(chunk, self._style, self._budget)
        if isinstance(printed, PrintFailed):
            raise printed
        return printed

    def folios(self) -> bytes:
        """The sample sheet whose font the sheet numbers are set in."""
        sample = self._printers.chunk(folio.SAMPLE, folio.SAMPLE_STYLE, self._budget)
        if isinstance(sample, PrintFailed):
            raise sample
        return sample.pdf

    def cover(self, title: str) -> Cover:
        language = self._languages.most_common(1)[0][0] if self._languages else ""
        return Cover(title, language, "XPress")

    def _jobs(self, articles: Iterable[Illustrated]) -> Iterator[tuple[_Run, Chunk]]:
        for run in compose.split(articles):
            yield run, self._compose(run)
        self._drawn = True

    def _compose(self, run: _Run) -> Chunk:
        return compose.body(run, self._tree.space.name)

    def _singly(self, run: _Run) -> Iterator[Printed]:
        """A chunk failed: find the page at fault, and give up only that one."""
        for illustrated in run:
            printed = self._one(illustrated)
            if isinstance(printed, PrintFailed):
                logger.warning("page not printed")
                replacement = page_failed(illustrated.article.ref, printed.message)
                self.notes += replacement.notes
                printed = self._one(Illustrated(replacement, {}))
            if isinstance(printed, PrintFailed):
                raise printed
            yield printed

    def _one(self, illustrated: Illustrated) -> Printed | PrintFailed:
        chunk = self._compose((illustrated,))
        return self._printers.chunk(chunk, self._style, self._budget)
