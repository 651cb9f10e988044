"""Code on sheets, read back: what is wrapped, what is marked, and that nothing is lost."""

from __future__ import annotations

import re
from collections import defaultdict
from html import escape
from itertools import pairwise

import pypdfium2
import pytest
from PIL import Image

from addon.options import ExportOptions
from exports.content.clean import clean
from exports.document import Chunk, Illustrated
from exports.paper import A4, BOTTOM, SIDE, TOP
from exports.pdf import compose
from exports.pdf.printing import print_chunk
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end
from tests.pdf_reading import Box, Sheets

STYLE = compose.style(ExportOptions())
PADDING = 3.2  # mm, of the box
PIXELS_A_MM = 8
CHARACTER = 0.6 * 8 * 25.4 / 72  # mm
WORDY = "        select lamp.kind, lamp.oil, lighthouse.name, lighthouse.height, keeper.name " * 3


def a_block(text: str, parameters: str = "brush: text") -> str:
    return (
        '<div class="code panel"><div class="codeContent panelContent">'
        f'<pre data-syntaxhighlighter-params="{parameters}">{escape(text)}</pre></div></div>'
    )


def chunk(html: str) -> Chunk:
    return compose.body([Illustrated(clean(a_page(html), a_tree(), SITE), {})], "Doc")


def printed(html: str) -> Sheets:
    return Sheets(print_chunk(chunk(html), STYLE).pdf)


def rows(sheets: Sheets, sheet: int = 1, below: float = 45.0) -> list[list[Box]]:
    """The glyphs of a sheet by lines, from those below the page's title."""
    lines: dict[float, list[Box]] = defaultdict(list)
    for box in sheets.glyphs(sheet):
        if box.top > below:
            lines[round(box.base, 1)].append(box)
    return [sorted(lines[at], key=lambda box: box.left) for at in sorted(lines)]


def letters(sheets: Sheets) -> str:
    """All that stands below the running heads, without blanks."""
    return "".join(
        box.text
        for sheet in range(1, len(sheets) + 1)
        for box in sheets.glyphs(sheet)
        if box.top > TOP - 2
    )


def test_wrapped_code_is_indented_below_its_first_line():
    sheets = printed(a_block(WORDY.strip()))

    first, *wrapped = rows(sheets)
    assert len(wrapped) >= 2
    for row in wrapped:
        assert row[0].left - first[0].left == pytest.approx(4 * CHARACTER, abs=0.6)


def test_what_is_wrapped_has_a_mark_before_it_and_the_first_line_has_none():
    sheets = printed(a_block(WORDY))
    first, *wrapped = rows(sheets)
    with pypdfium2.PdfDocument(sheets.bytes) as document:
        picture = document[0].render(scale=PIXELS_A_MM * 25.4 / 72).to_pil().convert("L")

    def is_marked(row: list[Box]) -> bool:
        left = SIDE + PADDING + 4 * CHARACTER
        middle = (min(box.top for box in row) + max(box.bottom for box in row)) / 2
        area = (left - 4.5, middle - 1.3, left - 0.3, middle + 1.3)
        return _darkest(picture, area) < 190

    assert [is_marked(row) for row in wrapped] == [True] * len(wrapped)
    assert not is_marked(first)  # it begins with eight blanks


def test_the_mark_is_no_text_that_copying_would_catch():
    sheets = printed(a_block(WORDY))

    assert letters(sheets).endswith(re.sub(r"\s", "", WORDY))


def test_numbers_stay_in_a_column_of_their_own():
    sheets = printed(a_block(f"one\n{WORDY.strip()}\nthree", "gutter: true; first-line: 99"))

    first, second, *wrapped, last = rows(sheets)
    assert "".join(box.text for box in first).startswith("99one")
    assert "".join(box.text for box in last).startswith("101three")
    text = first[2].left
    assert second[3].left == pytest.approx(text, abs=0.6)
    for row in wrapped:
        assert row[0].left == pytest.approx(text, abs=0.6)


@pytest.mark.parametrize("text", ["x" * 20_000, "ab cd" * 4_000, '{"a":[1,2],' * 2_000])
def test_a_very_long_line_stays_in_its_box_and_loses_nothing(text):
    sheets = printed(a_block(f"begin\n{text}\nend"))

    assert letters(sheets).endswith("begin" + text.replace(" ", "") + "end")
    for sheet in range(1, len(sheets) + 1):
        for box in sheets.glyphs(sheet):
            if box.top > TOP - 2:
                assert box.right <= A4.width - SIDE - PADDING + 0.5
                assert box.bottom <= A4.height - BOTTOM + 1


def test_a_run_without_blanks_is_cut_where_its_lines_end():
    sheets = printed(a_block("x" * 2_000))

    lengths = [len(row) for row in rows(sheets)]
    assert set(lengths[1:-1]) == {lengths[1]}


def test_a_long_file_keeps_every_line_once():
    lines = [f"line{number:04}" for number in range(3_000)]

    sheets = printed(a_block("\n".join(lines)))

    assert re.findall(r"line\d{4}", sheets.text()) == lines


def test_the_parts_of_a_block_join_without_a_seam():
    lines = ["word" if number % 7 else "" for number in range(1, 62)]

    sheets = printed("<p>Above.</p>" + a_block("\n".join(lines)))

    bases = [row[0].base for row in rows(sheets, below=52)]
    line = 8 * 1.45 * 25.4 / 72
    steps = {round((low - high) / line, 1) for high, low in pairwise(bases)}
    assert len(sheets) == 2
    assert steps == {1.0, 2.0}


def test_an_endless_line_comes_to_an_end():
    with coming_to_an_end():
        assert letters(printed(a_block("x" * 100_000))).count("x") == 100_000


@pytest.mark.parametrize(
    "place",
    [
        "<table><tr><td>Call</td><td>{}</td><td>Some words beside it</td></tr></table>",
        "<ul><li>An item<ul><li>{}</li></ul></li></ul>",
        "<blockquote>{}</blockquote>",
    ],
)
def test_code_inside_other_things_is_wrapped_there(place):
    sheets = printed(place.format(a_block(WORDY + "x" * 500)))

    assert re.sub(r"\s", "", WORDY) + "x" * 500 in letters(sheets).replace("Somewordsbesideit", "")
    for box in sheets.glyphs(1):
        if box.top > TOP - 2:
            assert box.left >= SIDE - 0.5
            assert box.right <= A4.width - SIDE + 0.5


def _darkest(picture: Image.Image, area: tuple[float, float, float, float]) -> int:
    """The darkest grey in an area given in mm: 0 is black, 255 white."""
    box = tuple(round(edge * PIXELS_A_MM) for edge in area)
    return int(picture.crop(box).getextrema()[0])
