"""Bench: prints the same pages by XPress, WeasyPrint and Chromium, and says how they compare.

`make bench`, or `make bench ARGS="--pages 1,20 --rounds 1"`. One run, one machine: only the ratios
mean something elsewhere. Engines take turns, so that what disturbs the machine meets all of them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from bench import figures, over_http, preparation, same_sheets, telling
from bench.engines import ENGINES, EngineMissing
from bench.export import ExportFailed
from bench.figures import Run, Subject
from bench.manuscript import Manuscript
from bench.sites import NoCorpus
from bench.visits import EngineFailed, Visit, visit

_ROOT = Path(__file__).parents[1]
_HTTP = "http"
_TABLES = {figures.FEW_ROWS: 1000, figures.MANY_ROWS: 5000}  # rows
_PRINTING = frozenset(ENGINES) - {figures.PREVIEW}
_COMPARED = {  # by kind; all that print, where nothing is said
    **dict.fromkeys(_TABLES, frozenset({figures.XPRESS})),
    figures.SHORT: frozenset({figures.PREVIEW, figures.WEASYPRINT}),
}
_TREES = (figures.PICTURES, figures.PLAIN, figures.CORPUS)
_OF_TABLES = "tables"
_MOST = {figures.PLAIN: 100}  # pages; no ratio is made of more
_LARGE = 100  # pages; with more it takes minutes
_TIMES_A_VISIT = 3  # of what takes no second
_HTTP_PAGES = 100  # the most over HTTP


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured."""

    pages: tuple[int, ...] = (1, 20, 100, 500)
    kinds: tuple[str, ...] = (figures.SMALL, figures.SHORT, *_TREES, _OF_TABLES)
    engines: tuple[str, ...] = (*ENGINES, _HTTP)
    rounds: int = 0  # 0: the more, the shorter they are
    is_full: bool = True  # or whatever was asked for

    def rounds_of(self, subject: Subject, engine: str) -> int:
        """How many visits: several where a ratio is made of it, and it is done soon."""
        if self.rounds:
            return self.rounds
        if subject.pages > _LARGE or subject.kind in (figures.CORPUS, figures.MANY_ROWS):
            return 1
        if subject.pages == _LARGE:
            return 1 if subject.kind == figures.PLAIN and engine == figures.WEASYPRINT else 3
        if subject.kind in (figures.SMALL, figures.SHORT, figures.FEW_ROWS):
            return 3
        return 1 if subject.pages == 1 else 2

    @property
    def subjects(self) -> Iterator[Subject]:
        """Small ones first."""
        if figures.SMALL in self.kinds:
            yield Subject(figures.SMALL, 1)
        if figures.SHORT in self.kinds:
            yield Subject(figures.SHORT, 1)
        for pages in self.pages:
            for kind in self.kinds:
                is_left_out = self.is_full and pages > _MOST.get(kind, pages)
                if kind in _TREES and not is_left_out:
                    yield Subject(kind, pages)
        if _OF_TABLES in self.kinds:
            yield from (Subject(kind, 1) for kind in _TABLES)


@dataclass(slots=True)
class Outcome:
    """What was measured so far."""

    runs: list[Run] = field(default_factory=list)
    # By what was compared: the sheets of XPress that are not WeasyPrint's.
    different_sheets: dict[Subject, list[int]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)  # engine or kind of pages → why
    failures: dict[str, str] = field(default_factory=dict)  # what was printed → why it was not


def main(argv: Sequence[str]) -> int:
    """Measure, print both tables, write the file, and tell the exit code."""
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")
    django.setup()  # for the templates that articles are set in
    started = time.time()
    outcome = measure(_plan(arguments))
    rows = figures.rows(outcome.runs)
    ratios = figures.ratios(rows, outcome.different_sheets)
    print(telling.rows(rows), telling.ratios(ratios), sep="\n\n")
    for what, reason in outcome.skipped.items():
        print(f"Skipped: {what}. {reason}")
    for what, reason in outcome.failures.items():
        print(f"Failed: {what}. {reason}")
    seconds = time.time() - started
    left_out = outcome.skipped | outcome.failures
    told = telling.everything(rows, ratios, outcome.runs, left_out, seconds)
    arguments.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\nMeasured in {seconds / 60:.1f} minutes. All figures: {arguments.out}")
    return 1 if outcome.failures else 0


def measure(plan: Plan) -> Outcome:
    """Carry a plan out."""
    outcome = Outcome()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as executor:
        for subject in plan.subjects:
            before = len(outcome.runs)
            try:
                with _prepared(subject, executor) as folder:
                    _compare(subject, folder, plan, outcome)
                    _ask(subject, folder, plan, outcome)
            except NoCorpus as reason:
                outcome.skipped[subject.kind] = str(reason)
            except (EngineFailed, ExportFailed) as failure:
                outcome.failures[str(subject)] = str(failure)
            # Told at once, so that a run that is broken off has told something.
            _say(telling.rows(figures.rows(outcome.runs[before:])))
    return outcome


@contextmanager
def _prepared(subject: Subject, executor: Executor) -> Iterator[Path]:
    """A folder with the manuscript, and the site if it was made for it."""
    _say(f"{subject}: preparing …")
    with TemporaryDirectory(prefix="xpress-bench-") as name:
        folder = Path(name)
        if subject.kind == figures.CORPUS:
            shared = _ROOT / os.environ.get("XPRESS_SHARED", "../shared")
            preparation.real(folder, subject.pages, shared, executor)
        elif subject.kind == figures.SMALL:
            preparation.small(folder, executor)
        elif subject.kind == figures.SHORT:
            preparation.short(folder, executor)
        elif subject.kind in _TABLES:
            preparation.table(folder, _TABLES[subject.kind], executor)
        else:
            pictures = subject.kind == figures.PICTURES
            preparation.made(folder, subject.pages, executor, pictures=pictures)
        yield folder


def _compare(subject: Subject, folder: Path, plan: Plan, outcome: Outcome) -> None:
    """Print it by each engine in turn, and compare the sheets."""
    manuscript = Manuscript(folder / preparation.MANUSCRIPT)
    times = _TIMES_A_VISIT if subject.pages == 1 and subject.kind not in _TABLES else 1
    last: dict[str, Visit] = {}
    for engine in _turns(subject, plan):
        if engine in outcome.skipped:
            continue
        _say(f"{subject}: {engine} …")
        try:
            last[engine] = visit(engine, subject, manuscript, folder / f"{engine}.pdf", times)
        except EngineMissing as reason:
            outcome.skipped[engine] = f"{reason}."
            continue
        outcome.runs += last[engine].runs
    if figures.XPRESS in last and figures.WEASYPRINT in last:
        xpress, other = last[figures.XPRESS], last[figures.WEASYPRINT]
        outcome.different_sheets[subject] = same_sheets.different(
            xpress.pdf.read_bytes(), xpress.front, other.pdf.read_bytes()
        )


def _turns(subject: Subject, plan: Plan) -> Iterator[str]:
    """The engines, round by round. Tables are compared with each other only."""
    compared = _COMPARED.get(subject.kind, _PRINTING)
    engines = [name for name in plan.engines if name in compared]
    rounds = {name: plan.rounds_of(subject, name) for name in engines}
    for number in range(max(rounds.values(), default=0)):
        yield from (name for name in engines if number < rounds[name])


def _ask(subject: Subject, folder: Path, plan: Plan, outcome: Outcome) -> None:
    """Ask for it over HTTP, with each latency in turn."""
    is_asked_for = subject.kind in (figures.PICTURES, figures.SMALL)
    is_too_long = plan.is_full and subject.pages > _HTTP_PAGES
    if _HTTP not in plan.engines or not is_asked_for or is_too_long:
        return
    _say(f"{subject}: over HTTP …")
    times = _TIMES_A_VISIT if subject.pages == 1 else 1
    with over_http.client(folder / preparation.SITE, subject) as client:
        for _ in range(times * plan.rounds_of(subject, _HTTP)):
            outcome.runs += [client.run(latency) for latency in over_http.LATENCIES_MS]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _plan(arguments: argparse.Namespace) -> Plan:
    plan = Plan()
    if arguments.quick:
        kinds = (figures.SMALL, figures.SHORT, figures.PICTURES, figures.PLAIN)
        plan = Plan(pages=(1, 3), kinds=kinds, rounds=1)
    if arguments.pages or arguments.trees:
        plan = replace(plan, is_full=False)
    return replace(
        plan,
        pages=arguments.pages or plan.pages,
        engines=arguments.only or plan.engines,
        kinds=arguments.trees or plan.kinds,
        rounds=arguments.rounds or plan.rounds,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--pages", type=_numbers, help="of each tree, such as 1,20,100")
    parser.add_argument("--rounds", type=int, help="how often each engine prints each tree")
    parser.add_argument(
        "--only", type=_names((*ENGINES, _HTTP)), help="engines, such as xpress,http"
    )
    parser.add_argument("--trees", type=_names(Plan().kinds), help="such as pictures,plain")
    parser.add_argument("--quick", action="store_true", help="few pages, once, without tables")
    parser.add_argument("--out", type=Path, default=_ROOT / "bench.json")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in text.split(","))
    if min(numbers) < 1:
        raise ValueError
    return numbers


def _names(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def names(text: str) -> tuple[str, ...]:
        given = tuple(text.split(","))
        if strange := set(given) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(strange)}: not of {', '.join(known)}")
        return given

    return names


def _leave(*_: object) -> None:
    """Whoever is told to end ends what it has started, too."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(main(sys.argv[1:]))
