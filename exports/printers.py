"""Printers: child processes that decode pictures and print chunks, and can be stopped at any time.

Decoding and layout run on content of outside origin and cannot be interrupted from within, so they
run where they can be killed. Pebble's pool kills a process whose task is cancelled or too slow.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as futures_wait
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from pebble import ProcessExpired, ProcessPool

from addon.errors import XPressError
from addon.options import Images
from addon.outbound import Budget
from exports.document import Chunk, Drawing, Image, Printed
from exports.pdf import illustrations
from exports.pdf.pictures import PictureUnreadable
from exports.pdf.printing import print_chunk

_TASKS_A_PROCESS = 200  # then a fresh one takes over: layout keeps memory
_PICTURE_SECONDS = 20.0
_CHUNK_SECONDS = 180.0
_WATCH_SECONDS = 0.2
_FORMULAS_AT_ONCE = 100
_TOO_SLOW = "it takes too long to read"

_T = TypeVar("_T")
_K = TypeVar("_K")

logger = logging.getLogger(__name__)


class PrintFailed(XPressError):
    """A chunk could not be set: too complex, too slow, or out of memory."""

    status = 422
    code = "print_failed"


class Printers:
    """A pool of printer processes, shared by the exports of this server process."""

    def __init__(self, processes: int, chunk_seconds: float = _CHUNK_SECONDS) -> None:
        # Spawned, not forked: the parent holds threads and database connections.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(
            processes, max_tasks=_TASKS_A_PROCESS, initializer=_warm_up, context=context
        )
        self.processes = processes
        self._is_warm = False
        self._chunk_seconds = chunk_seconds

    def warm_up(self) -> None:
        """Start the processes, if they are not there yet, without waiting for them."""
        if not self._is_warm:
            self._is_warm = True
            self._pool.schedule(_nothing)

    def start_picture(self, content: bytes, profile: Images, width: float) -> Future[Image]:
        args = [content, profile, width]
        return self._pool.schedule(illustrations.picture, args=args, timeout=_PICTURE_SECONDS)

    def start_drawings(
        self, wanted: Sequence[Drawing], profile: Images
    ) -> Future[dict[str, Image | str]]:
        args = [wanted, profile]
        return self._pool.schedule(illustrations.drawn, args=args, timeout=_PICTURE_SECONDS)

    def start_chunk(self, chunk: Chunk, style: str) -> Future[Printed]:
        return self._pool.schedule(print_chunk, args=[chunk, style], timeout=self._chunk_seconds)

    def picture(
        self, content: bytes, budget: Budget, profile: Images = "standard", width: float = 0.0
    ) -> Image:
        """Decode one picture for a printed width in points. Raises PictureUnreadable."""
        try:
            return wait(self.start_picture(content, profile, width), budget)
        except PrintFailed:
            raise PictureUnreadable(_TOO_SLOW) from None

    def drawings(
        self, wanted: Sequence[Drawing], budget: Budget, profile: Images = "standard"
    ) -> dict[str, Image | str]:
        """Draw what stood in a page as its source, by key; or say why it cannot be drawn.

        Formulas take a few milliseconds each, so many go together; if one takes its printer with
        it, the others are drawn once more, each by itself.
        """
        runs = list(_runs(wanted))
        futures = [self.start_drawings(run, profile) for run in runs]
        found: dict[str, Image | str] = {}
        try:
            for run, future in zip(runs, futures, strict=True):
                try:
                    drawn = wait(future, budget)
                    found |= drawn
                except PrintFailed:
                    if len(run) == 1:
                        found[run[0].key] = _TOO_SLOW
                    for drawing in run if len(run) > 1 else ():
                        found |= self.drawings([drawing], budget, profile)
        finally:
            for future in futures:
                future.cancel()
        return found

    def chunks(
        self, jobs: Iterable[tuple[_K, Chunk]], style: str, budget: Budget
    ) -> Iterator[tuple[_K, Printed | PrintFailed]]:
        """Print all chunks, as many at once as there are processes; results in order.

        Jobs are drawn as printers fall free, so the next pages are read while these are set.
        """
        running: deque[tuple[_K, Future[Printed]]] = deque()
        try:
            for key, chunk in jobs:
                running.append((key, self.start_chunk(chunk, style)))
                if len(running) > self.processes:
                    key, future = running.popleft()
                    yield key, _result(future, budget)
            while running:
                key, future = running.popleft()
                yield key, _result(future, budget)
        finally:
            for _, future in running:
                future.cancel()

    def chunk(self, chunk: Chunk, style: str, budget: Budget) -> Printed | PrintFailed:
        return _result(self.start_chunk(chunk, style), budget)

    def stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def wait(future: Future[_T], budget: Budget) -> _T:
    """The result of a task; its process is killed when the export is cancelled or out of time."""
    try:
        while not future.done():
            budget.check()
            futures_wait([future], timeout=_WATCH_SECONDS)
        return future.result()
    except (ProcessExpired, TimeoutError, CancelledError, MemoryError) as error:
        raise PrintFailed("This part is too complex to print.") from error
    finally:
        future.cancel()


@lru_cache(maxsize=1)
def shared_printers() -> Printers:
    return Printers(settings.XPRESS_PRINTERS or os.cpu_count() or 1)


def _result(future: Future[Printed], budget: Budget) -> Printed | PrintFailed:
    try:
        return wait(future, budget)
    except PrintFailed as failure:
        return failure
    except XPressError:
        raise
    except Exception as error:  # WeasyPrint raises whatever it likes on hostile content
        logger.warning("chunk not printed: %s", type(error).__name__)
        return PrintFailed("This part cannot be printed.")


def _runs(wanted: Sequence[Drawing]) -> Iterator[Sequence[Drawing]]:
    """Drawings one by one, formulas many at once."""
    yield from ([drawing] for drawing in wanted if drawing.kind == "svg")
    formulas = [drawing for drawing in wanted if drawing.kind != "svg"]
    for start in range(0, len(formulas), _FORMULAS_AT_ONCE):
        yield formulas[start : start + _FORMULAS_AT_ONCE]


def _nothing() -> None:
    """A task that needs no more than a process that is ready."""


def _warm_up() -> None:
    """Import and configure what the first job would wait for."""
    print_chunk(Chunk("<!doctype html><title></title><p>XPress</p>", {}), "")
