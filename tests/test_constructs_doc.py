"""docs/constructs.md tells the truth about the cases and about the playground's own space."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CASES = {path.parent.name for path in (ROOT / "tests/constructs").glob("*/in.html")}
PAGES = {
    page["id"]
    for page in json.loads((ROOT / "playground/site/site.json").read_text(encoding="utf-8"))[
        "pages"
    ]
}
LINES = (ROOT / "docs/constructs.md").read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES if "| " in line]
NUMBERED = {row[0]: row for row in ROWS if row[0].startswith("C-")}
NAMED = [name for row in ROWS for name in re.findall(r"`([\w*-]+)`", row[-2])]
SHOWN = {page for row in ROWS for page in re.findall(r"\d+", row[-1])}


def test_every_number_stands_there_once() -> None:
    numbers = [row[0] for row in ROWS if row[0].startswith("C-")]

    assert numbers == [f"C-{number:02d}" for number in range(1, 102)]


def test_every_row_has_a_name_and_says_what_the_sheet_shows() -> None:
    assert [row for row in NUMBERED.values() if len(row) != 5 or not all(row[1:3])] == []


def test_every_number_has_a_case_or_says_why_it_needs_none() -> None:
    without = {number for number, row in NUMBERED.items() if "`" not in row[3]}

    assert without == {number for number, row in NUMBERED.items() if row[2].startswith("none: ")}


def test_every_case_that_is_named_exists() -> None:
    assert [name for name in NAMED if not any(fnmatch(case, name) for case in CASES)] == []


def test_every_case_is_named() -> None:
    assert [case for case in CASES if not any(fnmatch(case, name) for name in NAMED)] == []


def test_every_case_holds_what_comes_of_it() -> None:
    assert [
        case for case in CASES if not (ROOT / "tests/constructs" / case / "out.html").is_file()
    ] == []


def test_there_are_more_than_a_hundred_cases() -> None:
    assert len(CASES) >= 100


def test_every_page_that_is_named_is_one_of_the_playground() -> None:
    assert SHOWN <= PAGES


@pytest.mark.parametrize("number", [str(number) for number in range(65552, 65568)])
def test_every_page_of_the_chapter_is_named(number: str) -> None:
    assert number in SHOWN
