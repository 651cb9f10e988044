"""What stands round the text of a sheet, and across it, read back from whole documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache

import pikepdf
import pypdfium2
import pytest
from PIL import Image as Pillow
from PIL import ImageChops

from addon import logos
from addon.options import ExportOptions
from exports.paper import Sheet
from exports.pdf.furniture import Furniture
from exports.pdf.merge import Cover, merge
from exports.pdf.placement import place
from exports.pdf.plates import Plates
from tests.exports.pdf.books import a_book, a_leaf
from tests.exports.pdf.joining import a_print, stencils
from tests.pdf_reading import Box, Sheets

PARAGRAPH = f"<p>{'Words that everybody has to read. ' * 30}</p>"
BLUE, TEXT = (21, 88, 188), (30, 35, 48)
FULL = f"<p>{'i ' * 6_000}</p>"  # every line of it is full
GUIDE = a_leaf("Guide", PARAGRAPH)


def a_wide_table() -> str:
    cells = "".join(f"<td>column number {number:02} with words in it</td>" for number in range(14))
    return f"<table><tbody><tr>{cells}</tr></tbody></table>"


@lru_cache(maxsize=1)
def a_logo() -> str:
    """Blue, four times as wide as high."""
    out = io.BytesIO()
    Pillow.new("RGB", (400, 100), BLUE).save(out, "PNG")
    return logos.address_of(out.getvalue())


def above(sheets: Sheets, number: int, line: float = 21.9) -> list[Box]:
    """The glyphs of a sheet's upper margin, which ends at `line` mm, from left to right."""
    return sorted((it for it in sheets.glyphs(number) if it.bottom < line), key=_left)


def below(sheets: Sheets, number: int, line: float = 277.1) -> list[Box]:
    return sorted((it for it in sheets.glyphs(number) if it.top > line), key=_left)


def words(glyphs: list[Box]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def split_at(glyphs: list[Box], gap: float = 5.0) -> list[list[Box]]:
    """The texts of a row, which stand more than `gap` mm apart."""
    texts: list[list[Box]] = [[]]
    for glyph in glyphs:
        if texts[-1] and glyph.left - texts[-1][-1].right > gap:
            texts.append([])
        texts[-1].append(glyph)
    return texts


def text_box(sheets: Sheets, number: int) -> tuple[float, float]:
    """The left and right edge of what stands in the middle of a sheet."""
    _, height = sheets.size(number)
    found = [it for it in sheets.glyphs(number) if 0.35 < it.top / height < 0.8]
    return min(it.left for it in found), max(it.right for it in found)


def _left(box: Box) -> float:
    return box.left


def forms(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    """What a page draws, and what that draws."""
    waiting = [page.Resources]
    while waiting:
        for item in dict(waiting.pop().get("/XObject", {})).values():
            yield item
            waiting += [item.Resources] if "/Resources" in item else []


# Sheets


@pytest.mark.parametrize(
    ("options", "size", "edges"),
    [
        (ExportOptions(paper="A3", margin_inner=40), (297, 420), (40, 277)),
        (ExportOptions(paper="A5", margin_inner=10, margin_outer=15), (148, 210), (10, 133)),
        (ExportOptions(paper="Letter", orientation="landscape"), (279, 216), (20, 259)),
        (ExportOptions(paper="Legal"), (216, 356), (20, 196)),
    ],
    ids=lambda value: value.paper if isinstance(value, ExportOptions) else "",
)
def test_paper_orientation_and_side_margins_are_as_chosen(options, size, edges):
    sheets = a_book(a_leaf("Guide", FULL), options=options).sheets

    assert {sheets.size(number) for number in range(1, len(sheets) + 1)} == {size}
    assert text_box(sheets, 1) == pytest.approx(edges, abs=2.5)


def test_upper_and_lower_margins_are_as_chosen():
    options = ExportOptions(margin_top=40, margin_bottom=50, header_right="", footer_centre="")

    glyphs = a_book(a_leaf("Guide", PARAGRAPH * 20), options=options).sheets.glyphs(2)

    text = [it for it in glyphs if it.text.isalpha() and it.top > 38]
    assert min(it.top for it in text) == pytest.approx(41, abs=1.5)
    assert 297 - 50 - 8 < max(it.bottom for it in text) < 297 - 50


def test_margins_leave_room_for_text_on_small_paper():
    most = {f"margin_{side}": 60 for side in ("top", "bottom", "inner", "outer")}

    sheet = Sheet.of(ExportOptions(paper="A5", orientation="landscape").changed(most))

    assert (sheet.text_width, sheet.text_height) == pytest.approx((90, 70))
    assert sheet.top == sheet.bottom


def test_a_wide_table_has_a_sheet_on_its_side_with_furniture_at_its_edges():
    options = ExportOptions(footer_right="{sheet}", footer_centre="")

    sheets = a_book(a_leaf("Guide", PARAGRAPH + a_wide_table()), options=options).sheets

    assert (sheets.size(1), sheets.size(2)) == ((210, 297), (297, 210))
    assert above(sheets, 2)[-1].right == pytest.approx(277, abs=0.3)
    assert below(sheets, 2, 190)[-1].right == pytest.approx(277, abs=0.3)


def test_a_page_that_begins_on_a_turned_sheet_is_named_there():
    pages = [a_leaf("First"), a_leaf("Second", a_wide_table(), id="2")]

    sheets = a_book(*pages, options=ExportOptions(contents=False, header_left="")).sheets

    assert sheets.size(2) == (297, 210)
    assert words(above(sheets, 2)) == "Second"


def test_no_sheet_is_turned_upright_in_a_document_that_lies_already():
    options = ExportOptions(orientation="landscape")

    sheets = a_book(a_leaf("Guide", PARAGRAPH + a_wide_table()), options=options).sheets

    assert sheets.sizes() == {(842, 595)}


# Headers and footers


def test_usually_the_space_the_page_and_the_numbers_stand_where_they_always_did():
    sheets = a_book(GUIDE).sheets

    space, page = split_at(above(sheets, 1))
    (numbers,) = split_at(below(sheets, 1))
    assert (words(space), words(page), words(numbers)) == ("Lighthousehandbook", "Guide", "1/1")
    assert space[0].left == pytest.approx(20.2, abs=0.2)
    assert page[-1].right == pytest.approx(189.8, abs=0.2)
    assert (numbers[0].left + numbers[-1].right) / 2 == pytest.approx(105, abs=0.2)
    assert all(it.base == pytest.approx(17.225, abs=0.005) for it in (*space, *page))
    assert all(it.base == pytest.approx(286.417, abs=0.005) for it in numbers)


def test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot():
    options = ExportOptions(
        header_left="{title}",
        header_centre="{space_key}",
        header_right="{page} · {owner} · {site}",
        footer_left="{date:iso}",
        footer_centre="– {sheet} –",
        footer_right="Page {sheet} of {sheets}",
    )

    sheets = a_book(GUIDE, options=options, site="acme").sheets

    assert [words(it) for it in split_at(above(sheets, 1))] == ["Thebook", "DOC", "Guide·acme"]
    assert [words(it) for it in split_at(below(sheets, 1))] == ["2026-11-27", "–1–", "Page1of1"]
    middle = split_at(above(sheets, 1))[1]
    assert (middle[0].left + middle[-1].right) / 2 == pytest.approx(105, abs=0.2)
    assert below(sheets, 1)[-1].right == pytest.approx(189.6, abs=0.4)


def test_the_chapter_is_the_heading_that_the_sheet_begins_under():
    html = f"<h1>Setup</h1>{PARAGRAPH * 8}<h1>Running</h1>{PARAGRAPH * 14}"
    options = ExportOptions(header_left="", header_right="{chapter}", numbered_headings=True)

    sheets = a_book(a_leaf("Guide", html), a_leaf("More", id="2"), options=options).sheets

    heads = [words(above(sheets, number)) for number in range(2, len(sheets) + 1)]
    assert list(dict.fromkeys(heads)) == ["1Guide", "1.1Setup", "1.2Running", "2More"]
    begins = next(number for number in range(3, len(sheets)) if "Running" in sheets.text(number))
    assert words(above(sheets, begins)) == "1.1Setup"


def test_pages_that_follow_one_another_are_named_where_they_begin_a_sheet():
    first, second = a_leaf("First", PARAGRAPH * 7), a_leaf("Second", PARAGRAPH * 9, id="2")
    options = ExportOptions(fresh_sheet="none", contents=False, header_left="")

    sheets = a_book(first, second, options=options).sheets

    begins = next(number for number in range(1, 9) if "Second" in sheets.text(number))
    assert "Words" in sheets.text(begins).partition("Second")[0]
    assert words(above(sheets, begins)) == "First"
    assert words(above(sheets, begins + 1)) == "Second"


def test_texts_that_are_too_long_end_in_dots_and_never_meet():
    long = "A title that goes on for very much longer than a line of the header has room for "
    texts = {"header_left": "{space} {space} {space} {space}", "header_right": "{page}"}
    two = a_book(a_leaf(long * 2), options=ExportOptions(**texts)).sheets
    middle = ExportOptions(**texts, header_centre="{page} {sheet}")
    three = a_book(a_leaf(long * 2), options=middle).sheets

    left, right = split_at(above(two, 1), gap=4)
    assert right[0].left == pytest.approx(20 + 0.35 * 170, abs=0.5)
    assert (left[-1].text, right[-1].text) == ("…", "…")
    assert right[-1].right <= 190
    assert len(split_at(above(three, 1), gap=4)) == 3
    assert all(it.base == pytest.approx(17.225, abs=0.01) for it in above(three, 1))
    assert [words(it)[-1] for it in split_at(above(three, 1), gap=4)] == ["…", "1", "…"]


@pytest.mark.parametrize("long", [0, 1], ids=["left", "right"])
def test_a_short_text_leaves_its_room_to_the_other(long):
    title = "A title that takes more than two thirds of the line of the header it stands in " * 2
    texts = ("{page}", "{space_key}") if not long else ("{space_key}", "{page}")
    options = ExportOptions(header_left=texts[0], header_right=texts[1])

    sheets = a_book(a_leaf(title[:105]), options=options).sheets

    found = split_at(above(sheets, 1))
    assert words(found[long]) == title[:105].replace(" ", "")
    assert words(found[1 - long]) == "DOC"


def test_what_is_cut_is_not_copied_as_the_words_that_are_not_there():
    title = "A title that goes on and on " * 9

    sheets = a_book(a_leaf(title)).sheets

    assert words(above(sheets, 1)).endswith("…")


def test_heads_keep_the_order_of_words_from_right_to_left_with_numbers_among_them():
    options = ExportOptions(header_left="{page}", header_right="עמוד {sheet} מתוך {sheets}")
    page = a_leaf("מדריך (טיוטה)", "<p>זהו דף בעברית, והוא מיועד למי שצריך לקרוא אותו.</p>")

    sheets = a_book(page, options=options).sheets

    title, number = split_at(above(sheets, 1))
    at = {it.text: it.left for it in title}
    assert at["מ"] > at["ט"]
    assert words(list(reversed(number))) == "עמוד1מתוך1"


def test_a_text_with_both_directions_keeps_the_foreign_words_together():
    options = ExportOptions(header_left="{space_key} {page} 7", header_right="")

    sheets = a_book(a_leaf("שלום 3"), options=options).sheets

    heads = above(sheets, 1)
    assert words(heads)[:3] == "DOC"
    assert words(heads)[-1] == "7"


def test_headers_have_the_letters_of_the_language_of_their_page():
    page = a_leaf("Guide", "<p>これは日本語のページです。</p>")

    sheets = a_book(page, options=ExportOptions(header_right="直骨")).sheets

    names = {str(it.BaseFont) for it in dict(sheets.pdf.pages[0].Resources.Font).values()}
    assert {name.partition("CJK-")[2] for name in names if "CJK" in name} == {"JP"}


def test_header_and_footer_are_set_in_the_typeface_of_the_text():
    sheets = a_book(GUIDE, options=ExportOptions(font="Noto Serif")).sheets

    names = {str(it.BaseFont) for it in dict(sheets.pdf.pages[0].Resources.Font).values()}
    assert {name.partition("+")[2].partition("-Bold")[0] for name in names} == {"Noto-Serif"}


def test_rules_stand_between_the_text_and_its_header_and_footer():
    sheets = a_book(GUIDE, options=ExportOptions(header_rule=True, footer_rule=True)).sheets

    head, foot = rules(sheets, 1)
    assert head == pytest.approx((20, 19.9, 190), abs=0.3)
    assert above(sheets, 1)[0].base + 0.8 < head[1] < 22
    assert foot == pytest.approx((20, 282.4, 190), abs=0.3)
    assert 277 < foot[1] < below(sheets, 1)[0].top
    assert rules(a_book(GUIDE).sheets, 1) == []


def rules(sheets: Sheets, number: int) -> list[tuple[float, float, float]]:
    """Left end, height and right end, in mm from above, of the thin lines in the margins."""
    with pypdfium2.PdfDocument(sheets.bytes) as document:
        page = document[number - 1]
        high, mm = page.get_height(), 25.4 / 72
        found = [it.get_bounds() for it in page.get_objects() if it.type == 2]
    lines = [
        (left * mm, (high - (low + top) / 2) * mm, right * mm)
        for left, low, right, top in found
        if top - low < 2
    ]
    return sorted((it for it in lines if not 22 < it[1] < 277), key=lambda line: line[1])


@pytest.mark.parametrize("side", ["left", "centre", "right"])
def test_the_logo_stands_in_header_and_footer_beside_their_texts(side):
    options = ExportOptions(
        logo=a_logo(),
        header_logo=side,
        footer_logo=side,
        header_centre="Middle",
        footer_left="Left",
        footer_right="Right",
    )

    sheets = a_book(GUIDE, options=options).sheets

    head, foot = logo_boxes(sheets, 1)
    for logo, texts in ((head, above(sheets, 1)), (foot, below(sheets, 1))):
        assert (logo.right - logo.left) / (logo.bottom - logo.top) == pytest.approx(4, rel=0.03)
        assert all(it.right < logo.left - 2 or it.left > logo.right + 2 for it in texts)
    assert head.bottom == pytest.approx(17.22, abs=0.15)
    assert head.top > 5
    assert 283 < foot.top < foot.bottom < 294
    edge = {"left": head.left - 20, "right": head.right - 190}
    assert edge.get(side, 0) == pytest.approx(0, abs=0.15)


def logo_boxes(sheets: Sheets, number: int, margin: float = 20) -> list[Box]:
    """Where the blue of the logo is in the upper and in the lower margin."""
    pixels_a_mm = 10
    with pypdfium2.PdfDocument(sheets.bytes) as document:
        scale = pixels_a_mm * 25.4 / 72
        picture = document[number - 1].render(scale=scale).to_pil().convert("RGB")
    other = ImageChops.difference(picture, Pillow.new("RGB", picture.size, BLUE)).convert("L")
    blue = other.point([255] * 10 + [0] * 246)
    boxes = []
    for top in (0, picture.height - round(margin * pixels_a_mm)):
        strip = blue.crop((0, top, picture.width, top + round(margin * pixels_a_mm)))
        left, upper, right, lower = (it / pixels_a_mm for it in strip.getbbox() or (0, 0, 0, 0))
        low = lower + top / pixels_a_mm
        boxes.append(Box("", left, upper + top / pixels_a_mm, right, low, low))
    return boxes


def test_furniture_of_narrow_margins_is_on_the_sheet_and_off_the_text():
    narrow = {f"margin_{side}": 8 for side in ("top", "bottom", "inner", "outer")}
    options = ExportOptions(
        logo=a_logo(), header_logo="left", footer_logo="left", header_rule=True, footer_rule=True
    ).changed(narrow)

    sheets = a_book(a_leaf("Guide", FULL), options=options).sheets

    head, foot = logo_boxes(sheets, 2, margin=8)
    assert 0.5 < head.top < head.bottom < 7
    assert 290 < foot.top < foot.bottom < 296.5
    assert 4 < above(sheets, 2, 7.5)[0].base < 6
    assert 291 < below(sheets, 2, 290)[0].base < 293


@pytest.mark.parametrize(
    ("first_sheet", "header", "footer"),
    [("same", True, True), ("no_header", False, True), ("none", False, False)],
)
def test_the_first_sheet_is_as_bare_as_chosen(first_sheet, header, footer):
    options = ExportOptions(first_sheet=first_sheet, header_rule=True, footer_rule=True)

    sheets = a_book(a_leaf("Guide", FULL), options=options).sheets

    assert (bool(above(sheets, 1)), bool(below(sheets, 1))) == (header, footer)
    assert len(rules(sheets, 1)) == header + footer
    assert (bool(above(sheets, 2)), bool(below(sheets, 2)), len(rules(sheets, 2))) == (
        True,
        True,
        2,
    )


def test_front_sheets_have_neither_header_nor_footer():
    options = ExportOptions(cover="simple", header_rule=True)

    sheets = a_book(GUIDE, a_leaf("More", id="2"), options=options).sheets

    assert [bool(above(sheets, number)) for number in (2, 3, 4)] == [False, True, True]
    assert [bool(below(sheets, number)) for number in (2, 3)] == [False, True]


def test_what_sheets_have_in_common_stands_once_in_the_file():
    options = ExportOptions(header_rule=True, footer_right="עמוד — page, two fonts")

    sheets = a_book(a_leaf("Guide", FULL * 2), options=options).sheets

    pages = list(sheets.pdf.pages)
    assert len(pages) > 2
    contents = [[it.objgen for it in page.Contents] for page in pages]
    assert len({it for page in contents for it in page}) == 2 * len(pages) + 3
    assert len({it.objgen for page in pages for it in forms(page)}) == 1


def test_the_same_document_gives_the_same_bytes_whatever_stands_round_it():
    options = ExportOptions(
        logo=a_logo(), header_logo="left", watermark="Draft", two_sided=True, margin_inner=30
    )

    assert (
        a_book(GUIDE, options=options).sheets.bytes == a_book(GUIDE, options=options).sheets.bytes
    )


# Numbers


@pytest.mark.parametrize(
    ("numerals", "first", "numbers"),
    [
        ("decimal", 8, ["8", "9", "10"]),
        ("lower-roman", 3, ["iii", "iv", "v"]),
        ("upper-roman", 39, ["XXXIX", "XL", "XLI"]),
        ("lower-alpha", 25, ["y", "z", "aa"]),
        ("lower-alpha", 233, ["233", "234", "235"]),  # too many letters
    ],
)
def test_sheets_contents_and_labels_have_the_same_numbers(numerals, first, numbers):
    """What a contents list within a page says is a number of that kind too."""
    toc = '<div class="toc-macro"><ul><li><a href="#Here">Here</a></li></ul></div>'
    html = f'{toc}<h1 id="Here">Here</h1>{FULL}'
    options = ExportOptions(sheet_numbers=numerals, first_number=first)

    sheets = a_book(a_leaf("First", html), a_leaf("Second", id="2"), options=options).sheets

    assert len(sheets) == 4
    assert [words(below(sheets, at)).split("/")[0] for at in (2, 3, 4)] == numbers
    assert {words(below(sheets, at)).split("/")[1] for at in (2, 3, 4)} == {numbers[-1]}
    assert sheets.labels()[1:] == numbers
    assert sheets.labels()[0] == ("I" if numerals == "lower-roman" else "i")
    rows = [line.split() for line in sheets.lines(1)[-2:]]
    assert rows == [["First", numbers[0]], ["Second", numbers[-1]]]
    assert f"Here {numbers[0]} " in sheets.text(2)


def test_numbers_begin_anew_with_each_chapter_and_count_its_sheets():
    pages = [
        a_leaf("Book", id="1"),
        a_leaf("One", FULL, id="2", depth=1),
        a_leaf("Below", id="3", depth=2),
        a_leaf("Two", id="4", depth=1),
    ]
    options = ExportOptions(numbers_restart="chapter", first_number=5)

    sheets = a_book(*pages, options=options).sheets

    numbers = [words(below(sheets, at)) for at in range(2, len(sheets) + 1)]
    assert numbers == ["5/5", "1/3", "2/3", "3/3", "1/1"]
    assert sheets.labels() == ["i", "5", "1", "2", "3", "1"]
    rows = [line.split() for line in sheets.lines(1)[-4:]]
    assert rows == [["Book", "5"], ["One", "1"], ["Below", "3"], ["Two", "1"]]


def test_without_a_root_every_page_of_the_highest_level_is_a_chapter():
    options = ExportOptions(numbers_restart="chapter", contents=False)

    sheets = a_book(a_leaf("One", FULL), a_leaf("Two", id="2"), options=options).sheets

    assert sheets.labels() == ["1", "2", "1"]


# Both sides of the paper

TWO_SIDED = ExportOptions(
    two_sided=True,
    margin_inner=40,
    margin_outer=15,
    header_left="{title}",
    header_right="{page}",
    header_rule=True,
    footer_left="{sheet}",
    footer_centre="",
)


def test_left_sheets_mirror_right_ones():
    sheets = a_book(a_leaf("Guide", FULL), options=TWO_SIDED).sheets

    assert text_box(sheets, 1) == pytest.approx((40, 195), abs=2)
    assert text_box(sheets, 2) == pytest.approx((15, 170), abs=2)
    assert [words(it) for it in split_at(above(sheets, 1))] == ["Thebook", "Guide"]
    assert [words(it) for it in split_at(above(sheets, 2))] == ["Guide", "Thebook"]
    assert below(sheets, 1)[0].left == pytest.approx(40.4, abs=0.4)
    assert below(sheets, 2)[-1].right == pytest.approx(169.6, abs=0.4)
    assert [rules(sheets, at)[0][0] for at in (1, 2)] == pytest.approx([40, 15], abs=0.3)


def test_links_and_headings_of_left_sheets_go_along_with_their_text():
    html = f'{FULL}<h1>Far</h1><p><a href="https://example.com/">out</a></p>'

    sheets = a_book(a_leaf("Guide", html), options=TWO_SIDED).sheets

    link = next(it for it in sheets.pdf.pages[1].Annots if str(it.A.URI) == "https://example.com/")
    with sheets.pdf.open_outline() as outline:
        heading = outline.root[0].children[0].destination
    left = 15 / 25.4 * 72
    assert float(link.Rect[0]) == pytest.approx(left, abs=0.1)
    assert float(heading[2]) == pytest.approx(left, abs=0.1)


def test_what_is_drawn_on_left_sheets_is_only_moved():
    """Patterns too, which lie on the sheet and not on the text."""
    fade = "height: 30pt; background: linear-gradient(90deg, #fff 40%, #1558bc 60%)"
    dots = "height: 15pt; background: radial-gradient(#1558bc 4px, #fff 5px) 0 0 / 12px 12px"
    printed = a_print(
        f'<p>One</p><p style="break-before: page">Two</p><div style="{fade}"></div>'
        f'<div style="{dots}"></div>'
    )
    placement = place([printed])
    inch = 25.4
    sheet = Sheet(400 / 72 * inch, 200 / 72 * inch, inner=0, outer=inch)
    furniture = Furniture(sheet, placement.numbering, is_two_sided=True)
    cover = Cover("The book", "", "XPress")

    pdf = merge(None, [printed], placement, [], furniture, stencils(furniture), cover, Plates())

    alone, joined = (picture(it, 2) for it in (printed.pdf, pdf))
    assert joined.crop((72, 0, 372, 200)).tobytes() == alone.crop((0, 0, 300, 200)).tobytes()
    assert len(alone.crop((50, 80, 300, 150)).getcolors() or ()) > 20  # there is something to see
    assert picture(printed.pdf, 1).tobytes() == picture(pdf, 1).tobytes()


def picture(pdf: bytes, number: int) -> Pillow.Image:
    """A sheet, one pixel a point."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number - 1].render(scale=1).to_pil().convert("RGB")


@pytest.mark.parametrize(
    ("cover", "contents", "blank", "labels"),
    [
        ("none", True, [2], ["i", "ii", "1", "2"]),
        ("simple", True, [2, 4], ["i", "ii", "iii", "iv", "1", "2"]),
        ("simple", False, [2], ["i", "ii", "1", "2"]),
        ("none", False, [], ["1", "2"]),
    ],
)
def test_the_body_begins_on_a_right_sheet_and_the_cover_has_its_back_to_itself(
    cover, contents, blank, labels
):
    options = TWO_SIDED.changed({"cover": cover, "contents": contents, "watermark": "Draft"})

    sheets = a_book(a_leaf("One"), a_leaf("Two", id="2"), options=options).sheets

    numbers = range(1, len(sheets) + 1)
    assert [at for at in numbers if not sheets.text(at).strip()] == blank
    assert sheets.labels() == labels
    body = len(sheets) - 1
    assert words(below(sheets, body)) == "1"
    assert below(sheets, body)[0].left < 50
    assert {at for _, _, at in sheets.outline()} == {body, body + 1}
    if contents:
        assert set(sheets.links(len(blank) * 2 - 1)) == {body, body + 1}


# Watermark


def test_the_watermark_is_on_every_sheet_but_the_cover_and_once_in_the_file():
    pages = [a_leaf("Guide", FULL), a_leaf("More", id="2")]
    options = ExportOptions(cover="simple", watermark="Seen by {exporter}", watermark_opacity=20)

    sheets = a_book(*pages, options=options, exporter="Ada").sheets

    seen = ["SeenbyAda" in words(sheets.glyphs(at)) for at in range(1, len(sheets) + 1)]
    assert seen == [False, *[True] * (len(sheets) - 1)]
    marks = [mark for page in sheets.pdf.pages for mark in watermarks(page)]
    assert len({mark.objgen for mark in marks}) == 1
    (state,) = marks[0].Resources.ExtGState.as_dict().values()
    assert (float(state.ca), float(state.CA)) == (0.2, 0.2)
    annotations = [it for page in sheets.pdf.pages for it in page.get("/Annots", [])]
    assert {str(it.Subtype) for it in annotations} == {"/Link"}


def watermarks(page: pikepdf.Page) -> list[pikepdf.Object]:
    """The forms that draw a group, as a whole, through a state of their own."""
    drawn = [it for it in dict(page.Resources.get("/XObject", {})).values() if "/Resources" in it]
    inner = [(it, dict(it.Resources.get("/XObject", {})).values()) for it in drawn]
    return [it for it, groups in inner if any("/Group" in group for group in groups)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (ExportOptions(), "Draft"),
        (ExportOptions(paper="A5", orientation="landscape"), "Confidential, not to be copied " * 3),
        (ExportOptions(paper="A3"), "機密"),
    ],
    ids=["A4", "A5", "A3"],
)
def test_the_watermark_runs_up_the_diagonal_and_fits_the_sheet(options, text):
    options = options.changed(
        {"watermark": text, "header_left": "", "header_right": "", "footer_centre": ""}
    )

    sheets = a_book(a_leaf(".", ""), options=options).sheets

    width, height = sheets.size(1)
    letters = text.replace(" ", "")
    glyphs = sheets.glyphs(1)[-len(letters) :]
    assert words(glyphs) == letters
    first, last = glyphs[0], glyphs[-1]
    slope = (first.top - last.top) / (last.left - first.left)
    assert slope == pytest.approx(height / width, rel=0.15)
    assert min(it.left for it in glyphs) > 0.05 * width
    assert max(it.right for it in glyphs) < 0.95 * width
    centre = (first.left + last.right) / 2, (first.bottom + last.top) / 2
    assert centre == pytest.approx((width / 2, height / 2), rel=0.06)


def test_a_turned_sheet_has_the_watermark_along_its_own_diagonal():
    html = PARAGRAPH + a_wide_table()

    sheets = a_book(a_leaf("Guide", html), options=ExportOptions(watermark="Draft")).sheets

    boxes = {tuple(map(float, mark.BBox)) for page in sheets.pdf.pages for mark in watermarks(page)}
    assert boxes == {(0, 0, 595.28, 841.89), (0, 0, 841.89, 595.28)}


def test_the_watermark_lies_on_boxes_of_colour_and_is_no_darker_where_letters_join():
    panel = '<div class="panel"><div class="panelContent"><p>.</p></div></div>' * 30
    options = ExportOptions(watermark="مسودة", watermark_opacity=50)

    sheets = a_book(a_leaf(".", panel), options=options).sheets

    with pypdfium2.PdfDocument(sheets.bytes) as document:
        seen = document[0].render(scale=2).to_pil().convert("RGB")
    counted = {colour: count for count, colour in seen.getcolors(1 << 24)}
    grounds = sorted((it for it in counted if min(it) > 200), key=lambda it: -counted[it])[:2]
    throughs = [tuple((a + b) / 2 for a, b in zip(it, TEXT, strict=True)) for it in grounds]
    for through in throughs:
        near = (it for it in counted if it == pytest.approx(through, abs=2))
        assert sum(counted[it] for it in near) > 5_000
    darker = sum(count for it, count in counted.items() if max(it) < min(throughs[0]) - 20)
    assert darker < 1_000  # the letters of the page


def test_a_watermark_cannot_become_markup():
    options = ExportOptions(watermark="<b>&amp;</b>", header_left="<i>{title}</i>")

    sheets = a_book(GUIDE, options=options, title="<img src=x>").sheets

    assert "<i><imgsrc=x></i>" in words(sheets.glyphs(1))
    assert "<b>&amp;</b>" in words(sheets.glyphs(1))


def test_an_empty_watermark_leaves_nothing_on_the_sheet():
    sheets = a_book(GUIDE, options=ExportOptions(watermark="{owner}")).sheets

    assert watermarks(sheets.pdf.pages[0]) == []


# What is told


def test_a_character_of_a_header_that_no_font_has_is_told_once():
    rare = "\U0002a6d6"

    told = a_book(GUIDE, a_leaf("More", id="2"), options=ExportOptions(header_left=rare)).notes

    assert [(note.code, note.page.title) for note in told] == [("glyph_missing", "Guide")]
    assert f"“{rare}”" in told[0].what


def test_a_text_without_end_is_cut_before_it_is_printed():
    page = a_leaf("Guide", PARAGRAPH, properties={"status": "word " * 20_000})
    options = ExportOptions(header_right="{property:Status}", watermark="{property:Status}")

    sheets = a_book(page, options=options).sheets

    assert words(above(sheets, 1)).endswith("…")
    assert words(sheets.glyphs(1)).count("word") < 1_000
