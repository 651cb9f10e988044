"""What placeholders stand for in a real export: read as the viewer, written as they write it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.boot import World, running
from tests.journeys.exporting import Outcome, ask, export

RUNBOOK, FOLDER = "65543", "65541"  # the folder holds an overview, the runbook and a catalogue


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture(scope="module")
def of_a_page(world: World) -> Outcome:
    """All facts of one page, for somebody in Berlin who reads German."""
    options = {
        "page_facts": "{author} · {editor} · {owner} · {labels} · V{version} · {exporter} · {site}"
        " · {created:iso} · {modified:d. MMMM yyyy HH:mm} · {property:Owner}",
        "cover": "simple",
        "cover_facts": "{owner} · {version} · {modified}",
        "page_link": "address",
        "revisions": 3,
    }
    viewer = {"locale": "de_DE", "time_zone": "Europe/Berlin"}
    return export(world, RUNBOOK, "page", options=options, viewer=viewer)


@pytest.fixture(scope="module")
def of_a_branch(world: World) -> Outcome:
    options = {
        "page_facts": "{property:state} · {labels} · Checked by {editor}",
        "left_out_labels": ["Runbook"],
        "left_out_macros": ["details", "toc"],
    }
    return export(world, FOLDER, "tree", options=options)


def test_facts_of_a_page_stand_below_its_title(of_a_page):
    assert (
        "Astrid Holm · Bastian Okoye · Astrid Holm · runbook, release · V31 · Astrid Holm"
        " · Fathom & Light · 2025-10-14 · 20. November 2026 17:42"
    ) in of_a_page.sheets.text()


def test_facts_of_the_first_page_stand_on_the_cover(of_a_page):
    assert "Astrid Holm · 31 · 20. November 2026" in of_a_page.sheets.text(1)


def test_the_short_address_leads_to_the_page(world, of_a_page):
    links = [link for link in of_a_page.sheets.links() if str(link).endswith("/x/BwAB")]

    assert links[:1] == [f"{world.confluence.base_url}/x/BwAB"]


def test_the_latest_versions_are_listed_with_their_authors(of_a_page):
    text = of_a_page.sheets.text(2)

    assert "20. November 2026 Bastian Okoye Step 9 after the outage" in text
    assert "Two people, always" in text
    assert "14. Oktober 2025" not in text  # the fourth


def test_each_page_has_its_own_properties_and_people(of_a_branch):
    text = of_a_branch.sheets.text()

    assert "CURRENT · owned, catalogue · Checked by Bastian Okoye" in text
    assert "Architecture overview Checked by Bastian Okoye" in text


def test_labelled_pages_stay_out_and_are_counted(of_a_branch):
    (note,) = of_a_branch.notes("left_out_by_label")

    assert of_a_branch.report["pages"] == 2
    assert "Before you begin" not in of_a_branch.sheets.text()  # of the runbook
    assert note["what"].startswith("1 page has a label that is left out (Runbook)")


def test_macros_stay_out_and_are_counted_on_their_page(of_a_branch):
    text = of_a_branch.sheets.text()
    told = {note["page"]["title"]: note["what"] for note in of_a_branch.notes("macros_left_out")}

    assert "30 Oct 2026" not in text  # a row of Page Properties
    assert told == {
        "Architecture overview": "1 macro of this page is left out: toc.",
        "Service catalogue": "1 macro of this page is left out: details.",
    }


@pytest.mark.parametrize(
    "viewer",
    [
        {"locale": "de DE"},
        {"locale": "x" * 40},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": 7},
        {"name": "Somebody Else"},
        "de_DE",
    ],
)
def test_a_viewer_that_cannot_be_one_is_refused(world, viewer):
    with ask(world, RUNBOOK, "page", viewer=viewer) as answer:
        assert answer.status_code == 400
        assert "viewer" in answer.json()["fields"]
