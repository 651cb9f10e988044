"""Code blocks: which language counts, and what cannot be highlighted in time."""

from __future__ import annotations

from html import escape

import pytest

from exports.content import code, code_lines, markup
from exports.content.draft import Draft
from exports.content.nodes import find, having, text_of
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end


def set_out(source: str, parameters: str = "", language: str = "") -> Draft:
    html = f'<pre data-syntaxhighlighter-params="{parameters}">{escape(source)}</pre>'
    draft = Draft(a_page(html), a_tree(), SITE, markup.parse(html))
    if language:
        find(draft.body, ".//pre")[0].set("data-xp-language", language)
    code.blocks(draft)
    code_lines.lines(draft)
    return draft


def keywords(draft: Draft) -> list[str]:
    return [text_of(span).strip() for span in having(draft.body, "xp-k")]


def test_a_chosen_language_is_highlighted():
    assert keywords(set_out("return x", "brush: python")) == ["return"]


def test_java_is_no_choice_in_the_html():
    assert keywords(set_out("class A {}", "brush: java")) == []


def test_the_language_of_the_page_s_source_comes_first():
    assert keywords(set_out("return x", "brush: java", language="python")) == ["return"]
    assert keywords(set_out("class A {}", "brush: java", language="java")) == ["class"]


@pytest.mark.parametrize("language", ["klingon", "text", "none", "../../etc", "python\n"])
def test_a_language_we_do_not_know_stays_as_written(language):
    draft = set_out("return x", language=language)

    assert "return x" in text_of(draft.body)


@pytest.mark.parametrize("language", sorted(code.LEXERS))
def test_every_language_keeps_every_character(language):
    source = 'if (a < "b") { # x\n\n\tfoo(1.5)\n/* c */ }\n  <a href="x">y</a>'

    draft = set_out(source, language=language)

    assert text_of(draft.body) == source.expandtabs(4)


@pytest.mark.parametrize(
    ("language", "source"),
    [("java", "x" + "\n" * 19_000 + "x"), ("terraform", "a" * 20_000), ("makefile", "(" * 20_000)],
)
def test_text_that_a_lexer_chokes_on_stays_plain_before_long(language, source):
    with coming_to_an_end():
        draft = set_out(source, language=language)

    assert "xp-k" not in {span.get("class") for span in find(draft.body, ".//span")}


def test_lines_are_numbered_from_where_the_author_says():
    draft = set_out("a\nb", "gutter: true; first-line: 9")

    assert [text_of(label).strip() for label in having(draft.body, "xp-line")] == ["9", "10"]


def test_numbers_of_the_storage_format_are_understood_too():
    draft = set_out("a\nb", "linenumbers: true; firstline: 3")

    assert [text_of(label).strip() for label in having(draft.body, "xp-line")] == ["3", "4"]


def test_an_anchor_inside_a_wrapped_line_stays_the_only_one_of_its_name():
    html = f'<pre>{"word " * 30}<a id="p1-x" href="https://example.com/">{"more " * 60}</a></pre>'
    draft = Draft(a_page(html), a_tree(), SITE, markup.parse(html))

    code.blocks(draft)
    code_lines.lines(draft)

    assert len(find(draft.body, ".//a")) > 1
    assert len(find(draft.body, ".//*[@id='p1-x']")) == 1
