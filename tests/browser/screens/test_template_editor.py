"""The template editor: a form of all options, a live preview, and a check of the brand."""

from __future__ import annotations

import base64
import threading

import pytest
from playwright.sync_api import Page, expect

from addon import placeholders
from addon.options import GROUPS, OPTIONS
from tests.browser.screens.administration import Administration, a_png, a_template
from tests.browser.screens.harness import Open, Refusal


@pytest.fixture
def backend() -> Administration:
    return Administration(templates=[a_template("House style", "house", watermark="Draft")])


@pytest.fixture
def editor(open_screen: Open) -> Page:
    """The editor of the house style, with its first preview."""
    page = open_screen("/space_settings", width=1100)
    page.get_by_role("button", name="Edit House style").click()
    expect(page.get_by_text("The preview is up to date.")).to_be_visible()
    return page


def section(page: Page, name: str) -> None:
    page.locator("summary").get_by_text(name, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save template").click()


def test_every_option_has_a_labelled_control_in_its_section(editor):
    for name, label in GROUPS.items():
        options = [option for option in OPTIONS.values() if option.group == name]
        section(editor, str(label)) if name != "sheet" else None
        for option in options:
            expect(editor.get_by_label(str(option.label), exact=True).first).to_be_visible()
    # One section is open at a time, so that the preview stays near.
    expect(editor.locator("details.section[open]")).to_have_count(1)


def test_what_is_typed_is_shown_before_it_is_saved(editor, backend):
    before = len(backend.previews())
    section(editor, "Type and colours")
    shown = editor.get_by_role("img", name="Sheet 1 of the preview")
    first = shown.get_attribute("src")

    editor.get_by_label("Accent colour", exact=True).fill("AA0000")
    editor.get_by_label("Size of the text").fill("12")

    expect(shown).to_have_attribute("src", f"data:image/png;base64,{a_png('#aa0000')}")
    assert shown.get_attribute("src") != first
    assert len(backend.previews()) == before + 1  # once, for both changes
    asked = backend.previews()[-1]
    assert asked["page"] == "11"
    assert set(asked["options"]) == set(OPTIONS)
    assert asked["options"]["accent_colour"] == "#aa0000"
    assert asked["options"]["font_size"] == 12
    assert backend.writes() == []


def test_a_newer_preview_wins_and_the_last_one_stays_until_it_comes(editor, backend):
    shown = editor.get_by_role("img", name="Sheet 1 of the preview")
    first = shown.get_attribute("src") or ""
    section(editor, "Type and colours")
    backend.slow_preview = threading.Event()
    before = len(backend.previews())
    editor.get_by_label("Accent colour", exact=True).fill("#aa0000")
    expect(editor.locator("#preview")).to_have_attribute("aria-busy", "true")
    expect(editor.get_by_text("Making the preview…")).to_be_visible()
    expect(shown).to_have_attribute("src", first)
    while len(backend.previews()) == before:
        editor.wait_for_timeout(20)

    editor.get_by_label("Accent colour", exact=True).fill("#00aa00")
    while len(backend.previews()) == before + 1:
        editor.wait_for_timeout(20)
    backend.slow_preview.set()

    expect(shown).to_have_attribute("src", f"data:image/png;base64,{a_png('#00aa00')}")
    expect(editor.locator("#preview")).to_have_attribute("aria-busy", "false")


def test_other_sheets_and_other_pages_can_be_looked_at(editor, backend):
    editor.get_by_role("button", name="Show sheet 2").click()
    expect(editor.get_by_role("img", name="Sheet 2 of the preview")).to_be_visible()
    expect(editor.get_by_role("button", name="Show sheet 2")).to_be_focused()

    editor.get_by_label("Page to show").select_option(label="Risks")
    expect(editor.get_by_text("The preview is up to date.")).to_be_visible()
    assert backend.previews()[-1]["page"] == "13"
    expect(editor.get_by_role("img", name="Sheet 2 of the preview")).to_be_visible()

    editor.get_by_label("Find a page").fill("handbook")
    expect(editor.get_by_label("Page to show").locator("option")).to_have_text(["Release handbook"])
    expect(editor.get_by_text("The preview is up to date.")).to_be_visible()
    assert backend.previews()[-1]["page"] == "12"


def test_a_preview_that_failed_is_told_and_a_crowded_server_is_asked_again(editor, backend):
    section(editor, "Watermark")
    backend.refused_previews = [Refusal(503, "Confluence is busy.")]
    editor.get_by_label("Watermark", exact=True).fill("A")
    expect(editor.get_by_text("There is no new preview. Confluence is busy.")).to_be_visible()
    expect(editor.get_by_role("img", name="Sheet 1 of the preview")).to_be_visible()

    backend.refused_previews = [Refusal(429, "Many previews.", {"Retry-After": "1"})]
    editor.get_by_label("Watermark", exact=True).fill("B")

    expect(editor.get_by_text("The preview is up to date.")).to_be_visible()


def test_mistakes_are_told_at_their_place_and_stop_preview_and_saving(editor, backend):
    section(editor, "Header and footer")
    editor.get_by_label("Header, left").fill("{pgae}")
    expect(editor.get_by_text("There is no placeholder {pgae}.")).to_be_visible()
    expect(editor.get_by_label("Header, left")).to_have_attribute("aria-invalid", "true")
    expect(editor.get_by_text("Mend what is marked in the form")).to_be_visible()
    section(editor, "Watermark")

    save(editor)

    expect(editor.get_by_label("Header, left")).to_be_focused()
    assert backend.writes() == []


def test_a_placeholder_is_picked_with_the_keyboard(editor):
    section(editor, "Header and footer")
    field = editor.get_by_label("Header, left")
    field.fill("Page  end")
    field.evaluate("field => field.setSelectionRange(5, 5)")
    picker = editor.get_by_role("button", name="Insert a placeholder: Header, left")
    picker.press("Enter")
    expect(picker).to_have_attribute("aria-expanded", "true")

    editor.get_by_role("button", name="{sheet} Number of the sheet").press("Enter")

    expect(field).to_have_value("Page {sheet} end")
    expect(field).to_be_focused()
    picker.press("Enter")
    editor.keyboard.press("Escape")
    expect(picker).to_be_focused()
    expect(editor.get_by_role("group", name="Placeholders")).to_have_count(0)

    section(editor, "Cover")
    editor.get_by_role("button", name="Insert a placeholder: Title on the cover").click()
    # What only sheets know has no value on the cover.
    expect(editor.get_by_role("button", name="{sheet} Number of the sheet")).to_have_count(0)
    editor.get_by_role("button", name="{property}").click()
    editor.keyboard.type("Owner")
    expect(editor.get_by_label("Title on the cover")).to_have_value("{title}{property:Owner}")


def test_the_form_finds_the_mistakes_that_the_server_finds(open_screen):
    scopes: list[placeholders.Scope] = ["document", "page", "sheet"]
    texts = [
        "",
        "Page {sheet} of {sheets}",
        "{page} · {chapter}",
        "{title} {{not}} {nope}",
        "a } b",
        "{ title }",
        "{title:long}",
        "{date:long}",
        "{date:d MMMM yyyy}",
        "{date:sometime}",
        "{property}",
        "{property:Status}",
        "{Title}",
        "{exporter} · {time:HH:mm}",
    ]
    page = open_screen("/space_settings")

    found = page.evaluate(
        """async ([texts, scopes]) => {
          const { knownFrom, problem } = await import("/static/addon/placeholders.js");
          const known = knownFrom(document.getElementById("placeholder-list").content);
          return scopes.map((scope) => texts.map((text) => problem(text, scope, known)));
        }""",
        [texts, scopes],
    )

    assert found == [[placeholders.problem(text, scope) for text in texts] for scope in scopes]


def test_a_template_is_created_saved_and_found_in_the_list(open_screen, backend):
    page = open_screen("/space_settings", width=1100)
    page.get_by_role("button", name="Create template").click()
    expect(page.get_by_role("heading", name="Create template")).to_be_focused()
    expect(page.get_by_role("button", name="Save settings")).to_be_hidden()
    name = page.get_by_label("Name of the template")
    name.fill(" ")
    save(page)
    expect(page.get_by_text("Give the template a name.")).to_be_visible()
    name.fill("Letterhead")
    page.get_by_label("Orientation").select_option(label="On its side")

    save(page)

    expect(page.get_by_text("The template is saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="Edit template")).to_be_visible()
    assert backend.writes()[-1].method == "POST"
    assert backend.templates[-1].options.orientation == "landscape"
    page.get_by_label("Paper", exact=True).select_option("A5")
    save(page)
    expect(page.get_by_text("The template is saved.")).to_be_visible()
    assert backend.writes()[-1].method == "PUT"
    assert backend.writes()[-1].body["revision"] == 1
    page.get_by_role("button", name="Back to the settings").click()
    expect(page.get_by_role("button", name="Edit Letterhead")).to_be_focused()


def test_going_back_asks_only_when_something_would_be_lost(editor, backend):
    editor.go_back()
    expect(editor.get_by_role("button", name="Edit House style")).to_be_focused()
    editor.get_by_role("button", name="Edit House style").click()
    editor.get_by_label("Name of the template").fill("Another")

    editor.get_by_role("button", name="Back to the settings").click()
    expect(editor.get_by_role("alert")).to_contain_text("not saved")
    editor.get_by_role("button", name="Keep editing").click()
    expect(editor.get_by_label("Name of the template")).to_have_value("Another")
    editor.get_by_role("button", name="Back to the settings").click()
    editor.get_by_role("button", name="Leave without saving").click()

    expect(editor.get_by_role("button", name="Edit House style")).to_be_visible()
    expect(editor.locator("#editor")).to_be_hidden()
    assert backend.writes() == []


def test_a_name_that_is_taken_and_rules_that_are_refused_are_told(editor, backend):
    taken = "There is a template “Report” already. Choose another name."
    backend.refused_writes = [Refusal(409, taken, code="name_taken")]
    save(editor)
    expect(editor.locator("#template-name-error")).to_have_text(taken)
    expect(editor.get_by_label("Name of the template")).to_be_focused()

    why = "Line 1: “position” is not a property that can be used here."
    section(editor, "Advanced style")
    editor.get_by_label("Style rules").fill("p { position: fixed }")
    section(editor, "Page")
    fields = {"options": {"custom_css": [why]}}
    backend.refused_writes = [Refusal(400, "Some cannot be used.", code="invalid", fields=fields)]
    save(editor)

    expect(editor.get_by_label("Style rules")).to_be_focused()
    expect(editor.get_by_text(why)).to_be_visible()
    expect(editor.get_by_text("The template is not saved.")).to_be_visible()


def test_two_admins_at_one_template_lose_nothing(editor, backend):
    stale = Refusal(409, "Somebody else has saved these settings.", code="stale")
    editor.get_by_label("Name of the template").fill("Mine")
    backend.refused_writes = [stale]
    save(editor)
    expect(editor.get_by_label("Name of the template")).to_have_value("Mine")
    editor.get_by_role("button", name="Show what was saved").click()
    expect(editor.get_by_label("Name of the template")).to_have_value("House style")

    editor.get_by_label("Name of the template").fill("Mine")
    backend.refused_writes = [stale]
    save(editor)
    editor.get_by_role("button", name="Save mine over it").click()

    expect(editor.get_by_text("The template is saved.")).to_be_visible()
    assert backend.templates[-1].name == "Mine"


def test_a_logo_is_uploaded_shown_and_removed(editor, backend, tmp_path):
    backend.logo_warnings = ["It is very wide."]
    file = tmp_path / "logo.png"
    file.write_bytes(b"no picture")
    section(editor, "Cover")
    editor.get_by_label("Logo", exact=True).set_input_files(file)
    expect(editor.get_by_text("The logo was not taken. This file is no picture.")).to_be_visible()

    file.write_bytes(base64.b64decode(a_png(width=400, height=20)))
    editor.get_by_label("Logo", exact=True).set_input_files(file)

    expect(editor.get_by_text("400 × 20 pixels. It is very wide.")).to_be_visible()
    expect(editor.get_by_role("img", name="The logo as it is now")).to_be_visible()
    expect(editor.get_by_text("The preview is up to date.")).to_be_visible()
    logo = backend.previews()[-1]["options"]["logo"]
    assert logo == f"data:image/png;base64,{a_png('#aa0000', 400, 20)}"

    editor.get_by_role("button", name="Remove the logo").click()
    save(editor)
    expect(editor.get_by_text("The template is saved.")).to_be_visible()
    assert backend.writes()[-1].body["options"]["logo"] == ""


def test_what_the_brand_would_suffer_from_is_a_warning_and_no_error(open_screen, backend):
    logo = f"data:image/png;base64,{a_png(width=120)}"
    poor = {
        "accent_colour": "#ffcc00",
        "heading_colour": "#777777",
        "link_colour": "#767676",
        "logo": logo,
        "watermark": "Draft",
        "watermark_opacity": 31,
    }
    backend.templates = [a_template("Poor", **poor)]
    page = open_screen("/space_settings", width=1100)
    page.get_by_role("button", name="Edit Poor").click()
    brand = page.locator("#brand")

    expect(brand.get_by_role("listitem")).to_have_text(
        [
            # #777777 has 4.478: rounded down, so that it does not read as enough.
            "Headings are hard to read on white: their contrast is 4.4, and should be 4.5.",
            "The accent colour stands out too little from white: its contrast is 1.5, "
            "and should be 4.5.",
            "The logo will look coarse in print: it is 120 pixels wide, and should be 354 or more.",
            "The logo has no words for people who cannot see it.",
            "The watermark makes the text hard to read: stay at or below 30%.",
        ]
    )

    section(page, "Watermark")
    page.get_by_label("Strength of the watermark").fill("30")
    expect(brand.get_by_role("listitem")).to_have_count(4)
    save(page)
    expect(page.get_by_text("The template is saved.")).to_be_visible()


def test_colours_are_chosen_by_eye_or_typed_and_are_one(editor):
    section(editor, "Type and colours")
    typed = editor.get_by_label("Accent colour", exact=True)
    eye = editor.get_by_label("Accent colour: choose by eye")

    eye.fill("#123456")
    expect(typed).to_have_value("#123456")
    typed.fill("15b")
    typed.blur()
    expect(typed).to_have_value("#1155bb")
    expect(eye).to_have_value("#1155bb")
    typed.fill("blue")

    expect(editor.get_by_text("Write a colour such as #1558bc.")).to_be_visible()


def test_names_become_tokens_and_go_again(editor, backend):
    section(editor, "Left out")
    field = editor.get_by_label("Leave out these macros", exact=True)
    field.fill("jira")
    field.press("Enter")
    field.fill("chart")
    editor.get_by_role("button", name="Add (Leave out these macros)").click()
    field.fill("two words")
    expect(editor.get_by_text("A name has no spaces, commas or quotation marks.")).to_be_visible()
    field.fill("")

    editor.get_by_role("button", name="Remove jira").click()
    save(editor)

    expect(editor.get_by_text("The template is saved.")).to_be_visible()
    assert backend.templates[-1].options.left_out_macros == ("chart",)
