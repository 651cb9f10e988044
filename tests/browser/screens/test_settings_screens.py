"""The settings of a space and of the site, and the pages around them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screens.harness import USUAL, Refusal


def test_a_space_shows_the_settings_of_the_site_until_it_has_its_own(open_screen, backend):
    page = open_screen("/space_settings")
    expect(page.get_by_role("switch", name="Use the site’s settings")).to_be_checked()
    expect(page.get_by_label("Paper")).to_be_disabled()

    page.get_by_role("switch").uncheck()
    page.get_by_label("Paper").select_option("Letter")
    page.get_by_label("Pictures").select_option("original")
    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_role("status")).to_contain_text("The settings are saved.")
    assert backend.asked[-1].address == "/api/spaces/DOCS/settings"
    chosen = {"paper": "Letter", "images": "original"}
    assert backend.asked[-1].body == {"options": USUAL | chosen}


def test_a_space_can_return_to_the_settings_of_the_site(open_screen, backend):
    backend.settings = {
        "inherited": False,
        "options": USUAL | {"paper": "Letter", "contents": False},
    }
    page = open_screen("/space_settings")
    expect(page.get_by_label("Paper")).to_have_value("Letter")

    page.get_by_role("switch").check()
    expect(page.get_by_label("Paper")).to_be_hidden()
    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_role("status")).to_contain_text("The settings are saved.")
    assert backend.asked[-1].body == {"inherited": True}


def test_the_site_has_settings_without_a_switch(open_screen, backend):
    backend.settings = {"options": dict(USUAL)}
    page = open_screen("/configure")

    # By role, which waits for the form: an unticked box that is still hidden counts as unticked.
    page.get_by_role("checkbox", name="Table of contents").uncheck()
    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_role("status")).to_contain_text("The settings are saved.")
    assert backend.asked[-1].address == "/api/settings"
    assert backend.asked[-1].body == {"options": USUAL | {"contents": False}}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/space_settings", "Only administrators of this space can change its settings."),
        ("/configure", "Only Confluence administrators can change these settings."),
    ],
)
def test_who_is_not_an_administrator_is_told_so(open_screen, backend, path, words):
    backend.settings_refusal = Refusal(403)

    page = open_screen(path)

    expect(page.get_by_role("status")).to_contain_text(words)
    expect(page.get_by_role("button", name="Save settings")).to_be_hidden()


def test_settings_that_could_not_be_saved_stay_in_the_form(open_screen, backend):
    page = open_screen("/space_settings")
    page.get_by_role("switch").uncheck()
    page.get_by_label("Paper").select_option("Letter")
    backend.settings_refusal = Refusal(500, "The database did not answer.")

    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_role("status")).to_contain_text(
        "The settings are not saved. The database did not answer."
    )
    expect(page.get_by_label("Paper")).to_have_value("Letter")


def test_settings_that_could_not_be_loaded_can_be_asked_for_again(open_screen, backend):
    backend.settings_refusal = Refusal(503, "Confluence is busy.")
    page = open_screen("/configure")
    expect(page.get_by_role("status")).to_contain_text("Confluence is busy.")

    backend.settings_refusal = None
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("button", name="Save settings")).to_be_visible()


def test_a_failure_says_what_happened_and_leads_nowhere_else(open_screen):
    page = open_screen("/failure")

    expect(page.get_by_role("heading", name="XPress is not installed")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)
