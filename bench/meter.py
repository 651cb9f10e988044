"""Meter: what a process and all that it started use, seen from outside.

CPU seconds are exact, of ended processes too, as long as somebody in the tree waited for them.
Memory is the sum of proportional set sizes: what processes share is counted once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_PERIOD_SECONDS = 0.1
_SHARE = 10  # looking takes at most one tenth of the time: it walks over all pages of memory
_IDLE_SHARE = 0.05  # of one core


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used while a block ran."""

    cpu_seconds: float  # of user and system
    peak_bytes: int


class Meter:
    """Watches a tree of processes while a block runs; `usage` is what it took."""

    def __init__(self, pid: int) -> None:
        self._tree = Tree(pid)
        self._cpu = 0.0
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="meter", daemon=True)

    def __enter__(self) -> Self:
        self._cpu = self._tree.cpu_seconds()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._cpu = self._tree.cpu_seconds() - self._cpu
        self._thread.join()

    @property
    def usage(self) -> Usage:
        return Usage(self._cpu, self._peak)

    def _watch(self) -> None:
        """Look at least once, and once more at the end."""
        is_last = False
        while not is_last:
            started = time.perf_counter()
            self._peak = max(self._peak, self._tree.memory_bytes())
            took = time.perf_counter() - started
            is_last = self._stop.is_set()
            self._stop.wait(max(_PERIOD_SECONDS, _SHARE * took))


class Tree:
    """A process and its descendants."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def processes(self) -> Iterator[psutil.Process]:
        """The living ones, and the dead that nobody has waited for yet."""
        with suppress(psutil.NoSuchProcess):
            yield self._root
            yield from self._root.children(recursive=True)

    def cpu_seconds(self) -> float:
        """All that was used since they started, by ended children as well."""
        total = 0.0
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])  # user, system, and both of ended children
        return total

    def memory_bytes(self) -> int:
        return sum(_memory_bytes(process.pid) for process in self.processes())

    def wait_idle(self, seconds: float = 20.0) -> None:
        """Come back when they have nothing more to do, or after so many seconds."""
        until = time.monotonic() + seconds
        before, period = self.cpu_seconds(), 0.25
        while time.monotonic() < until:
            time.sleep(period)
            now = self.cpu_seconds()
            if now - before < _IDLE_SHARE * period:
                return
            before = now


def _memory_bytes(pid: int) -> int:
    """Its share of memory; all that it has resident where the share cannot be seen."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
    except OSError:
        with suppress(psutil.Error):
            return int(psutil.Process(pid).memory_info().rss)
        return 0
    for line in rollup.splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0
