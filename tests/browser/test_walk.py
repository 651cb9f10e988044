"""The walk of a new user: install, open a page, export, read; in a real browser, on real parts.

The playground's host page is Atlassian's own script, and so is the client in our frames.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Browser, Download, Frame, Page, expect

from playground.boot import World, running
from tests.browser.screens.newcomer import a_picture
from tests.journeys.exporting import Client, ask
from tests.pdf_reading import Sheets

HOME, STARTING, RUNBOOK, SALARIES = "65537", "65538", "65543", "65546"
GUEST = "Mina Park"
LOGO = {"name": "logo.png", "mimeType": "image/png", "buffer": a_picture()}
SECRET_TITLE = "Confidential: salary bands"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running(install=False) as world:
        yield world


@pytest.fixture(autouse=True)
def _installed(world: World) -> Iterator[None]:
    world.confluence.faults.clear()
    if not world.confluence.connect.installed:
        world.install()
    yield
    world.confluence.faults.clear()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 850}, accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def open_dialog(page: Page, world: World, page_id: str) -> Frame:
    page.goto(world.page_url(page_id))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Export to PDF").click()
    frame = page.wait_for_selector("dialog iframe").content_frame()
    expect(frame.get_by_role("heading", name="Export to PDF")).to_be_visible()
    expect(frame.get_by_role("button", name="Export PDF")).to_be_enabled()  # its script is there
    return frame


def start(page: Page, frame: Frame) -> Download:
    with page.expect_download() as coming:
        frame.get_by_role("button", name="Export PDF").click()
    return coming.value


def read(download: Download) -> Sheets:
    return Sheets(Path(download.path()).read_bytes())


def switch_user(page: Page, world: World, name: str) -> None:
    page.goto(world.page_url(HOME))
    page.get_by_label("User").select_option(label=name)
    page.get_by_role("button", name="Switch").click()


def test_install_open_the_dialog_and_have_the_branch_as_a_pdf(page: Page, world: World) -> None:
    world.confluence.uninstall(next(iter(world.confluence.connect.installed)))
    page.goto(f"{world.site_url}/manage-apps")
    page.get_by_role("button", name="Install").click()
    expect(page.get_by_text("XPress is installed.")).to_be_visible()

    frame = open_dialog(page, world, HOME)
    frame.get_by_label("This page and its 13 pages").check()
    download = start(page, frame)

    assert download.suggested_filename == "Lighthouse handbook.pdf"
    sheets = read(download)
    assert "Contents" in sheets.text(1)
    assert "Release runbook" in [text for _, text, _ in sheets.outline()]
    expect(frame.get_by_role("heading", name="Your PDF is ready")).to_be_visible()


def test_a_single_page_is_two_clicks_away(page: Page, world: World) -> None:
    frame = open_dialog(page, world, STARTING)

    download = start(page, frame)

    assert download.suggested_filename == "Getting started.pdf"
    assert "Getting started" in read(download).text(1)


def test_enter_exports_and_the_file_name_is_the_one_typed(page: Page, world: World) -> None:
    frame = open_dialog(page, world, STARTING)

    with page.expect_download() as coming:
        frame.get_by_label("File name").fill("For the auditor")
        frame.get_by_label("File name").press("Enter")

    assert coming.value.suggested_filename == "For the auditor.pdf"


def test_the_dialog_speaks_the_language_that_confluence_speaks_with_the_person(
    page: Page, world: World
) -> None:
    switch_user(page, world, "Bastian Okoye")
    page.goto(world.page_url(STARTING))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Export to PDF").click()
    frame = page.wait_for_selector("dialog iframe").content_frame()

    expect(frame.get_by_role("heading", name="Als PDF exportieren")).to_be_visible()
    expect(frame.get_by_role("button", name="PDF exportieren")).to_be_enabled()
    with page.expect_download() as coming:
        frame.get_by_role("button", name="PDF exportieren").click()

    assert "3. April 2026" in read(coming.value).text(1)
    expect(frame.get_by_role("heading", name="Ihr PDF ist fertig")).to_be_visible()


def test_chosen_pages_and_no_others(page: Page, world: World) -> None:
    frame = open_dialog(page, world, HOME)
    frame.get_by_label("Choose pages").check()
    frame.get_by_role("button", name="Select none").click()
    frame.get_by_role("checkbox", name="Getting started").check()

    sheets = read(start(page, frame))

    titles = [text for depth, text, _ in sheets.outline() if depth == 0]
    assert "Getting started" in titles
    assert "Release runbook" not in [text for _, text, _ in sheets.outline()]


def test_download_again_gives_the_same_file(page: Page, world: World) -> None:
    frame = open_dialog(page, world, STARTING)
    first = Path(start(page, frame).path()).read_bytes()

    with page.expect_download() as coming:
        frame.get_by_role("link", name="Download again").click()

    assert Path(coming.value.path()).read_bytes() == first


def test_what_needed_care_is_listed_at_the_end(page: Page, world: World) -> None:
    frame = open_dialog(page, world, "65545")

    start(page, frame)

    expect(frame.get_by_role("cell", name="broken.png").first).to_be_visible()


def test_cancelling_returns_to_the_form_and_stops_the_work(page: Page, world: World) -> None:
    world.confluence.faults.add(match="GET .*body-format", delayMs=2000)
    frame = open_dialog(page, world, HOME)
    frame.get_by_label("This page and its 13 pages").check()
    frame.get_by_role("button", name="Export PDF").click()
    expect(frame.get_by_role("heading", name="Making your PDF")).to_be_visible()

    frame.get_by_role("button", name="Cancel export").click()

    expect(frame.get_by_role("button", name="Export PDF")).to_be_visible()
    page.wait_for_timeout(3000)
    asked = len(world.confluence.journal)
    page.wait_for_timeout(2000)
    assert len(world.confluence.journal) == asked


def test_closing_the_dialog_stops_the_work(page: Page, world: World) -> None:
    world.confluence.faults.add(match="GET .*body-format", delayMs=2000)
    frame = open_dialog(page, world, HOME)
    frame.get_by_label("This page and its 13 pages").check()
    frame.get_by_role("button", name="Export PDF").click()
    expect(frame.get_by_role("heading", name="Making your PDF")).to_be_visible()

    page.reload()

    page.wait_for_timeout(3000)
    asked = len(world.confluence.journal)
    page.wait_for_timeout(2000)
    assert len(world.confluence.journal) == asked


def test_the_dialog_tells_what_the_export_will_take(page: Page, world: World) -> None:
    frame = open_dialog(page, world, HOME)

    frame.get_by_label("This page and its 13 pages").check()

    expect(frame.locator("#numbers-text")).to_have_text(
        re.compile(r"^14 pages in 1 folder, about \d+ sheets and \d+ sec$")
    )


def test_whoever_waits_sees_it_and_gets_the_pdf_in_turn(
    page: Page, world: World, axe: Callable
) -> None:
    world.confluence.faults.add(match="GET .*body-format", delayMs=2500)
    slots = os.cpu_count() or 1
    holders = [Client(ask(world, HOME, "tree")) for _ in range(slots)]
    try:
        assert all(holder.has_started() for holder in holders)
        frame = open_dialog(page, world, STARTING)
        frame.get_by_role("button", name="Export PDF").click()
        expect(frame.get_by_role("heading", name="Waiting for your turn")).to_be_visible()
        expect(frame.get_by_text("Yours is next.").first).to_be_visible()
        assert axe(frame) == []
        world.confluence.faults.clear()
        with page.expect_download() as coming:
            holders[0].close()
        assert "Getting started" in read(coming.value).text(1)
    finally:
        for holder in holders:
            holder.close()


def test_cancel_closes_the_dialog(page: Page, world: World) -> None:
    frame = open_dialog(page, world, STARTING)

    frame.get_by_role("button", name="Cancel", exact=True).click()

    expect(page.locator("dialog iframe")).to_have_count(0)


def test_a_guest_sees_no_restricted_page_in_the_dialog_and_in_the_pdf(
    page: Page, world: World
) -> None:
    switch_user(page, world, GUEST)
    frame = open_dialog(page, world, HOME)
    frame.get_by_label("Choose pages").check()
    expect(frame.get_by_role("checkbox", name="Getting started")).to_be_visible()
    assert SECRET_TITLE not in frame.content()

    frame.get_by_label("This page and its 11 pages").check()
    sheets = read(start(page, frame))

    assert SECRET_TITLE not in sheets.text()
    assert "COPPER-HERON" not in sheets.text()
    assert SECRET_TITLE not in frame.content()


def test_an_uninstalled_app_answers_its_old_frame_with_a_clear_page(
    page: Page, world: World
) -> None:
    open_dialog(page, world, STARTING)
    address = page.locator("dialog iframe").get_attribute("src") or ""
    world.confluence.uninstall(next(iter(world.confluence.connect.installed)))

    answer = page.goto(address)

    assert answer is not None
    assert answer.status == 401
    expect(page.get_by_role("heading")).to_have_text("Open this page from Confluence")


def test_the_dialog_follows_the_dark_theme(page: Page, world: World, axe: Callable) -> None:
    page.goto(world.page_url(HOME))
    page.get_by_role("button", name="Dark theme").click()

    frame = open_dialog(page, world, HOME)

    expect(frame.locator("html")).to_have_attribute("data-color-mode", "dark")
    expect(frame.get_by_label("This page and its 13 pages")).to_be_enabled()
    assert axe(frame) == []


def test_the_space_tab_keeps_what_an_admin_saves(page: Page, world: World, axe: Callable) -> None:
    key = next(iter(world.confluence.connect.installed))
    page.goto(f"{world.site_url}/spaces/DOC/settings/{key}/space-settings")
    frame = page.wait_for_selector("iframe").content_frame()
    frame.get_by_role("switch", name="Use the site’s settings").uncheck()
    frame.get_by_label("Option to add").select_option(label="Paper")
    frame.get_by_role("button", name="Add option").click()
    frame.get_by_label("Paper", exact=True).select_option("Letter")
    frame.get_by_role("button", name="Save settings").click()
    expect(frame.get_by_role("status").filter(has_text="saved")).to_be_visible()
    assert axe(frame) == []

    sheets = read(start(page, open_dialog(page, world, STARTING)))

    assert sheets.sizes() == {(612, 792)}


def test_the_site_pages_open_and_read_well(page: Page, world: World, axe: Callable) -> None:
    key = next(iter(world.confluence.connect.installed))
    for module, heading in (("configure", "PDF export"), ("get-started", "")):
        page.goto(f"{world.site_url}/plugins/servlet/ac/{key}/{module}")
        frame = page.wait_for_selector("iframe").content_frame()
        expect(frame.get_by_role("heading").first).to_contain_text(heading)
        assert axe(frame) == []


def test_axe_finds_nothing_in_the_dialog_from_form_to_end(
    page: Page, world: World, axe: Callable
) -> None:
    frame = open_dialog(page, world, "65545")
    expect(frame.get_by_text("This page")).not_to_have_count(0)
    assert axe(frame) == []

    start(page, frame)

    expect(frame.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    assert axe(frame) == []


def test_a_failing_confluence_is_told_in_plain_words(page: Page, world: World) -> None:
    frame = open_dialog(page, world, STARTING)
    world.confluence.faults.add(match="GET .*/api/v2/pages/65538", status=404)

    frame.get_by_role("button", name="Export PDF").click()

    expect(frame.get_by_role("alert").first).to_contain_text("Confluence")


def test_a_template_and_an_option_chosen_in_the_dialog_make_the_pdf(
    page: Page, world: World
) -> None:
    frame = open_dialog(page, world, STARTING)
    frame.get_by_label("Template").select_option("Report")
    frame.get_by_text("More options").click()
    frame.get_by_label("Paper", exact=True).select_option("A5")

    sheets = read(start(page, frame))

    assert sheets.sizes() == {(420, 595)}
    assert "Getting started" in sheets.text(1)
    assert re.search(r"Page (\d) of \1 $", sheets.text(len(sheets)))


def is_image(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"


def get_started(page: Page, world: World) -> Frame:
    key = next(iter(world.confluence.connect.installed))
    page.goto(f"{world.site_url}/plugins/servlet/ac/{key}/get-started")
    return page.wait_for_selector("iframe").content_frame()


def test_getting_started_leads_from_a_sample_to_a_style_of_ones_own(
    page: Page, world: World, axe: Callable
) -> None:
    world.confluence.uninstall(next(iter(world.confluence.connect.installed)))
    world.install()  # anew, without what others have chosen
    frame = get_started(page, world)
    frame.get_by_label("Find a page").fill("Getting started")
    expect(frame.get_by_label("Page", exact=True)).to_have_value(STARTING)
    frame.get_by_label("Logo", exact=True).set_input_files(LOGO)
    frame.get_by_label("Logo in words").fill("Acme")
    frame.get_by_label("Colour").fill("#0a5d7a")
    frame.get_by_role("button", name="Use it for all exports").click()
    expect(frame.get_by_text("Every export starts with “House style”.")).to_be_visible()

    frame.get_by_role("button", name="Make a sample PDF").click()

    expect(frame.get_by_role("img", name="Sheet 1 of “Getting started”")).to_be_visible()
    assert axe(frame) == []
    with page.expect_download() as coming:
        frame.get_by_role("link", name="Download the PDF").click()
    assert coming.value.suggested_filename == "Getting started.pdf"
    sheets = read(coming.value)
    images = [it for it in sheets.pdf.objects if is_image(it)]
    assert [(int(it.Width), int(it.Height)) for it in images] == [(480, 160)]  # the logo, once
    dialog = open_dialog(page, world, STARTING)
    expect(dialog.locator("#template option:checked")).to_have_text("House style")


def test_getting_started_shows_a_guest_the_sample_and_whom_to_ask(page: Page, world: World) -> None:
    switch_user(page, world, GUEST)
    frame = get_started(page, world)
    frame.get_by_label("Find a page").fill("Getting started")
    expect(frame.get_by_label("Page", exact=True)).to_have_value(STARTING)

    frame.get_by_role("button", name="Make a sample PDF").click()

    expect(frame.get_by_role("img", name="Sheet 1 of “Getting started”")).to_be_visible()
    expect(frame.get_by_role("heading", name="Ask your admin")).to_be_visible()
    expect(frame.get_by_label("Colour")).to_have_count(0)
