"""The settings pages and the editor in every state: for axe, for narrow frames, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from addon.settings import Access, Group, Settings
from tests.browser.screens.administration import Administration, a_png, a_template
from tests.browser.screens.harness import Open, Refusal
from tests.browser.screens.test_looks import LONG

LONG_NAME = LONG[:100]
Screen = Callable[[Open, Administration], Page]


@pytest.fixture
def backend() -> Administration:
    logo = f"data:image/png;base64,{a_png(width=900)}"
    poor = {"logo": logo, "heading_colour": "#cccccc", "watermark": LONG_NAME}
    return Administration(
        site=Settings(
            options={"links": "text"},
            locked=frozenset({"links"}),
            switched_off=frozenset(f"TEAM{n}" for n in range(14)),
        ),
        own=Settings(
            options={
                "paper": "Letter",
                "watermark": LONG_NAME,
                "accent_colour": "#aa3300",
                "left_out_labels": ["draft", "internal"],
                "logo": logo,
                "custom_css": "h2 { color: #123456 }",
            },
            locked=frozenset({"watermark"}),
            access=Access("groups", (Group("1", "docs-team"), Group("2", LONG_NAME))),
        ),
        templates=[
            a_template(LONG_NAME, "long", **poor),
            a_template("Site look", origin="site", cover="full"),
        ],
    )


def of_a_space(open_screen, backend, **options):
    page = open_screen("/space_settings", **options)
    expect(page.get_by_role("button", name="Save settings")).to_be_visible()
    page.get_by_label("Find a group").fill("doc")
    expect(page.get_by_text("2 found.")).to_be_visible()
    backend.refused_writes = [Refusal(409, LONG, code="stale")]
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_role("button", name="Save mine over it")).to_be_visible()
    return page


def of_the_site_in_a_space(open_screen, backend, **options):
    backend.own = None
    page = open_screen("/space_settings", **options)
    expect(page.get_by_role("switch")).to_be_checked()
    return page


def actions(open_screen, backend, **options):
    page = open_screen("/space_settings", **options)
    page.get_by_role("button", name=f"More actions for {LONG_NAME}").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="More actions for Site look").click()
    page.get_by_role("button", name="Copy to other spaces").last.click()
    page.get_by_label("Find a space").fill("o")
    expect(page.get_by_text("3 found.")).to_be_visible()
    return page


def of_the_site(open_screen, backend, **options):
    page = open_screen("/configure", **options)
    page.get_by_label("Seconds").fill("1")
    page.get_by_label("Type “erase” to confirm").fill("erase")
    return page


def refused(open_screen, backend, **options):
    backend.refusal = Refusal(403)
    page = open_screen("/space_settings", **options)
    expect(page.locator("#outcome")).to_be_visible()
    return page


def editor(open_screen, backend, **options):
    """With each section in turn it would be nine screens: all are open at once here."""
    page = open_screen("/space_settings", **options)
    page.get_by_role("button", name=f"Edit {LONG_NAME}").click()
    expect(page.get_by_text("The preview is up to date.")).to_be_visible()
    page.evaluate(
        """document.querySelectorAll("details.section").forEach((section) => {
          section.name = "";
          section.open = true;
        })"""
    )
    page.get_by_label("Header, left").fill("{pgae}")
    page.get_by_role("button", name="Insert a placeholder: Header, right").click()
    expect(page.get_by_text("There is no placeholder {pgae}.")).to_be_visible()
    return page


def leaving(open_screen, backend, **options):
    page = open_screen("/space_settings", **options)
    page.get_by_role("button", name="Create template").click()
    page.get_by_label("Name of the template").fill("Another")
    page.go_back()
    expect(page.locator("#leaving")).to_be_visible()
    return page


SCREENS = [
    of_a_space,
    of_the_site_in_a_space,
    actions,
    of_the_site,
    refused,
    editor,
    leaving,
]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_axe_finds_nothing_and_320_pixels_are_enough(open_screen, backend, axe, screen):
    page = screen(open_screen, backend, color_scheme="light", reduced_motion="reduce")
    in_light = axe(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-color-mode", "dark")
    in_dark = axe(page)
    page.set_viewport_size({"width": 320, "height": 900})

    too_wide = page.evaluate(
        """[...document.querySelectorAll("main *:not(.visually-hidden, input)")]
        .filter((element) => element.checkVisibility() && element.scrollWidth > innerWidth)
        .map((element) => element.outerHTML)"""
    )

    assert in_light == []
    assert in_dark == []
    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_preview_stands_beside_the_form_and_below_it_in_a_narrow_frame(open_screen, backend):
    page = editor(open_screen, backend, width=1100)
    form, preview = page.locator("#template"), page.locator("#preview")

    beside = preview.bounding_box()["x"] >= form.bounding_box()["x"] + form.bounding_box()["width"]
    page.set_viewport_size({"width": 600, "height": 900})
    below = preview.bounding_box()["y"] >= form.bounding_box()["y"] + form.bounding_box()["height"]

    assert beside
    assert below
