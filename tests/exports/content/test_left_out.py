"""Macros that the options leave out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from addon.options import ExportOptions
from exports.content.clean import clean
from exports.document import Article
from tests.builders import SITE, a_page, a_tree

BOTH = "<p>Before</p>{}<p>After</p>"
KEPT = "<p>Before</p><p>After</p>"


def cleaned(html: str, *names: str, adf: list[Any] | None = None) -> Article:
    text = "" if adf is None else json.dumps({"type": "doc", "version": 1, "content": adf})
    page = replace(a_page(html), adf=text)
    return clean(page, a_tree(), SITE, options=ExportOptions(left_out_macros=names))


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def an_extension(key: str, *inside: dict[str, Any]) -> dict[str, Any]:
    kind = "bodiedExtension" if inside else "extension"
    parameters = {"macroMetadata": {"title": f"The {key}"}}
    return {
        "type": kind,
        "attrs": {"extensionKey": key, "parameters": parameters},
        **({"content": list(inside)} if inside else {}),
    }


def notes(article: Article) -> list[str]:
    return [note.what for note in article.notes if note.code == "macros_left_out"]


@pytest.mark.parametrize(
    ("name", "macro"),
    [
        ("jira", '<div data-macro-name="jira"><table><tr><td>LAMP-1</td></tr></table></div>'),
        ("Jira", '<div data-macro-name=" JIRA ">LAMP-1</div>'),
        ("jira", '<p><span class="confluence-jim-macro jira-issue">LAMP-1</span></p>'),
        ("jira", '<div class="jim-error-message"><p>JIRA Issues Macro: no</p></div>'),
        ("info", '<div class="confluence-information-macro'
         ' confluence-information-macro-information"><div>Told</div></div>'),
        ("expand", '<div class="expand-container"><div class="expand-content">In</div></div>'),
        ("code", '<div class="code panel"><div class="codeContent"><pre>x</pre></div></div>'),
        ("panel", '<div class="panel"><div class="panelContent"><p>In</p></div></div>'),
        ("details", '<div class="plugin-tabmeta-details"><p>Owner: Ann</p></div>'),
        ("children", '<ul class="childpages-macro"><li><a href="/x">Child</a></li></ul>'),
        ("status", '<p><span class="status-macro aui-lozenge">ON</span></p>'),
    ],
)  # fmt: skip
def test_a_macro_is_known_by_its_name_or_by_what_it_looks_like(name, macro):
    page = BOTH.format(macro)

    article = cleaned(page, name, "none-such")

    assert article.html == cleaned(KEPT).html
    assert notes(article) == [f"1 macro of this page is left out: {name.lower()}."]
    assert cleaned(page).html != article.html


def test_what_stands_in_the_same_line_or_looks_alike_stays():
    html = (
        '<p>State: <span class="status-macro aui-lozenge">ON</span> since May</p>'
        '<div class="code panel"><div class="codeContent"><pre>x = 1</pre></div></div>'
        '<div class="panel" data-macro-name="tip"><p>Tip</p></div>'
    )

    article = cleaned(html, "status", "panel")

    assert "State:  since May" in article.html
    assert "x = 1" in article.html
    assert "Tip" in article.html
    assert notes(article) == ["1 macro of this page is left out: status."]


def test_a_page_is_told_once_how_many_of_its_macros_are_left_out():
    html = '<div data-macro-name="jira">A</div><p>x</p><div data-macro-name="jira">B</div>'

    article = cleaned(html + '<div class="toc-macro"></div>', "jira", "toc")

    assert notes(article) == ["3 macros of this page are left out: jira, toc."]


def test_an_app_s_macro_without_a_trace_gets_no_box():
    adf = [paragraph("Before"), an_extension("app/poll"), paragraph("After")]

    assert "The app/poll" in cleaned(KEPT, adf=adf).html
    article = cleaned(KEPT, "poll", adf=adf)

    assert article.html == cleaned(KEPT).html
    assert notes(article) == ["1 macro of this page is left out: poll."]


def test_of_several_empty_frames_that_of_the_macro_goes():
    frames = '<div class="ap-container"></div><div class="ap-container"></div>'
    adf = [paragraph("Before"), an_extension("chart-app"), an_extension("poll"), paragraph("After")]

    article = cleaned(BOTH.format(frames), "poll", adf=adf)

    assert article.html.count("cannot be exported") == 1
    assert "chart-app" in article.html
    assert "poll" not in article.html


def test_what_a_macro_of_the_structure_alone_holds_goes_with_it():
    html = "<p>Before</p><p>Held</p><p>After</p>"
    adf = [paragraph("Before"), an_extension("box", paragraph("Held")), paragraph("After")]

    assert "Held" in cleaned(html, adf=adf).html
    assert cleaned(html, "box", adf=adf).html == cleaned(KEPT).html


def test_a_macro_in_both_renditions_is_one():
    html = BOTH.format('<div data-macro-name="box"><p>Held</p></div>')
    adf = [paragraph("Before"), an_extension("box", paragraph("Held")), paragraph("After")]

    assert notes(cleaned(html, "box", adf=adf)) == ["1 macro of this page is left out: box."]


def test_what_follows_a_macro_that_is_left_out_keeps_its_place():
    html = "<p>Before</p><p>Held</p><p>After</p>"
    adf = [
        paragraph("Before"),
        an_extension("box", paragraph("Held")),
        an_extension("poll"),
        paragraph("After"),
    ]

    article = cleaned(html, "box", adf=adf)

    before, box, after = (article.html.index(it) for it in ("Before", "The poll", "After"))
    assert before < box < after
    assert "Held" not in article.html


def test_a_page_without_these_macros_has_no_note():
    assert notes(cleaned(KEPT, "jira", adf=[paragraph("Before"), paragraph("After")])) == []
