"""What only the clock can end: a page that takes too long costs itself, and its export arrives."""

from __future__ import annotations

import pytest

from playground.boot import running
from tests.attacks import site
from tests.attacks.attack import Attack
from tests.attacks.conftest import squeezed
from tests.journeys.exporting import export

SECONDS = "5"  # for peaceful pages, a hundred times what they need
# Within every limit, and minutes of layout on any machine: each mark is a box of its own.
ENDLESS = [
    Attack("Endless marks", f"<p>{'<b>a</b><i>b</i><u>c</u> ' * 20_000}</p>"),
    Attack("Endless rows", f"<table>{'<tr><td>a</td><td>b</td><td>c</td></tr>' * 12_000}</table>"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("endless") / "site"
    branches = site.write(folder, {"endless": ENDLESS}, b"")
    with running(folder, app_environment={"XPRESS_CHUNK_SECONDS": SECONDS}) as world:
        yield world, branches["endless"]


@pytest.fixture(scope="module")
def outcome(world):
    world, branch = world
    return export(world, branch.folder, "tree")


def test_a_page_that_takes_too_long_is_a_note_and_a_line_of_the_report(world, outcome):
    _, branch = world
    failed = outcome.notes("page_failed")

    assert {note["page"]["id"] for note in failed} == set(branch.pages)
    assert {note["severity"] for note in failed} == {"error"}
    assert all("too long" in note["what"] for note in failed)
    text = squeezed(outcome.sheets.text())
    assert text.count(squeezed("This page could not be included.")) == len(ENDLESS)
    assert all(squeezed(attack.name) in text for attack in ENDLESS)


def test_its_neighbours_are_complete(world, outcome):
    _, branch = world
    text = squeezed(outcome.sheets.text())

    for title in (branch.before, branch.after):
        assert [line for line in site.lines_of(title) if squeezed(line) not in text] == []


def test_the_server_answers_the_next_export_and_logs_no_error(world, outcome):
    world, _ = world

    control = export(world, site.CONTROL, "page")

    text = squeezed(control.sheets.text())
    assert [line for line in site.lines_of("Control") if squeezed(line) not in text] == []
    assert " ERROR " not in world.app_log.read_text(encoding="utf-8")
