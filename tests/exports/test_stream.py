"""The answer of an export while it is made."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from addon.host import NotVisible
from addon.outbound import Cancelled
from exports.document import Note, Progress, Report
from exports.pipeline import Exported
from exports.stream import (
    Crowded,
    Frames,
    Leaving,
    Run,
    Work,
    frame,
    is_hung_up,
    report_json,
    whole,
)
from exports.tree import PageRef

PATIENCE_SECONDS = 20
PAGE = PageRef("1", "Home")
NOTE = Note(PAGE, "image_missing", "A picture is missing.", "A box stands in its place.")


def exported(pdf: bytes = b"%PDF", *notes: Note) -> Exported:
    return Exported(pdf, Report("Home.pdf", 1, 2, 0, notes, {"1": "https://acme.example/1"}))


def frames(work: Work) -> Frames:
    return Frames(Run(work))


def read(stream: Iterator[bytes]) -> list[tuple[str, bytes]]:
    """The frames, taken from the bytes as any client has to."""
    data, found = b"".join(stream), []
    while data:
        kind, length = struct.unpack(">cI", data[:5])
        found.append((kind.decode(), data[5 : 5 + length]))
        data = data[5 + length :]
    return found


def kinds(found: list[tuple[str, bytes]]) -> str:
    return "".join(kind for kind, _ in found)


def test_progress_then_the_pdf_then_the_report():
    def work(progress: Progress, left: Leaving) -> Exported:
        progress("reading", 1, 2, "Home “A”")
        return exported(b"%PDF-1.7 bytes", NOTE)

    found = read(frames(work))

    assert kinds(found) == "HPDR"
    assert json.loads(found[1][1]) == {
        "stage": "reading",
        "done": 1,
        "total": 2,
        "label": "Home “A”",
    }
    assert found[2][1] == b"%PDF-1.7 bytes"
    report = json.loads(found[3][1])
    assert report["file_name"] == "Home.pdf"
    assert report["bytes"] == 14
    assert report["sha256"] == hashlib.sha256(b"%PDF-1.7 bytes").hexdigest()
    assert report["notes"] == [
        {
            "page": {"id": "1", "title": "Home", "url": "https://acme.example/1"},
            "code": "image_missing",
            "what": "A picture is missing.",
            "did": "A box stands in its place.",
            "severity": "warning",
        }
    ]


def test_a_frame_is_its_kind_its_length_and_its_payload():
    assert frame(b"D", b"abc") == b"D\0\0\0\x03abc"
    assert frame(b"H") == b"H\0\0\0\0"


def test_a_large_pdf_comes_in_pieces_and_whole():
    pdf = bytes(range(256)) * 4096  # 1 MiB

    found = read(frames(lambda progress, left: exported(pdf)))

    pieces = [payload for kind, payload in found if kind == "D"]
    assert len(pieces) == 4
    assert b"".join(pieces) == pdf


def test_the_first_byte_comes_at_once_and_a_sign_of_life_every_second():
    def slow(progress: Progress, left: Leaving) -> Exported:
        time.sleep(1.2)
        return exported()

    times = [time.monotonic()]
    for _ in frames(slow):
        times.append(time.monotonic())

    assert times[1] - times[0] < 0.3
    assert max(later - earlier for earlier, later in pairwise(times)) < 1


def test_a_failure_with_a_sentence_is_told():
    def fails(progress: Progress, left: Leaving) -> Exported:
        raise NotVisible("Confluence does not show this page to you.")

    found = read(frames(fails))

    assert kinds(found) == "HE"
    assert json.loads(found[1][1]) == {
        "code": "not_visible",
        "message": "Confluence does not show this page to you.",
    }


@pytest.mark.parametrize(
    "error", [kind("words of a page") for kind in (ValueError, MemoryError, SystemExit)]
)
def test_an_unexpected_failure_is_told_without_its_text_and_logged_without_it(error, caplog):
    def fails(progress: Progress, left: Leaving) -> Exported:
        raise error

    found = read(frames(fails))

    assert kinds(found) == "HE"
    assert json.loads(found[1][1])["code"] == "failed"
    assert str(error).encode() not in found[1][1]
    assert str(error) not in caplog.text
    assert type(error).__name__ in caplog.text


def test_whoever_stops_listening_stops_the_work():
    stopped = threading.Event()

    def works(progress: Progress, left: Leaving) -> Any:
        while not left.is_set():
            time.sleep(0.02)
        stopped.set()
        return exported()

    stream = frames(works)
    next(stream)

    stream.close()

    assert stopped.wait(1)


def test_frames_that_are_closed_before_the_first_was_taken_stop_the_work_too():
    stopped = threading.Event()

    def works(progress: Progress, left: Leaving) -> Any:
        while not left.is_set():
            time.sleep(0.02)
        stopped.set()

    frames(works).close()

    assert stopped.wait(PATIENCE_SECONDS)


def test_an_export_for_which_the_system_has_no_thread_is_told_to_come_back():
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with pytest.raises(Crowded) as refused:
        Run(lambda progress, left: exported(), Refused)

    assert refused.value.status == 503
    assert refused.value.retry_after > 0


def test_the_whole_outcome_is_given_when_it_is_there():
    assert whole(Run(lambda progress, left: exported(b"%PDF-1")), lambda: False).pdf == b"%PDF-1"


def test_the_whole_outcome_raises_what_the_work_did():
    def fails(progress: Progress, left: Leaving) -> Exported:
        raise NotVisible("Confluence does not show this page to you.")

    with pytest.raises(NotVisible):
        whole(Run(fails), lambda: False)


def test_work_for_a_whole_outcome_stops_when_nobody_is_there_any_more():
    stopped = threading.Event()

    def works(progress: Progress, left: Leaving) -> Any:
        while not left.is_set():
            time.sleep(0.02)
        stopped.set()

    with pytest.raises(Cancelled):
        whole(Run(works), lambda: True)

    assert stopped.wait(PATIENCE_SECONDS)


def test_a_closed_connection_is_told_from_an_open_one_and_loses_nothing():
    ours, theirs = socket.socketpair()
    assert not is_hung_up(ours)

    theirs.send(b"GET")
    assert not is_hung_up(ours)
    theirs.close()
    assert ours.recv(10) == b"GET"

    assert is_hung_up(ours)
    ours.close()
    assert is_hung_up(ours)
    assert not is_hung_up(None)


def test_what_was_to_be_done_on_leaving_is_done_once_also_when_it_comes_late():
    done: list[str] = []
    left = Leaving()
    left.then(lambda: done.append("early"))

    left.set()
    left.set()
    left.then(lambda: done.append("late"))

    assert done == ["early", "late"]


def test_work_that_is_listened_to_is_not_cancelled():
    asked: list[bool] = []

    def works(progress: Progress, left: Leaving) -> Exported:
        asked.append(left.is_set())
        return exported()

    read(frames(works))

    assert asked == [False]


def test_a_page_without_an_address_has_none_in_the_report():
    report = report_json(Exported(b"", Report("a.pdf", 0, 0, 0, (NOTE,))), 1.234)

    assert report["notes"][0]["page"]["url"] == ""
    assert report["seconds"] == 1.23
