"""Check: one export in, what it kept and lost out, page by page.

Cleans every page again, here, to see what was to be printed; then reads the PDF.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from addon.options import ExportOptions
from bench import articles, constructs, content
from bench.export import Exported
from bench.fidelity import (
    Kind,
    Loss,
    Noted,
    Pictures,
    lost_in_cleaning,
    lost_in_printing,
    sizes,
)
from bench.sheets import Sheet, Stray
from bench.sheets import read as read_sheets
from exports.content.clean import clean
from exports.document import Article, Illustrated, Image
from exports.pdf import compose
from exports.pdf.printing import print_chunk
from exports.tree import PageRef

TIMED_PAGES = 500  # printed once more here, to tell the time of printing from that of reading
# Codes of report lines about pictures that could not be had.
_NO_PICTURE = "image_missing"
_NO_DRAWING = {"svg": "drawing_left_out", "tex": "math_as_source", "mathml": "math_as_source"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A loss, and where it is."""

    page: PageRef
    sheet: int  # the first of its page, counted from 1 over the PDF
    loss: Loss


@dataclass(slots=True)
class Outcome:
    """All there is to say about a source."""

    pages: int = 0
    sheets: int = 0
    held: Counter[Kind] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    strays: list[tuple[str, Stray]] = field(default_factory=list)  # page titles
    unknown: Counter[str] = field(default_factory=Counter)  # names of constructs, and pages
    failures: list[str] = field(default_factory=list)
    cleaning_seconds: float = 0.0
    printing_seconds: float = 0.0  # of the first TIMED_PAGES, in one process
    timed_cleaning_seconds: float = 0.0  # of the same pages
    export_seconds: float = 0.0
    notes: Counter[str] = field(default_factory=Counter)

    def lost(self, kind: Kind) -> int:
        return sum(x.loss.count for x in self.findings if x.loss.kind == kind)

    @property
    def unexplained(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.loss.explained]

    @property
    def is_good(self) -> bool:
        return not (self.failures or self.unexplained or self.strays)

    @property
    def unexplained_count(self) -> int:
        return sum(finding.loss.count for finding in self.unexplained)


@dataclass(frozen=True, slots=True)
class _Read:
    """One page, cleaned again."""

    article: Article
    source: content.Content
    images: dict[str, Image]
    seconds: float


def check(exported: Exported) -> Outcome:
    """Compare every page of the export with what it was made of."""
    outcome = Outcome(pages=exported.report["pages"], export_seconds=exported.seconds)
    notes = _notes(exported)
    outcome.notes = Counter(note["code"] for note in exported.report["notes"])
    outcome.failures = [
        f"{note['page']['title']}: {note['what']}"
        for note in exported.report["notes"]
        if note["severity"] == "error"
    ]
    reads = [_read(exported, ref) for ref in exported.tree]
    outcome.cleaning_seconds = sum(read.seconds for read in reads)
    for read in reads:
        outcome.held.update(sizes(read.source))
        outcome.unknown.update(set(constructs.unknown(read.source.names)))

    printed = read_sheets(exported.pdf)
    outcome.sheets = len(printed)
    starts = _starts(printed, len(reads))
    if starts is None:
        outcome.failures.append("The contents do not list every page; the sheets are not checked.")
        return outcome
    _compare(reads, starts, printed, notes, outcome)
    _time(reads[:TIMED_PAGES], exported, outcome)
    return outcome


def _read(exported: Exported, ref: PageRef) -> _Read:
    page = articles.page_of(exported.site, ref, exported.site_url)
    started = time.process_time()
    article = clean(page, exported.tree, exported.site_url)
    seconds = time.process_time() - started
    source = content.of_source(page.html, exported.site_url)
    images, _ = articles.pictures_of(exported.site, article)
    return _Read(article, source, images, seconds)


def _notes(exported: Exported) -> dict[str, list[Noted]]:
    notes: dict[str, list[Noted]] = defaultdict(list)
    for note in exported.report["notes"]:
        notes[note["page"]["id"]].append(Noted(note["code"], note["what"]))
    return notes


def _starts(printed: Sequence[Sheet], pages: int) -> list[int] | None:
    """The sheet each page begins on, from the links of the contents; None when they do not agree.

    The contents are on the first sheets, and the first page begins where their first link leads.
    """
    if pages == 1:
        return [0]
    first = printed[0].jumps[0].target if printed[0].jumps else 0
    jumps = (jump for sheet in printed[:first] for jump in sheet.jumps)
    # An entry has a link for itself and one for each part of its line.
    places = [place for place, _ in groupby((jump.target, jump.top) for jump in jumps)]
    return [target for target, _ in places] if len(places) == pages else None


def _compare(
    reads: Sequence[_Read],
    starts: Sequence[int],
    printed: Sequence[Sheet],
    notes: Mapping[str, Sequence[Noted]],
    outcome: Outcome,
) -> None:
    ends = [*starts[1:], len(printed)]
    on_sheet: dict[int, set[str]] = defaultdict(set)
    for read, start, end in zip(reads, starts, ends, strict=True):
        for sheet in range(start, max(end, start + 1)):
            on_sheet[sheet].add(read.article.ref.id)
    homes = {sheet: frozenset(ids) for sheet, ids in on_sheet.items()}
    for start, group in groupby(zip(reads, starts, ends, strict=True), key=lambda item: item[1]):
        together = [
            (read, end) for read, _, end in group
        ]  # a bare title is on the next one's sheet
        own = printed[start : together[-1][1]]
        for read, _ in together:
            page_notes = notes.get(read.article.ref.id, ())
            article = content.of_article(read.article.html)
            losses = lost_in_cleaning(read.source, article, page_notes)
            outcome.findings += (Finding(read.article.ref, start + 1, loss) for loss in losses)
        ref = together[-1][0].article.ref
        losses = lost_in_printing(
            _set([read.article for read, _ in together]),
            _pictures([read for read, _ in together], notes),
            own,
            homes,
            [note for read, _ in together for note in notes.get(read.article.ref.id, ())],
        )
        outcome.findings += (Finding(ref, start + 1, loss) for loss in losses)
        outcome.strays += ((ref.title, stray) for sheet in own for stray in sheet.strays)
    outcome.strays += (
        ("Contents", stray) for sheet in printed[: starts[0]] for stray in sheet.strays
    )


def _set(articles: Iterable[Article]) -> content.Content:
    """What was given to the printer, titles and all."""
    run = [Illustrated(article, {}) for article in articles]
    return content.of_article(compose.body(run, "").html)


def _pictures(reads: Sequence[_Read], notes: Mapping[str, Sequence[Noted]]) -> Pictures:
    """Which pictures could not be had, each with its line in the report, and which are vectors."""
    boxed: dict[str, str] = {}
    vectors: set[str] = set()
    for read in reads:
        told = notes.get(read.article.ref.id, ())
        for image in read.article.images:
            if any(n.code == _NO_PICTURE and f"“{image.file_name}”" in n.what for n in told):
                boxed[image.key] = _NO_PICTURE
        for drawing in read.article.drawings:
            code = _NO_DRAWING[drawing.kind]
            if drawing.key not in read.images and any(note.code == code for note in told):
                boxed[drawing.key] = code
        images = read.images.items()
        vectors |= {key for key, image in images if image.media_type == "image/svg+xml"}
    return Pictures(boxed, frozenset(vectors))


def _time(reads: Sequence[_Read], exported: Exported, outcome: Outcome) -> None:
    """Print the articles here once more, in one process, and count its seconds."""
    style = compose.style(ExportOptions())
    outcome.timed_cleaning_seconds = sum(read.seconds for read in reads)
    for run in compose.split(Illustrated(read.article, read.images) for read in reads):
        chunk = compose.body(run, exported.tree.space.name)
        started = time.process_time()
        try:
            print_chunk(chunk, style)
        except Exception as error:  # WeasyPrint raises whatever it likes
            outcome.failures.append(f"A chunk cannot be printed: {type(error).__name__}: {error}")
        outcome.printing_seconds += time.process_time() - started
