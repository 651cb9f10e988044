"""Corpus: exports every page of the corpus, compares what went in with what came out, says so.

`make corpus`, or `python -m bench.corpus --source dlx --pages 40` for a quick try. Ends with
status 1 when a page failed, something was lost without a line in the report, or a sheet has
content outside of itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from bench.check import Outcome, check
from bench.export import ExportFailed, export
from bench.fidelity import KINDS
from bench.sites import NoCorpus, Source, build, sources

_ROOT = Path(__file__).parents[1]
_COLUMNS = (
    "source", "pages", "sheets", "words in", "out", "images in", "out", "links in", "out",
    "cells in", "out", "unknown", "failures", "lost", "outside", "clean s", "print s", "all s",
    "c÷p",
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Run over the sources, and tell the exit code."""
    arguments = _parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")
    django.setup()  # for the templates that articles are set in
    try:
        wanted = _wanted(arguments.source)
    except NoCorpus as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 1
    arguments.keep.mkdir(parents=True, exist_ok=True)
    outcomes = {source.name: _run(source, arguments.pages, arguments.keep) for source in wanted}
    print(_table(outcomes))
    rows = {name: _details(outcome) for name, outcome in outcomes.items()}
    arguments.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\nEach difference, with its page and sheet: {arguments.out}")
    return int(not all(outcome.is_good for outcome in outcomes.values()))


def _wanted(name: str) -> list[Source]:
    found = sources(_ROOT / os.environ.get("XPRESS_SHARED", "../shared"))
    wanted = [source for source in found if name in ("", source.name)]
    if not wanted:
        names = ", ".join(source.name for source in found)
        raise NoCorpus(f"There is no source {name}. There are {names}.")
    return wanted


def _run(source: Source, most_pages: int, keep: Path) -> Outcome:
    """Export one source and compare. What goes wrong altogether is a failure like others."""
    print(f"{source.name}: exporting …", file=sys.stderr, flush=True)
    with TemporaryDirectory(prefix="corpus-") as folder:
        try:
            build(source, Path(folder))
            exported = export(Path(folder), most_pages)
        except (ExportFailed, NoCorpus) as error:
            return Outcome(failures=[str(error)])
        (keep / f"{source.name}.pdf").write_bytes(exported.pdf)
        report = json.dumps(exported.report, ensure_ascii=False, indent=1)
        (keep / f"{source.name}.report.json").write_text(report + "\n", "utf-8")
        print(f"{source.name}: comparing …", file=sys.stderr, flush=True)
        return check(exported)


def _table(outcomes: Mapping[str, Outcome]) -> str:
    rows = [_COLUMNS, *(_row(name, outcome) for name, outcome in outcomes.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(
            text.ljust(width) if not column else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(name: str, outcome: Outcome) -> tuple[str, ...]:
    kept: list[str] = []
    for kind in KINDS:
        held = outcome.held[kind]
        kept += [f"{held:,}", f"{held - outcome.lost(kind):,}"]
    share = (
        f"{outcome.timed_cleaning_seconds / outcome.printing_seconds:.3f}"
        if outcome.printing_seconds
        else "–"
    )
    return (
        name, f"{outcome.pages:,}", f"{outcome.sheets:,}", *kept, str(len(outcome.unknown)),
        str(len(outcome.failures)), str(outcome.unexplained_count), str(len(outcome.strays)),
        f"{outcome.cleaning_seconds:.1f}", f"{outcome.printing_seconds:.1f}",
        f"{outcome.export_seconds:.1f}", share,
    )  # fmt: skip


def _details(outcome: Outcome) -> dict[str, Any]:
    return {
        "pages": outcome.pages,
        "sheets": outcome.sheets,
        "in": dict(outcome.held),
        "out": {kind: outcome.held[kind] - outcome.lost(kind) for kind in KINDS},
        "failures": outcome.failures,
        "unexplained": outcome.unexplained_count,
        "outside": [{"page": title, **asdict(stray)} for title, stray in outcome.strays],
        "notes": dict(outcome.notes),
        "unknown": dict(outcome.unknown.most_common()),
        "seconds": {
            "cleaning": round(outcome.cleaning_seconds, 2),
            "printing": round(outcome.printing_seconds, 2),
            "cleaning of the pages printed": round(outcome.timed_cleaning_seconds, 2),
            "all": round(outcome.export_seconds, 2),
        },
        "losses": [
            {
                "page": finding.page.id,
                "title": finding.page.title,
                "sheet": finding.sheet,
                **asdict(finding.loss),
            }
            for finding in outcome.findings
        ],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument("--source", default="", help="only this one, such as dlx")
    parser.add_argument("--pages", type=int, default=0, help="so many pages of each; 0: all")
    parser.add_argument("--out", type=Path, default=_ROOT / "corpus.json")
    parser.add_argument("--keep", type=Path, default=_ROOT / ".corpus", help="for the PDFs")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
