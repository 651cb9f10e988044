"""Templates and options in the export dialog: chosen, fixed, and remembered in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from addon.options import OPTIONS, ExportOptions
from addon.settings import Access, Template
from tests.browser.screens.harness import Backend, Refusal, a_standing

LAST_TIME = "xpress.dialog.1 https://acme.example/wiki DOCS"
REPORT = Template(
    "company",
    "Company report",
    "space",
    ExportOptions(
        cover="full", numbered_headings=True, watermark="Internal", accent_colour="#0a7d5a"
    ),
)


@pytest.fixture
def backend(backend: Backend) -> Backend:
    backend.standing = a_standing(REPORT)
    return backend


def opened(page: Page) -> Page:
    expect(page.get_by_label("This page and its 6 pages")).to_be_enabled()
    return page


def with_options(page: Page) -> Page:
    opened(page).get_by_text("More options").click()
    return page


def order_of(page: Page, backend: Backend) -> dict:
    page.get_by_role("button", name="Export PDF").click()
    expect(page.get_by_role("heading", name="Your PDF is ready")).to_be_visible()
    order = backend.exports()[-1].body
    del order["options"]["file_name"]
    return order


def test_the_template_of_the_space_is_chosen_already(open_screen, backend):
    backend.standing = a_standing(REPORT, template="company")

    page = opened(open_screen("/dialog"))

    expect(page.get_by_label("Template")).to_have_value("company")
    expect(page.locator("#template-line")).to_have_text(
        "A4 · cover · contents · numbered chapters · watermark"
    )
    groups = page.locator("#template optgroup")
    labels = [group.get_attribute("label") for group in groups.all()]
    assert labels == ["Of this space", "Of XPress"]


def test_another_template_brings_its_picture_its_line_and_its_start_values(open_screen, backend):
    page = with_options(open_screen("/dialog"))
    expect(page.locator("#template-line")).to_have_text("A4 · contents")
    picture = page.locator("#template-picture")
    expect(picture.locator(".template-sheet")).to_have_count(1)

    page.get_by_label("Template").select_option("Company report")

    expect(page.get_by_label("Cover")).to_have_value("full")
    expect(page.get_by_label("Watermark")).to_have_value("Internal")
    expect(picture.locator(".template-sheet")).to_have_count(2)
    expect(picture.locator("[fill='#0a7d5a']").first).to_be_visible()
    assert order_of(page, backend) | {"viewer": None} == {
        "page": "1",
        "scope": "page",
        "pages": [],
        "template": "company",
        "options": {},
        "viewer": None,
    }


def test_the_picture_and_the_line_follow_the_options(open_screen):
    page = with_options(open_screen("/dialog"))

    page.get_by_label("Paper").select_option("Letter")
    page.get_by_label("Orientation").select_option("landscape")
    page.get_by_label("Cover").select_option("band")
    page.get_by_role("checkbox", name="Table of contents").uncheck()

    expect(page.locator("#template-line")).to_have_text("Letter · on its side · cover")
    expect(page.locator("#template-picture .template-sheet")).to_have_count(2)
    expect(page.locator("#changes")).to_have_text("4 changed")


def test_what_the_person_chose_outlives_a_change_of_the_template(open_screen, backend):
    page = with_options(open_screen("/dialog"))
    page.get_by_label("Paper").select_option("Letter")
    page.get_by_label("Leave out pages with these labels").fill("draft, internal,,draft")

    page.get_by_label("Template").select_option("Company report")

    expect(page.get_by_label("Paper")).to_have_value("Letter")
    expect(page.get_by_label("Leave out pages")).to_have_value("draft, internal")
    assert order_of(page, backend)["options"] == {
        "paper": "Letter",
        "left_out_labels": ["draft", "internal"],
    }


def test_there_is_a_field_for_each_option_that_is_meant_for_the_dialog(open_screen):
    page = with_options(open_screen("/dialog"))

    fields = page.locator("#more [data-option]")
    names = [field.get_attribute("data-option") for field in fields.all()]
    assert names == [name for name, option in OPTIONS.items() if option.in_dialog]
    for name in names:
        expect(page.get_by_label(str(OPTIONS[name].label), exact=True)).to_be_visible()


def test_what_is_fixed_stands_there_as_text_with_a_lock(open_screen, backend):
    backend.standing = a_standing(
        REPORT,
        options={"images": "small", "contents": False, "left_out_labels": ["draft"]},
        locked=frozenset({"images", "contents", "left_out_labels"}),
    )
    page = with_options(open_screen("/dialog"))

    for words in ("Small file, for mail and the screen", "Off", "draft"):
        expect(page.locator(".fixed").filter(has_text=words)).to_contain_text(
            "Fixed by an administrator"
        )
    expect(page.locator(".fixed use").first).to_have_attribute("href", "#icon-lock")
    expect(page.locator("#more :is(input, select)")).to_have_count(5)
    expect(page.locator("#more :disabled")).to_have_count(0)
    expect(page.locator("#template-line")).to_have_text("A4")
    assert order_of(page, backend)["options"] == {}


def test_the_last_choice_comes_back_in_this_space_but_not_the_scope(open_screen, backend):
    page = with_options(open_screen("/dialog"))
    page.get_by_label("The whole space").check()
    page.get_by_label("Template").select_option("Company report")
    page.get_by_label("Watermark").fill("For {exporter}")
    order_of(page, backend)

    page.reload()

    opened(page)
    expect(page.get_by_label("Template")).to_have_value("company")
    expect(page.locator("#changes")).to_have_text("1 changed")
    expect(page.get_by_label("This page", exact=True)).to_be_checked()
    expect(page.locator("#more")).not_to_have_attribute("open", "")
    assert order_of(page, backend)["options"] == {"watermark": "For {exporter}"}


def test_who_has_the_usual_template_follows_it_to_another(open_screen, backend):
    page = opened(open_screen("/dialog"))
    order_of(page, backend)
    backend.standing = a_standing(REPORT, template="company")

    page.reload()

    expect(opened(page).get_by_label("Template")).to_have_value("company")


def test_reset_returns_to_the_template_now_and_the_next_time(open_screen, backend):
    page = with_options(open_screen("/dialog"))
    page.get_by_label("Paper").select_option("A5")
    order_of(page, backend)
    page.reload()
    with_options(page)
    expect(page.get_by_label("Paper")).to_have_value("A5")

    page.get_by_role("button", name="Reset to the template").click()

    expect(page.get_by_label("Paper")).to_have_value("A4")
    expect(page.get_by_role("button", name="Reset to the template")).to_be_hidden()
    expect(page.locator("#more summary")).to_be_focused()
    page.reload()
    expect(opened(page).locator("#changes")).to_be_hidden()


def test_what_does_not_fit_is_dropped_without_a_word(open_screen, backend):
    backend.standing = a_standing(REPORT, options={"images": "small"}, locked=frozenset({"images"}))
    page = open_screen("/dialog")
    for kept in (
        "{",
        "null",
        '"Letter"',
        '{"template": ["company"], "options": "Letter"}',
        '{"template": "gone", "options": {"sparkles": 1}}',
        '{"template": "__proto__", "options": {"paper": "A9", "cover": ["full"]}}',
        '{"options": {"images": "original", "watermark": 7, "left_out_labels": [1]}}',
    ):
        page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [LAST_TIME, kept])

        page.reload()

        order = order_of(opened(page), backend)
        assert (order["template"], order["options"]) == ("article", {}), kept
        last_time = page.evaluate("key => JSON.parse(localStorage.getItem(key))", LAST_TIME)
        assert last_time == {"template": "", "options": {}}


def test_what_another_site_or_space_chose_is_not_taken_up(open_screen, backend):
    page = open_screen("/dialog")
    for place in ("https://other.example/wiki DOCS", "https://acme.example/wiki HR"):
        page.evaluate(
            "([key, kept]) => localStorage.setItem(key, kept)",
            [f"xpress.dialog.1 {place}", '{"template": "company", "options": {"paper": "A5"}}'],
        )

    page.reload()

    order = order_of(opened(page), backend)
    assert (order["template"], order["options"]) == ("article", {})


def test_a_browser_that_keeps_nothing_exports_all_the_same(open_screen, backend):
    page = open_screen("/failure")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('blocked', 'SecurityError'); } });"
    )
    page.goto(page.url.replace("/failure", "/dialog"))

    with_options(page).get_by_label("Paper").select_option("A5")

    assert order_of(page, backend)["options"] == {"paper": "A5"}


def test_what_the_server_does_not_take_is_told_below_its_field(open_screen, backend):
    sentence = "There is no placeholder {pgae}."
    backend.refusals = [
        Refusal(400, "No.", code="invalid", fields={"options": {"watermark": [sentence]}})
    ]
    page = with_options(open_screen("/dialog"))
    field = page.get_by_label("Watermark")
    field.fill("{pgae}")
    page.locator("summary").click()

    page.get_by_role("button", name="Export PDF").click()

    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(f"{OPTIONS['watermark'].help} {sentence}")
    field.fill("{page}")
    expect(page.get_by_text(sentence)).to_be_hidden()


def test_what_an_administrator_has_just_changed_leads_back_to_the_form(open_screen, backend):
    page = opened(open_screen("/dialog"))
    for status, code in ((422, "no_template"), (403, "option_locked")):
        backend.refusals = [Refusal(status, f"Choose another one: {code}.", code=code)]

        page.get_by_role("button", name="Export PDF").click()

        expect(page.locator("#numbers-text")).to_have_text(f"Choose another one: {code}.")
        expect(page.get_by_role("button", name="Export PDF")).to_be_enabled()


def test_where_nobody_may_export_a_sentence_says_so_and_nothing_is_asked(open_screen, backend):
    backend.standing = a_standing(REPORT, access=Access("nobody"))

    page = open_screen("/dialog")

    expect(page.get_by_role("heading", name="You cannot export here")).to_be_visible()
    expect(page.get_by_text("Ask an administrator of this space.")).to_be_visible()
    expect(page.get_by_role("button", name="Export PDF")).to_be_hidden()
    assert backend.asked == []
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("host.closed") == 1


def test_who_is_in_none_of_the_groups_reads_whom_to_ask(open_screen, backend):
    why = "Only some groups may export here. Ask an administrator of this space."
    backend.tree |= {"may_export": False, "why_not": why}

    page = open_screen("/dialog")

    expect(page.get_by_role("heading", name="You cannot export here")).to_be_focused()
    expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_role("button", name="Export PDF")).to_be_hidden()


def test_a_refusal_of_the_export_itself_gives_way_to_the_same_sentence(open_screen, backend):
    backend.refusals = [Refusal(403, "PDF export is switched off here.", code="exports_off")]
    page = opened(open_screen("/dialog"))

    page.get_by_role("button", name="Export PDF").click()

    expect(page.get_by_role("heading", name="You cannot export here")).to_be_visible()
    expect(page.get_by_text("PDF export is switched off here.")).to_be_visible()


def test_without_a_language_from_confluence_the_order_has_the_time_zone_only(open_screen, backend):
    backend.connect_js += "delete AP.user;"
    page = opened(open_screen("/dialog", timezone_id="Asia/Tokyo"))

    assert order_of(page, backend)["viewer"] == {"time_zone": "Asia/Tokyo"}


def test_the_script_says_nothing_that_cannot_be_translated(open_screen, backend):
    backend.words_js = (
        "globalThis.django = { gettext: (text) => `«${text}»`,"
        " ngettext: (one, many, n) => `«${n === 1 ? one : many}»` };"
    )
    page = open_screen("/dialog")
    tree = page.locator("[name=scope][value=tree]")
    expect(tree).to_be_enabled()

    tree.check()

    expect(page.locator("#tree-label")).to_have_text("«This page and its 6 pages»")
    expect(page.locator("#numbers-text")).to_have_text(
        "«««7 pages» in 1 folder», about «22 sheets» and 2 sec»"
    )
    expect(page.locator("#template-line")).to_have_text("A4 · «contents»")
