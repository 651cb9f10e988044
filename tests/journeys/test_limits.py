"""What one export may take: told before the start, and what to do instead when it is too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from playground.boot import World, running
from tests.journeys.exporting import ADMIN, GUEST, account, export

HOME, STARTING = "65537", "65538"
SECRETS = ("Confidential", "Salary", "Review calendar")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Eight pages in one PDF, and five seconds."""
    limits = {"XPRESS_MAX_PAGES": "8", "XPRESS_EXPORT_SECONDS": "5"}
    with running(app_environment=limits) as world:
        yield world


@pytest.fixture
def slow(world: World) -> Iterator[World]:
    """The same, with a Confluence that takes longer than that for a page."""
    world.confluence.faults.add(match="GET .*body-format=export_view", delayMs=8000)
    yield world
    world.confluence.faults.clear()


def tree(world: World, page: str = HOME, who: int = ADMIN) -> dict[str, Any]:
    headers = world.authorization(account(world, who))
    answer = requests.get(f"{world.app_url}/api/tree?page={page}", headers=headers, timeout=30)
    listing: dict[str, Any] = answer.json()
    return listing


def titles(listing: dict[str, Any]) -> set[str]:
    return {page["title"] for page in listing["pages"]}


def named(sentence: str) -> dict[str, int]:
    """The branches of a sentence, with their pages."""
    found = re.findall(r"“([^”]+)” \(([0-9,]+) pages?\)", sentence)
    return {title: int(pages) for title, pages in found}


def test_too_many_pages_are_refused_with_the_branches_to_export_instead(world):
    error = export(world, HOME, "tree").error

    assert error["code"] == "too_many_pages"
    assert error["message"].startswith("14 pages are selected; one PDF holds 8. Export these ")
    branches = named(error["message"])
    assert branches
    assert max(branches.values()) <= 8
    assert set(branches) <= titles(tree(world))


def test_branches_that_the_reader_may_not_see_are_not_named_and_not_counted(world):
    message = export(world, HOME, "tree", GUEST).error["message"]

    assert message.startswith("12 pages are selected")
    assert not any(secret in message for secret in SECRETS)
    assert set(named(message)) <= titles(tree(world, who=GUEST))


def test_too_many_sheets_end_the_export_and_say_what_to_do():
    with running(app_environment={"XPRESS_MAX_SHEETS": "6"}) as small:
        outcome = export(small, HOME, "tree")

    assert outcome.error["code"] == "too_many_sheets"
    assert re.fullmatch(
        r"\d+ of 14 pages have \d+ sheets already; one PDF holds 6\. (Export|Choose) .*",
        outcome.error["message"],
    )
    assert outcome.pdf == b""


def test_an_export_that_takes_too_long_says_how_far_it_came_and_what_to_do(slow):
    pages = [page["id"] for page in tree(slow)["pages"] if page["type"] == "page"][:8]

    error = export(slow, HOME, "chosen", pages=pages).error

    assert error["code"] == "took_too_long"
    assert error["message"].startswith("An export may take 5 seconds; 0 of 8 pages were printed")
    assert "Export these branches one by one: “" in error["message"]


def test_one_page_that_takes_too_long_gets_no_advice_to_choose_fewer(slow):
    error = export(slow, STARTING, "page").error

    assert error["code"] == "took_too_long"
    assert error["message"].endswith("It is one page: divide it in Confluence.")


def test_the_whole_pdf_is_refused_with_the_same_sentence(world):
    answer = requests.post(
        f"{world.app_url}/api/exports",
        json={"page": HOME, "scope": "tree"},
        headers={**world.authorization(), "Accept": "application/pdf"},
        timeout=30,
    )

    assert answer.status_code == 422
    assert answer.json() == export(world, HOME, "tree").error


def test_the_tree_tells_before_the_start_what_is_too_much(world):
    whole, branch = tree(world), tree(world, STARTING)

    assert named(whole["advice"])
    assert max(named(whole["advice"]).values()) <= 8
    assert len(branch["pages"]) < len(whole["pages"])


def test_a_tree_within_the_limits_needs_no_advice():
    with running() as roomy:
        assert tree(roomy)["advice"] == ""


def test_the_estimate_learns_from_the_exports_of_this_process():
    with running() as fresh:
        before = tree(fresh)["estimate"]
        report = export(fresh, HOME, "tree").report
        after = tree(fresh)["estimate"]

    average = report["sheets"] / report["pages"]
    assert before["sheets_per_page"] == 3.2
    assert min(before["sheets_per_page"], average) < after["sheets_per_page"]
    assert after["sheets_per_page"] < max(before["sheets_per_page"], average)
    assert after["seconds_per_page"] != before["seconds_per_page"]
