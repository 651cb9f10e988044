"""Progress, PDF and report as one answer: length-prefixed frames while the export runs.

A frame is 1 byte kind, 4 bytes big-endian length, payload. The last one is `R` or `E`; an answer
that ends without it was cut off on the way.
"""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections

from addon.errors import XPressError, place
from exports.document import Note, Progress
from exports.pipeline import Exported

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/vnd.xpress.frames"

_HEARTBEAT_SECONDS = 0.5  # the server notices a client that left when it writes
_PIECE_BYTES = 256 * 1024
_DONE = object()


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


Work = Callable[[Progress, Leaving], Exported]


def frames(work: Work) -> Iterator[bytes]:
    """Run the work in a thread of its own; whoever stops iterating cancels it."""
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    left = Leaving()
    outcome: list[Exported | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work(lambda *step: events.put(step), left))
        except BaseException as error:  # handed to the other thread, whole
            outcome.append(error)
        finally:
            connections.close_all()  # of this thread; it read the site's options
            events.put(_DONE)

    started = time.monotonic()
    threading.Thread(target=run, name="export", daemon=True).start()
    try:
        yield frame(b"H")  # at once: proxies and people wait for a first byte
        yield from _progress(events)
        yield from _ending(outcome[0], time.monotonic() - started)
    finally:
        left.set()


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
        "notes": [_note_json(note, report.urls.get(note.page.id, "")) for note in report.notes],
    }


def _progress(events: queue.SimpleQueue[Any]) -> Iterator[bytes]:
    while True:
        try:
            event = events.get(timeout=_HEARTBEAT_SECONDS)
        except queue.Empty:
            yield frame(b"H")
            continue
        if event is _DONE:
            return
        stage, done, total, label = event
        step = {"stage": stage, "done": done, "total": total, "label": label}
        yield frame(b"P", json.dumps(step).encode())


def _ending(outcome: Exported | BaseException, seconds: float) -> Iterator[bytes]:
    if isinstance(outcome, Exported):
        pdf = memoryview(outcome.pdf)
        for start in range(0, len(pdf), _PIECE_BYTES):
            yield frame(b"D", bytes(pdf[start : start + _PIECE_BYTES]))
        yield frame(b"R", json.dumps(report_json(outcome, seconds)).encode())
    else:
        yield frame(b"E", json.dumps(_error_json(outcome)).encode())


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
