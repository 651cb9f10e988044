"""What stands on a Confluence page, looked for in the PDF that comes back over HTTP."""

from __future__ import annotations

import pytest

from playground.boot import running
from tests.journeys.exporting import GUEST, export

HOME, STARTING, WORKSTATION, ARCHITECTURE = "65537", "65538", "65540", "65542"
STRUCTURES = r"GET .*/api/v2/pages\?"


@pytest.fixture(scope="module")
def world():
    with running() as world:
        yield world


@pytest.fixture(autouse=True)
def _fair_weather(world):
    world.confluence.faults.clear()
    world.confluence.journal.clear()
    yield
    world.confluence.faults.clear()


def test_a_caption_that_only_the_structure_knows_stands_under_its_picture(world):
    outcome = export(world, WORKSTATION, "page")

    assert "The bridge after signing in." in outcome.sheets.text()
    assert not outcome.notes("structure_unread")


def test_the_structure_of_a_branch_takes_one_request(world):
    export(world, STARTING, "tree")

    bulk = [entry for entry in world.confluence.journal if entry.path.endswith("/api/v2/pages")]
    assert len(bulk) == 1


def test_without_the_structure_a_page_still_arrives_and_the_report_says_what_it_lacks(world):
    world.confluence.faults.add(match=STRUCTURES, status=500, times=99)

    outcome = export(world, WORKSTATION, "page")

    assert "Set up your workstation" in outcome.sheets.text()
    assert "The bridge after signing in." not in outcome.sheets.text()
    [note] = outcome.notes("structure_unread")
    assert note["page"]["title"] == "Set up your workstation"
    assert "Captions" in note["did"]


def test_contents_and_lists_of_pages_carry_the_numbers_of_their_sheets(world):
    outcome = export(world, STARTING, "tree")

    outline = {text: sheet for _, text, sheet in outcome.sheets.outline()}
    first = outline["Getting started"]
    number = outline["Your first week"] - first + 1
    assert f"Your first week {number}" in outcome.sheets.text(first) or (
        f"Monday to Friday, one thing a day. {number}" in outcome.sheets.text()
    )
    assert not [link for link in outcome.sheets.links() if str(link).startswith("xpress")]


def test_a_live_list_of_confluence_is_a_table_of_what_the_reader_may_see(world):
    outcome = export(world, ARCHITECTURE, "page", GUEST)

    searches = [entry for entry in world.confluence.journal if "/search" in entry.path]
    assert {entry.authorization for entry in searches} == {"user"}
    assert not outcome.notes("list_left_out")
