"""Figures: runs in; medians with their spread, and ratios with a verdict, out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, Self

Verdict = Literal["aim reached", "must reached", "missed", "not measured"]

PICTURES, PLAIN, CORPUS, SMALL = "pictures", "plain", "corpus", "small"
SHORT = "three sheets"
FEW_ROWS, MANY_ROWS = "table of 1,000 rows", "table of 5,000 rows"
XPRESS, WEASYPRINT, CHROMIUM = "xpress", "weasyprint", "chromium"
PREVIEW = "preview"
HTTP = ("http at 0 ms", "http at 50 ms")  # by the latency of each answer of Confluence

_LARGE = 20  # pages, from which on what a file has but once does not count


@dataclass(frozen=True, slots=True)
class Subject:
    """What was printed."""

    kind: str  # e.g. PICTURES
    pages: int

    def __str__(self) -> str:
        return f"{self.pages} {self.kind}"


@dataclass(frozen=True, slots=True)
class Run:
    """One time that something was printed."""

    subject: Subject
    engine: str  # e.g. XPRESS
    seconds: float
    cpu_seconds: float
    peak_bytes: int  # of memory, of all processes together
    file_bytes: int
    sheets: int
    first_frame_seconds: float | None = None  # over HTTP only


@dataclass(frozen=True, slots=True)
class Spread:
    """Some values of a thing."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """
        >>> Spread.of([3.0, 1.0, 2.0])
        Spread(median=2.0, least=1.0, most=3.0)
        """
        return cls(float(median(values)), float(min(values)), float(max(values)))


@dataclass(frozen=True, slots=True)
class Row:
    """All runs of an engine with the same thing."""

    subject: Subject
    engine: str
    runs: int
    seconds: Spread
    cpu_seconds: Spread
    peak_bytes: Spread
    first_frame_seconds: Spread | None
    file_bytes: int  # of the last run
    sheets: int  # of the last run

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Self:
        last = runs[-1]
        frames = [x.first_frame_seconds for x in runs if x.first_frame_seconds is not None]
        return cls(
            last.subject,
            last.engine,
            len(runs),
            Spread.of([run.seconds for run in runs]),
            Spread.of([run.cpu_seconds for run in runs]),
            Spread.of([run.peak_bytes for run in runs]),
            Spread.of(frames) if frames else None,
            last.file_bytes,
            last.sheets,
        )


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of what must be reached."""

    what: str
    must: str  # e.g. "≤ 1.2"
    aim: str
    measured: str  # e.g. "0.85"
    verdict: Verdict
    made_of: str = ""  # the figures that it is made of


@dataclass(frozen=True, slots=True)
class Measured:
    """A ratio's value, and what it is made of."""

    value: float
    made_of: str


Rows = Mapping[tuple[Subject, str], Row]


@dataclass(frozen=True, slots=True)
class _Goal:
    """A line of the table, with bounds that are kept by what is not above them."""

    what: str
    must: float
    aim: float
    find: Callable[[Rows], Measured | None]  # None when a part of it was not measured
    unit: str = ""

    def ratio(self, rows: Rows) -> Ratio:
        must, aim = (f"≤ {bound:.3g}{self.unit}" for bound in (self.must, self.aim))
        found = self.find(rows)
        if found is None:
            return Ratio(self.what, must, aim, "–", "not measured")
        verdict: Verdict = "missed"
        if found.value <= self.must:
            verdict = "aim reached" if found.value <= self.aim else "must reached"
        value = f"{found.value:.3f}{self.unit}"
        return Ratio(self.what, must, aim, value, verdict, found.made_of)


def rows(runs: Iterable[Run]) -> dict[tuple[Subject, str], Row]:
    """By what was printed and by which engine, in the order of their first runs."""
    together: dict[tuple[Subject, str], list[Run]] = {}
    for run in runs:
        together.setdefault((run.subject, run.engine), []).append(run)
    return {key: Row.of(group) for key, group in together.items()}


def ratios(measured: Rows, different_sheets: Mapping[Subject, Sequence[int]]) -> list[Ratio]:
    """The lines of what must be reached.

    `different_sheets` are those of XPress that are not WeasyPrint's, by what was compared.
    """
    return [*(goal.ratio(measured) for goal in _GOALS), _sameness(different_sheets)]


def _seconds(row: Row) -> float:
    return row.seconds.median


def _cpu_seconds(row: Row) -> float:
    return row.cpu_seconds.median


def _peak(row: Row) -> float:
    return row.peak_bytes.median


def _time_of(kind: str, pages: int, other: str) -> Callable[[Rows], Measured | None]:
    """XPress's time by that of another engine for the same."""

    def find(rows: Rows) -> Measured | None:
        subject = Subject(kind, pages)
        return _quotient(rows, (subject, XPRESS), (subject, other), _seconds, "s")

    return find


def _growth(rows: Rows) -> Measured | None:
    more, fewer = Subject(PICTURES, 500), Subject(PICTURES, 100)
    return _quotient(rows, (more, XPRESS), (fewer, XPRESS), _seconds, "s")


def _memory(rows: Rows) -> Measured | None:
    subject = Subject(PICTURES, 500)
    return _quotient(rows, (subject, XPRESS), (subject, WEASYPRINT), _peak, "MB", 1e-6)


def _size(rows: Rows) -> Measured | None:
    """That of the tree where it is worst."""
    found: list[Measured] = []
    for subject, engine in rows:
        if engine != XPRESS or subject.pages < _LARGE:
            continue
        keys = (subject, XPRESS), (subject, WEASYPRINT)
        size = _quotient(rows, *keys, lambda row: row.file_bytes, "MB", 1e-6)
        if size:
            where = f"{subject.pages} pages, {subject.kind}: {size.made_of}"
            found.append(Measured(size.value, where))
    return max(found, key=lambda size: size.value, default=None)


def _end_to_end(rows: Rows) -> Measured | None:
    subject = Subject(SMALL, 1)
    return _quotient(rows, (subject, HTTP[0]), (subject, WEASYPRINT), _seconds, "s")


def _preview(rows: Rows) -> Measured | None:
    subject = Subject(SHORT, 1)
    return _quotient(rows, (subject, PREVIEW), (subject, WEASYPRINT), _seconds, "s")


def _first_frame(rows: Rows) -> Measured | None:
    """The latest of all exports over HTTP."""
    times = [
        (row.first_frame_seconds.most, f"{subject.pages} pages, {subject.kind}, {engine}")
        for (subject, engine), row in rows.items()
        if row.first_frame_seconds
    ]
    return Measured(*max(times)) if times else None


def _long_table(rows: Rows) -> Measured | None:
    """CPU seconds: a table is printed by one printer."""
    many, few = Subject(MANY_ROWS, 1), Subject(FEW_ROWS, 1)
    return _quotient(rows, (many, XPRESS), (few, XPRESS), _cpu_seconds, "CPU s")


def _quotient(
    rows: Rows,
    over: tuple[Subject, str],
    under: tuple[Subject, str],
    value: Callable[[Row], float],
    unit: str,
    scale: float = 1.0,
) -> Measured | None:
    above, below = rows.get(over), rows.get(under)
    if above is None or below is None or not value(below):
        return None
    made_of = f"{value(above) * scale:,.2f} {unit} / {value(below) * scale:,.2f} {unit}"
    return Measured(value(above) / value(below), made_of)


def _sameness(different_sheets: Mapping[Subject, Sequence[int]]) -> Ratio:
    what = "same sheets as one document (words and pictures of each)"
    if not different_sheets:
        return Ratio(what, "equal", "equal", "–", "not measured")
    wrong = {subject: sheets for subject, sheets in different_sheets.items() if sheets}
    if not wrong:
        return Ratio(what, "equal", "equal", "equal", "aim reached", _named(different_sheets))
    told = "; ".join(
        f"{subject.pages} pages, {subject.kind}: {len(sheets)}, the first is {sheets[0] + 1}"
        for subject, sheets in wrong.items()
    )
    count = sum(len(sheets) for sheets in wrong.values())
    return Ratio(what, "equal", "equal", f"{count} differ", "missed", told)


def _named(subjects: Iterable[Subject]) -> str:
    return ", ".join(map(str, subjects))


_GOALS = (
    _Goal(
        "time, 100 pages, against WeasyPrint as one document",
        1 / 3,
        1 / 5,
        _time_of(PICTURES, 100, WEASYPRINT),
    ),
    _Goal(
        "time, 100 pages with images, against Chromium warm",
        1.2,
        0.8,
        _time_of(PICTURES, 100, CHROMIUM),
    ),
    _Goal(
        "time, 100 pages without images, against Chromium warm",
        2.5,
        1.5,
        _time_of(PLAIN, 100, CHROMIUM),
    ),
    _Goal("time(500) / time(100)", 5.3, 5.0, _growth),
    _Goal("peak memory, 500 pages, against WeasyPrint as one document", 1 / 3, 1 / 6, _memory),
    _Goal("file size against WeasyPrint as one document", 1.1, 1.0, _size),
    _Goal("one small page end to end against WeasyPrint's own time", 2.0, 1.3, _end_to_end),
    _Goal("preview of three sheets against WeasyPrint's own time", 2.0, 1.3, _preview),
    _Goal("first frame after the request, any size", 0.5, 0.2, _first_frame, " s"),
    _Goal("5,000-row table: CPU time against 1,000 rows", 6.0, 5.2, _long_table),
)
