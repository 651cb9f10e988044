"""Pages that are unlike others arrive all the same: asked for over HTTP, as the dialog does."""

from __future__ import annotations

import json
import shutil

import pytest

from playground.boot import DEFAULT_SITE, running
from tests.journeys.exporting import export

CONSTRUCTS, LISTS = "65552", "65554"
FOLDER = "65568"
SHIPS, LONG_TITLE, STORM, ARCHIVED = "65572", "65573", "65574", "65571"


@pytest.fixture(scope="module")
def world():
    with running() as world:
        yield world


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The same site, with one page of the odd ones archived."""
    folder = tmp_path_factory.mktemp("archive") / "site"
    shutil.copytree(DEFAULT_SITE, folder)
    site = json.loads((folder / "site.json").read_text(encoding="utf-8"))
    for page in site["pages"]:
        if page["id"] == ARCHIVED:
            page["status"] = "archived"
    (folder / "site.json").write_text(json.dumps(site), encoding="utf-8")
    with running(folder) as world:
        yield world


@pytest.fixture(scope="module")
def odd(world):
    """The folder of odd pages, as a branch."""
    return export(world, FOLDER, "tree")


def test_a_folder_gives_the_document_its_name_and_counts_as_no_page(odd):
    assert odd.report["file_name"] == "Odd pages.pdf"
    assert odd.report["pages"] == 5


def test_an_empty_page_is_a_title_and_no_loss(odd):
    assert "Nothing here yet" in [text for _, text, _ in odd.sheets.outline()]
    assert odd.report["notes"] == []


def test_pages_named_alike_keep_their_own_places(odd):
    at = {text: sheet for _, text, sheet in odd.sheets.outline()}

    jumps = {
        sheet: [link for link in odd.sheets.links(sheet) if isinstance(link, int)]
        for sheet in (at["Minutes: Q1"], at["Minutes Q1"])
    }

    assert at["Minutes Q1"] in jumps[at["Minutes: Q1"]]
    assert at["Minutes: Q1"] in jumps[at["Minutes Q1"]]


def test_a_title_of_emoji_names_a_sheet_and_a_file(world):
    outcome = export(world, SHIPS, "page")

    assert "Ships we know" in outcome.sheets.text(1)
    assert outcome.report["file_name"] == "🚢 Ships we know 🌊.pdf"


def test_a_title_of_two_hundred_characters_is_printed_whole(world):
    title = world.confluence.site.pages[LONG_TITLE].title

    outcome = export(world, LONG_TITLE, "page")

    assert len(title) == 200
    assert title in outcome.sheets.text(1)
    assert len(outcome.report["file_name"].encode()) <= 255


def test_a_blog_post_is_printed_like_a_page(world):
    outcome = export(world, STORM, "page")

    assert "Storm Ada is over" in outcome.sheets.text(1)
    assert "the lamp never went out" in outcome.sheets.text(1)
    assert (outcome.report["pages"], outcome.report["notes"]) == (1, [])


def test_a_blog_post_has_no_branch(world):
    assert export(world, STORM, "tree").report["pages"] == 1


def test_an_archived_page_is_in_no_branch_and_in_no_space(archive):
    for page, scope in ((FOLDER, "tree"), (CONSTRUCTS, "space")):
        outline = [text for _, text, _ in export(archive, page, scope).sheets.outline()]

        assert "Minutes: Q1" in outline
        assert "Minutes Q1" not in outline


def test_an_archived_page_is_printed_for_whoever_asks_for_it(archive):
    outcome = export(archive, ARCHIVED, "page")

    assert "Mina" in outcome.sheets.text(1)
    assert outcome.report["pages"] == 1


def test_a_list_that_goes_on_after_a_remark_goes_on_counting(world):
    text = export(world, LISTS, "page").sheets.text()

    assert "4. Look at the screen" in text
    assert "5. Look at the sea" in text
