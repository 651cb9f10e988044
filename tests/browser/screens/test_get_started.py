"""The page after the installation, as an administrator and as anybody else meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.harness import PDF, Refusal
from tests.browser.screens.newcomer import Newcomer, a_picture

LOGO = {"name": "logo.png", "mimeType": "image/png", "buffer": a_picture()}


@pytest.fixture
def backend() -> Newcomer:
    return Newcomer()


def sample(page: Page) -> None:
    page.get_by_role("button", name="Make a sample PDF").click()


def step(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


def test_a_sample_of_a_found_page_is_made_and_shown_in_place(open_screen, backend):
    page = open_screen("/get_started", timezone_id="Asia/Tokyo")
    expect(page.get_by_label("Page", exact=True)).to_have_value("1")
    page.get_by_label("Find a page").fill("ris")
    expect(page.get_by_label("Page", exact=True)).to_have_value("2")

    sample(page)

    expect(page.get_by_role("heading", name="The PDF of “Risks” is ready: 102 kB")).to_be_focused()
    expect(page.get_by_role("img", name="Sheet 2 of “Risks”")).to_be_visible()
    expect(step(page, "Try it")).to_contain_text("Done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert Path(download.value.path()).read_bytes() == PDF
    assert download.value.suggested_filename == "Résumé.pdf"
    assert backend.exports()[0].body == {
        "page": "2",
        "scope": "page",
        "viewer": {"locale": "de-DE", "time_zone": "Asia/Tokyo"},
    }


def test_a_sample_that_fails_says_why_and_can_be_made_again(open_screen, backend):
    backend.pdf = Refusal(403, "PDF export is switched off here.")
    page = open_screen("/get_started")
    expect(page.get_by_role("button", name="Make a sample PDF")).to_be_enabled()

    sample(page)

    expect(step(page, "Try it").get_by_role("status").last).to_have_text(
        "PDF export is switched off here."
    )
    backend.pdf = PDF
    backend.refused["POST /api/preview"] = Refusal(429, "Busy.")
    sample(page)
    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible()
    expect(page.get_by_text("switched off here.")).to_be_hidden()


def test_without_a_page_there_is_nothing_to_press(open_screen, backend):
    backend.pages = {}

    page = open_screen("/get_started")

    expect(page.get_by_text("No page was found. Try other words.")).to_be_visible()
    expect(page.get_by_role("button", name="Make a sample PDF")).to_be_disabled()


def test_a_logo_and_a_colour_become_the_template_that_exports_start_with(open_screen, backend):
    page = open_screen("/get_started")
    page.get_by_label("Logo", exact=True).set_input_files(LOGO)
    page.get_by_label("Logo in words").fill(" Acme ")
    page.get_by_label("Colour").fill("#0a5d7a")

    page.get_by_role("button", name="Use it for all exports").click()

    expect(page.get_by_text("Every export starts with “House style”.")).to_be_visible()
    expect(step(page, "Make it yours")).to_contain_text("Done")
    made = backend.templates[0]
    assert made["name"] == "House style"
    options = made["options"]
    assert options["logo"].startswith("data:image/png;base64,")
    assert (options["logo_alt"], options["header_logo"]) == ("Acme", "left")
    colours = {options[f"{part}_colour"] for part in ("accent", "heading", "link")}
    assert colours == {"#0a5d7a"}
    assert backend.site["template"] == made["key"]
    saved = next(it.body for it in backend.asked if it.method == "PUT")
    assert saved == {"template": made["key"], "revision": 0}
    page.reload()
    expect(page.get_by_text("Every export starts with “House style”.")).to_be_visible()


def test_a_pale_colour_stays_out_of_headings_and_links(open_screen, backend):
    page = open_screen("/get_started")

    page.get_by_label("Colour").fill("#f0c040")

    expect(page.get_by_text("This colour is hard to read on white")).to_be_visible()
    page.get_by_role("button", name="Use it for all exports").click()
    expect(page.get_by_text("Every export starts with")).to_be_visible()
    options = backend.templates[0]["options"]
    assert options["accent_colour"] == "#f0c040"
    assert (options["heading_colour"], options["link_colour"]) == ("#1e2330", "#1558bc")
    assert options["header_logo"] == "none"


def test_a_house_style_from_before_is_changed_not_made_twice(open_screen, backend):
    page = open_screen("/get_started")
    page.get_by_role("button", name="Use it for all exports").click()
    expect(page.get_by_text("Every export starts with")).to_be_visible()
    backend.site["template"] = "article"
    page.reload()
    page.get_by_label("Colour").fill("#113355")

    page.get_by_role("button", name="Use it for all exports").click()

    expect(page.get_by_text("Every export starts with")).to_be_visible()
    assert [template["options"]["accent_colour"] for template in backend.templates] == ["#113355"]


def test_a_file_that_is_no_logo_is_told(open_screen, backend):
    backend.refused["POST /api/logo"] = Refusal(422, "This is no picture that can be read.")
    page = open_screen("/get_started")

    page.get_by_label("Logo", exact=True).set_input_files(LOGO)

    expect(page.get_by_text("This is no picture that can be read.")).to_be_visible()
    expect(page.get_by_label("Logo in words")).to_be_hidden()
    page.get_by_label("Logo", exact=True).set_input_files(
        LOGO | {"buffer": b"." * (5 * 1024 * 1024 + 1)}
    )
    expect(page.get_by_text("This file is larger than 5 MB.")).to_be_visible()


def test_everyone_or_nobody_is_saved_at_once(open_screen, backend):
    page = open_screen("/get_started")
    expect(page.get_by_label("Everyone")).to_be_checked()

    page.get_by_label("Nobody").check()

    expect(page.get_by_text("Saved: nobody may export, until you open it again.")).to_be_visible()
    assert backend.site["access"] == {"who": "nobody", "groups": []}
    expect(page.get_by_role("link", name="Open the settings of the site")).to_have_attribute(
        "target", "_top"
    )


def test_groups_that_were_chosen_elsewhere_are_named(open_screen, backend):
    groups = [{"id": "1", "name": "editors"}, {"id": "2", "name": "legal"}]
    backend.site["access"] = {"who": "groups", "groups": groups}

    page = open_screen("/get_started")

    expect(page.get_by_text("Now only these groups may export: editors and legal.")).to_be_visible()
    expect(page.get_by_label("Everyone")).not_to_be_checked()


def test_what_somebody_else_has_just_saved_is_shown_instead(open_screen, backend):
    page = open_screen("/get_started")
    expect(page.get_by_label("Everyone")).to_be_checked()
    backend.site |= {"access": {"who": "nobody", "groups": []}, "revision": 4}
    backend.refused["PUT /api/settings"] = Refusal(409, "Stale.", code="stale")

    page.get_by_label("Nobody").check()

    expect(page.get_by_text("Somebody else has just saved.")).to_be_visible()
    expect(page.get_by_label("Nobody")).to_be_checked()
    page.get_by_label("Everyone").check()
    expect(page.get_by_text("Saved: everyone who can view a page")).to_be_visible()
    assert backend.asked[-1].body["revision"] == 4


def test_who_does_not_administer_the_site_can_try_it_and_reads_whom_to_ask(open_screen, backend):
    backend.is_admin = False
    page = open_screen("/get_started")

    sample(page)

    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible()
    expect(page.get_by_role("heading", name="Ask your admin")).to_be_visible()
    expect(page.get_by_label("Colour")).to_have_count(0)
    assert not any("settings" in asked.address for asked in backend.asked)
