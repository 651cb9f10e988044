"""Tables on sheets, read back: what is too wide, what is long, and that nothing sticks out."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from addon.options import ExportOptions
from exports.content.clean import clean
from exports.document import Article, Illustrated
from exports.paper import BOTTOM, SHEETS, SIDE, TOP
from exports.pdf import compose
from exports.pdf.pictures import prepare
from exports.pdf.printing import print_chunk
from tests.builders import SITE, a_page, a_tree
from tests.exports.pdf.pictures import a_png
from tests.pdf_reading import Sheets

UPRIGHT, TURNED = (210, 297), (297, 210)
STYLES = {paper: compose.style(ExportOptions(paper=paper)) for paper in SHEETS}
TALL = "8"  # the attachment of the tall picture
SENTENCE = "The keeper on duty writes down what was seen from the gallery, ship by ship, at night."


def cleaned(html: str, paper: str = "A4") -> Article:
    return clean(a_page(html), a_tree(), SITE, SHEETS[paper])


def printed(html: str, paper: str = "A4") -> Sheets:
    article = cleaned(html, paper)
    images = {
        ref.key: prepare(a_png(60, 400 if ref.attachment_id == TALL else 40))
        for ref in article.images
    }
    chunk = compose.body([Illustrated(article, images)], "Doc")
    return Sheets(print_chunk(chunk, STYLES[paper]).pdf)


def a_table(*rows: list[str], head: int = 1, attributes: str = "") -> str:
    lines = []
    for at, row in enumerate(rows):
        tag = "th" if at < head else "td"
        lines.append("<tr>" + "".join(f"<{tag}><p>{cell}</p></{tag}>" for cell in row) + "</tr>")
    return f"<table {attributes}><tbody>{''.join(lines)}</tbody></table>"


def a_wide_table(rows: int = 2, columns: int = 8) -> str:
    head = [f"Head{at}" for at in range(columns)]
    body = [
        [f"Row{row}", *(f"c{row}x{at} {SENTENCE}" for at in range(1, columns))]
        for row in range(rows)
    ]
    return a_table(head, *body)


def sizes(sheets: Sheets) -> list[tuple[int, int]]:
    return [sheets.size(number) for number in range(1, len(sheets) + 1)]


def counted(sheets: Sheets, pattern: str) -> Counter[str]:
    return Counter(re.findall(pattern, sheets.text()))


def test_a_table_of_eight_short_columns_stays_upright():
    row = ["17", "North cape", "1871-01-31", "1902", "Electric", "none", "automatic", "Hamish"]

    sheets = printed(a_table(["Id", "Name", "From", "To", "Lamp", "Oil", "State", "Who"], row))

    assert sizes(sheets) == [UPRIGHT]


def test_a_word_that_can_stand_whole_is_not_broken():
    words = ["Navigational", "observatory", "Constabulary", "lighthouses", "Hydrographic"]
    html = a_table(words, *[[*words[at:], *words[:at]] for at in range(5)])

    text = printed(html).text(1)

    assert all(text.count(word) == 6 for word in words)


def test_a_table_that_is_too_wide_stands_on_turned_sheets_of_its_own():
    sheets = printed(f"<p>Before.</p>{a_wide_table()}<p>After.</p>")

    assert sizes(sheets) == [UPRIGHT, TURNED, UPRIGHT]
    assert "Before." in sheets.text(1)
    assert "c1x7" in sheets.text(2)
    assert "After." in sheets.text(3)


def test_turned_sheets_of_letter_paper_are_letter_paper():
    sheets = printed(f"<p>Before.</p>{a_wide_table()}", paper="Letter")

    assert sizes(sheets) == [(216, 279), (279, 216)]


def test_a_table_turns_however_deep_it_stands_in_plain_blocks():
    sheets = printed(
        f"<p>Before.</p><div><div><p>Also.</p><div>{a_wide_table()}</div></div><p>After.</p></div>"
    )

    assert sizes(sheets) == [UPRIGHT, TURNED, UPRIGHT]
    assert "After." in sheets.text(3)


def test_the_heading_of_a_table_goes_with_it_to_the_turned_sheet():
    sheets = printed(f"<p>Before.</p><h2>The log</h2>{a_wide_table()}")

    assert "The log" not in sheets.text(1)
    assert "The log" in sheets.text(2)


def test_the_title_of_a_page_that_opens_with_such_a_table_stands_above_it():
    sheets = printed(a_wide_table())

    assert sizes(sheets) == [TURNED]
    assert "Guide" in sheets.text(1)


def test_tables_that_follow_each_other_share_their_turned_sheets():
    sheets = printed(f"<p>Before.</p>{a_wide_table(1)}<h2>Second</h2>{a_wide_table(1)}")

    assert sizes(sheets) == [UPRIGHT, TURNED]


def test_a_table_that_cannot_turn_is_cut_and_told_so():
    panel = "confluence-information-macro"
    html = f'<div class="{panel} {panel}-note"><div class="{panel}-body">{a_wide_table(2, 10)}'

    sheets = printed(html)

    assert set(sizes(sheets)) == {UPRIGHT}
    parts = counted(sheets, r"Columns \d+–\d+ of 10").total()
    assert parts > 1
    assert [note.code for note in cleaned(html).notes] == ["table_split"]
    cells = counted(sheets, r"c\dx\d")
    assert len(cells) == 18
    assert set(cells.values()) == {1}
    assert counted(sheets, r"Row\d") == {"Row0": parts, "Row1": parts}


def test_a_table_too_wide_for_a_turned_sheet_is_cut_there():
    sheets = printed(f"<p>Before.</p>{a_wide_table(2, 30)}<p>After.</p>")

    cells = counted(sheets, r"c\dx\d+")
    assert sizes(sheets)[1] == TURNED
    assert len(cells) == 58
    assert set(cells.values()) == {1}


def test_four_hundred_columns_lose_nothing():
    rows = [[f"c{row}x{at:03}" for at in range(400)] for row in range(2)]

    sheets = printed(a_table(*rows, head=0))

    assert len(counted(sheets, r"c\dx\d{3}")) == 800


def test_a_long_table_shows_its_head_on_each_sheet_and_every_row_once():
    body = [[f"r{row:03}", "some words"] for row in range(120)]

    sheets = printed(a_table(["Number", "Remark"], *body))

    assert len(sheets) > 2
    assert all("Number" in sheets.text(number) for number in range(1, len(sheets) + 1))
    assert set(counted(sheets, r"r\d{3}").values()) == {1}
    assert len(counted(sheets, r"r\d{3}")) == 120


def test_rows_that_a_cell_joins_stay_on_one_sheet():
    groups = (
        f'<tr><td rowspan="4">Group{number:02}</td><td>g{number:02}a</td></tr>'
        + "".join(f"<tr><td>g{number:02}{letter}</td></tr>" for letter in "bcd")
        for number in range(30)
    )

    sheets = printed(f"<p>A line that shifts the rows.</p><table>{''.join(groups)}</table>")

    assert len(sheets) > 2
    texts = [sheets.text(number) for number in range(1, len(sheets) + 1)]
    for number in range(30):
        together = [all(f"g{number:02}{letter}" in text for letter in "abcd") for text in texts]
        assert together.count(True) == 1


@pytest.mark.parametrize("lines", range(24, 32))
def test_a_small_table_is_not_broken(lines):
    small = a_table(["Head", "of it"], ["first", "row"], ["last", "row"])

    sheets = printed("<p>A line above.</p>" * lines + small)

    texts = [sheets.text(number) for number in range(1, len(sheets) + 1)]
    assert ["first" in text for text in texts] == ["last" in text for text in texts]


# Whatever stands in tables, and wherever they stand.
WORDS = [
    "lamp",
    "oil",
    "lighthouse",
    "constabulary",
    "to-do",
    "N/A",
    "漢字",
    "Überprüfung",
    "2026-11-27",
]
LONG = [
    "https://example.com/a/very/long/address?of=a&page=that#nobody-reads",
    "x" * 180,
    "A_B_C_" * 20,
]
STATUS = '<span class="status-macro aui-lozenge">WAITING FOR THE BOARD OF TRADE</span>'
PICTURE = (
    '<img class="confluence-embedded-image" width="900" src="/download/attachments/65537/a.png"'
    ' data-linked-resource-id="{}" alt="a">'
)
PICTURES = [PICTURE.format("7"), PICTURE.format(TALL)]
CODE = '<div class="code panel"><div class="codeContent panelContent"><pre>{}</pre></div></div>'


def a_cell(dice: random.Random, depth: int) -> str:
    kind = dice.randrange(14)
    words = " ".join(dice.choices(WORDS, k=dice.randint(1, 25)))
    if kind == 0:
        return dice.choice(LONG)
    if kind == 1:
        return STATUS
    if kind == 2:
        return dice.choice(PICTURES)
    if kind == 3:
        return CODE.format("return " * dice.randint(1, 40) + "\nend")
    if kind == 4:
        return (
            f"<ul><li>{words}<ol><li>{STATUS}</li><li>{dice.choice(PICTURES)}</li></ol></li></ul>"
        )
    if kind == 5 and depth < 3:
        return a_random_table(dice, depth + 1, dice.randint(1, 5))
    if kind == 6:
        return f"<p><code>{'name.' * dice.randint(1, 20)}</code></p><p>{words}</p>"
    return words if kind % 2 else f"<p>{words}</p><p>{words}</p>"


def a_random_table(dice: random.Random, depth: int, columns: int) -> str:
    rows = []
    for row in range(dice.randint(1, 5)):
        cells = []
        at = 0
        while at < columns:
            across = dice.choice([1, 1, 1, 1, 1, 2, 3])
            down = dice.choice([1, 1, 1, 1, 2])
            tag = "th" if row == 0 and depth == 0 else "td"
            cell = a_cell(dice, depth)
            cells.append(f'<{tag} colspan="{across}" rowspan="{down}">{cell}</{tag}>')
            at += across
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


PLACES = [
    "{}",
    "<ul><li>An item<ul><li>{}</li></ul></li></ul>",
    '<div class="confluence-information-macro confluence-information-macro-tip">'
    '<div class="confluence-information-macro-body">{}</div></div>',
    '<div class="expand-container"><div class="expand-control"><span class="expand-control-text">'
    'More</span></div><div class="expand-content">{}</div></div>',
    '<div class="columnLayout two-equal" data-layout="two-equal"><div class="cell normal">'
    '<div class="innerCell">{}</div></div><div class="cell normal"><div class="innerCell">'
    "<p>Beside</p></div></div></div>",
    "<blockquote>{}</blockquote>",
]


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 6, 7])
def test_nothing_of_any_table_stands_outside_the_text_of_its_sheet(seed):
    dice = random.Random(seed)
    html = "".join(
        place.format(a_random_table(dice, 0, dice.choice([1, 2, 3, 4, 5, 7, 9, 14, 25])))
        for place in dice.sample(PLACES, 5)
    )

    sheets = printed(html)

    for number in range(1, len(sheets) + 1):
        width, height = sheets.size(number)
        for box in sheets.glyphs(number) + sheets.pictures(number):
            if box.bottom < TOP - 2:  # the running head
                continue
            assert box.left >= SIDE - 1, (number, box)
            assert box.right <= width - SIDE + 1, (number, box)
            assert box.bottom <= height - BOTTOM + 1, (number, box)
