"""What stands above a page's content, and what begins a fresh sheet, read back."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from PIL import Image as Pillow

from addon.options import ExportOptions
from addon.outbound import Budget
from exports.document import Article, Illustrated, Page, Printed
from exports.facts import Viewer
from exports.pdf import compose
from exports.pdf.page_links import qr_code
from exports.printers import Printers
from exports.setting import Setting
from exports.tree import PageTree
from tests.builders import SITE
from tests.exports.pdf.books import SPACE, AtOnce, a_book, a_leaf
from tests.pdf_reading import Sheets

FILLER = f"<p>{'Some words that fill the line. ' * 8}</p>"


def options(**chosen: object) -> ExportOptions:
    bare = {"contents": False, "header_left": "", "header_right": ""}
    known = ExportOptions().changed(bare | chosen)
    assert {name: getattr(known, name) for name in chosen} == chosen  # none was out of bounds
    return known


def codes(sheets: Sheets, sheet: int = 1) -> list[tuple[str, tuple[int, int]]]:
    """What a telephone reads, and the width and height of it in mm."""
    with pypdfium2.PdfDocument(sheets.bytes) as document:
        picture: Pillow.Image = document[sheet - 1].render(scale=300 / 72).to_pil().convert("L")
    return [
        (found.text, (_mm(found.position.top_left, found.position.top_right)))
        for found in zxingcpp.read_barcodes(picture)
    ]


def _mm(one, other) -> float:
    return round(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 / 300 * 25.4)


def a_chapter(headings: str, **more: object) -> Page:
    return a_leaf("Chapter", headings, **more)  # type: ignore[arg-type]


def starts(sheets: Sheets) -> list[str]:
    """The first line of each sheet, which has no header here."""
    return [" ".join(sheets.lines(number)[0].split()) for number in range(1, len(sheets) + 1)]


def test_the_line_below_a_title_is_the_space_and_the_last_change_in_the_viewer_s_words():
    viewer = Viewer(locale="de-DE", time_zone="Europe/Berlin")

    sheets = a_book(a_leaf("Guide"), viewer=viewer).sheets

    assert "Guide Lighthouse handbook · Last changed 5. März 2026 Words." in sheets.text(1)
    assert sheets.links(1) == [f"{SITE}/spaces/DOC/pages/1"]


def test_the_line_is_what_the_options_say_of_each_page():
    line = "{page} by {author} · Version {version} · {labels}"
    pages = [
        a_leaf("Oil", people={"author": "Ann Keeper"}, labels=("draft", "oil")),
        a_leaf("Wick", id="2", depth=1, version=7),
    ]

    sheets = a_book(*pages, options=options(page_facts=line)).sheets

    assert "Oil by Ann Keeper · Version 1 · draft, oil" in sheets.text(1)
    assert "Wick by · Version 7 Words." in sheets.text(2)
    assert sheets.links(2) == [f"{SITE}/spaces/DOC/pages/2"]


def test_an_empty_line_leaves_no_gap():
    def content_top(line: str) -> float:
        sheets = a_book(a_leaf(html="<p>@</p>"), options=options(page_facts=line)).sheets
        return next(box.top for box in sheets.glyphs(1) if box.text == "@")

    assert content_top("{owner}") < content_top("{version}") - 3


def test_a_value_in_the_line_never_becomes_markup():
    page = a_leaf(labels=("<b>x</b>",))

    assert "<b>x</b>" in a_book(page, options=options(page_facts="{labels}")).sheets.text(1)


def test_the_short_address_is_printed_and_leads_to_the_live_page():
    sheets = a_book(a_leaf(), options=options(page_link="address")).sheets

    assert f"{SITE}/x/1 Words." in sheets.text(1)
    assert sheets.links(1) == [f"{SITE}/spaces/DOC/pages/1", f"{SITE}/x/1"]


@pytest.mark.parametrize("title", ["Guide", "מדריך"])
def test_a_telephone_reads_the_address_from_the_code_beside_the_title(title):
    sheets = a_book(a_leaf(title), options=options(page_link="qr")).sheets

    ((text, width),) = codes(sheets)
    assert text == f"{SITE}/x/1"
    assert 14 <= width <= 20  # mm, without its quiet zone
    assert f"{SITE}/x/1" in sheets.links(1)
    first = next(box for box in sheets.glyphs(1) if box.text in title and box.top > 20)
    assert first.top < 40


def test_a_code_is_drawn_and_no_picture():
    sheets = a_book(a_leaf(), options=options(page_link="qr")).sheets

    assert sheets.images() == 0


def test_an_address_that_no_code_can_hold_is_printed():
    assert qr_code("https://acme.atlassian.net/" + "a" * 3000) is None


def test_pages_begin_on_fresh_sheets_by_default_and_headings_do_not():
    pages = [a_chapter("<h1>A</h1><p>x</p><h1>B</h1>"), a_leaf("Next", id="2", depth=1)]

    assert starts(a_book(*pages, options=options()).sheets) == ["Chapter", "Next"]


HEADS = (
    "<h1>First</h1><p>x</p><h2>Below</h2><p>x</p>"
    "<h1>Second</h1><h2>Right below</h2><p>x</p><h2>Further</h2><h3>Deep</h3>"
    '<div class="panel"><div class="panelContent"><h1>In a panel</h1></div></div>'
)


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [("h1", ["Chapter", "Second"]), ("h2", ["Chapter", "Below", "Second", "Further"])],
)
def test_headings_begin_fresh_sheets_unless_they_are_the_first_below_what_did(fresh, expected):
    sheets = a_book(a_chapter(HEADS), options=options(fresh_sheet=fresh)).sheets

    assert starts(sheets) == expected


def test_pages_that_follow_one_another_share_sheets_and_keep_their_links_and_outline():
    pages = [
        a_leaf("One", '<p><a href="/wiki/spaces/DOC/pages/3">on</a></p>', id="1"),
        a_leaf("Two", id="2", depth=1),
        a_leaf("Three", FILLER * 30, id="3", depth=1),
    ]

    book = a_book(*pages, options=options(fresh_sheet="none", page_facts=""))

    assert book.notes == []
    assert "One on Two Words. Three" in book.sheets.text(1)
    assert book.sheets.outline() == [(0, "One", 1), (1, "Two", 1), (1, "Three", 1)]
    assert book.sheets.links(1) == [1]
    heads = [box for box in book.sheets.glyphs(1) if box.bottom - box.top > 4.5]
    assert heads[-1].top - heads[0].top > 30  # titles stand apart


def test_where_such_a_document_must_be_cut_a_fresh_sheet_begins_and_the_report_says_so():
    half = FILLER * (compose.LONGEST_RUN // len(FILLER) // 2)
    pages = [a_leaf(f"Part {n}", id=str(n), depth=n > 1) for n in (1, 2, 3)]
    tree = PageTree(SPACE, tuple(page.ref for page in pages))
    printers = Printers(AtOnce(), 1, lambda chunk, style: Printed(b"", 1, {}))  # type: ignore[arg-type]
    setting = Setting(
        Budget.of(100), tree, options(fresh_sheet="none"), printers, lambda *step: None
    )

    chunks = setting.print(Illustrated(Article(page, half), {}) for page in pages)

    assert len(chunks) == 2  # each begins on a fresh sheet
    (note,) = setting.notes
    assert (note.code, note.severity, note.page.title) == ("sheet_begun", "info", "Part 3")
