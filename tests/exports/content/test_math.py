"""Formulas of a page: found, told apart from text, kept with their source."""

from __future__ import annotations

import pytest

from exports.content.clean import clean
from exports.content.settle import Missing, settle
from exports.document import FORMULA_EM, Article, Image
from exports.paper import A4
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end


def cleaned(html: str) -> Article:
    return clean(a_page(html), a_tree(), SITE)


def formulas(html: str) -> list[tuple[str, str, bool]]:
    return [(it.kind, it.label, it.display) for it in cleaned(html).drawings]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<math><mi>x</mi></math>", ("mathml", "x", False)),
        ("<math display='block'><mi>x</mi></math>", ("mathml", "x", True)),
        ('<script type="math/tex">a &lt b</script>', ("tex", "a &lt b", False)),
        ('<script type="math/tex; mode=display">a</script>', ("tex", "a", True)),
        ('<span data-macro-name="mathinline">$a$</span>', ("tex", "a", False)),
        ('<div data-macro-name="mathblock">\\[a\\]</div>', ("tex", "a", True)),
        (
            "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>\\chi &lt; 1"
            "</annotation></semantics></math>",
            ("mathml", "\\chi < 1", False),
        ),
    ],
)
def test_a_formula_is_found_with_its_source(html, found):
    assert formulas(f"<p>before {html} after</p>") == [found]


def test_dollars_in_text_are_dollars():
    assert cleaned("<p>It costs $5 or $6.</p>").drawings == ()


def test_equal_formulas_are_drawn_once():
    assert len(formulas("<p><math><mi>x</mi></math> <math><mi>x</mi></math></p>")) == 1


def test_a_formula_is_sized_by_the_text_round_it():
    article = cleaned("<p><math><mi>x</mi></math></p>")
    image = Image(b"", "image/svg+xml", 5 * FORMULA_EM, FORMULA_EM, depth=FORMULA_EM // 4)

    html = settle(article.html, {article.drawings[0].key: image}, {}, A4)

    assert 'style="width:5.00em;vertical-align:-0.25em"' in html


def test_a_formula_that_cannot_be_set_is_its_source():
    article = cleaned('<p>So <script type="math/tex">\\odd{a} < b</script>.</p>')

    html = settle(article.html, {}, {article.drawings[0].key: Missing("No.")}, A4)

    assert html == "<p>So <code>\\odd{a} &lt; b</code>.</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<math>" * 30_000,
        "<svg>" * 30_000,
        "<svg " * 300_000,
        "<math></math>" * 30_000,
        f"<mjx-container>{'<math ' * 30_000}</mjx-container>",
        f"<math>{'<annotation encoding=application/x-tex>' * 4000}</math>",
        f"<svg>{'<style>' * 30_000}{'<a href=x>' * 30_000}</svg>",
        '<div data-macro-name="mathblock">' + "\\(" * 300_000 + "</div>",
        f'<div data-macro-name="mathblock">{"$" * 300_000}</div>',
    ],
)
def test_hostile_markup_is_read_in_one_go(html):
    with coming_to_an_end():
        article = cleaned(html)

    assert "page_failed" not in {note.code for note in article.notes}


def test_a_page_cannot_point_at_what_was_taken_out_of_another_place():
    article = cleaned('<p><svg data-type="1"></svg></p><p><math><mi>x</mi></math></p>')

    assert article.html.count("xpress-image:") == 1
