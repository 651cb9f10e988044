"""ClusterPool: the printers of other machines, as a `concurrent.futures.Executor`.

The machines run print workers (exports.print_worker), a Dask scheduler stands between. Connections
are made when they are needed and given up when they fail, so a cluster that was away is used again
once it is back. Whoever waits meanwhile is told so.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

from addon.errors import TryLater, place
from exports import results
from exports.pool import TaskFailed

# print_worker first: it keeps Dask from setting up the log when that is imported.
# isort: off
from exports.print_worker import STAMP, Credentials, order, python
import dask
from distributed import Client, KilledWorker, Security
from tornado.ioloop import IOLoop
# isort: on

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 5.0  # of the scheduler, when asked about its workers
_LOOK_SECONDS = 1.0  # between two such questions
_PATIENCE_SECONDS = 15.0  # with a scheduler that does not answer, or has no worker for us
_TRIES_SECONDS = 1.0  # between two attempts to connect
_REPEATS = 2  # of a task that fails on the way, not by itself
_RETRY_AFTER = 60  # seconds
_CONFIGURATION = {
    "distributed.comm.require-encryption": True,
    "distributed.comm.timeouts.connect": _CONNECT_SECONDS,
    # A chunk carries its pictures, which Dask would print a warning about.
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
}
_AWAY = "The printers of XPress cannot be reached. Try again in a minute."
_LOST = "The printers of XPress were lost in the middle. Try again in a minute."
_NONE = "None of the printers of XPress is running. Try again in a minute."
_OTHERS = "The printers of XPress are being renewed. Try again in a few minutes."

_R = TypeVar("_R")

logger = logging.getLogger(__name__)


class PrintersAway(TryLater):
    """The printers of other machines are not to be had at the moment."""

    status = 503
    code = "printers_away"


@dataclass(frozen=True, slots=True)
class _Workers:
    """What the scheduler has."""

    ours: int  # printers of this version
    others: int  # printers of other versions, or of somebody else


class ClusterPool(Executor):
    """Tasks of any thread, done by whichever printer of the cluster is free.

    Futures fail with TaskFailed as those of a LocalPool do, or with PrintersAway. Tasks may be done
    twice, when a worker is lost. Cancelling a future kills the process that works for it.
    """

    def __init__(self, address: str, credentials: Credentials) -> None:
        """`address` is the scheduler's, e.g. `tls://scheduler:8786`."""
        dask.config.set(_CONFIGURATION)
        self._address, self._security = address, credentials.security()
        self._lock = threading.Lock()
        self._connection: _Connection | None = None
        self._failure: tuple[float, str] = (0.0, "")  # when, and what was said
        self._loop: _Loop | None = None

    @property
    def width(self) -> int:
        """How many tasks run side by side now. Raises PrintersAway."""
        return self._connected().workers.ours

    def warm_up(self) -> None:
        """Connect, if that is not done yet, without waiting for it."""

        def connect() -> None:
            with suppress(PrintersAway):
                self._connected()

        if self._connection and self._connection.is_alive:
            return
        threading.Thread(target=connect, name="cluster-connect", daemon=True).start()

    def submit(self, task: Callable[..., _R], /, *args: Any, **kwargs: Any) -> Future[_R]:
        """Run a task, for as long as its `seconds` say where it is Timed. Raises PrintersAway."""
        is_urgent = getattr(task, "is_urgent", False)
        return self._connected().submit(order(task, args, kwargs), is_urgent)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Disconnect. Tasks that run or wait are cut off, whether to be cancelled or not."""
        with self._lock:
            if self._connection:
                self._connection.close(_LOST)
            if self._loop:
                self._loop.stop()
            self._connection = self._loop = None

    def _connected(self) -> _Connection:
        asked = time.monotonic()
        with self._lock:
            if self._connection and self._connection.is_alive:
                return self._connection
            when, message = self._failure
            if message and asked - when < _TRIES_SECONDS:  # it may be later than asked
                raise PrintersAway(message, _RETRY_AFTER)
            if self._connection:
                self._connection.close(_LOST)
            self._loop = self._loop or _Loop()
            try:
                self._connection = _Connection(self._address, self._security, self._loop.loop)
            except PrintersAway as error:
                self._failure = time.monotonic(), error.message
                raise
            return self._connection


class _Connection:
    """One life of a client of Dask. Threads share it."""

    def __init__(self, address: str, security: Security, loop: IOLoop) -> None:
        """Raises PrintersAway, also for a scheduler of another kind than ours."""
        self._open: dict[Future[Any], Future[bytes]] = {}  # what we gave out → Dask's
        self._is_closed = threading.Event()
        self._changing = threading.Lock()
        try:
            self._client = Client(
                address,
                security=security,
                loop=loop,
                timeout=_CONNECT_SECONDS,
                set_as_default=False,
                direct_to_workers=False,  # servers need to reach the scheduler alone
                name="xpress",
            )
        except Exception as error:
            logger.error("cluster: no scheduler at %s: %s", address, error)
            raise PrintersAway(_AWAY, _RETRY_AFTER) from error
        try:
            self._check_scheduler()
            self.workers = self._look()
        except Exception as error:
            self._close_client()
            if isinstance(error, PrintersAway):
                raise
            logger.error("cluster: the scheduler does not answer: %s", place(error))
            raise PrintersAway(_AWAY, _RETRY_AFTER) from error
        self._seen_at = time.monotonic() - (0 if self.workers.ours else _PATIENCE_SECONDS)
        self._executor = self._client.get_executor(
            pure=False, retries=_REPEATS, resources={STAMP: 1}
        )
        logger.info("cluster: connected printers=%d", self.workers.ours)
        threading.Thread(target=self._watch, name="cluster-watch", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return not self._is_closed.is_set() and self._client.status == "running"

    def submit(self, order: bytes, is_urgent: bool) -> Future[Any]:
        self._check_workers()
        ours: Future[Any] = Future()  # stays pending until it is done, so it can be cancelled
        try:
            theirs = self._executor.submit(_errand(), order, priority=int(is_urgent))
        except Exception as error:  # closed meanwhile
            logger.error("cluster: not submitted: %s", place(error))
            raise PrintersAway(_LOST, _RETRY_AFTER) from error
        with self._changing:
            self._open[ours] = theirs
        ours.add_done_callback(self._forget)
        theirs.add_done_callback(partial(_hand_over, ours))
        if self._is_closed.is_set():
            _fail(ours, PrintersAway(_LOST, _RETRY_AFTER))
        return ours

    def close(self, message: str) -> None:
        """End it. Whoever still waits for a task is told why."""
        if self._is_closed.is_set():
            return
        self._is_closed.set()
        self._fail_all(message)
        self._close_client()

    def _close_client(self) -> None:
        with suppress(Exception):  # it is given up, whatever state it is in
            self._client.close(timeout=_CONNECT_SECONDS)

    def _check_workers(self) -> None:
        if self.workers.ours or time.monotonic() - self._seen_at < _PATIENCE_SECONDS:
            return
        raise PrintersAway(_OTHERS if self.workers.others else _NONE, _RETRY_AFTER)

    def _check_scheduler(self) -> None:
        """Refuse one that could not read what we send: compiled code, and Dask's own protocol."""
        found = self._ask("versions")
        theirs = found["host"]["python"], found["packages"]["distributed"]
        ours = python(), version("distributed")
        if not theirs[0].startswith(f"{ours[0]}.") or theirs[1] != ours[1]:
            words = "cluster: the scheduler has Python %s and distributed %s, XPress %s and %s"
            logger.error(words, *theirs, *ours)
            raise PrintersAway(_OTHERS, _RETRY_AFTER)

    def _look(self) -> _Workers:
        ours = others = 0
        for worker in self._ask("identity", n_workers=-1)["workers"].values():
            if STAMP in worker["resources"]:
                ours += worker["nthreads"]
            else:
                others += worker["nthreads"]
        return _Workers(ours, others)

    def _ask(self, what: str, **more: Any) -> Any:
        """The scheduler's answer to one of its own questions."""
        question = getattr(self._client.scheduler, what)
        return self._client.sync(question, callback_timeout=_ANSWER_SECONDS, **more)

    def _watch(self) -> None:
        """Keep `workers` up to date; give up on what no answer will come for."""
        answered_at = time.monotonic()
        while not self._is_closed.wait(_LOOK_SECONDS):
            if not self.is_alive or time.monotonic() - answered_at > _PATIENCE_SECONDS:
                logger.error("cluster: the scheduler is lost")
                self.close(_LOST)
                return
            with suppress(Exception):  # lost, which `is_alive` tells, or busy
                self.workers = self._look()
                answered_at = time.monotonic()
            if self.workers.ours:
                self._seen_at = time.monotonic()
            elif self._open:
                self._give_up_waiting()

    def _give_up_waiting(self) -> None:
        try:
            self._check_workers()
        except PrintersAway as error:
            logger.error("cluster: no workers printers=%d", self.workers.ours)
            self._fail_all(error.message)

    def _fail_all(self, message: str) -> None:
        with self._changing:
            waiting = list(self._open)
        for future in waiting:
            _fail(future, PrintersAway(message, _RETRY_AFTER))

    def _forget(self, ours: Future[Any]) -> None:
        """A task is done with. Dask drops it, also while it runs, once nobody asks for it."""
        with self._changing:
            theirs = self._open.pop(ours, None)
        if ours.cancelled():
            ours.set_running_or_notify_cancel()  # wakes who waits in `concurrent.futures.wait`
        if theirs and not theirs.done() and self.is_alive:
            theirs.cancel()


class _Loop:
    """A loop for all clients: Dask would leave a thread behind for each attempt that fails."""

    def __init__(self) -> None:
        started: Future[IOLoop] = Future()

        async def run() -> None:
            self._stopping = asyncio.Event()
            started.set_result(IOLoop.current())
            await self._stopping.wait()

        self._thread = threading.Thread(
            target=lambda: asyncio.run(run()), name="cluster", daemon=True
        )
        self._thread.start()
        self.loop = started.result()

    def stop(self) -> None:
        self.loop.add_callback(self._stopping.set)
        self._thread.join(_CONNECT_SECONDS)


def _errand() -> Callable[[bytes], bytes]:
    """The function that Dask calls on a worker.

    One within a function travels as code, not by name, so the scheduler, which unpacks it on its
    way, need not have XPress.
    """

    def errand(order: bytes) -> bytes:
        from exports.print_worker import answer

        return answer(order)

    return errand


def _hand_over(ours: Future[Any], theirs: Future[bytes]) -> None:
    """Make of Dask's outcome what a LocalPool would have made of it."""
    if theirs.cancelled():  # and not by us, or nobody listens
        _fail(ours, PrintersAway(_LOST, _RETRY_AFTER))
        return
    try:
        kind, result = results.decode(theirs.result())
    except KilledWorker:
        _fail(ours, TaskFailed("died"))  # took several workers with it
    except Exception as error:
        logger.error("cluster: no result: %s", place(error))
        _fail(ours, TaskFailed("failed"))
    else:
        if kind != "done":
            _fail(ours, TaskFailed(kind))
            return
        with suppress(InvalidStateError):
            ours.set_result(result)


def _fail(future: Future[Any], error: Exception) -> None:
    with suppress(InvalidStateError):  # done, or cancelled
        future.set_exception(error)
