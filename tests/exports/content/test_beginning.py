"""An article for a preview: as much as fills the first sheets, whatever it is made of."""

from __future__ import annotations

import re

import pytest

from addon.options import ExportOptions
from exports.content.beginning import beginning
from exports.document import Article, Heading, Illustrated, ImageRef
from exports.paper import A4, SHEETS
from exports.pdf import compose
from exports.pdf.printing import print_chunk
from tests.builders import a_page

WORDS = "Neither lamp nor kettle may stand on the sill while the window is open. "
TALL = 'src="xpress-image:{}" alt="A plan"'


def paragraphs(count: int) -> str:
    return "".join(f"<p>Number {number}. {WORDS * 4}</p>" for number in range(count))


def rows(count: int) -> str:
    cells = "".join(f"<td>{word}</td>" for word in ("one", "two", "three"))
    body = "".join(f"<tr><td>{number}</td>{cells}</tr>" for number in range(count))
    return f'<table class="xp-table"><tbody>{body}</tbody></table>'


def items(count: int) -> str:
    return f"<ul>{''.join(f'<li><p>{number}</p></li>' for number in range(count))}</ul>"


def columns(count: int) -> str:
    column = f'<div class="xp-column">{paragraphs(count)}</div>'
    return f'<div class="xp-columns">{column * 3}</div>'


def code(count: int) -> str:
    lines = "".join(f'<span class="xp-line">line {number}\n</span>' for number in range(count))
    return f'<div class="xp-code"><pre class="xp-pre">{lines}</pre></div>'


LONG = {
    "paragraphs": paragraphs(400),
    "a table": rows(2000),
    "a list": items(3000),
    "columns": columns(200),
    "code": code(3000),
    "one paragraph": f"<p>{WORDS * 3000}</p>",
    "one cell": f'<table class="xp-table"><tbody><tr><td>{WORDS * 3000}</td></tr></tbody></table>',
    "small type": f'<div class="xp-small">{paragraphs(400)}</div>',
    "Japanese": f"<p>{'本日は晴天なり。' * 8000}</p>",
}


def an_article(html: str, **more: object) -> Article:
    return Article(a_page(), html, **more)  # type: ignore[arg-type]


def sheets_of(article: Article) -> int:
    style = compose.style(ExportOptions(paper="A5"))
    return print_chunk(compose.body([Illustrated(article, {})], "Space"), style).sheets


@pytest.mark.parametrize("kind", LONG)
def test_what_is_left_of_a_long_page_fills_the_sheets_and_little_more(kind):
    cut = beginning(an_article(LONG[kind]), SHEETS["A5"], 10, 3)

    assert 3 < sheets_of(cut) <= 12


@pytest.mark.parametrize("html", ["", "<p>Short.</p>", paragraphs(20), rows(20), "<hr><br>"])
def test_a_short_page_is_not_touched(html):
    article = an_article(html)

    assert beginning(article, A4, 10, 3) is article


@pytest.mark.parametrize("kind", LONG)
def test_what_is_left_is_the_beginning_and_every_element_is_closed(kind):
    html = beginning(an_article(LONG[kind]), A4, 10, 3).html

    assert LONG[kind].startswith(re.sub(r"(?:</[a-z0-9]+>)+$", "", html))
    opened = re.findall(r"<([a-z0-9]+)", html)
    closed = re.findall(r"</([a-z0-9]+)", html)
    assert sorted(opened) == sorted(closed)


def test_pictures_and_headings_behind_the_cut_are_not_wanted_any_more():
    first, last = (ImageRef(key, None, "1", f"{key}.png") for key in ("first", "last"))
    article = an_article(
        f'<h2 id="p1-A">A</h2><img {TALL.format("first")}>{paragraphs(400)}'
        f'<h2 id="p1-B">B</h2><img {TALL.format("last")}>',
        images=(first, last),
        headings=(Heading(1, "A", "p1-A"), Heading(1, "B", "p1-B")),
    )

    cut = beginning(article, A4, 10, 3)

    assert cut.images == (first,)
    assert [heading.text for heading in cut.headings] == ["A"]


def test_tall_pictures_fill_sheets_too():
    images = tuple(
        ImageRef(f"i{number}", None, "1", "plan.png", width=480, ratio=1.2) for number in range(50)
    )
    html = "".join(f"<p><img {TALL.format(image.key)}></p>" for image in images)

    cut = beginning(an_article(html, images=images), A4, 10, 3)

    assert 3 < len(cut.images) < 10


def test_a_larger_sheet_or_smaller_type_holds_more():
    article = an_article(LONG["paragraphs"])

    usual = len(beginning(article, A4, 10, 3).html)
    assert len(beginning(article, SHEETS["A3"], 10, 3).html) > 1.5 * usual
    assert len(beginning(article, A4, 8, 3).html) > 1.3 * usual
    assert len(beginning(article, A4, 10, 1).html) < 0.5 * usual


def test_an_entity_is_never_cut_in_two():
    html = f"<p>{'&amp;' * 90_000}</p>"

    cut = beginning(an_article(html), A4, 10, 1).html

    assert re.fullmatch(r"<p>(?:&amp;)+</p>", cut)
