"""The export dialog, as a person with a mouse or a keyboard meets it."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screens.harness import (
    PDF,
    Open,
    Refusal,
    a_listing,
    a_note,
    a_progress,
    a_report,
    a_stream,
    frame,
)


@pytest.fixture
def dialog(open_screen: Open) -> Page:
    """The dialog, once it knows the pages."""
    page = open_screen("/dialog", timezone_id="Asia/Tokyo")
    expect(page.get_by_label("This page and its 6 pages")).to_be_enabled()
    return page


def export(page: Page) -> None:
    page.get_by_role("button", name="Export PDF").click()


def tick(page: Page, title: str) -> Locator:
    """The tick box of a page of the tree."""
    return page.locator("#page-tree").get_by_role("checkbox", name=title)


def test_enter_exports_this_page_right_after_opening(dialog, backend):
    expect(dialog.get_by_role("button", name="Export PDF")).to_be_focused()

    with dialog.expect_download() as download:
        dialog.keyboard.press("Enter")

    assert Path(download.value.path()).read_bytes() == PDF
    assert download.value.suggested_filename == "Release handbook.pdf"
    assert backend.exports()[0].body == {
        "page": "1",
        "scope": "page",
        "pages": [],
        "template": "article",
        "options": {"file_name": "Release handbook.pdf"},
        "viewer": {"locale": "de-DE", "time_zone": "Asia/Tokyo"},
    }


def test_escape_and_cancel_close_the_dialog(dialog):
    dialog.keyboard.press("Escape")
    dialog.get_by_role("button", name="Cancel").click()

    assert dialog.evaluate("host.closed") == 2


def test_the_token_leaves_the_address(open_screen):
    page = open_screen("/dialog?page=1&jwt=secret")

    expect(page).to_have_url(re.compile(r"/dialog\?page=1$"))


def test_the_branch_and_its_options_are_ordered_as_chosen(dialog, backend):
    dialog.get_by_label("This page and its 6 pages").check()
    dialog.get_by_text("More options").click()
    dialog.get_by_label("Paper").select_option("Letter")
    dialog.get_by_label("Pictures").select_option("small")
    dialog.get_by_label("Table of contents").uncheck()

    expect(dialog.locator("#numbers")).to_have_text(re.compile("7 pages in 1 folder"))
    export(dialog)

    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    order = backend.exports()[0].body
    assert order["scope"] == "tree"
    del order["options"]["file_name"]
    assert order["options"] == {"paper": "Letter", "images": "small", "contents": False}


def test_a_page_without_pages_below_offers_no_branch(open_screen, backend):
    backend.tree = a_listing("1 Alone")

    page = open_screen("/dialog")

    expect(page.get_by_text("“Alone”")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(page.get_by_text("below it")).to_be_hidden()


def test_the_whole_space_is_counted_when_it_is_chosen(dialog, backend):
    assert [asked.address for asked in backend.asked] == ["/api/tree?page=1"]

    dialog.get_by_label("The whole space").check()

    expect(dialog.locator("#numbers")).to_have_text(re.compile("2 pages"))
    assert backend.asked[-1].address == "/api/tree?page=1&scope=space"


def test_the_file_name_follows_the_choice_until_a_person_names_it(dialog, backend):
    name = dialog.get_by_label("File name")
    expect(name).to_have_value("Release handbook.pdf")

    dialog.get_by_label("The whole space").check()
    expect(name).to_have_value("Documentation.pdf")

    name.fill("  Q4: plans/risks  ")
    dialog.get_by_label("This page", exact=True).check()
    expect(name).to_have_value("Q4- plans-risks.pdf")

    name.fill("")
    name.blur()
    expect(name).to_have_value("Release handbook.pdf")


def test_more_pages_than_one_pdf_holds_cannot_be_ordered(open_screen, backend):
    backend.page_limit = 5
    backend.tree["advice"] = "Export these branches one by one: “Planning” (3 pages) and 2 more."
    page = open_screen("/dialog")

    page.get_by_label("This page and its 6 pages").check()

    expect(page.locator("#numbers")).to_have_text(
        re.compile(
            "7 pages are too many. One PDF holds 5. Export .* “Planning” .3 pages. and 2 more"
        )
    )
    expect(page.get_by_role("button", name="Export PDF")).to_be_disabled()
    page.get_by_label("This page", exact=True).check()
    expect(page.get_by_role("button", name="Export PDF")).to_be_enabled()


def test_what_the_choice_will_take_is_told_and_follows_each_tick(dialog):
    numbers = dialog.locator("#numbers-text")
    expect(numbers).to_have_text("1 page, about 3 sheets and 1 sec")

    dialog.get_by_label("This page and its 6 pages").check()
    expect(numbers).to_have_text("7 pages in 1 folder, about 22 sheets and 2 sec")

    dialog.get_by_label("Choose pages…").check()
    tick(dialog, "Glossary").uncheck()
    expect(numbers).to_have_text("6 pages, about 19 sheets and 2 sec")


def test_large_estimates_have_two_digits_and_long_ones_are_in_minutes(open_screen, backend):
    backend.tree = a_listing("1 Home", *(f"  {n} Page {n}" for n in range(2, 413)))
    backend.tree["estimate"] = {
        "sheets_per_page": 3.567,
        "seconds_per_page": 0.5,
        "start_seconds": 1.0,
    }
    page = open_screen("/dialog")

    page.get_by_label("This page and its 411 pages").check()

    expect(page.locator("#numbers-text")).to_have_text("412 pages, about 1,500 sheets and 3.5 min")


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"sheet_limit": 20}, "That may be too much: one PDF holds 20 sheets."),
        ({"second_limit": 1}, "That may be too much: an export may take 1 sec."),
    ],
)
def test_an_estimate_beyond_a_limit_warns_and_names_what_to_export_instead(
    open_screen, backend, limit, sentence
):
    for name, value in limit.items():
        setattr(backend, name, value)
    backend.tree["advice"] = "Export these branches one by one: “Planning” (3 pages) and 2 more."
    page = open_screen("/dialog")

    page.get_by_label("This page and its 6 pages").check()

    expect(page.locator("#numbers")).to_have_attribute("data-kind", "warning")
    expect(page.locator("#numbers-text")).to_have_text(
        f"7 pages in 1 folder, about 22 sheets and 2 sec. {sentence} {backend.tree['advice']}"
    )
    expect(page.get_by_role("button", name="Export PDF")).to_be_enabled()


def test_this_page_can_be_exported_when_the_others_cannot_be_listed(open_screen, backend):
    backend.tree = Refusal(503, "Confluence is busy.")
    page = open_screen("/dialog")
    expect(page.get_by_role("alert")).to_contain_text("Confluence is busy.")
    expect(page.get_by_role("button", name="Export PDF")).to_be_enabled()

    backend.tree = a_listing()
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_label("This page and its 6 pages")).to_be_enabled()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_rows_come_into_being_when_their_parent_is_opened(dialog):
    dialog.get_by_label("Choose pages…").check()
    expect(dialog.get_by_role("checkbox")).to_have_count(4)

    dialog.get_by_role("button", name="Pages below Planning").click()

    expect(dialog.get_by_role("checkbox")).to_have_count(6)
    expect(dialog.get_by_role("button", name="Pages below Planning")).to_have_attribute(
        "aria-expanded", "true"
    )


def test_ticks_reach_down_a_branch_and_show_upwards(dialog, backend):
    dialog.get_by_label("Choose pages…").check()
    dialog.get_by_role("button", name="Pages below Planning").click()
    top, planning, rollout = (
        tick(dialog, "Release"),
        tick(dialog, "Planning"),
        tick(dialog, "Roll-out"),
    )
    expect(top).to_be_checked()

    rollout.uncheck()

    expect(planning).to_be_checked(indeterminate=True)
    expect(top).to_be_checked(indeterminate=True)
    expect(dialog.locator("#chosen-count")).to_have_text("6 of 7 pages")
    dialog.get_by_role("button", name="Select none").click()
    expect(dialog.get_by_role("button", name="Export PDF")).to_be_disabled()
    expect(dialog.locator("#numbers")).to_have_text(re.compile("Choose at least one page"))

    tick(dialog, "Recipes").check()
    export(dialog)

    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    order = backend.exports()[0].body
    assert (order["scope"], order["pages"]) == ("chosen", ["5", "6", "7"])


def test_a_parent_without_its_own_tick_says_so(dialog, backend):
    dialog.get_by_label("Choose pages…").check()
    dialog.get_by_role("button", name="Select none").click()
    tick(dialog, "Glossary").check()

    expect(dialog.locator(".page-row-count").first).to_have_text("1 of 7, not this page")
    export(dialog)

    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    assert backend.exports()[0].body["pages"] == ["8"]


def test_pages_elsewhere_in_the_space_can_be_chosen_too(dialog, backend):
    backend.space = a_listing("7 Home", "  1 Release handbook", "    2 Planning", "  9 Elsewhere")
    dialog.get_by_label("Choose pages…").check()
    dialog.get_by_role("button", name="Select none").click()
    tick(dialog, "Planning").check()

    dialog.get_by_role("button", name="Choose from the whole space").click()

    expect(tick(dialog, "Release handbook")).to_be_focused()
    tick(dialog, "Elsewhere").check()
    expect(dialog.locator("#chosen-count")).to_have_text("2 of 4 pages")
    export(dialog)
    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    assert backend.exports()[0].body["pages"] == ["2", "9"]


def test_arrow_keys_walk_and_open_the_tree(dialog):
    dialog.get_by_label("Choose pages…").check()
    dialog.get_by_role("checkbox").first.focus()

    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        dialog.keyboard.press(key)

    expect(tick(dialog, "Roll-out")).to_be_focused()
    dialog.keyboard.press("Space")
    expect(tick(dialog, "Roll-out")).not_to_be_checked()
    dialog.keyboard.press("ArrowLeft")
    expect(tick(dialog, "Planning")).to_be_focused()
    dialog.keyboard.press("ArrowLeft")
    expect(tick(dialog, "Roll-out")).to_be_hidden()


def test_progress_names_the_page_and_fills_the_bar(dialog, backend):
    printing, joining = threading.Event(), threading.Event()
    backend.stream = [
        a_progress("reading", 17, 42, "Roll-out plan"),
        printing,
        a_progress("printing", 3, 10),
        joining,
        *a_stream(),
    ]
    export(dialog)

    expect(dialog.locator("#stage")).to_have_text("Page 17 of 42: Roll-out plan")
    first = dialog.get_by_role("progressbar").evaluate("bar => bar.value")
    printing.set()
    expect(dialog.locator("#stage")).to_have_text("Printing sheets: 3 of 10 parts")
    second = dialog.get_by_role("progressbar").evaluate("bar => bar.value")
    joining.set()

    assert 0 < first < second < 1
    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_focused()


def test_the_end_tells_the_numbers_and_what_needed_care(dialog, backend):
    notes = [a_note("Intro", severity="info"), a_note("Map <b>", severity="error")]
    backend.stream = a_stream(left_out=3, notes=notes)
    export(dialog)

    done = dialog.locator("#done")
    expect(done).to_contain_text("7 pages on 12 sheets, 102 kB")
    expect(done).to_contain_text("3 pages are not visible to you and stay out.")
    expect(done.get_by_role("heading", name="2 things to check")).to_be_visible()
    rows = done.locator("tbody tr")
    expect(rows.first).to_contain_text("An image could not be loaded.")
    link = rows.first.get_by_role("link", name="Map <b>")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")
    with dialog.expect_download() as download:
        done.get_by_text("Download again", exact=True).click()
    assert Path(download.value.path()).read_bytes() == PDF


def test_a_note_with_a_script_for_an_address_is_no_link(dialog, backend):
    note = a_note("Trap")
    note["page"]["url"] = "javascript:alert(1)"
    backend.stream = a_stream(notes=[note])
    export(dialog)

    expect(dialog.locator("#notes a")).to_have_text("Trap")
    assert dialog.locator("#notes a").get_attribute("href") is None


def test_a_long_list_of_notes_starts_short(dialog, backend):
    backend.stream = a_stream(notes=[a_note(f"Page {n}") for n in range(120)])
    export(dialog)

    expect(dialog.locator("#notes tr")).to_have_count(50)
    dialog.get_by_role("button", name="Show all 120").click()
    expect(dialog.locator("#notes tr")).to_have_count(120)


def test_cancel_stops_the_work_and_returns_to_the_form(dialog, backend):
    backend.stream = [a_progress("reading", 1, 7, "Planning"), threading.Event()]
    export(dialog)
    expect(dialog.locator("#stage")).to_have_text(re.compile("Planning"))

    dialog.get_by_role("button", name="Cancel export").click()

    expect(dialog.get_by_role("button", name="Export PDF")).to_be_focused()
    expect(dialog.locator("#numbers")).to_have_text(re.compile("cancelled. Nothing was saved."))
    assert backend.hung_up.wait(3)


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(a_stream()[:-1], id="no report"),
        pytest.param([*a_stream()[:-1], a_report()[:-5]], id="half a report"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_stream_that_ends_early_saves_nothing(dialog, backend, stream):
    backend.stream = stream
    export(dialog)

    expect(dialog.get_by_role("alert")).to_contain_text(
        "The connection was lost. Nothing was saved."
    )
    expect(dialog.locator("#download")).to_be_hidden()
    backend.stream = a_stream()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"bytes": 17}])
def test_a_pdf_that_is_not_the_one_that_was_sent_is_not_offered(dialog, backend, change):
    backend.stream = a_stream(**change)
    export(dialog)

    expect(dialog.get_by_role("alert")).to_contain_text("did not arrive as it was sent")


def test_an_error_on_the_way_is_told_in_its_own_words(dialog, backend):
    failure = {"code": "busy", "message": "Confluence stopped answering. Try again later."}
    backend.stream = [a_progress("reading", 1, 7), frame("E", failure)]
    export(dialog)

    expect(dialog.get_by_role("alert")).to_contain_text(failure["message"])
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.get_by_role("button", name="Export PDF")).to_be_focused()


def test_an_old_token_is_replaced_once(dialog, backend):
    backend.refusals = [Refusal(401)]
    export(dialog)

    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    first, second = (asked.token for asked in backend.exports())
    assert first.startswith("JWT token-")
    assert first != second


def test_a_token_that_is_refused_twice_is_a_plain_failure(dialog, backend):
    backend.refusals = [Refusal(401), Refusal(401)]
    export(dialog)

    expect(dialog.get_by_role("alert")).to_contain_text("Confluence did not confirm who you are")
    assert len(backend.exports()) == 2


def test_a_busy_server_says_when_to_come_back(dialog, backend):
    backend.refusals = [Refusal(429, "Too many exports at once.", {"Retry-After": "30"})]
    export(dialog)

    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("Too many exports at once. Try again in 30 seconds.")
    expect(alert.get_by_role("heading")).to_have_text("The export did not start")


def test_trying_again_is_offered_where_it_can_help(dialog, backend):
    backend.refusals = [Refusal(503, "XPress is being restarted.", {"Retry-After": "9"})]
    export(dialog)

    expect(dialog.get_by_role("button", name="Try again")).to_be_focused()
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_role("heading", name="Your PDF is ready")).to_be_visible()


@pytest.mark.parametrize("status", [400, 403, 404])
def test_trying_again_is_not_offered_where_it_cannot_help(dialog, backend, status):
    backend.refusals = [Refusal(status, "No.")]
    export(dialog)

    expect(dialog.get_by_role("button", name="Back")).to_be_focused()
    expect(dialog.get_by_role("button", name="Try again")).to_be_hidden()


@pytest.mark.parametrize("code", ["too_many_pages", "too_many_sheets", "took_too_long"])
@pytest.mark.parametrize("is_streaming", [False, True])
def test_what_is_too_large_leads_back_to_the_form(dialog, backend, code, is_streaming):
    message = "1,240 pages are selected; one PDF holds 1,000. Export “Handbook” (612 pages)."
    if is_streaming:
        backend.stream = [frame("E", {"code": code, "message": message})]
    else:
        backend.refusals = [Refusal(422, message, code=code)]
    export(dialog)

    expect(dialog.locator("#numbers-text")).to_have_text(message)
    expect(dialog.get_by_role("button", name="Export PDF")).to_be_focused()
    expect(dialog.get_by_role("button", name="Try again")).to_be_hidden()

    dialog.get_by_label("The whole space").check()
    expect(dialog.locator("#numbers-text")).to_contain_text("2 pages")


def test_who_waits_sees_how_many_are_ahead_and_may_leave(dialog, backend):
    moved, next_, started = threading.Event(), threading.Event(), threading.Event()
    backend.stream = [
        a_progress("waiting", 0, 3),
        moved,
        a_progress("waiting", 0, 2),
        next_,
        a_progress("waiting", 0, 1),
        started,
        a_progress("listing", 0, 0),
        threading.Event(),
    ]
    export(dialog)

    stage = dialog.locator("#stage")
    expect(stage).to_have_text("2 exports are ahead of yours. It will start by itself.")
    expect(dialog.get_by_role("heading", name="Waiting for your turn")).to_be_visible()
    expect(dialog.locator("#spoken")).to_have_text(re.compile("2 exports"))
    moved.set()
    expect(stage).to_have_text("1 export is ahead of yours. It will start by itself.")
    expect(dialog.locator("#spoken")).to_have_text(re.compile("1 export is"))
    next_.set()
    expect(stage).to_have_text("Yours is next. It will start by itself.")
    started.set()
    expect(dialog.get_by_role("heading", name="Making your PDF")).to_be_visible()

    dialog.get_by_role("button", name="Cancel export").click()

    expect(dialog.get_by_role("button", name="Export PDF")).to_be_focused()
    assert backend.hung_up.wait(3)


def test_outside_confluence_the_dialog_says_where_to_open_it(open_screen, backend):
    backend.connect_js = ""

    page = open_screen("/dialog")

    expect(page.get_by_role("heading", name="Open this page inside Confluence")).to_be_visible()
    expect(page.get_by_role("button", name="Export PDF")).to_be_hidden()
    assert backend.asked == []
