"""Every screen in every state: nothing serious for axe, no sideways scrolling, light and dark."""

from __future__ import annotations

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from addon.options import ExportOptions
from addon.settings import Access, Template
from tests.browser.screens.harness import (
    CONNECT_JS,
    Backend,
    Open,
    Refusal,
    a_listing,
    a_note,
    a_progress,
    a_standing,
    a_stream,
)
from tests.browser.screens.newcomer import Newcomer, a_picture

LONG = (
    "A title without an end " * 6 + "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2
)


def dialog(open_screen: Open, backend: Backend, **options) -> Page:
    backend.tree = a_listing(
        "1 Home", *[f"{'  ' * depth}{depth + 1} {LONG}" for depth in range(1, 9)]
    )
    page = open_screen("/dialog", **options)
    expect(page.get_by_text("“Home”")).to_be_visible()
    return page


def form(open_screen, backend, **options):
    fixed = {"images": "small", "watermark": LONG[:120]}
    long = Template("long", LONG, "space", ExportOptions(cover="full"))
    backend.standing = a_standing(long, template="long", options=fixed, locked=frozenset(fixed))
    page = dialog(open_screen, backend, **options)
    page.get_by_text("More options").click()
    return page


def choosing(open_screen, backend, **options):
    page = dialog(open_screen, backend, **options)
    page.get_by_label("Choose pages…").check()
    while page.locator(".opener[aria-expanded=false]").count():
        page.locator(".opener[aria-expanded=false]").first.click()
    page.locator("#page-tree input").last.uncheck()
    return page


def blocked(open_screen, backend, **options):
    backend.page_limit = 2
    page = dialog(open_screen, backend, **options)
    page.locator("[name=scope][value=tree]").check()
    expect(page.locator("#numbers")).to_have_attribute("data-kind", "warning")
    return page


def unlisted(open_screen, backend, **options):
    backend.tree = Refusal(503, "Confluence is busy.")
    page = open_screen("/dialog", **options)
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def running(open_screen, backend, **options):
    backend.stream = [a_progress("reading", 17, 42, LONG), threading.Event()]
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_have_text(re.compile("Page 17 of 42"))
    return page


def done(open_screen, backend, **options):
    severities = ["info", "warning", "error"]
    notes = [a_note(LONG if n else "Intro", severities[n % 3]) for n in range(7)]
    backend.stream = a_stream(left_out=3, notes=notes)
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_visible()
    return page


def waiting(open_screen, backend, **options):
    backend.stream = [a_progress("waiting", 0, 3), threading.Event()]
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_have_text(re.compile("ahead of yours"))
    return page


def too_large(open_screen, backend, **options):
    names = ", ".join(f"“{LONG[:59]}…” ({count} pages)" for count in (612, 598, 30))
    message = (
        "1,240 pages are selected; one PDF holds 1,000. "
        f"Export these branches one by one: {names} and 12 more."
    )
    backend.refusals = [Refusal(422, message, code="too_many_pages")]
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#numbers")).to_contain_text("12 more")
    return page


def doubtful(open_screen, backend, **options):
    backend.sheet_limit = 20
    page = dialog(open_screen, backend, **options)
    page.locator("[name=scope][value=tree]").check()
    expect(page.locator("#numbers")).to_have_attribute("data-kind", "warning")
    return page


def refused(open_screen, backend, **options):
    backend.refusals = [Refusal(403, "Confluence does not let XPress read as you.")]
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#failed")).to_be_visible()
    return page


def failed(open_screen, backend, **options):
    busy = "Many exports are running and waiting already."
    backend.refusals = [Refusal(429, busy, {"Retry-After": "12"})]
    page = dialog(open_screen, backend, **options)
    page.keyboard.press("Enter")
    expect(page.locator("#failed")).to_be_visible()
    return page


def outside(open_screen, backend, **options):
    backend.connect_js = ""
    return open_screen("/dialog", **options)


def off(open_screen, backend, **options):
    backend.standing = a_standing(access=Access("nobody"))
    page = open_screen("/dialog", **options)
    expect(page.locator("#off")).to_be_visible()
    return page


def get_started(open_screen, backend, **options):
    backend.api = Newcomer(pages={"1": LONG}).api
    page = open_screen("/get_started", **options)
    page.get_by_role("button", name="Make a sample PDF").click()
    expect(page.get_by_role("img", name="Sheet 1")).to_be_visible()
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("#logo").set_input_files(logo)
    expect(page.locator("#logo-alt")).to_be_visible()
    page.get_by_label("Nobody").check()
    expect(page.get_by_text("Saved: nobody may export")).to_be_visible()
    return page


def failure(open_screen, backend, **options):
    return open_screen("/failure", **options)


SCREENS = [
    form,
    choosing,
    blocked,
    doubtful,
    too_large,
    unlisted,
    waiting,
    running,
    done,
    refused,
    failed,
    off,
    outside,
    get_started,
    failure,
]
every_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)


@every_screen
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_screen, backend, axe, screen, scheme):
    page = screen(open_screen, backend, color_scheme=scheme)

    assert axe(page) == []


@every_screen
def test_nothing_scrolls_sideways_at_320_pixels(open_screen, backend, screen):
    page = screen(open_screen, backend, width=320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert (
        page.evaluate(
            """[...document.querySelectorAll("main *:not(.visually-hidden, thead *)")]
        .filter((element) => element.checkVisibility() && element.scrollWidth > innerWidth)
        .map((element) => element.outerHTML)"""
        )
        == []
    )


def test_without_a_word_from_confluence_the_colours_follow_the_browser(open_screen):
    page = open_screen("/get_started", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(31, 31, 33)")

    page.emulate_media(color_scheme="light")

    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_what_confluence_says_about_colours_wins(open_screen, backend):
    backend.connect_js = CONNECT_JS + (
        "AP.theming = { initializeTheming() {"
        " document.documentElement.dataset.colorMode = 'dark'; } };"
    )
    page = open_screen("/get_started", color_scheme="light")

    expect(page.locator("body")).to_have_css("background-color", "rgb(31, 31, 33)")


def test_colours_of_confluence_are_used_where_it_gives_them(open_screen):
    page = open_screen("/get_started")

    page.evaluate("document.documentElement.style.setProperty('--ds-surface', 'rgb(1, 2, 3)')")

    expect(page.locator("body")).to_have_css("background-color", "rgb(1, 2, 3)")


def test_confluence_learns_the_height_when_it_changes(open_screen, backend):
    page = dialog(open_screen, backend)
    before = page.evaluate("host.resized")

    page.get_by_text("More options").click()

    page.wait_for_function("before => host.resized > before", arg=before)


def test_nothing_moves_for_who_asked_for_stillness(open_screen, backend):
    backend.stream = [threading.Event()]
    page = dialog(open_screen, backend, reduced_motion="reduce")
    page.keyboard.press("Enter")

    expect(page.get_by_role("progressbar")).to_have_css("animation-name", "none")


def test_with_forced_colours_buttons_and_messages_keep_an_outline(open_screen, backend):
    page = failed(open_screen, backend, forced_colors="active")

    for part in (page.locator("#again"), page.locator("#failed .message")):
        expect(part).to_have_css("border-top-style", "solid")
        expect(part).to_have_css("border-top-width", "1px")
