"""Printers: where pictures are decoded and chunks set on sheets, by an executor of processes.

Decoding and layout run on content of outside origin and cannot be interrupted from within, so they
run where they can be killed: on this machine (exports.pool), or on many (exports.cluster).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as futures_wait
from dataclasses import replace
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

from django.conf import settings

from addon.errors import XPressError
from addon.options import Images
from addon.outbound import Budget
from exports import tasks
from exports.document import Chunk, Drawing, Image, Logo, Printed
from exports.pool import LocalPool, TaskFailed

_WATCH_SECONDS = 0.2
_FORMULAS_AT_ONCE = 100
_TOO_SLOW = "it takes too long to read"
_REASONS = {
    "time": "This part takes too long to print.",
    "memory": "This part needs more memory than one print may take.",
}

_P = ParamSpec("_P")
_T = TypeVar("_T")
_K = TypeVar("_K")


class PrintFailed(XPressError):
    """A chunk could not be set: too complex, too slow, or out of memory."""

    status = 422
    code = "print_failed"


class TooMuch(PrintFailed):
    """Too slow, or out of memory: another try would end alike."""


class Printers:
    """What exports ask of an executor. `width`: how many of its tasks run side by side, by now."""

    def __init__(
        self,
        executor: Executor,
        width: int | Callable[[], int],
        task: tasks.Timed[..., Printed] = tasks.CHUNK,
        *,
        is_urgent: bool = False,
    ) -> None:
        self._executor, self._width, self._chunk = executor, width, task
        self._is_urgent = is_urgent

    @classmethod
    def local(cls, processes: int) -> Printers:
        prepare = partial(tasks.prepare, must_be_confined=settings.XPRESS_MUST_CONFINE)
        return cls(LocalPool(processes, prepare), processes, _chunk())

    @classmethod
    def of_cluster(cls, address: str, credentials: Sequence[str]) -> Printers:
        """Printers of other machines; the credentials are paths, as in print_worker.Credentials."""
        from exports.cluster import ClusterPool
        from exports.print_worker import Credentials

        pool = ClusterPool(address, Credentials(*credentials))
        return cls(pool, lambda: pool.width, _chunk())

    @property
    def urgent(self) -> Printers:
        """The same ones, for what somebody waits for at a screen: it goes before exports."""
        return Printers(self._executor, self._width, self._chunk, is_urgent=True)

    @property
    def width(self) -> int:
        return self._width() if callable(self._width) else self._width

    def warm_up(self) -> None:
        """Start or find the processes, if they are not there yet, without waiting for them."""
        warm_up = getattr(self._executor, "warm_up", None)
        if warm_up:
            warm_up()

    def start_chunk(self, chunk: Chunk, style: str) -> Future[Printed]:
        return self._submit(self._chunk, chunk, style)

    def picture(
        self, content: bytes, budget: Budget, profile: Images = "standard", width: float = 0.0
    ) -> Image | str:
        """Decode one picture for a printed width in points; or say why it cannot be read."""
        try:
            return wait(self._submit(tasks.PICTURE, content, profile, width), budget)
        except PrintFailed:
            return _TOO_SLOW

    def drawings(
        self, wanted: Sequence[Drawing], budget: Budget, profile: Images = "standard"
    ) -> dict[str, Image | str]:
        """Draw what stood in a page as its source, by key; or say why it cannot be drawn.

        Formulas take a few milliseconds each, so many go together; if one takes its printer with
        it, the others are drawn once more, each by itself.
        """
        runs = list(_runs(wanted))
        futures = [self._submit(tasks.DRAWINGS, run, profile) for run in runs]
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

    def logo(self, content: bytes, budget: Budget) -> Logo | str:
        """Make a logo of an uploaded file; or say why it cannot be read."""
        try:
            return wait(self._submit(tasks.LOGO, content), budget)
        except PrintFailed:
            return _TOO_SLOW

    def rasters(self, pdf: bytes, sheets: Iterable[int], width: int, budget: Budget) -> list[Image]:
        """Sheets of a PDF, by their numbers from 0, as PNG so many pixels wide, each by itself.

        Raises PrintFailed.
        """
        futures = [self._submit(tasks.RASTER, pdf, [it], width) for it in sheets]
        try:
            return [image for future in futures for image in wait(future, budget)]
        finally:
            for future in futures:
                future.cancel()

    def chunks(
        self, jobs: Iterable[tuple[_K, Chunk]], style: str, budget: Budget
    ) -> Iterator[tuple[_K, Printed | PrintFailed]]:
        """Print all chunks, as many at once as the executor takes; results in order.

        Jobs are drawn as printers fall free, so the next pages are read while these are set. As
        many wait as are set: a printer that is quicker than the first of the row has work.
        """
        running: deque[tuple[_K, Future[Printed]]] = deque()
        try:
            for key, chunk in jobs:
                running.append((key, self.start_chunk(chunk, style)))
                if len(running) > 2 * self.width:
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

    def _submit(self, task: tasks.Timed[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        task = replace(task, is_urgent=True) if self._is_urgent else task
        return self._executor.submit(task, *args, **kwargs)

    def stop(self) -> None:
        self._executor.shutdown(cancel_futures=True)


def wait(future: Future[_T], budget: Budget) -> _T:
    """The result of a task, which is killed when the export is cancelled or out of time."""
    try:
        while not future.done():
            budget.check()
            futures_wait([future], timeout=_WATCH_SECONDS)
        return future.result()
    except TaskFailed as failure:
        if reason := _REASONS.get(failure.kind):
            raise TooMuch(reason) from None
        raise PrintFailed("This part cannot be printed.") from None
    except CancelledError:
        raise PrintFailed("This part was given up.") from None
    finally:
        future.cancel()


@lru_cache(maxsize=1)
def shared_printers() -> Printers:
    if settings.XPRESS_PRINT_CLUSTER:
        credentials = settings.XPRESS_PRINT_CLUSTER_CREDENTIALS
        return Printers.of_cluster(settings.XPRESS_PRINT_CLUSTER, credentials)
    return Printers.local(settings.XPRESS_PRINTERS or os.cpu_count() or 1)


def _chunk() -> tasks.Timed[..., Printed]:
    return replace(tasks.CHUNK, seconds=settings.XPRESS_CHUNK_SECONDS)


def _result(future: Future[Printed], budget: Budget) -> Printed | PrintFailed:
    try:
        return wait(future, budget)
    except PrintFailed as failure:
        return failure


def _runs(wanted: Sequence[Drawing]) -> Iterator[Sequence[Drawing]]:
    """Drawings one by one, formulas many at once."""
    yield from ([drawing] for drawing in wanted if drawing.kind == "svg")
    formulas = [drawing for drawing in wanted if drawing.kind != "svg"]
    for start in range(0, len(formulas), _FORMULAS_AT_ONCE):
        yield formulas[start : start + _FORMULAS_AT_ONCE]
