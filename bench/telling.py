"""Telling: figures in; tables for people and the contents of `bench.json` out."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from bench.figures import Ratio, Row, Rows, Run, Spread

_MEGABYTE = 1_000_000
_COLUMNS = (
    "pages", "", "engine", "runs", "seconds", "CPU s", "peak MB", "file MB", "sheets",
    "first frame s",
)  # fmt: skip


def rows(measured: Rows) -> str:
    """One line an engine and tree: medians, with the least and the most where they were several."""
    lines = [_line(row) for row in measured.values()]
    return _aligned([_COLUMNS, *lines], left=(1, 2))


def ratios(found: Sequence[Ratio]) -> str:
    """What must be reached, and what was."""
    head = ("", "must", "aim", "measured", "verdict", "made of")
    lines = [(x.what, x.must, x.aim, x.measured, x.verdict, x.made_of) for x in found]
    return _aligned([head, *lines], left=(0, 4, 5))


def everything(
    measured: Rows,
    found: Sequence[Ratio],
    runs: Iterable[Run],
    skipped: Mapping[str, str],
    seconds: float,
) -> dict[str, Any]:
    """What the file holds."""
    return {
        "machine": {
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "python": platform.python_version(),
            "weasyprint": version("weasyprint"),
        },
        "seconds": round(seconds, 1),
        "ratios": [asdict(ratio) for ratio in found],
        "rows": [_unfolded(asdict(row)) for row in measured.values()],
        "runs": [_unfolded(asdict(run)) for run in runs],
        "skipped": dict(skipped),
    }


def _unfolded(values: dict[str, Any]) -> dict[str, Any]:
    return {**values.pop("subject"), **values}


def _line(row: Row) -> tuple[str, ...]:
    return (
        str(row.subject.pages),
        row.subject.kind,
        row.engine,
        str(row.runs),
        _spread(row.seconds, row.runs),
        _spread(row.cpu_seconds, row.runs),
        f"{row.peak_bytes.median / _MEGABYTE:,.0f}",
        f"{row.file_bytes / _MEGABYTE:,.2f}",
        f"{row.sheets:,}",
        _spread(row.first_frame_seconds, row.runs, 3) if row.first_frame_seconds else "",
    )


def _spread(spread: Spread, runs: int, digits: int = 2) -> str:
    around = f" ({spread.least:.{digits}f}–{spread.most:.{digits}f})" if runs > 1 else ""
    return f"{spread.median:.{digits}f}{around}"


def _aligned(lines: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    drawn = [
        "  ".join(
            text.ljust(width) if at in left else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([drawn[0], "-" * max(map(len, drawn)), *drawn[1:]])
