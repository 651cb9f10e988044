"""Visits: an engine and a manuscript in, measured runs out.

Each visit has a process of its own, so that no run has what an earlier one left in memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from bench.engines import EngineMissing
from bench.figures import Run, Subject
from bench.manuscript import Manuscript
from bench.meter import Meter, Tree

_END_SECONDS = 20


class EngineFailed(Exception):
    """An engine ended without a PDF."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit; the PDF of its last run lies at `pdf`."""

    runs: tuple[Run, ...]
    pdf: Path
    front: int  # sheets before the first page's


def visit(engine: str, subject: Subject, manuscript: Manuscript, pdf: Path, times: int) -> Visit:
    """Print so often with a fresh engine. Raises EngineMissing, EngineFailed."""
    runs: list[Run] = []
    front = 0
    with _started(engine, manuscript) as child:
        for _ in range(times):
            with Meter(child.process.pid) as meter:
                said = child.ask(f"{pdf}\n")
            usage, front = meter.usage, int(said["front"])
            seconds, size = float(said["seconds"]), pdf.stat().st_size
            cpu, peak = usage.cpu_seconds, usage.peak_bytes
            runs.append(Run(subject, engine, seconds, cpu, peak, size, count_sheets(pdf)))
    return Visit(tuple(runs), pdf, front)


def count_sheets(pdf: Path) -> int:
    with pikepdf.open(pdf) as document:
        return len(document.pages)


@dataclass(frozen=True, slots=True)
class _Child:
    """An engine's process, which says one line for each line it is told."""

    engine: str
    process: subprocess.Popen[str]
    tree: Tree

    def ask(self, words: str) -> dict[str, Any]:
        """Tell it something, and give its answer. Raises EngineFailed."""
        told, answers = self.process.stdin, self.process.stdout
        assert told
        assert answers
        with suppress(BrokenPipeError):  # it has ended, and so does its output
            told.write(words)
            told.flush()
        answer = answers.readline()
        if not answer:
            raise EngineFailed(f"{self.engine} ended with {self.process.wait()} and without a PDF.")
        said: dict[str, Any] = json.loads(answer)
        return said

    def end(self) -> None:
        """Let it end by itself, and see to it that it does."""
        processes = list(self.tree.processes())
        try:
            self.process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            for process in processes:
                if process.is_running():
                    process.kill()
            self.process.communicate()


@contextmanager
def _started(engine: str, manuscript: Manuscript) -> Iterator[_Child]:
    """An engine that is warm and idle."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.engines", engine, str(manuscript.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = _Child(engine, process, Tree(process.pid))
    try:
        if reason := child.ask("").get("missing"):
            raise EngineMissing(reason)
        child.tree.wait_idle()
        yield child
    finally:
        child.end()
