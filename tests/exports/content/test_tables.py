"""Tables as cleaned: nothing lost, nothing twice, however they are joined and cut."""

from __future__ import annotations

import random
import re
from collections import Counter

import lxml.html
import pytest

from exports.content import fitting
from exports.content.clean import clean
from exports.content.columns import Needs
from exports.document import Article
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end

PANEL = (
    '<div class="confluence-information-macro confluence-information-macro-note">'
    '<div class="confluence-information-macro-body">{}</div></div>'
)
SENTENCE = "a keeper who writes down what was seen from the gallery at night and in the morning"


def cleaned(html: str) -> Article:
    return clean(a_page(html), a_tree(), SITE)


def a_random_table(dice: random.Random, rows: int, columns: int) -> tuple[str, list[str], int]:
    """A table whose cells tile its grid; their words; how many stand in the first column."""
    taken: set[tuple[int, int]] = set()
    words: list[str] = []
    first = 0
    html = ""
    for row in range(rows):
        html += "<tr>"
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next((at for at in range(column, columns) if (row, at) in taken), columns)
            across = dice.randint(1, min(4, free - column))
            down = dice.randint(1, min(3, rows - row)) if dice.random() < 0.3 else 1
            covered = {
                (y, x) for y in range(row, row + down) for x in range(column, column + across)
            }
            taken |= covered
            word = f"cell{len(words):04}x"
            words.append(word)
            first += column == 0
            html += f'<td colspan="{across}" rowspan="{down}"><p>{word} {SENTENCE}</p></td>'
        html += "</tr>"
    return f"<table><tbody>{html}</tbody></table>", words, first


def covered_squares(table: lxml.html.HtmlElement) -> Counter[tuple[int, int]]:
    """How often each square of the table's grid is covered, as browsers lay it out."""
    covered: Counter[tuple[int, int]] = Counter()
    for y, row in enumerate(table.iter("tr")):
        x = 0
        for cell in row:
            while covered[y, x]:
                x += 1
            across, down = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            for square in ((y + dy, x + dx) for dy in range(down) for dx in range(across)):
                covered[square] += 1
            x += across
    return +covered


@pytest.mark.parametrize("seed", range(40))
def test_every_part_of_a_table_is_a_full_grid_and_every_cell_stands_once(seed):
    dice = random.Random(seed)
    count = dice.randint(2, 24)
    html, words, _ = a_random_table(dice, dice.randint(1, 8), count)

    article = cleaned(PANEL.format(html))

    tables = lxml.html.fromstring(f"<div>{article.html}</div>").xpath("//table")
    rows = len(tables[0].xpath(".//tr"))
    shown = 0
    for table in tables:
        columns = len(table.xpath("./colgroup/col"))
        squares = covered_squares(table)
        assert set(squares) == {(y, x) for y in range(rows) for x in range(columns)}
        assert set(squares.values()) == {1}
        shown += columns - 1
    assert shown == count - 1
    found = Counter(re.findall(r"cell\d{4}x", article.html))
    assert set(found) == set(words)
    repeated = {word for word, times in found.items() if times > 1}
    in_first = {
        re.search(r"cell\d{4}x", cell.text_content())[0]  # type: ignore[index]
        for cell in tables[0].xpath(".//tr/td[1]")
        if "cell" in cell.text_content()
    }
    assert repeated <= in_first


def test_what_a_head_says_over_a_cut_stands_in_both_parts():
    heads = "".join(f"<th>Month{at} {SENTENCE}</th>" for at in range(12))
    cells = "".join(f"<td>{at} {SENTENCE}</td>" for at in range(12))
    html = (
        '<table><tr><th rowspan="2">Light</th><th colspan="12">The year</th></tr>'
        f"<tr>{heads}</tr><tr><td>North</td>{cells}</tr></table>"
    )

    article = cleaned(PANEL.format(html))

    parts = article.html.count("<table")
    assert parts > 1
    assert article.html.count("The year") == parts
    assert article.html.count("North") == parts


def test_a_name_inside_a_repeated_column_stands_once():
    cells = "".join(f"<td>{SENTENCE}</td>" for _ in range(9))
    html = f'<table><tr><td><h3 id="Guide-North">North</h3></td>{cells}</tr></table>'
    link = '<p><a href="#Guide-North">There</a></p>'

    article = cleaned(link + PANEL.format(html))

    assert article.html.count("<table") > 1
    assert len(re.findall(r' id="p65537-[^"]*North"', article.html)) == 1


def test_a_row_of_joined_cells_only_does_not_shift_those_below():
    html = (
        '<table><tr><td rowspan="2">a</td><td rowspan="2">b</td></tr><tr></tr>'
        "<tr><td>c</td><td>d</td></tr></table>"
    )

    table = lxml.html.fromstring(cleaned(html).html)

    assert [[cell.text for cell in row] for row in table.iter("tr")] == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr>" + '<td rowspan="65534" colspan="9"></td>' * 9_000 + "</tr>",
        "<table>" + '<tr><td rowspan="65534">x</td></tr>' * 20_000,
        "<table>" + ("<tr>" + "<td>x</td>" * 400 + "</tr>") * 150,
        "<table><tr>" + '<td colspan="1000">x</td>' * 3_000 + "</tr>" * 2,
        "<table><tr><td>x" * 250,
        "<table>" + "<tr><td rowspan=99>x</td><td>y</td></tr><tr></tr>" * 9_000,
        "<table>" + "".join(f"<tr><td colspan={1 + at % 200}>x" for at in range(20_000)),
        "<table><tr><td>" + "<ul><li>x" * 120 + "</table>",
    ],
    ids=["wide", "long", "square", "broad", "deep", "holes", "steps", "lists"],
)
def test_a_hostile_table_comes_to_an_end(html):
    with coming_to_an_end():
        article = cleaned(html)

    assert "x" in article.html or not re.search(">x", html)
    assert "page_failed" not in [note.code for note in article.notes]


def needs(*widths: float) -> Needs:
    columns = [width / 0.3528 / 9 - 1.35 for width in widths]  # mm of 9 pt type → em
    none = [0.0] * len(widths)
    return Needs(columns, columns, columns, none, none)


def test_type_is_made_smaller_before_a_table_turns_and_turned_before_it_is_cut():
    def way(width: float) -> tuple[float, bool, int]:
        fit = fitting.fit(needs(*[width / 10] * 10), 1, 170.0, 257.0)
        return fit.size, fit.is_turned, len(fit.parts)

    assert way(160) == (9.0, False, 1)
    assert way(185) == (8.0, False, 1)
    assert way(210) == (7.0, False, 1)
    assert way(250) == (9.0, True, 1)
    assert way(320) == (7.0, True, 1)
    assert way(400)[2] == 2


def test_a_table_is_cut_upright_when_turning_would_not_save_a_part():
    fit = fitting.fit(needs(*[40.0] * 8), 1, 170.0, 171.0)

    assert not fit.is_turned


def test_a_table_is_cut_between_groups_of_columns_rather_than_through_one():
    inside = [0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]  # groups of three after the first column

    parts = fitting.cut([20.0] * 13, 1, 170.0, inside)

    assert parts == (range(1, 7), range(7, 13))


def test_parts_are_of_much_the_same_width():
    parts = fitting.cut([20.0] * 14, 1, 170.0)

    assert [len(part) for part in parts] == [7, 6]
