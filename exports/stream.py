"""Progress, PDF and report as one answer: length-prefixed frames while the export runs.

A frame is 1 byte kind, 4 bytes big-endian length, payload. The last one is `R` or `E`; an answer
that ends without it was cut off on the way.
"""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from django.db import connections
from django.utils import translation

from addon.errors import TryLater, XPressError, place
from addon.outbound import Cancelled
from exports.document import Note, Progress, Report
from exports.pipeline import Exported

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/vnd.xpress.frames"

_HEARTBEAT_SECONDS = 0.5  # the server notices a client that left when it writes
_PIECE_BYTES = 256 * 1024
_CROWDED_SECONDS = 10


class Crowded(TryLater):
    """The machine itself has no room for one more export."""

    code = "busy"


class Leaving:
    """Whether the one who asked has left. Set once."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._actions: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def is_set(self) -> bool:
        return self._event.is_set()

    def then(self, action: Callable[[], None]) -> None:
        """Do this when they leave; at once, if they have."""
        with self._lock:
            if not self._event.is_set():
                self._actions.append(action)
                return
        action()

    def set(self) -> None:
        with self._lock:
            self._event.set()
            actions, self._actions = self._actions, []
        for action in actions:
            action()


_T = TypeVar("_T")
Work = Callable[[Progress, Leaving], _T]
_Step = tuple[str, int, int, str]  # of Progress


class Run(Generic[_T]):
    """Work in a thread of its own. It starts at once, and goes on until it ends or nobody waits.

    Raises Crowded when there is no thread to be had.
    """

    def __init__(self, work: Work[_T], thread: type[threading.Thread] = threading.Thread) -> None:
        self.left = Leaving()
        self._work = work
        self._steps: queue.SimpleQueue[_Step | None] = queue.SimpleQueue()  # None: the end
        self._outcome: Future[_T] = Future()
        self._started = time.monotonic()
        self._language = translation.get_language()  # of the thread that asks
        try:
            thread(target=self._run, name="export", daemon=True).start()
        except RuntimeError:  # how Python says that the system gives no more threads
            message = "XPress cannot take on more work right now."
            raise Crowded(message, _CROWDED_SECONDS) from None

    def steps(self) -> Iterator[_Step | None]:
        """What happens on the way, to the end; None when nothing did for a heartbeat."""
        while True:
            try:
                step = self._steps.get(timeout=_HEARTBEAT_SECONDS)
            except queue.Empty:
                yield None
                continue
            if step is None:
                return
            yield step

    def result(self) -> _T:
        """What came out of it. Raises what the work did."""
        return self._outcome.result()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def _run(self) -> None:
        try:
            with translation.override(self._language):
                outcome = self._work(lambda *step: self._steps.put(step), self.left)
            self._outcome.set_result(outcome)
        except BaseException as error:  # handed to the other thread, whole
            self._outcome.set_exception(error)
        finally:
            connections.close_all()  # of this thread; it read the site's options
            self._steps.put(None)


class Frames:
    """A run as frames. Whoever closes them cancels it, also before the first was taken."""

    def __init__(self, run: Run[Exported]) -> None:
        self._run = run
        self._frames = _frames(run)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._frames)

    def close(self) -> None:
        self._run.left.set()
        self._frames.close()


def whole(run: Run[_T], is_alone: Callable[[], bool]) -> _T:
    """The outcome in one piece; given up when the one who asked went away meanwhile."""
    try:
        for _ in run.steps():
            if is_alone():
                raise Cancelled("The export was cancelled.")
        return run.result()
    finally:
        run.left.set()


def is_hung_up(connection: socket.socket | None) -> bool:
    """Whether the other side of a connection has closed it. Takes nothing from it.

    A client that only closes its own direction counts as gone too, as with all common proxies.
    """
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    return struct.pack(">cI", kind, len(payload)) + payload


def report_json(exported: Exported, seconds: float) -> dict[str, Any]:
    report = exported.report
    return {
        "file_name": report.file_name,
        "bytes": len(exported.pdf),
        "sha256": hashlib.sha256(exported.pdf).hexdigest(),
        "pages": report.pages,
        "sheets": report.sheets,
        "left_out": report.left_out,
        "seconds": round(seconds, 2),
        "notes": notes_json(report),
    }


def notes_json(report: Report) -> list[dict[str, Any]]:
    return [_note_json(note, report.urls.get(note.page.id, "")) for note in report.notes]


def _frames(run: Run[Exported]) -> Generator[bytes]:
    yield frame(b"H")  # at once: proxies and people wait for a first byte
    for step in run.steps():
        if step is None:
            yield frame(b"H")
        else:
            named = dict(zip(("stage", "done", "total", "label"), step, strict=True))
            yield frame(b"P", json.dumps(named).encode())
    try:
        exported = run.result()
    except BaseException as error:
        yield frame(b"E", json.dumps(_error_json(error)).encode())
        return
    pdf = memoryview(exported.pdf)
    for start in range(0, len(pdf), _PIECE_BYTES):
        yield frame(b"D", bytes(pdf[start : start + _PIECE_BYTES]))
    yield frame(b"R", json.dumps(report_json(exported, run.seconds)).encode())


def _error_json(error: BaseException) -> dict[str, str]:
    if isinstance(error, XPressError):
        logger.info("export ended code=%s", error.code)
        return {"code": error.code, "message": error.message}
    logger.error("export failed unexpectedly: %s", place(error))
    return {"code": "failed", "message": "Something went wrong here. Try again."}


def _note_json(note: Note, url: str) -> dict[str, Any]:
    page = {"id": note.page.id, "title": note.page.title, "url": url}
    return {
        "page": page,
        "code": note.code,
        "what": note.what,
        "did": note.did,
        "severity": note.severity,
    }
