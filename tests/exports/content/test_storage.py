"""Storage format becomes the markup of `view`, whatever state it is in."""

from __future__ import annotations

import re
from dataclasses import replace

import lxml.html
import pytest

from exports.content import storage
from exports.content.clean import clean
from exports.document import Article, Attachment
from exports.tree import PageTree
from tests.builders import SITE, a_page, a_tree
from tests.exports.content.test_corpus import lost
from tests.patience import coming_to_an_end

TREE = a_tree("65537 Guide", "  65538 Install", "    65540 Pumps", "  65539 Café")
SAMPLE = """
<p>alpha <strong>beta <em>gamma</em></strong> <ac:emoticon ac:name="tick" /> delta</p>
<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">epsilon</ac:parameter>
<ac:parameter ac:name="secret">hush</ac:parameter><ac:rich-text-body><p>zeta</p><ul><li><p>eta
</p></li><li>theta</li></ul></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">hush</ac:parameter>
<ac:plain-text-body><![CDATA[iota < kappa && lambda]]></ac:plain-text-body></ac:structured-macro>
<p>mu <ac:link><ri:page ri:content-title="Install"></ri:page><ac:link-body>nu</ac:link-body>
</ac:link> xi</p>
<ac:task-list><ac:task><ac:task-id>hush</ac:task-id><ac:task-status>hush</ac:task-status>
<ac:task-body>omicron</ac:task-body></ac:task></ac:task-list>
<ac:image ac:alt="pi"><ri:attachment ri:filename="a.png"></ri:attachment><ac:caption><p>rho</p>
</ac:caption></ac:image>
<table><tbody><tr><th>sigma</th><td><p>tau</p></td></tr></tbody></table>
<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>upsilon</p></ac:layout-cell>
<ac:layout-cell><p>phi</p></ac:layout-cell></ac:layout-section></ac:layout>
<p>chi <ac:inline-comment-marker ac:ref="hush">psi</ac:inline-comment-marker> omega</p>
"""
WORDS = re.findall(
    r"\w+",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron rho sigma tau"
    " upsilon phi chi psi omega",
)

_TAG = re.compile(r"<[^>]*>")
_CLOSING = [tag.span() for tag in re.finditer(r"</[a-z:-]+>", SAMPLE)]


def view(text: str, tree: PageTree = TREE) -> str:
    return storage.to_view(text, tree.root, tree)


def article(text: str, tree: PageTree = TREE) -> Article:
    return clean(a_page(text), tree, SITE)


def words(html: str) -> list[str]:
    """The words people see, in order."""
    tree = lxml.html.fromstring(f"<div>{html.replace('<', ' <')}</div>")
    return re.findall(r"[a-z]+", tree.text_content())


def codes(made: Article) -> set[str]:
    return {note.code for note in made.notes}


@pytest.mark.parametrize(
    ("text", "is_storage"),
    [
        ('<ac:structured-macro ac:name="toc" />', True),
        ('<p>x</p><ac:image><ri:url ri:value="https://example.com/a.png" /></ac:image>', True),
        ("<at:declarations />", True),
        ("<p>x</p>", False),
        ("<pre>&lt;ac:image /&gt;</pre>", False),
        ('<p><ac:inline-comment-marker ac:ref="1">x</ac:inline-comment-marker></p>', False),
    ],
)
def test_storage_format_is_told_from_html(text: str, is_storage: bool):
    assert storage.is_storage(text) is is_storage


def test_every_word_of_a_sound_text_is_kept_in_order():
    assert [word for word in words(view(SAMPLE)) if word in WORDS] == WORDS


@pytest.mark.parametrize(("start", "end"), _CLOSING)
def test_no_word_is_lost_when_an_end_tag_is_missing(start: int, end: int):
    broken = SAMPLE[:start] + SAMPLE[end:]

    assert lost(WORDS, words(view(broken))) == []


@pytest.mark.parametrize(("start", "end"), _CLOSING)
def test_no_word_is_lost_when_an_end_tag_stands_where_it_does_not_belong(start: int, end: int):
    broken = SAMPLE.replace("</p></li>", f"{SAMPLE[start:end]}</p></li>", 1)

    assert lost(WORDS, words(view(broken))) == []


def test_a_text_cut_anywhere_keeps_the_words_before_the_cut():
    for cut in range(0, len(SAMPLE), 3):
        shown = view(SAMPLE[:cut])

        complete = _TAG.sub(" ", SAMPLE[:cut].rpartition(" ")[0])
        before = [word for word in WORDS if re.search(rf"\b{word}\b", complete)]
        assert set(before) - {"epsilon"} <= set(words(shown)), cut
        assert "hush" not in words(shown), cut
        assert not re.search(r"\b(?:ac|ri)[:-]", shown), cut


@pytest.mark.parametrize(
    "name", ["toc", "anchor", "status", "jira", "code", "widget", "children", "view-file", "chart"]
)
def test_a_macro_that_is_never_closed_does_not_take_the_page_with_it(name: str):
    made = article(f'<ac:structured-macro ac:name="{name}"><h2>Still</h2><p>here <b>all</b></p>')

    assert re.search(r"Still.*here.*all", made.html, re.DOTALL)


@pytest.mark.parametrize("name", ["drawio", "gallery", "include", "attachments", "code", "chart"])
def test_a_macro_that_holds_more_than_expected_keeps_it(name: str):
    made = article(
        f'<ac:structured-macro ac:name="{name}"><ac:parameter ac:name="diagramName">flow'
        '</ac:parameter><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Install" />'
        "</ac:link></ac:parameter><ac:rich-text-body><p>kept <em>words</em></p></ac:rich-text-body>"
        "</ac:structured-macro>"
    )

    assert re.search(r"kept.*words", made.html)


@pytest.mark.parametrize(
    "given",
    [
        '<ac:parameter ac:name="body">a^{2} &lt; b</ac:parameter>',
        '<ac:parameter ac:name="body">--uriencoded--a%5e%7B2%7D %3C b</ac:parameter>',
        "<ac:plain-text-body><![CDATA[a^{2} < b]]></ac:plain-text-body>",
    ],
)
def test_a_formula_is_its_source_wherever_the_app_keeps_it(given: str):
    made = view(f'<p><ac:macro ac:name="mathinline">{given}</ac:macro></p>')

    assert made == '<p><span data-macro-name="mathinline">a^{2} &lt; b</span></p>'


def test_no_setting_of_a_macro_is_printed():
    made = article(
        '<ac:structured-macro ac:name="chart-of-sales"><ac:parameter ac:name="token">s3cr3t'
        '</ac:parameter><ac:parameter ac:name=""><ac:link><ri:user ri:account-id="557058:9" />'
        "</ac:link></ac:parameter><ac:rich-text-body><p>Sales</p></ac:rich-text-body>"
        "</ac:structured-macro>"
    )

    assert "Sales" in made.html
    assert not re.search("s3cr3t|token|557058", made.html)


def test_a_person_is_never_an_account_id():
    made = article(
        '<p><ac:link><ri:user ri:account-id="557058:0a1b" /></ac:link> and '
        '<ac:link><ri:user ri:userkey="ff8080" /></ac:link></p>'
    )

    assert made.html.count("@user") == 2
    assert not re.search("557058|ff8080", made.html)


def test_entities_are_characters_and_nothing_else():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "f">]>'

    made = view(f'{bomb}<p>&b;&f;&nbsp;&rarr;&#8364;&#0;</p><ac:link ac:anchor="x" />')

    assert "<p>&amp;b;&amp;f;\u00a0→€</p>" in made


def test_code_is_kept_to_the_letter():
    code = 'a ]]> b\n  <b>&amp;</b> if x[y[0]] > 1: "quoted"'
    section = code.replace("]]>", "]]]]><![CDATA[>")

    made = view(
        '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
        f"<![CDATA[{section}]]></ac:plain-text-body></ac:structured-macro>"
    )

    assert lxml.html.fromstring(made).text_content() == code


def test_blocks_leave_the_paragraph_they_stand_in_and_its_words_stay_around_them():
    made = view(
        '<p style="text-align: center">one <ac:structured-macro ac:name="code"><ac:plain-text-body>'
        "<![CDATA[two]]></ac:plain-text-body></ac:structured-macro> three</p>"
    )

    assert re.fullmatch(
        r'<p style="[^"]+">one </p><div.*two.*</div><p style="[^"]+"> three</p>', made
    )


def test_a_page_is_found_by_its_title_however_its_accents_are_written():
    made = article('<p><ac:link><ri:page ri:content-title="Cafe\u0301" /></ac:link></p>')

    assert 'href="xpress:p65539"' in made.html


def test_a_picture_of_another_page_of_the_export_is_taken_from_there():
    made = article(
        '<ac:image><ri:attachment ri:filename="a b.png"><ri:page ri:content-title="Install" />'
        "</ri:attachment></ac:image>"
    )

    (image,) = made.images
    assert (image.container_id, image.file_name) == ("65538", "a b.png")


def test_a_picture_of_an_unknown_page_is_named_and_not_looked_for_elsewhere():
    made = article(
        '<ac:image><ri:attachment ri:filename="lost.png"><ri:page ri:content-title="Nowhere" />'
        "</ri:attachment></ac:image>"
    )

    assert made.images == ()
    assert "lost.png" in made.html
    assert "image_missing" in codes(made)


def test_a_list_of_pages_goes_as_deep_as_its_author_wanted():
    deep = article(
        '<ac:structured-macro ac:name="children"><ac:parameter ac:name="depth">2</ac:parameter>'
        "</ac:structured-macro>"
    )
    flat = article('<ac:structured-macro ac:name="children" />')

    assert [word in deep.html for word in ("Install", "Pumps", "Café")] == [True, True, True]
    assert re.search(r"Install</a>\s*<ul>\s*<li>.*Pumps", deep.html, re.DOTALL)
    assert "Pumps" not in flat.html


def test_many_lists_of_pages_share_what_is_bearable():
    tree = a_tree("65537 Guide", *(f"  {70000 + n} Page {n}" for n in range(500)))
    text = '<ac:structured-macro ac:name="children" />' * 1000

    assert view(text, tree).count("<li>") <= 22_000


def test_files_are_listed_where_they_are_known():
    text = '<ac:structured-macro ac:name="attachments" /><ac:structured-macro ac:name="gallery" />'
    files = (Attachment("9", "front.png", "image/png", 48_300),)

    bare = article(text)
    filled = clean(replace(a_page(text), attachments=files), TREE, SITE)

    assert "macro_not_filled" in codes(bare)
    assert "macro_not_filled" not in codes(filled)
    assert "48 KB" in filled.html
    assert [image.attachment_id for image in filled.images] == ["9"]


def test_a_diagram_is_the_picture_its_app_keeps_of_it():
    text = (
        '<ac:structured-macro ac:name="drawio"><ac:parameter ac:name="diagramName">flow'
        "</ac:parameter></ac:structured-macro>"
    )
    files = (Attachment("9", "flow.png", "image/png"),)

    made = clean(replace(a_page(text), attachments=files), TREE, SITE)

    assert [image.attachment_id for image in made.images] == ["9"]


def test_a_page_can_carry_no_marks_of_ours():
    made = view('<div data-xp-gap="x" class="panel">text</div><ac:link ac:anchor="x" />')

    assert "data-xp" not in made


def test_a_panel_keeps_plain_colours_only():
    made = view(
        '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="bgColor">'
        'url(https://example.com/x)</ac:parameter><ac:parameter ac:name="borderColor">red; '
        "position: fixed</ac:parameter><ac:rich-text-body><p>x</p></ac:rich-text-body>"
        "</ac:structured-macro>"
    )

    assert "url(" not in made
    assert "position" not in made
    assert "border-color:#ff0000" in made


def test_endless_nesting_is_flattened_and_keeps_its_words():
    text = '<ac:structured-macro ac:name="panel"><ac:rich-text-body>word ' * 3000

    made = article(text)

    assert words(made.html).count("word") == 3000
    assert "page_failed" not in codes(made)


@pytest.mark.parametrize(
    "piece",
    [
        '<a b="',
        "<",
        "<b>",
        "<ac:x ",
        "<![CDATA[",
        "<!--",
        "<a =",
        "<![CDATA[x]] >",
        "<i></b>",
        "<br/>x",
        "<ac:parameter>x",
        "&",
        "<p>x<div>y</div>",
        "<ac:structured-macro>x</ac:parameter>",
    ],
)
def test_reading_hostile_text_comes_to_an_end(piece: str):
    with coming_to_an_end():
        view(f"{piece * 100_000} words")
