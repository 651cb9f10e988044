"""Every family of attacks, exported over HTTP: what gets out, what gets in, what arrives."""

from __future__ import annotations

import re

import pytest

from tests.attacks import site
from tests.attacks.audit import faults
from tests.attacks.conftest import DRAWING_WORDS, squeezed
from tests.attacks.families import FAMILIES
from tests.journeys.exporting import export

# What an export may ask of the site. The last digits are ids.
REQUESTS = re.compile(
    r"rest /wiki/api/v2/(?:pages|blogposts|folders|spaces)"
    r"(?:/\d+(?:/(?:pages|descendants|attachments))?)?"
    r"|rest /wiki/rest/api/search"
    r"|rest /wiki/rest/api/content/\d+/child/attachment/att\d+/download"
    r"|(?:oauth|keys|media) \S+"
)

# The playground measures pictures, and Pillow warns of broken ones; the product is a process apart.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

every_family = pytest.mark.parametrize("family", list(FAMILIES))


@every_family
def test_no_request_leaves(siege, family):
    assert siege.of(family).calls == ()


@every_family
def test_the_site_is_asked_for_content_only_and_as_the_reader(siege, family):
    requests = siege.of(family).requests
    asked = [f"{service} {path}" for service, path, _ in requests]

    assert [line for line in asked if not REQUESTS.fullmatch(line)] == []
    assert {whose for service, _, whose in requests if service == "rest"} == {"user"}


@every_family
def test_nothing_of_the_disk_and_nothing_hidden_is_in_the_pdf(siege, secrets, family):
    attacked = siege.of(family)

    for words in (*secrets, DRAWING_WORDS, site.HIDDEN_WORDS):
        assert squeezed(words) not in attacked.text
        assert words.encode() not in attacked.outcome.raw


@every_family
def test_the_pdf_runs_nothing_carries_no_file_and_leads_only_where_links_may(
    siege, secrets, family
):
    assert faults(siege.of(family).outcome.pdf, [line.encode() for line in secrets]) == []


@every_family
def test_the_neighbours_are_complete(siege, family):
    attacked = siege.of(family)

    for title in (attacked.branch.before, attacked.branch.after):
        lines = site.lines_of(title)
        assert [line for line in lines if squeezed(line) not in attacked.text] == []


@every_family
def test_every_page_under_attack_is_there_from_its_first_words_to_its_last(siege, family):
    attacked = siege.of(family)
    titles = [text for depth, text, _ in attacked.outcome.sheets.outline() if depth == 1]
    pages = attacked.branch.pages.values()
    wanted = [
        (page.name, words)
        for page in pages
        for words in (
            "" if page.is_whole else page.opening,
            "" if page.is_whole or page.swallows else page.ending,
            page.shows,
        )
    ]

    assert len(titles) == len(pages) + 2
    assert [it for it in wanted if squeezed(it[1]) not in attacked.text] == []


@every_family
def test_no_failure_is_reported_that_no_page_and_no_reason_belong_to(siege, family):
    attacked = siege.of(family)
    notes = attacked.outcome.report["notes"]

    assert attacked.outcome.report["left_out"] == 0
    assert {note["page"]["id"] for note in notes} <= attacked.branch.pages.keys()
    assert all(note["what"] and note["did"] for note in notes)


@every_family
def test_the_server_answers_the_next_export_and_logs_no_error(siege, family):
    siege.of(family)

    control = export(siege.world, site.CONTROL, "page")

    text = squeezed(control.sheets.text())
    assert [line for line in site.lines_of("Control") if squeezed(line) not in text] == []
    assert " ERROR " not in siege.world.app_log.read_text(encoding="utf-8")
    assert "Traceback" not in siege.world.app_log.read_text(encoding="utf-8")


def test_a_download_that_is_led_to_another_host_is_not_followed(siege, canary):
    branch = siege.of("requests from drawings").branch
    page = next(id_ for id_, attack in branch.pages.items() if attack.files)
    canary.clear()
    siege.world.confluence.faults.add(
        match=r"GET .*/download", redirect=f"http://127.0.0.1:{canary.port}/redirect"
    )
    try:
        outcome = export(siege.world, page, "page")
    finally:
        siege.world.confluence.faults.clear()

    assert canary.heard == []
    assert outcome.notes("image_missing")
