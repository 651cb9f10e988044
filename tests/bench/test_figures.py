"""Ratios and verdicts, from figures that are made up."""

from __future__ import annotations

import pytest

from bench import figures
from bench.figures import (
    CHROMIUM,
    CORPUS,
    FEW_ROWS,
    HTTP,
    MANY_ROWS,
    PICTURES,
    PLAIN,
    PREVIEW,
    SHORT,
    SMALL,
    WEASYPRINT,
    XPRESS,
    Ratio,
    Run,
    Subject,
)

MEGABYTE = 1_000_000


def a_run(
    engine: str,
    subject: Subject,
    seconds: float = 1.0,
    cpu_seconds: float = 1.0,
    peak: float = 100.0,
    size: float = 1.0,
    first_frame: float | None = None,
) -> Run:
    """Sizes in megabytes."""
    peak_bytes, file_bytes = int(peak * MEGABYTE), int(size * MEGABYTE)
    return Run(subject, engine, seconds, cpu_seconds, peak_bytes, file_bytes, 4, first_frame)


def the_ratio(beginning: str, *runs: Run) -> Ratio:
    found = figures.ratios(figures.rows(runs), {})
    (ratio,) = [ratio for ratio in found if ratio.what.startswith(beginning)]
    return ratio


def test_runs_of_the_same_become_one_row_with_their_median_and_their_spread():
    subject = Subject(PICTURES, 20)
    runs = [a_run(XPRESS, subject, seconds) for seconds in (2.0, 9.0, 3.0)]

    rows = figures.rows([*runs, a_run(WEASYPRINT, subject, 7.0)])

    row = rows[subject, XPRESS]
    assert (row.runs, row.seconds.median, row.seconds.least, row.seconds.most) == (3, 3.0, 2.0, 9.0)
    assert rows[subject, WEASYPRINT].runs == 1
    assert row.first_frame_seconds is None


def test_there_is_a_line_for_everything_that_must_be_reached():
    found = figures.ratios({}, {})

    assert len(found) == 11
    assert {ratio.verdict for ratio in found} == {"not measured"}


@pytest.mark.parametrize(
    ("seconds", "verdict", "measured"),
    [
        (5.0, "aim reached", "0.167"),
        (6.0, "aim reached", "0.200"),
        (7.5, "must reached", "0.250"),
        (10.5, "missed", "0.350"),
    ],
)
def test_the_verdict_says_which_bound_is_kept(seconds: float, verdict: str, measured: str):
    subject = Subject(PICTURES, 100)

    ratio = the_ratio(
        "time, 100 pages, against WeasyPrint",
        a_run(XPRESS, subject, seconds),
        a_run(WEASYPRINT, subject, 30.0),
    )

    assert (ratio.verdict, ratio.measured) == (verdict, measured)
    assert ratio.made_of == f"{seconds:.2f} s / 30.00 s"


def test_chromium_is_compared_with_and_without_pictures():
    pictures, plain = Subject(PICTURES, 100), Subject(PLAIN, 100)
    runs = [
        a_run(XPRESS, pictures, 12.0),
        a_run(CHROMIUM, pictures, 10.0),
        a_run(XPRESS, plain, 9.0),
        a_run(CHROMIUM, plain, 3.0),
    ]

    assert the_ratio("time, 100 pages with images", *runs).measured == "1.200"
    assert the_ratio("time, 100 pages with images", *runs).verdict == "must reached"
    assert the_ratio("time, 100 pages without images", *runs).verdict == "missed"


def test_growth_and_memory_are_those_of_500_pages():
    few, many = Subject(PICTURES, 100), Subject(PICTURES, 500)
    runs = [
        a_run(XPRESS, few, 6.0, peak=200),
        a_run(XPRESS, many, 31.0, peak=450),
        a_run(WEASYPRINT, many, 140.0, peak=3000),
    ]

    growth = the_ratio("time(500)", *runs)
    memory = the_ratio("peak memory", *runs)

    assert (growth.measured, growth.verdict) == ("5.167", "must reached")
    assert (memory.measured, memory.verdict) == ("0.150", "aim reached")


def test_the_file_size_is_that_of_the_tree_where_it_is_worst_small_files_apart():
    one, plain, corpus = Subject(PICTURES, 1), Subject(PLAIN, 20), Subject(CORPUS, 100)

    ratio = the_ratio(
        "file size",
        a_run(XPRESS, one, size=9.0),
        a_run(WEASYPRINT, one, size=1.0),
        a_run(XPRESS, plain, size=2.1),
        a_run(WEASYPRINT, plain, size=2.0),
        a_run(XPRESS, corpus, size=4.0),
        a_run(WEASYPRINT, corpus, size=5.0),
    )

    assert (ratio.measured, ratio.verdict) == ("1.050", "must reached")
    assert ratio.made_of.startswith("20 pages, plain")


def test_a_small_page_over_http_is_compared_with_weasyprint_alone():
    subject = Subject(SMALL, 1)

    ratio = the_ratio(
        "one small page",
        a_run(HTTP[0], subject, 0.3),
        a_run(HTTP[1], subject, 0.9),
        a_run(WEASYPRINT, subject, 0.2),
    )

    assert (ratio.measured, ratio.verdict) == ("1.500", "must reached")


def test_the_latest_first_frame_counts():
    few, many = Subject(PICTURES, 1), Subject(PICTURES, 100)

    ratio = the_ratio(
        "first frame",
        a_run(HTTP[0], few, first_frame=0.02),
        a_run(HTTP[1], many, first_frame=0.6),
        a_run(HTTP[1], many, first_frame=0.01),
    )

    assert (ratio.measured, ratio.verdict) == ("0.600 s", "missed")
    assert "100 pages" in ratio.made_of


def test_tables_are_compared_by_the_processor_time_they_take():
    ratio = the_ratio(
        "5,000-row table",
        a_run(XPRESS, Subject(MANY_ROWS, 1), seconds=99.0, cpu_seconds=25.0),
        a_run(XPRESS, Subject(FEW_ROWS, 1), seconds=1.0, cpu_seconds=5.0),
    )

    assert (ratio.measured, ratio.verdict) == ("5.000", "aim reached")


def test_sheets_that_differ_are_counted_and_the_first_is_named():
    found = figures.ratios({}, {Subject(PLAIN, 20): [], Subject(PICTURES, 20): [6, 9]})[-1]

    assert (found.measured, found.verdict) == ("2 differ", "missed")
    assert found.made_of == "20 pages, pictures: 2, the first is 7"


def test_no_sheet_that_differs_is_what_must_be():
    found = figures.ratios({}, {Subject(PLAIN, 20): []})[-1]

    assert (found.measured, found.verdict) == ("equal", "aim reached")


def test_a_preview_is_compared_with_what_weasyprint_takes_to_print_its_sheets():
    subject = Subject(SHORT, 1)
    runs = a_run(PREVIEW, subject, 0.6), a_run(WEASYPRINT, subject, 0.4)

    ratio = the_ratio("preview of three sheets", *runs)

    assert (ratio.measured, ratio.verdict) == ("1.500", "must reached")
