"""What a page's ADF adds to its HTML, and how the two are laid beside each other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from exports.content import adf, markup
from exports.content.adf import Node
from exports.content.clean import clean
from exports.content.twin import Twin
from exports.document import Article
from tests.builders import SITE, a_page, a_tree
from tests.shared import shared

TWINS = "adf/querypie/*.adf.json"


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)}


def paragraph(*content: dict[str, Any] | str) -> dict[str, Any]:
    nodes = [text(item) if isinstance(item, str) else item for item in content]
    return {"type": "paragraph", "content": nodes}


def extension(key: str, kind: str = "extension", **parameters: str) -> dict[str, Any]:
    values = {name: {"value": value} for name, value in parameters.items()}
    attrs = {"extensionType": "com.example", "extensionKey": key, "parameters": {}}
    return {"type": kind, "attrs": attrs | {"parameters": {"macroParams": values}}}


def document(*content: dict[str, Any]) -> str:
    return json.dumps({"type": "doc", "version": 1, "content": list(content)})


def cleaned(html: str, *content: dict[str, Any]) -> Article:
    return clean(replace(a_page(html), adf=document(*content)), a_tree(), SITE)


def laid_beside(html: str, *content: dict[str, Any]) -> Twin:
    node = adf.parse(document(*content))
    assert node is not None
    return Twin.of(node, markup.parse(markup.repair(html).html))


def shown(twin: Twin, words: str) -> str:
    """The id of the element that shows the line with these words."""
    line = next(node for node in _walk(twin.document, "paragraph") if node.words() == words)
    return twin.element_of[line].get("id") or ""


def _walk(node: Node, kind: str) -> list[Node]:
    return [below for below in node.walk() if below.type == kind]


class TestLayingBeside:
    def test_lines_that_repeat_are_told_apart_by_what_stands_around_them(self) -> None:
        html = '<p id="a">Same</p><p>Middle</p><p id="b">Same</p><p>Last</p>'

        twin = laid_beside(html, paragraph("Middle"), paragraph("Same"), paragraph("Last"))

        assert shown(twin, "Same") == "b"

    def test_what_only_one_rendition_formats_does_not_part_two_lines(self) -> None:
        html = (
            '<p id="a">On <time datetime="2026-03-01">1 Mar 2026</time> '
            '<a class="confluence-userlink user-mention">Ann</a> said yes</p>'
        )
        date = {"type": "date", "attrs": {"timestamp": "1772323200000"}}
        ann = {"type": "mention", "attrs": {"text": "@Ann"}}

        twin = laid_beside(html, paragraph("On ", date, " ", ann, " said yes"))

        assert [element.get("id") for element in twin.element_of.values()] == ["a"]

    def test_a_page_and_another_page_s_structure_share_nothing(self) -> None:
        assert not laid_beside("<p>One</p>", paragraph("Two")).element_of


class TestMacrosOfTheStructureOnly:
    def test_an_inline_macro_stands_after_the_letters_it_stood_after(self) -> None:
        formula = extension("mathinline", "inlineExtension", body="x^2")

        html = cleaned(
            "<p>The square <strong>of it, </strong> is known.</p>",
            paragraph("The square ", text("of it, "), formula, " is known."),
        ).html

        before, _, after = html.partition("<img")
        assert before.endswith(">The square <strong>of it, ")
        assert after.endswith("is known.</p>")

    def test_an_app_at_the_end_of_a_layout_column_stays_in_its_column(self) -> None:
        column = '<div class="cell normal" data-type="normal"><div class="innerCell">{}</div></div>'
        html = (
            '<div class="contentLayout2"><div class="columnLayout two-equal"'
            ' data-layout="two-equal">'
            + column.format("<p>Left</p>")
            + column.format("<p>Right</p>")
            + "</div></div>"
        )
        left = {"type": "layoutColumn", "content": [paragraph("Left"), extension("gauge")]}
        right = {"type": "layoutColumn", "content": [paragraph("Right")]}

        made = cleaned(html, {"type": "layoutSection", "content": [left, right]}).html

        assert made.index("Left") < made.index("gauge") < made.index("Right")
        assert made.index("gauge") < made.index('xp-column" style', made.index("Left"))

    def test_an_app_on_a_page_with_nothing_else_is_named(self) -> None:
        article = cleaned("", extension("gauge"))

        assert "gauge" in article.html
        assert [note.code for note in article.notes] == ["unknown_macro"]

    def test_an_app_that_speaks_for_itself_is_not_named_again(self) -> None:
        article = cleaned(
            "<p>Before</p><table><tr><td>42</td></tr></table><p>After</p>",
            paragraph("Before"),
            extension("gauge"),
            paragraph("After"),
        )

        assert not article.notes

    def test_no_parameter_of_a_macro_is_ever_printed(self) -> None:
        article = cleaned("<p>Before</p>", paragraph("Before"), extension("gauge", token="s3cret"))

        assert "s3cret" not in article.html + str(article.notes)

    def test_a_part_to_be_left_out_that_cannot_be_told_from_the_rest_is_reported(self) -> None:
        part = extension("scroll-ignore", "bodiedExtension") | {"content": [paragraph("Hidden")]}

        article = cleaned("<p>All in one: Hidden</p>", paragraph("All in one"), part)

        assert [note.code for note in article.notes] == ["part_not_found"]


class TestHostileStructures:
    @pytest.mark.parametrize(
        "source",
        [
            "",
            "{",
            "[]",
            "null",
            '{"type": "doc"}',
            '{"type": "doc", "content": {"0": []}}',
            '{"type": "doc", "content": [null, 3, "x", {"type": 7, "attrs": [], "marks": {}}]}',
            '{"type": "doc", "content": [{"type": "caption", "content": []}]}',
            '{"type": "doc", "content": [{"type": "panel", "attrs": {"panelIconId": "d800"}}]}',
            '{"type": "doc", "content": [{"type": "codeBlock", "attrs": {"language": {}}}]}',
            '{"type": "doc", "content": [{"type": "extension", "attrs": {"parameters": 3}}]}',
            "[" * 100_000,
            '{"type": "doc", "content": [{"type": "mediaSingle", "content": [{"type": "media"},'
            ' {"type": "caption", "content": [{"type": "text", "text": "a\\u0000\\u000c\\ud800",'
            ' "marks": [{"type": "link", "attrs": {"href": "\\u0001"}}]},'
            ' {"type": "mention", "attrs": {"text": "\\u0002"}}]}]}]}',
            '{"type": "doc", "content": [{"type": "extension",'
            ' "attrs": {"extensionKey": "a\\u0000",'
            ' "parameters": {"macroMetadata": {"title": "\\u0003b"}}}},'
            ' {"type": "blockCard", "attrs": {"url": "https://x.example/\\u0000"}}]}',
            json.dumps({"type": "doc", "content": [{"type": "text", "text": None}]}),
        ],
        ids=lambda source: source[:40],
    )
    def test_a_broken_structure_leaves_the_page_as_its_html_is(self, source: str) -> None:
        article = clean(replace(a_page("<p>Words</p>"), adf=source), a_tree(), SITE)

        assert article.html.startswith("<p>Words</p>")
        assert "page_failed" not in {note.code for note in article.notes}

    def test_nesting_without_end_is_cut_and_not_followed(self) -> None:
        deep: dict[str, Any] = paragraph("bottom")
        for _ in range(400):
            deep = {"type": "blockquote", "content": [deep]}

        assert "Words" in cleaned("<p>Words</p>", deep).html

    def test_words_of_the_structure_are_text_and_never_markup(self) -> None:
        single = {
            "type": "mediaSingle",
            "content": [
                {"type": "media", "attrs": {"type": "file", "id": "m"}},
                {
                    "type": "caption",
                    "content": [
                        text("<script>alert(1)</script>"),
                        text("x", {"type": "link", "attrs": {"href": "javascript:alert(1)"}}),
                    ],
                },
            ],
        }

        html = cleaned("<p>Words</p>", paragraph("Words"), single).html

        assert "<script" not in html
        assert "javascript" not in html


class TestRealTwins:
    def _pages(self) -> list[tuple[str, str, str]]:
        folder = shared("corpus")
        found = []
        for path in sorted(folder.glob(TWINS)):
            page_id = path.name.partition(".")[0]
            html = folder / f"view/querypie/{page_id}.html"
            if html.exists():
                found.append((page_id, html.read_text("utf-8"), path.read_text("utf-8")))
        return found

    def test_nearly_every_line_finds_its_element(self) -> None:
        lines = matched = 0
        for _, html, source in self._pages():
            node = adf.parse(source)
            assert node is not None
            twin = Twin.of(node, markup.parse(markup.repair(html).html))
            lines += len([x for x in node.walk() if x.type in adf.LEAVES and x.words().strip()])
            matched += len([x for x in twin.element_of if x.type in adf.LEAVES])

        assert lines > 1000
        assert matched / lines > 0.99

    def test_every_caption_stands_under_its_picture(self) -> None:
        for page_id, html, source in self._pages():
            node = adf.parse(source)
            assert node is not None
            wanted = sum(
                x.type == "caption" and bool(x.words().strip() or x.children) for x in node.walk()
            )

            article = clean(replace(a_page(html, id=page_id), adf=source), a_tree(), SITE)

            assert article.html.count("<figcaption>") == wanted, page_id
            assert "xp-caption" not in article.html
