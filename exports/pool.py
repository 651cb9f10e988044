"""LocalPool: child processes as a `concurrent.futures.Executor` whose tasks can be stopped.

Each process has a wire and a thread of its own and shares no lock with the others, so it may be
killed at any moment, by us or by anybody, and costs at most its own task. What it answers is read
by closed lists (exports.results): a process that content has taken over cannot hand us code.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from math import inf
from typing import Any, Literal, TypeVar

from addon.errors import place
from exports import results
from exports.confinement import bare_environment
from exports.wire import Look, Wire

_TASKS_A_PROCESS = 500  # then a fresh one takes over: layout keeps memory
_KIBIBYTES_A_PROCESS = 400 * 1024  # resident after a task, at the most; the same
_START_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds after a start that failed, doubled each time
_IDLE_SECONDS = 2.0  # between two looks whether a process without a task is still there
_END_SECONDS = 1.0  # between a process closing its wire and being gone
_MOST_GREETING = 16 * 1024  # bytes
_MOST_WORDS = 300  # characters of what a process says about a failure
# Somebody else ended it, or the kernel did for want of memory: crashes have other signals.
_BY_OTHERS = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)

_R = TypeVar("_R")

logger = logging.getLogger(__name__)


class TaskFailed(Exception):
    """A task without a result. Says nothing that came from content."""

    def __init__(self, kind: Literal["time", "memory", "died", "failed"]) -> None:
        super().__init__(kind)
        self.kind = kind


class NotStarted(Exception):
    """A process that could not be prepared; the message is its own."""


class LocalPool(Executor):
    """Processes of this machine, one task each at a time, in the order of a _Line.

    `prepare` runs in each before its first task. Results are what exports.results knows; futures
    fail with TaskFailed alone. Cancelling a future kills the process that works for it. Tasks may
    be done twice: once more when somebody else killed their process.
    """

    def __init__(self, processes: int, prepare: Callable[[], None]) -> None:
        self.processes = processes
        self._prepare = prepare
        self._jobs = _Line()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sick: set[threading.Thread] = set()  # those whose process does not start
        self._is_shut = threading.Event()

    def warm_up(self) -> None:
        """Start the processes, if they are not there yet, without waiting for them."""
        with self._lock:
            self._warm_up()

    def submit(self, task: Callable[..., _R], /, *args: Any, **kwargs: Any) -> Future[_R]:
        """Run a task, for as long as its `seconds` say where it is Timed."""
        future: Future[_R] = Future()  # stays pending until it is done, so it can be cancelled
        job = _Job(future, task, args, kwargs)
        with self._lock:
            if self._is_shut.is_set():
                raise RuntimeError("The pool is shut down.")
            self._warm_up()
            self._jobs.put(job)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes. Tasks that run or wait are cut off, whether to be cancelled or not."""
        with self._lock:
            self._is_shut.set()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _warm_up(self) -> None:
        if self._threads or self._is_shut.is_set():
            return
        for number in range(self.processes):
            thread = threading.Thread(target=self._serve, name=f"printer-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        """The life of one thread: it keeps one process and hands it one job after another."""
        child: _Child | None = None
        pause = _FIRST_PAUSE
        try:
            while not self._is_shut.is_set():
                child = self._renewed(child)
                if child is None:
                    self._wait(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                    continue
                pause = _FIRST_PAUSE
                if job := self._next(_IDLE_SECONDS):
                    child = self._run(job, child)
        finally:
            if child:
                child.end()
            self._give_up_rest()

    def _give_up_rest(self) -> None:
        """Let nobody wait for what nobody will do. Nothing is submitted any more."""
        with suppress(queue.Empty):
            while True:
                if job := self._jobs.get(0):
                    job.give_up()

    def _next(self, seconds: float) -> _Job | None:
        """The next job that is still wanted, if there is one in time."""
        try:
            job = self._jobs.get(seconds)
        except queue.Empty:
            return None
        if job is not None and job.future.cancelled():
            job.give_up()
            return None
        return job

    def _renewed(self, child: _Child | None) -> _Child | None:
        """The process if it is good for more, or a fresh one that is ready, or None."""
        if child:
            if child.is_good_for_more:
                return child
            child.end()
        thread = threading.current_thread()
        try:
            child = _Child(self._prepare, self._is_shut)
        except Exception as error:  # of the system, of `prepare`, of sending it
            if not self._is_shut.is_set():
                reason = error if isinstance(error, NotStarted) else place(error)
                logger.error("printer: it does not start: %s", reason)
                self._sick.add(thread)
            return None
        self._sick.discard(thread)
        return child

    def _wait(self, seconds: float) -> None:
        """Let the others work; when all are as sick, tell those who wait for them."""
        until = time.monotonic() + seconds
        while not self._is_shut.is_set() and (rest := until - time.monotonic()) > 0:
            job = self._next(rest) if self._are_all_sick else None
            if job is None:
                self._is_shut.wait(min(rest, _IDLE_SECONDS))
            elif self._are_all_sick:
                job.fail(TaskFailed("died"))
            else:  # one has recovered in the meantime
                self._jobs.put(job)

    @property
    def _are_all_sick(self) -> bool:
        return len(self._sick) == self.processes

    def _run(self, job: _Job, child: _Child | None) -> _Child | None:
        """Do the job; once more if somebody else ends the process. The process to go on with."""
        for tries_left in (1, 0):
            if child is None:
                break
            try:
                job.finish(child.do(job, self._is_shut))
                return child
            except TaskFailed as failure:
                if not (tries_left and child.was_ended_by_others):
                    job.fail(failure)
                    return child
            child = self._renewed(child)
        job.fail(TaskFailed("died"))
        return child


class _Line:
    """Jobs that wait, in the order they came; None wakes whoever waits for one.

    Urgent ones go before the others, though one of the others is taken between two of them: neither
    kind can keep the other out.
    """

    def __init__(self) -> None:
        self._came = threading.Condition()
        self._usual: deque[_Job | None] = deque()
        self._urgent: deque[_Job | None] = deque()
        self._was_urgent = False

    def put(self, job: _Job | None) -> None:
        with self._came:
            (self._urgent if job and job.is_urgent else self._usual).append(job)
            self._came.notify()

    def get(self, seconds: float) -> _Job | None:
        """Raises queue.Empty when none came in time."""
        with self._came:
            if not self._came.wait_for(lambda: self._usual or self._urgent, seconds):
                raise queue.Empty
            self._was_urgent = bool(self._urgent) and not (self._usual and self._was_urgent)
            return (self._urgent if self._was_urgent else self._usual).popleft()


class _Job:
    """A task on its way. Its future may be cancelled at any moment, by another thread."""

    def __init__(self, future: Future[Any], task: Callable[..., Any], args: Any, kwargs: Any):
        self.future = future
        self.message = pickle.dumps((task, args, kwargs))
        self.seconds: float = getattr(task, "seconds", inf)
        self.is_urgent: bool = getattr(task, "is_urgent", False)

    def finish(self, result: Any) -> None:
        with suppress(InvalidStateError):
            self.future.set_result(result)
        self._tell()

    def fail(self, failure: TaskFailed) -> None:
        with suppress(InvalidStateError):
            self.future.set_exception(failure)
        self._tell()

    def give_up(self) -> None:
        self.future.cancel()
        self._tell()

    def _tell(self) -> None:
        """Wake those who wait for it by `concurrent.futures.wait`, if it was cancelled."""
        if self.future.cancelled():
            self.future.set_running_or_notify_cancel()


class _Child:
    """One process that is ready, and its wire. Used by one thread, with which it ends."""

    def __init__(self, prepare: Callable[[], None], is_shut: threading.Event) -> None:
        """Start it, and wait for it. Raises whatever that may meet; then it is gone."""
        self.was_ended_by_others = False
        self._is_spent = False
        self._tasks = 0
        self._process, self._wire = _start()
        look = _until(_START_SECONDS, is_shut.is_set)
        try:
            self._wire.send(pickle.dumps(prepare), look)
            greeting = results.decode(self._wire.receive(_MOST_GREETING, look))
            if not isinstance(greeting, int):
                raise NotStarted(_words(greeting))
            self._kibibytes = greeting
        except (EOFError, ConnectionError):
            code = self._exit_code()
            self.end()
            raise NotStarted(f"it ended, code={code}") from None
        except BaseException:
            self.end()
            raise

    @property
    def is_good_for_more(self) -> bool:
        is_small = self._kibibytes < _KIBIBYTES_A_PROCESS
        is_fresh = is_small and self._tasks < _TASKS_A_PROCESS and not self._is_spent
        return is_fresh and self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._wire.close()

    def do(self, job: _Job, is_shut: threading.Event) -> Any:
        """The result. Raises TaskFailed."""
        look = _until(job.seconds, lambda: is_shut.is_set() or job.future.cancelled())
        self._tasks += 1
        self._is_spent = True  # unless it answers as it should
        try:
            self._wire.send(job.message, look)
            status, result, kibibytes = results.decode(self._wire.receive(results.MOST_BYTES, look))
            self._kibibytes = int(kibibytes)
        except TaskFailed:
            raise
        except (EOFError, ConnectionError):
            code = self._exit_code()
            self.was_ended_by_others = code in _BY_OTHERS
            logger.warning("printer: it ended in the middle of a task, code=%s", code)
            raise TaskFailed("died") from None
        except Exception as error:  # no answer of ours
            logger.error("printer: its answer cannot be read: %s", place(error))
            raise TaskFailed("failed") from None
        self._is_spent = status == "memory"  # what is left of it is in shreds
        if status != "done":
            logger.warning("printer: task not done: %s %s", _words(status), _words(result))
            raise TaskFailed("memory" if status == "memory" else "failed")
        return result

    def _exit_code(self) -> int | None:
        """How it ended; None for one that only closed its wire."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_END_SECONDS)
        return None


def _start() -> tuple[subprocess.Popen[bytes], Wire]:
    """A new process with nothing of ours but its end of the wire."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    number = str(theirs.fileno())
    try:
        process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-m", "exports.printer", number, str(os.getpid())],
            pass_fds=[theirs.fileno()],
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the server, and there is no terminal
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()  # so that its end is noticed here
    return process, Wire(ours.detach())


def _until(seconds: float, is_unwanted: Callable[[], bool]) -> Look:
    """A look that raises TaskFailed when time is up or nobody wants the task any more."""
    until = time.monotonic() + seconds

    def look() -> None:
        if time.monotonic() > until or is_unwanted():
            raise TaskFailed("time")

    return look


def _words(said: object) -> str:
    """What a process says, fit for a line of the log."""
    return "".join(filter(str.isprintable, str(said)))[:_MOST_WORDS]
