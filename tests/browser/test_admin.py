"""The walk of an administrator: a template made while looking at it, fixed, used and read back.

In a real browser, on real parts, with the people of the playground's site: Astrid administers it,
Bastian may export, Mina is a guest.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, Frame, Page, expect

from playground.boot import World, running
from tests.pdf_reading import Sheets

ADMIN, EDITOR, GUEST = "Astrid Holm", "Bastian Okoye", "Mina Park"
STARTING = "65538"
DENIED = "Only administrators of this space can change its settings."


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture
def visit(chromium: Browser, world: World) -> Iterator[Callable[[str], Page]]:
    """`visit("Mina Park")` → a browser of their own on the site."""
    contexts = []

    def enter(name: str) -> Page:
        context = chromium.new_context(viewport={"width": 1300, "height": 1000})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(world.page_url(STARTING))
        page.get_by_label("User").select_option(label=name)
        page.get_by_role("button", name="Switch").click()
        return page

    yield enter
    for context in contexts:
        context.close()


def space_tab(page: Page, world: World) -> Frame:
    key = next(iter(world.confluence.connect.installed))
    page.goto(f"{world.site_url}/spaces/DOC/settings/{key}/space-settings")
    frame = page.wait_for_selector("iframe").content_frame()
    expect(frame.get_by_role("switch", name="Use the site’s settings")).to_be_visible()
    return frame


def a_logo() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (900, 300), "#c00040").save(picture, "PNG")
    return picture.getvalue()


def section(frame: Frame, name: str) -> None:
    frame.locator("summary").get_by_text(name, exact=True).click()


def new_sheet(frame: Frame, before: bytes) -> bytes:
    """The picture of the preview, once it is another one than before."""
    expect(frame.get_by_text("The preview is up to date.")).to_be_visible(timeout=20_000)
    source = frame.get_by_role("img", name="of the preview").get_attribute("src") or ""
    picture = base64.b64decode(source.partition(",")[2])
    assert picture != before
    return picture


def colours(png: bytes) -> set[tuple[int, int, int]]:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return {colour for _, colour in image.getcolors(image.width * image.height) or []}


def account(world: World, name: str) -> str:
    users = world.confluence.site.users.values()
    return next(user.account_id for user in users if user.display_name == name)


def make_template(frame: Frame) -> None:
    """Create "Acme report", watching each change in the preview."""
    frame.get_by_role("button", name="Create template").click()
    frame.get_by_label("Name of the template").fill("Acme report")
    frame.get_by_label("Find a page").fill("Getting started")
    expect(frame.get_by_label("Page to show").locator("option:checked")).to_have_text(
        "Getting started"
    )
    plain = new_sheet(frame, b"")

    section(frame, "Cover")
    frame.get_by_label("Cover", exact=True).select_option("simple")
    covered = new_sheet(frame, plain)
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": a_logo()}
    frame.get_by_label("Logo", exact=True).set_input_files(logo)
    expect(frame.get_by_text("The logo is ready")).to_be_visible()
    with_logo = new_sheet(frame, covered)
    assert (0xC0, 0, 0x40) in colours(with_logo)
    assert (0xC0, 0, 0x40) not in colours(covered)
    expect(frame.locator("#brand")).to_contain_text("no words for people who cannot see it")
    frame.get_by_label("Logo in words").fill("Acme")
    expect(frame.locator("#brand")).to_be_hidden()

    frame.get_by_role("button", name="Show sheet 2").click()
    plain = new_sheet(frame, with_logo)
    section(frame, "Header and footer")
    frame.get_by_label("Header, left").fill("Made by ")
    frame.get_by_role("button", name="Insert a placeholder: Header, left").click()
    frame.get_by_role("button", name="{exporter} Who exports").click()
    expect(frame.get_by_label("Header, left")).to_have_value("Made by {exporter}")
    headed = new_sheet(frame, plain)
    section(frame, "Watermark")
    frame.get_by_label("Watermark", exact=True).fill("Strictly ours")
    frame.get_by_label("Strength of the watermark").fill("20")
    new_sheet(frame, headed)
    frame.get_by_role("button", name="Save template").click()
    expect(frame.get_by_text("The template is saved.")).to_be_visible()
    frame.get_by_role("button", name="Back to the settings").click()


def use_and_fix(frame: Frame) -> None:
    """Let the exports of the space start with the template, on A5 whatever people wish."""
    frame.get_by_role("switch").uncheck()
    frame.get_by_role("radio", name=re.compile("^Acme report")).check()
    frame.get_by_label("Option to add").select_option(label="Paper")
    frame.get_by_role("button", name="Add option").click()
    frame.locator("#presets").get_by_label("Paper", exact=True).select_option("A5")
    frame.get_by_label("Paper: fixed for everyone").check()
    frame.get_by_role("button", name="Save settings").click()
    expect(frame.locator("#outcome")).to_contain_text("The settings are saved.")


def test_what_an_admin_designs_and_fixes_is_what_others_export(
    visit: Callable[[str], Page], world: World, axe: Callable[[Frame], list[str]]
) -> None:
    admin = visit(ADMIN)
    frame = space_tab(admin, world)
    make_template(frame)
    use_and_fix(frame)
    assert axe(frame) == []

    page = visit(GUEST)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Export to PDF").click()
    dialog = page.wait_for_selector("dialog iframe").content_frame()
    expect(dialog.get_by_role("button", name="Export PDF")).to_be_enabled()
    dialog.get_by_text("More options").click()
    expect(dialog.get_by_text("Fixed by an administrator")).to_be_visible()
    expect(dialog.get_by_label("Paper", exact=True)).to_have_count(0)
    with page.expect_download() as coming:
        dialog.get_by_role("button", name="Export PDF").click()
    sheets = Sheets(Path(coming.value.path()).read_bytes())

    assert sheets.sizes() == {(420, 595)}
    assert "Getting started" in sheets.text(1)
    assert sheets.pictures(1)  # the logo on the cover
    assert "Made by Mina Park" in sheets.text(2)
    # Letter by letter: it stands across the sheet, where text readers see no lines.
    assert "Strictlyours" in "".join(box.text.strip() for box in sheets.glyphs(2))


def test_who_does_not_administer_the_space_is_refused_by_the_server(
    visit: Callable[[str], Page], world: World
) -> None:
    frame = space_tab(visit(GUEST), world)
    before = frame.get_by_role("switch").is_checked()
    frame.get_by_role("switch").set_checked(not before)
    frame.get_by_role("button", name="Save settings").click()
    expect(frame.locator("#outcome")).to_contain_text(f"not saved. {DENIED}")
    frame.get_by_role("button", name="Create template").click()
    frame.get_by_role("button", name="Save template").click()
    expect(frame.locator("#template-outcome")).to_contain_text("Only people who administer")

    for name in (EDITOR, GUEST):
        headers = world.authorization(account(world, name))
        for method, path in (
            ("PUT", "/api/spaces/DOC/settings"),
            ("POST", "/api/spaces/DOC/templates"),
            ("PUT", "/api/settings"),
            ("POST", "/api/templates"),
        ):
            body = {"name": "Mine"} if path.endswith("templates") else {"options": {"paper": "A3"}}
            answer = requests.request(
                method, world.app_url + path, json=body, headers=headers, timeout=20
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_an_order_against_what_is_fixed_is_refused_by_the_server(world: World) -> None:
    admin = world.authorization(account(world, ADMIN))
    settings = {"options": {"paper": "A5"}, "locked": ["paper"]}
    address = world.app_url + "/api/spaces/DOC/settings"
    requests.put(address, json=settings, headers=admin, timeout=20).raise_for_status()

    order = {"page": STARTING, "scope": "page", "options": {"paper": "A3"}}
    answer = requests.post(
        world.app_url + "/api/exports",
        json=order,
        headers=world.authorization(account(world, EDITOR)) | {"Accept": "application/pdf"},
        timeout=60,
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "option_locked")
