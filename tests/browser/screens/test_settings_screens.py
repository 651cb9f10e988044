"""The settings of a space and of the site, and the pages around them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from addon.settings import Access, Group, Settings
from tests.browser.screens.administration import Administration, a_template
from tests.browser.screens.harness import Refusal


@pytest.fixture
def backend() -> Administration:
    return Administration()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator("#outcome")).to_contain_text("The settings are saved.")


def add(page: Page, option: str) -> Locator:
    """Add an option to the list → its row."""
    page.get_by_label("Option to add").select_option(label=option)
    page.get_by_role("button", name="Add option").click()
    return page.locator("#presets li").filter(has_text=option)


def row(page: Page, template: str) -> Locator:
    return page.locator(".template-row").filter(has_text=template)


def open_row(page: Page, template: str) -> Locator:
    page.get_by_role("button", name=f"More actions for {template}", exact=True).click()
    return row(page, template)


def test_a_space_shows_the_settings_of_the_site_until_it_has_its_own(open_screen, backend):
    backend.site = Settings(options={"paper": "Letter"})
    page = open_screen("/space_settings")
    expect(page.get_by_role("switch", name="Use the site’s settings")).to_be_checked()
    expect(page.get_by_label("Paper", exact=True)).to_have_value("Letter")
    expect(page.get_by_label("Paper", exact=True)).to_be_disabled()

    page.get_by_role("switch").uncheck()
    page.get_by_role("radio", name="Handbook").check()
    page.get_by_label("Paper", exact=True).select_option("A5")
    save(page)

    assert backend.writes()[-1].address == "/api/spaces/DOCS/settings"
    assert backend.writes()[-1].body == {
        "template": "handbook",
        "options": {"paper": "A5"},
        "locked": [],
        "access": {"who": "everyone", "groups": []},
        "revision": 0,
    }
    expect(row(page, "Handbook").get_by_text("Default")).to_be_visible()
    expect(row(page, "Article").get_by_text("Default")).to_be_hidden()


def test_a_space_can_return_to_the_settings_of_the_site(open_screen, backend):
    backend.own = Settings(options={"paper": "Letter"}, revision=3)
    page = open_screen("/space_settings")
    expect(page.get_by_label("Paper", exact=True)).to_have_value("Letter")

    page.get_by_role("switch").check()
    expect(page.get_by_label("Paper", exact=True)).to_be_hidden()
    save(page)

    assert backend.writes()[-1].body == {"inherited": True, "revision": 3}


def test_options_are_added_fixed_and_removed(open_screen, backend):
    backend.own = Settings(options={"paper": "Letter"}, revision=1)
    page = open_screen("/space_settings")
    page.get_by_role("button", name="Remove: Paper").click()
    add(page, "Watermark").get_by_label("Watermark", exact=True).fill("Confidential")
    page.get_by_label("Watermark: fixed for everyone").check()
    add(page, "Top margin").get_by_label("Top margin", exact=True).fill("30")
    add(page, "Leave out pages with these labels").get_by_role("textbox").fill("draft")
    page.keyboard.press("Enter")

    save(page)

    body = backend.writes()[-1].body
    assert body["options"] == {
        "paper": None,
        "watermark": "Confidential",
        "margin_top": 30,
        "left_out_labels": ["draft"],
    }
    assert body["locked"] == ["watermark"]
    choices = page.get_by_label("Option to add").locator("option").all_text_contents()
    assert "Watermark" not in choices
    assert "Paper" in choices


def test_what_cannot_be_used_is_told_at_its_place_and_not_sent(open_screen, backend):
    backend.own = Settings(options={"footer_left": "{space}", "margin_top": 20})
    page = open_screen("/space_settings")

    page.get_by_label("Footer, left", exact=True).fill("{pgae}")
    expect(page.get_by_text("There is no placeholder {pgae}.")).to_be_visible()
    page.get_by_label("Top margin", exact=True).fill("99")
    expect(page.get_by_text("Choose a number from 8 to 60.")).to_be_visible()
    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_label("Top margin", exact=True)).to_be_focused()
    assert backend.writes() == []


def test_what_the_site_fixes_is_text_with_a_lock_and_stays_what_it_was(open_screen, backend):
    backend.site = Settings(options={"links": "text"}, locked=frozenset({"links"}))
    backend.own = Settings(options={"links": "keep", "paper": "A5"}, locked=frozenset({"links"}))
    page = open_screen("/space_settings")

    fixed = page.locator(".site-fixed")
    expect(fixed).to_contain_text("Links out of the document Plain text")
    expect(fixed).to_contain_text("Fixed for the whole site")
    assert fixed.locator("select").count() == 0
    save(page)

    assert backend.writes()[-1].body["options"] == {"paper": "A5"}
    assert backend.own.options == {"links": "keep", "paper": "A5"}
    assert backend.own.locked == {"links"}


def test_groups_are_searched_for_and_chosen(open_screen, backend):
    backend.own = Settings(access=Access("groups", (Group("id-of-site-admins", "site-admins"),)))
    page = open_screen("/space_settings")
    page.get_by_label("Find a group").fill("doc")
    expect(page.get_by_text("2 found.")).to_be_visible()

    page.get_by_role("button", name="Choose docs-team").click()
    page.get_by_role("button", name="Remove site-admins").click()
    save(page)

    groups = [{"id": "id-of-docs-team", "name": "docs-team"}]
    assert backend.writes()[-1].body["access"] == {"who": "groups", "groups": groups}


def test_groups_without_a_group_are_not_saved(open_screen, backend):
    backend.own = Settings()
    page = open_screen("/space_settings")

    page.get_by_label("Selected groups").check()
    page.get_by_role("button", name="Save settings").click()

    expect(page.get_by_text("Choose at least one group.")).to_be_visible()
    expect(page.get_by_label("Find a group")).to_be_focused()
    assert backend.writes() == []


def test_two_admins_at_once_lose_nothing(open_screen, backend):
    backend.own = Settings(options={"watermark": "Mine"}, revision=4)
    stale = Refusal(409, "Somebody else has saved these settings in the meantime.", code="stale")
    page = open_screen("/space_settings")
    page.get_by_label("Watermark", exact=True).fill("Typed")
    backend.refused_writes = [stale]
    page.get_by_role("button", name="Save settings").click()
    expect(page.locator("#outcome")).to_contain_text("Somebody else has saved")
    expect(page.get_by_label("Watermark", exact=True)).to_have_value("Typed")

    page.get_by_role("button", name="Save mine over it").click()

    expect(page.locator("#outcome")).to_contain_text("The settings are saved.")
    assert "revision" not in backend.writes()[-1].body
    assert backend.own.options["watermark"] == "Typed"

    page.get_by_label("Watermark", exact=True).fill("Typed again")
    backend.refused_writes = [stale]
    page.get_by_role("button", name="Save settings").click()
    page.get_by_role("button", name="Show what was saved").click()
    expect(page.get_by_label("Watermark", exact=True)).to_have_value("Typed")


def test_leaving_with_changes_is_asked_about_and_without_is_not(open_screen, backend):
    backend.own = Settings(options={"watermark": ""})
    page = open_screen("/space_settings")
    page.get_by_label("Watermark", exact=True).fill("Typed")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.reload()
    assert asked == ["beforeunload"]

    expect(page.get_by_label("Watermark", exact=True)).to_have_value("")
    page.reload()
    assert asked == ["beforeunload"]


def test_without_templates_of_its_own_a_space_says_so(open_screen):
    page = open_screen("/space_settings")

    expect(page.get_by_text("No templates of this space yet")).to_be_visible()
    expect(page.get_by_role("button", name="Edit Article")).to_be_hidden()


def test_a_template_is_duplicated_archived_restored_and_deleted(open_screen, backend):
    backend.own = Settings()
    page = open_screen("/space_settings")
    open_row(page, "Report").get_by_role("button", name="Duplicate").click()
    expect(page.get_by_text("“Copy of Report” is there now.")).to_be_visible()
    assert backend.templates[0].options.cover == "full"
    page.get_by_role("radio", name="Copy of Report").check()

    open_row(page, "Copy of Report").get_by_role("button", name="Archive").click()
    expect(page.get_by_text("“Copy of Report” is archived.")).to_be_visible()
    expect(page.get_by_role("radio", name="Copy of Report")).to_have_count(0)
    expect(page.get_by_role("radio", name="Article")).to_be_checked()

    page.get_by_text("Archived templates").click()
    open_row(page, "Copy of Report").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("“Copy of Report” can be used again.")).to_be_visible()

    actions = open_row(page, "Copy of Report")
    actions.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(actions.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete template").click()
    expect(page.get_by_text("“Copy of Report” is deleted.")).to_be_visible()
    assert backend.templates == []


def test_a_downloaded_template_can_be_imported(open_screen, backend, tmp_path):
    backend.templates = [a_template("House: style", "house", watermark="Draft")]
    page = open_screen("/space_settings")
    with page.expect_download() as download:
        open_row(page, "House: style").get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "House- style.json"
    file = tmp_path / "template.json"
    file.write_bytes(Path(download.value.path()).read_bytes())

    page.get_by_label("File of a template").set_input_files(file)

    expect(page.get_by_text("“House: style 2” is imported.")).to_be_visible()
    assert backend.writes()[-1].body["xpress_template"] == 1
    assert backend.templates[-1].options.watermark == "Draft"


def test_a_file_that_is_no_template_is_not_imported(open_screen, backend):
    page = open_screen("/space_settings")
    expect(page.get_by_role("button", name="Import template")).to_be_visible()

    for n, content in enumerate(["no JSON", "[1]", '{"name": "x", "options": {}}']):
        file = {"name": f"{n}.json", "mimeType": "application/json", "buffer": content.encode()}
        page.get_by_label("File of a template").set_input_files(file)
        expect(page.get_by_text("This file holds no template of XPress.")).to_be_visible()

    assert backend.writes() == []


def test_a_template_is_copied_to_other_spaces_and_refusals_are_told(open_screen, backend):
    backend.templates = [a_template("House style", "house")]
    page = open_screen("/space_settings")
    actions = open_row(page, "House style")
    actions.get_by_role("button", name="Copy to other spaces").click()
    expect(actions.get_by_role("button", name="Copy template")).to_be_disabled()
    for typed, name in (("oper", "Operations (OPS)"), ("lab", "Laboratory (LAB)")):
        page.get_by_label("Find a space").fill(typed)
        page.get_by_role("button", name=f"Choose {name}").click()

    actions.get_by_role("button", name="Copy template").click()

    told = page.locator("#templates-told")
    expect(told).to_contain_text("Copied to 1 space.")
    expect(told).to_contain_text("LAB: Only people who administer this space may do this.")
    assert backend.writes()[-1].address == "/api/spaces/DOCS/templates/house/copies"
    assert backend.writes()[-1].body == {"spaces": ["OPS", "LAB"]}


def test_the_site_has_limits_and_spaces_without_exports(open_screen, backend):
    backend.site = Settings(switched_off=frozenset({"OLD"}), limits={"pages": 500})
    page = open_screen("/configure")
    expect(page.get_by_role("switch")).to_have_count(0)
    page.get_by_label("Find a space").fill("peo")
    page.get_by_role("button", name="Choose People (HR)").click()
    page.get_by_role("button", name="Remove OLD").click()
    page.get_by_label("Seconds").fill("5")
    expect(page.get_by_text("Choose a whole number from 10 to 900")).to_be_visible()
    page.get_by_label("Seconds").fill("120")
    page.get_by_label("Pages", exact=True).fill("")

    save(page)

    assert backend.writes()[-1].address == "/api/settings"
    body = backend.writes()[-1].body
    assert body["switched_off"] == ["HR"]
    assert body["limits"] == {"seconds": 120}


def test_a_long_list_of_spaces_can_be_searched(open_screen, backend):
    backend.site = Settings(switched_off=frozenset(f"TEAM{n}" for n in range(12)))
    page = open_screen("/configure")

    page.get_by_label("Search the list").fill("team11")

    chosen = page.locator("#switched-off [data-chosen] > li:visible")
    expect(chosen).to_have_count(1)
    save(page)
    assert len(backend.writes()[-1].body["switched_off"]) == 12


def test_all_settings_can_be_taken_along_and_erased(open_screen, backend):
    backend.site = Settings(options={"watermark": "Ours"})
    page = open_screen("/configure")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all settings").click()
    kept = json.loads(Path(download.value.path()).read_text())
    assert kept["settings"] == [{"watermark": "Ours"}]
    erase = page.get_by_role("button", name="Erase all settings")
    expect(erase).to_be_disabled()

    page.get_by_label("Type “erase” to confirm").fill("Erase")
    erase.click()

    expect(page.get_by_text("All settings and templates are erased.")).to_be_visible()
    expect(page.get_by_label("Watermark", exact=True)).to_have_count(0)
    assert backend.site == Settings()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/space_settings", "Only administrators of this space can change its settings."),
        ("/configure", "Only Confluence administrators can change these settings."),
    ],
)
def test_who_is_not_an_administrator_is_told_so(open_screen, backend, path, words):
    backend.refusal = Refusal(403)

    page = open_screen(path)

    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("button", name="Save settings")).to_be_hidden()
    expect(page.get_by_role("button", name="Create template")).to_be_hidden()


def test_settings_that_could_not_be_saved_stay_in_the_form(open_screen, backend):
    backend.own = Settings(options={"paper": "A4"})
    page = open_screen("/space_settings")
    page.get_by_label("Paper", exact=True).select_option("Letter")
    backend.refused_writes = [Refusal(500, "The database did not answer.")]

    page.get_by_role("button", name="Save settings").click()

    expect(page.locator("#outcome")).to_contain_text(
        "The settings are not saved. The database did not answer."
    )
    expect(page.get_by_label("Paper", exact=True)).to_have_value("Letter")


def test_settings_that_could_not_be_loaded_can_be_asked_for_again(open_screen, backend):
    backend.refusal = Refusal(503, "Confluence is busy.")
    page = open_screen("/configure")
    expect(page.locator("#outcome")).to_contain_text("Confluence is busy.")

    backend.refusal = None
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("button", name="Save settings")).to_be_visible()


def test_a_failure_says_what_happened_and_leads_nowhere_else(open_screen):
    page = open_screen("/failure")

    expect(page.get_by_role("heading", name="XPress is not installed")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)
