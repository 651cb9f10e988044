"""Front sheets read back: covers, contents, the table of versions."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import pikepdf
import pypdfium2
import pytest
from PIL import Image as Pillow

from addon import logos
from addon.options import ExportOptions
from exports.contrast import READABLE, contrast
from exports.document import Revision
from exports.facts import Viewer
from exports.pdf.covers import ink_on
from tests.exports.pdf.books import Book, a_book, a_leaf
from tests.exports.pdf.pictures import a_png
from tests.pdf_reading import Sheets

LONG = "Procedures for keepers of lights in heavy weather and their deputies " * 4
DESIGNS = ("simple", "band", "full")


def options(**chosen: object) -> ExportOptions:
    known = ExportOptions().changed(chosen)
    assert {name: getattr(known, name) for name in chosen} == chosen  # none was out of bounds
    return known


def pixels(sheets: Sheets, sheet: int = 1) -> Pillow.Image:
    """A sheet with a pixel for each point."""
    with pypdfium2.PdfDocument(sheets.bytes) as document:
        return document[sheet - 1].render(scale=1).to_pil().convert("RGB")


def covered(sheets: Sheets, colour: str) -> list[tuple[int, int]]:
    """Which of nine places, from the corners to the middle, have the colour."""
    picture = pixels(sheets)
    across, down = (0, picture.width // 2, picture.width - 1), (0, picture.height // 2, -1)
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    spots = [(x, y, i, j) for i, x in enumerate(across) for j, y in enumerate(down)]
    found = [(i, j) for x, y, i, j in spots if picture.getpixel((x, y % picture.height)) == wanted]
    return sorted(found, key=lambda spot: (spot[1], spot[0]))


@lru_cache(maxsize=1)
def handbook() -> tuple:  # type: ignore[type-arg]
    body = "<h1>Parts</h1><p>Words.</p><h2>Lamp</h2><p>Words.</p><h3>Wick</h3><p>Words.</p>"
    return (
        a_leaf("Handbook", "<h1>Why</h1><p>Words.</p>", id="1"),
        a_leaf("Start", "<h1>Hello</h1><p>Words.</p>", id="2", depth=1),
        a_leaf("Tools", body, id="3", depth=2),
        a_leaf("Safety", "<h1>First</h1><p>Words.</p><h1>Then</h1><p>Words.</p>", id="4", depth=1),
    )


def contents_of(book: Book, sheet: int = 1) -> list[str]:
    """The lines below the heading of the contents."""
    lines = [" ".join(line.split()) for line in book.sheets.lines(sheet)]
    return lines[lines.index("Contents") + 1 :]


def test_a_cover_of_colour_fills_the_chosen_sheet_to_its_edges():
    book = a_book(a_leaf(), options=options(cover="full", paper="A5", orientation="landscape"))

    assert len(book.sheets) == 2
    assert book.sheets.size(1) == (210, 148)
    assert len(covered(book.sheets, "#1558bc")) == 9


def test_a_band_is_as_wide_as_the_sheet_and_ends_above_the_title():
    book = a_book(a_leaf(), options=options(cover="band", accent_colour="#0b6b4f"))

    assert covered(book.sheets, "#0b6b4f") == [(0, 0), (1, 0), (2, 0)]
    top = min(box.top for box in book.sheets.glyphs(1))
    assert top > 0.4 * book.sheets.size(1)[1]


def test_a_simple_cover_is_white_but_for_a_bar_of_the_accent():
    book = a_book(a_leaf(), options=options(cover="simple", accent_colour="#c02060"))

    assert len(covered(book.sheets, "#ffffff")) == 9
    assert (0xC0, 0x20, 0x60) in {colour for _, colour in pixels(book.sheets).getcolors(99_999)}


def test_the_words_of_a_cover_are_those_of_the_options():
    chosen = options(
        cover="simple",
        cover_title="{title}: the guide",
        cover_subtitle="{space_key} · {owner}",
        cover_facts="Version {version} · {date}",
    )

    book = a_book(a_leaf(), options=chosen, title="Lights", viewer=Viewer(locale="de-DE"))

    assert book.sheets.text(1).strip() == "Lights: the guide DOC Version 1 · 27. November 2026"


def test_a_title_of_placeholders_without_values_gives_way_to_the_document_s_own():
    book = a_book(a_leaf(), options=options(cover="simple", cover_title="{owner}"), title="Lights")

    assert "Lights" in book.sheets.text(1)


def test_no_cover_is_printed_unless_it_is_chosen():
    assert len(a_book(a_leaf()).sheets) == 1


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("paper", ["A3", "A5"])
@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_any_title_stays_inside_the_sheet_on_one_cover(design, paper, orientation):
    chosen = options(cover=design, paper=paper, orientation=orientation, cover_facts="{date} · X")
    for title in ("Guide", LONG[:255], "Donaudampfschifffahrtsgesellschaft" * 7, "灯台手順" * 60):
        book = a_book(a_leaf(), options=chosen, title=title)

        assert len(book.sheets) == 2
        width, height = book.sheets.size(1)
        boxes = book.sheets.glyphs(1)
        assert "".join(title.split()) in "".join(box.text for box in boxes)
        margin = 0.13 * min(width, height)
        assert min(box.left for box in boxes) > margin
        assert max(box.right for box in boxes) < width - margin
        foot = len("27November2026·X")
        words, facts = boxes[:-foot], boxes[-foot:]
        assert max(box.bottom for box in words) < min(box.top for box in facts)
        assert max(box.bottom for box in facts) < height - margin / 2


def test_a_short_title_is_larger_than_a_long_one_and_a_small_sheet_has_a_smaller_one():
    def height(title: str, **chosen: object) -> float:
        book = a_book(a_leaf(), options=options(cover="simple", **chosen), title=title)
        first = book.sheets.glyphs(1)[0]
        return first.bottom - first.top

    assert height("Guide") > 2 * height(f"Guide {LONG}"[:255])
    assert height("Guide") == pytest.approx(height("Guide", paper="A5") * 210 / 148, rel=0.02)


def test_a_title_from_right_to_left_stands_at_the_right():
    book = a_book(a_leaf(), options=options(cover="simple"), title="מדריך")

    title = book.sheets.glyphs(1)[0]
    assert title.right == pytest.approx(210 - 8 * 10 * 25.4 / 72, abs=2)


@pytest.mark.parametrize("colour", ["#1558bc", "#ffd400", "#777777", "#000000", "#ffffff"])
def test_text_on_the_accent_can_be_read(colour):
    assert contrast(ink_on(colour), colour) >= READABLE


def test_the_title_on_a_light_accent_is_dark():
    book = a_book(a_leaf(), options=options(cover="full", accent_colour="#ffd400"))

    colours = {colour for _, colour in pixels(book.sheets).getcolors(99_999)}
    assert (0x1E, 0x23, 0x30) in colours
    assert (255, 255, 255) not in colours


def test_the_logo_is_on_the_cover_unless_it_is_not_to_be():
    logo = logos.address_of(a_png(400, 100))
    chosen = options(cover="band", logo=logo, logo_alt="Sign of {space}")

    (picture,) = a_book(a_leaf(), options=chosen).sheets.pictures(1)

    assert picture.right - picture.left == pytest.approx(18 * 10 * 25.4 / 72, rel=0.02)
    assert picture.right - picture.left == pytest.approx(
        4 * (picture.bottom - picture.top), rel=0.1
    )
    without = options(cover="band", logo=logo, cover_logo=False)
    assert a_book(a_leaf(), options=without).sheets.pictures(1) == []


def test_those_who_cannot_see_the_logo_are_told_what_it_is():
    logo = logos.address_of(a_png(400, 100))
    chosen = options(cover="full", logo=logo, logo_alt="Sign (\\) of {space} 灯")

    book = a_book(a_leaf(), options=chosen)

    steps = list(pikepdf.parse_content_stream(book.sheets.pdf.pages[0]))
    (at,) = [n for n, step in enumerate(steps) if str(step.operator) == "Do"]
    assert str(steps[at - 1].operator) == "BDC"
    assert str(steps[at - 1].operands[1].Alt) == "Sign (\\) of Lighthouse handbook 灯"
    assert str(steps[at + 1].operator) == "EMC"


def test_with_a_cover_the_contents_have_no_title_block():
    book = a_book(*handbook(), options=options(cover="simple"), title="Handbook")

    assert book.sheets.text(2).startswith("Contents Handbook 1 Start 2")
    assert len(book.sheets) == 6


def test_without_one_they_have_what_the_document_is_and_when_it_was_made():
    text = a_book(*handbook(), title="Handbook", viewer=Viewer(locale="fr-FR")).sheets.text(1)

    assert text.startswith("Lighthouse handbook Handbook 4 pages · Exported 27 novembre 2026")


def test_contents_can_be_left_out():
    assert len(a_book(*handbook(), options=options(contents=False)).sheets) == 4


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (1, ["Handbook 1", "Start 2", "Safety 4"]),
        (2, ["Handbook 1", "Start 2", "Tools 3", "Safety 4"]),
    ],
)
def test_contents_go_as_deep_as_is_chosen_below_what_all_stands_under(depth, expected):
    assert contents_of(a_book(*handbook(), options=options(contents_depth=depth))) == expected


def test_of_a_document_with_many_roots_they_are_the_first_level():
    pages = [a_leaf("One", id="1"), a_leaf("Two", id="2", depth=1), a_leaf("Three", id="3")]

    book = a_book(*pages, options=options(contents_depth=1))

    assert contents_of(book) == ["One 1", "Three 3"]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [(1, ["Parts 3"]), (2, ["Parts 3", "Lamp 3"]), (3, ["Parts 3", "Lamp 3", "Wick 3"])],
)
def test_contents_name_as_many_levels_of_headings_as_are_chosen(levels, expected):
    book = a_book(*handbook(), options=options(contents_headings=levels))

    lines = contents_of(book)
    assert lines[lines.index("Tools 3") + 1 : lines.index("Safety 4")] == expected
    assert set(book.sheets.links(1)) == {2, 3, 4, 5}


def test_versions_are_a_table_after_the_contents():
    when = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    rows = (
        Revision(12, when, "Ann <b>Keeper</b>", "New lamp", False),
        Revision(11, when, "", "", True),
    )

    tokyo = Viewer(locale="en-GB", time_zone="Asia/Tokyo")
    text = a_book(*handbook(), revisions=rows, viewer=tokyo).sheets.text(1)

    assert text.index("Safety 4") < text.index("Versions")
    assert "Version Date Changed by What was changed" in text
    assert "12 6 March 2026 Ann <b>Keeper</b> New lamp 11 6 March 2026" in text


def test_a_single_page_can_have_versions_without_contents():
    rows = (Revision(3, datetime(2026, 3, 5, tzinfo=UTC), "", "", False),)

    book = a_book(a_leaf(), revisions=rows, title="Guide")

    assert len(book.sheets) == 2
    assert book.sheets.text(1).endswith("Versions Version Date 3 5 March 2026 ")
    assert "Contents" not in book.sheets.text(1)


def test_words_of_a_cover_never_become_markup():
    chosen = options(cover="full", cover_subtitle='"><img src=x>{title}')

    text = a_book(a_leaf(), options=chosen, title="</style><b>A & B</b>").sheets.text(1)

    assert "</style><b>A & B</b>" in " ".join(text.split())
    assert '"><img src=x></style><b>A & B</b>' in text
