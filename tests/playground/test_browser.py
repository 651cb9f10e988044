"""The host page in a real browser: the real Connect host, and the real client in the frame."""

import os
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from playground.cdn import PACKAGES, missing_packages
from playground.confluence import Confluence
from tests.playground.builders import ADMIN
from tests.playground.stub_app import Stub

CHROMIUM = Path(os.environ.get("XPRESS_CHROMIUM", "/usr/bin/chromium"))
AXE = PACKAGES / "axe-core" / "axe.min.js"

if missing_packages():
    pytest.skip(missing_packages(), allow_module_level=True)
if not CHROMIUM.exists():
    pytest.skip(f"{CHROMIUM} is not installed.", allow_module_level=True)

from playwright.sync_api import FrameLocator, Page, expect, sync_playwright  # noqa: E402


@pytest.fixture
def page() -> Iterator[Page]:
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=switches)
        # The page's policy would keep axe out; the tests' own scripts are let in.
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
        context.close()
        browser.close()


@pytest.fixture
def opened(page: Page, confluence: Confluence, stub: Stub) -> FrameLocator:
    """The dialog of the stub, opened from the menu of a page."""
    confluence.install(stub.descriptor_url)
    page.goto(f"{confluence.base_url}/spaces/DOC/pages/2/Guide")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Open the stub").click()
    frame = page.frame_locator("dialog iframe")
    expect(frame.get_by_role("heading", name="Stub of 2")).to_be_visible()
    return frame


def test_a_framed_app_gets_a_token_that_verifies(opened: FrameLocator, stub: Stub) -> None:
    opened.get_by_role("button", name="Token").click()

    expect(opened.locator("#out")).not_to_be_empty()
    secret = stub.body("installed")["sharedSecret"]
    token = opened.locator("#out").text_content() or ""
    claims = jwt.decode(token, secret, algorithms=["HS256"])
    assert claims["sub"] == ADMIN
    assert claims["qsh"] == "context-qsh"


def test_a_framed_app_learns_its_user_and_where_it_is(opened: FrameLocator) -> None:
    opened.get_by_role("button", name="Ask").click()

    expect(opened.locator("#out")).to_contain_text(f'{{"atlassianAccountId":"{ADMIN}"}},"{ADMIN}"')
    expect(opened.locator("#out")).to_contain_text('"content":{"id":"2"')


def test_the_theme_of_the_site_reaches_the_frame(page: Page, opened: FrameLocator) -> None:
    expect(opened.locator("html")).to_have_attribute("data-color-mode", "light")
    expect(opened.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")

    # The dialog is modal, so the button of the page is pressed by a script.
    page.evaluate("document.getElementById('theme').click()")

    expect(opened.locator("html")).to_have_attribute("data-color-mode", "dark")
    expect(opened.locator("body")).not_to_have_css("background-color", "rgb(255, 255, 255)")


def test_an_app_closes_its_dialog_and_so_does_escape(page: Page, opened: FrameLocator) -> None:
    opened.get_by_role("button", name="Flag").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    opened.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="More actions")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.frame_locator("dialog iframe").get_by_role("button", name="Close")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_the_frame_of_a_tab_is_as_high_as_its_content(
    page: Page, confluence: Confluence, stub: Stub
) -> None:
    confluence.install(stub.descriptor_url)

    page.goto(f"{confluence.base_url}/spaces/DOC/settings/stub-app/stub-tab")

    frame = page.locator(".app-frame iframe")
    content = page.frame_locator(".app-frame iframe").locator(".ac-content")
    expect(content).to_be_visible()
    tall = content.evaluate("it => it.scrollHeight")  # whatever the fonts here
    expect(frame).to_have_attribute("style", f"width: 100%; height: {tall}px;")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_pages_of_the_site(
    page: Page, confluence: Confluence, stub: Stub, theme: str
) -> None:
    confluence.install(stub.descriptor_url)
    page.context.add_cookies(
        [{"name": "playground_theme", "value": theme, "url": confluence.base_url + "/"}]
    )
    for path in ("/", "/manage-apps", "/spaces/DOC/pages/2/Guide", "/spaces/DOC/settings"):
        page.goto(confluence.base_url + path)
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))

        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

        serious = [
            (path, one["id"], [node["html"] for node in one["nodes"]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []
