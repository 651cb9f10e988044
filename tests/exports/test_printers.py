"""Printer processes: results in order, failures contained, work that nobody waits for killed."""

from __future__ import annotations

import io
import threading
import time

import pytest
from PIL import Image as Pillow

from addon.outbound import Budget, Cancelled
from exports import tasks
from exports.document import Chunk, Drawing, Image, Printed
from exports.pool import LocalPool
from exports.printers import Printers, PrintFailed, TooMuch
from tests.exports.pdf.pictures import a_png
from tests.pdf_reading import Sheets
from tests.processes import children

ENDLESS = Chunk("<p>" + "<b><i><u>x" * 60_000, {})


@pytest.fixture(scope="module")
def printers():
    printers = Printers.local(2)
    yield printers
    printers.stop()


def a_chunk(text: str) -> Chunk:
    return Chunk(f"<!doctype html><title></title><p>{text}</p>", {})


def test_chunks_come_back_in_order_with_their_keys(printers):
    jobs = [(number, a_chunk(f"Part {number}")) for number in range(5)]

    results = list(printers.chunks(jobs, "", Budget.of(60)))

    assert [key for key, _ in results] == [0, 1, 2, 3, 4]
    assert "Part 3" in Sheets(results[3][1].pdf).text()


def test_jobs_are_drawn_only_as_printers_fall_free(printers):
    drawn = []

    def jobs():
        for number in range(10):
            drawn.append(number)
            yield number, a_chunk("Words")

    results = printers.chunks(jobs(), "", Budget.of(60))
    next(results)

    assert len(drawn) <= 5  # two are set, two wait, and the one that was asked for
    results.close()


def test_a_picture_is_decoded_elsewhere(printers):
    assert printers.picture(a_png(), Budget.of(30)).media_type == "image/png"


def test_an_unreadable_picture_says_so(printers):
    assert printers.picture(b"no picture", Budget.of(30)) == "it cannot be read"


def test_a_picture_is_as_sharp_as_was_chosen(printers):
    small = printers.picture(a_png(3000, 1500), Budget.of(30), "small", width=72.0)

    assert small.width == 110


def test_what_stood_in_a_page_as_its_source_is_drawn_by_its_key(printers):
    wanted = [
        Drawing("a", "tex", "x^2"),
        Drawing("b", "svg", '<svg width="9" height="9"><rect width="5" height="5"/></svg>'),
        Drawing("c", "tex", r"\unheardof"),
    ]

    found = printers.drawings(wanted, Budget.of(30))

    assert isinstance(found["a"], Image)
    assert isinstance(found["b"], Image)
    assert found["c"] == "it uses commands that are not known"


def test_cancelling_kills_the_work_at_once_and_the_next_job_is_served(printers):
    left = threading.Event()
    budget = Budget(time.monotonic() + 60, left.is_set)
    threading.Timer(1.0, left.set).start()
    started = time.monotonic()

    with pytest.raises(Cancelled):
        printers.chunk(ENDLESS, "", budget)

    assert time.monotonic() - started < 4
    assert isinstance(printers.chunk(a_chunk("Next"), "", Budget.of(60)), Printed)


def test_a_chunk_that_takes_too_long_fails_alone():
    pool = LocalPool(1, tasks.prepare)
    impatient = Printers(pool, 1, tasks.Timed(tasks.chunk, 2.0))

    results = [
        result
        for _, result in impatient.chunks(
            [(1, a_chunk("Before")), (2, ENDLESS), (3, a_chunk("After"))], "", Budget.of(60)
        )
    ]

    impatient.stop()
    assert [type(result) for result in results] == [Printed, TooMuch, Printed]


def test_stopping_leaves_no_process_behind():
    others = children()
    printers = Printers.local(1)
    printers.chunk(a_chunk("Words"), "", Budget.of(60))
    assert children() > others

    printers.stop()

    assert children() == others


def test_a_sheet_is_seen_as_a_picture_of_the_width_asked_for(printers):
    style = "@page { size: 100mm 50mm; background: #d01884 }"
    printed = printers.chunk(a_chunk("Words"), style, Budget.of(60))

    (sheet,) = printers.urgent.rasters(printed.pdf, range(3), 400, Budget.of(60))

    picture = Pillow.open(io.BytesIO(sheet.content))
    assert (sheet.media_type, sheet.width, sheet.height) == ("image/png", 400, 200)
    assert picture.size == (400, 200)
    assert picture.convert("RGB").getpixel((1, 1)) == (0xD0, 0x18, 0x84)


def test_sheets_of_what_is_no_pdf_fail_and_the_printers_go_on(printers):
    with pytest.raises(PrintFailed):
        printers.rasters(b"%PDF-1.7 but no more", range(1), 400, Budget.of(60))

    assert printers.picture(a_png(), Budget.of(30)).media_type == "image/png"
