"""The check of what an export keeps: it must find every loss, and call nothing else one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from addon.options import ExportOptions
from bench.content import Content, of_article, of_source
from bench.fidelity import Loss, Noted, Pictures, lost_in_cleaning, lost_in_printing
from bench.sheets import Sheet, read
from bench.words import lacking, words, words_of_lines
from exports.document import Article, Illustrated, Image
from exports.pdf import compose
from exports.pdf.illustrations import picture
from exports.pdf.pictures import prepare
from exports.pdf.printing import print_chunk
from tests.builders import a_page
from tests.exports.pdf.pictures import a_png

LONG = "Keep the lamp lit until the keeper of the next watch has signed the book. "


def kept(source: str, article: str, *notes: Noted) -> list[Loss]:
    return list(lost_in_cleaning(of_source(source), of_article(article), notes))


def setting(html: str, images: dict[str, Image] | None = None) -> Illustrated:
    return Illustrated(Article(a_page(html), html), images or {})


def on_sheets(html: str, css: str = "", images: dict[str, Image] | None = None) -> list[Sheet]:
    chunk = compose.body([setting(html, images)], "Lighthouse")
    return read(print_chunk(chunk, compose.style(ExportOptions()) + css).pdf)


def printed(html: str, css: str = "", images: dict[str, Image] | None = None) -> list[Loss]:
    sheets = on_sheets(html, css, images)
    homes = {number: frozenset({"65537"}) for number in range(len(sheets))}
    return list(lost_in_printing(of_article(html), Pictures(), sheets, homes, ()))


def shown(losses: Sequence[Loss]) -> list[tuple[str, str, int]]:
    return [(loss.kind, loss.what, loss.count) for loss in losses]


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("the keeper", "the keeper"),
        ("lighthouse", "light\u2010\nhouse"),
        ("lighthousekeeping", "light\u2010\nhouse\u2010\nkeeping"),
        ("well-known", "well-\nknown"),
        ("pre- and post-war", "pre-\nand post-war"),
        ("the office", "the o\ufb03ce"),
        ("caf\u00e9", "cafe\u0301"),
        ("two words", "twowords"),
        ("https://example.com/harbour", "https://exam\nple.com/har\nbour"),
        ("a light\u200bhouse\u00ad", "a lighthouse"),
        ("the lighthouse", "light\u2010\n•\n◦\nhouse the"),
        ("灯台守の話", "灯台\n守の話"),
        ("a set setup", "a se\nt\nset\nup"),
    ],
)
def test_how_lines_are_set_is_no_loss(written: str, lines: str):
    assert lacking(words(written), words_of_lines(lines)) == {}


@pytest.mark.parametrize(
    ("written", "lines", "lost"),
    [
        ("the lamp is lit", "the lamp is", {"lit": 1}),
        ("no, no, no", "no, no,", {"no": 1}),
        ("lighthouse", "light\u2010\n", {"lighthouse": 1}),
        ("light lighthouse", "light\u2010\nhouse", {"light": 1}),
        ("a → b", "a b", {"→": 1}),
        ("7 lamps", "lamps", {"7": 1}),
    ],
)
def test_a_word_that_is_not_printed_is_lost(written: str, lines: str, lost: dict[str, int]):
    assert lacking(words(written), words_of_lines(lines)) == lost


def test_an_article_that_keeps_everything_has_lost_nothing():
    source = (
        '<div class="conf-macro"><p>Lamp <a href="https://example.com">plan</a></p><p />'
        '<table><tr><td>North</td><td /></tr></table><img src="a.png"></div>'
    )
    article = (
        '<p>Lamp <a href="https://example.com">plan</a></p>'
        '<table><tr><td>North</td><td></td></tr></table><img src="xpress-image:a">'
    )

    assert kept(source, article) == []


def test_words_left_out_in_cleaning_are_found_with_what_stands_around_them():
    losses = kept("<p>Wind the clockwork every evening.</p>", "<p>Wind the every evening.</p>")

    assert shown(losses) == [("word", "clockwork", 1)]
    assert losses[0].around == "Wind the clockwork every evening ."
    assert losses[0].explained == ""


def test_only_a_line_of_the_report_explains_a_loss():
    source = '<p>Tides</p><div class="error">Unknown macro: {tides}</div>'
    told = Noted("macro_error", "Confluence could not show a macro on this page.")
    other = Noted("image_missing", "A picture is not there.")

    assert {loss.explained for loss in kept(source, "<p>Tides</p>", told)} == {"macro_error"}
    assert {loss.explained for loss in kept(source, "<p>Tides</p>", other)} == {""}


def test_a_line_about_a_macro_does_not_explain_words_outside_of_it():
    source = '<p>Tides of May</p><div class="error">Unknown macro</div>'
    told = Noted("macro_error", "Confluence could not show a macro on this page.")

    unexplained = [loss for loss in kept(source, "<p>Tides</p>", told) if not loss.explained]

    assert shown(unexplained) == [("word", "of", 1), ("word", "May", 1)]


@pytest.mark.parametrize(
    "unseen",
    [
        '<p class="hidden">never</p>',
        '<p style="display: none">never</p>',
        "<button>never</button>",
        "<style>p { color: red }</style>",
        '<span class="aui-icon aui-icon-wait issue-placeholder">never</span>',
        '<div class="macro-blank-experience"><h2>never</h2></div>',
        '<div class="plugin_attachments_container"><table><tr><td>never</td></tr></table></div>',
    ],
)
def test_what_nobody_sees_is_not_asked_for(unseen: str):
    assert of_source(f"<p>Lamp</p>{unseen}") == dataclasses.replace(
        of_source("<p>Lamp</p>"), names=of_source(f"<p>Lamp</p>{unseen}").names
    )


def test_what_a_click_would_open_and_code_in_scripts_is_asked_for():
    source = of_source(
        '<div class="expand-content expand-hidden" style="display:none">within</div>'
        '<script class="brush: xml" type="syntaxhighlighter"><![CDATA[&lt;lamp/&gt;]]></script>'
    )

    assert [word.text for word in source.words] == ["within", "<", "lamp", "/", ">"]


def test_an_entry_of_a_contents_list_may_not_be_lost_and_its_number_may():
    source = (
        '<div class="toc-macro"><ul><li><span class="TOCOutline">1.1</span> <a href="#a">Oil</a>'
        '</li><li><a href="#b">✅ Wick</a></li></ul></div>'
        '<h2 id="a">Oil</h2><h2 id="b">✅ Wick</h2>'
    )
    heads = '<h2 id="p1-a">Oil</h2><h2 id="p1-b">✅ Wick</h2>'

    whole = (
        f'<ul><li><a href="xpress:p1-a">Oil</a><a href="xpress:p1-b">✅ Wick</a></li></ul>{heads}'
    )
    short = f'<ul><li><a href="xpress:p1-a">Oil</a></li></ul>{heads}'

    assert kept(source, whole) == []
    assert shown(kept(source, short)) == [("word", "✅", 1), ("word", "Wick", 1), ("link", "#b", 1)]


def test_an_address_may_be_shortened_and_its_link_may_not_be_lost():
    address = "https://example.com/" + "a" * 80 + "/end"
    source = f'<p>See <a href="{address}">{address}</a></p>'

    assert kept(source, f'<p>See <a href="{address}">example.com/…/end</a></p>') == []
    assert shown(kept(source, "<p>See example.com/…/end</p>")) == [("link", address[:160], 1)]


def test_a_picture_that_became_a_box_needs_a_line_in_the_report():
    source = '<p>Lamp <img src="attachments/1/2.png"></p>'
    boxed = "<p>Lamp Image not available</p>"

    (silent,) = kept(source, boxed)
    (told,) = kept(source, boxed, Noted("image_missing", "The image “2.png” is not available."))

    assert (silent.kind, silent.explained) == ("picture", "")
    assert told.explained


def test_a_cell_that_lost_its_table_keeps_its_words_together():
    source = "<table><tr><td>North buoy</td><td>South buoy</td></tr></table>"

    assert kept(source, "<p>North buoy</p><p>South buoy</p>") == []
    assert ("cell", "South buoy", 1) in shown(kept(source, "<p>North buoy</p><p>buoy</p>"))


def test_a_page_that_failed_is_explained_by_its_line():
    losses = kept("<p>All of it.</p>", "<p></p>", Noted("page_failed", "It cannot be read."))

    assert {loss.explained for loss in losses} == {"page_failed"}


def test_text_that_is_hyphenated_narrow_and_long_is_printed_whole():
    html = f"<p>{LONG * 80}</p><ol><li>{LONG}<ul><li>{LONG * 3}</li></ul></li></ol>"

    assert printed(html, ".article { width: 22mm; hyphens: auto; overflow-wrap: anywhere }") == []


def test_a_table_over_several_sheets_with_a_head_that_repeats_is_printed_whole():
    rows = "".join(f"<tr><td>Buoy {row}</td><td>{LONG * 4}</td></tr>" for row in range(40))
    head = "<thead><tr><th>Name</th><th>Rule</th></tr></thead>"
    html = f'<table class="xp-table">{head}<tbody>{rows}</tbody></table>'

    assert len(on_sheets(html)) > 2
    assert printed(html) == []


def test_emoji_pictures_and_links_are_found_on_paper():
    html = (
        '<p>✅ Lamp 💎 <a href="https://example.com/ü?a=1&amp;b=2">plan</a> '
        '<a href="xpress:p65537-Top">top</a> <img src="xpress-image:a" alt="A lamp"></p>'
    )

    losses = printed(html, images={"a": prepare(a_png(40, 40))})

    # A jump is none before the parts are joined; all else is there.
    assert shown(losses) == [("link", "xpress:p65537", 1)]


def test_what_the_printer_leaves_out_is_found():
    html = (
        '<p>Lamp <span class="gone">wick</span></p><p class="gone"><a href="https://example.com/">'
        'oil</a></p><p class="gone"><img src="xpress-image:a"></p>'
        '<table><tr><td>North</td><td class="gone">South buoy</td></tr></table>'
    )

    losses = printed(html, ".gone { display: none }", {"a": prepare(a_png(40, 40))})

    assert shown(losses) == [
        ("word", "wick", 1),
        ("word", "oil", 1),
        ("word", "South", 1),
        ("word", "buoy", 1),
        ("picture", "0 of 1 are drawn as points", 1),
        ("link", "https://example.com", 1),
        ("cell", "South buoy", 1),
    ]


def test_a_picture_that_could_not_be_had_counts_with_its_line():
    html = '<p><img src="xpress-image:a"></p>'

    boxed = Pictures({"a": "image_missing"})

    (loss,) = lost_in_printing(of_article(html), boxed, on_sheets(html), {}, ())

    assert (loss.kind, loss.explained) == ("picture", "image_missing")


def test_a_vector_picture_is_looked_for_among_the_lines():
    html = '<div class="xp-panel"><p>A lamp: <img src="xpress-image:a"></p></div>'
    drawing = picture(
        b'<svg xmlns="http://www.w3.org/2000/svg"><circle cx="9" cy="9" r="9"/></svg>'
    )
    vectors = Pictures(vectors=frozenset({"a"}))

    with_it = lost_in_printing(
        of_article(html), vectors, on_sheets(html, images={"a": drawing}), {}, ()
    )
    without = lost_in_printing(of_article(html), vectors, on_sheets(html), {}, ())

    assert shown(list(with_it)) == []
    assert shown(list(without)) == [("picture", "0 of 1 are drawn as lines", 1)]


@pytest.mark.parametrize("side", ["left: 185mm", "left: -60mm", "top: -90mm", "top: 255mm"])
def test_whatever_leaves_its_sheet_is_seen(side: str):
    html = (
        '<div class="moved"><p>Far out.</p><p class="bar">\xa0</p>'
        '<p><img src="xpress-image:a" alt=""></p></div>'
    )
    css = f".moved {{ position: relative; {side} }} .bar {{ background: red }}"

    (sheet,) = on_sheets(html, css, {"a": prepare(a_png(400, 400))})

    assert {stray.kind for stray in sheet.strays} == {"text", "line", "picture"}


def test_what_is_clipped_at_the_edge_of_the_sheet_is_inside_of_it():
    wide = '<div style="width: 900mm; height: 9mm; background: red"></div>'

    (open_sheet,) = on_sheets(wide)
    (clipped,) = on_sheets(f'<div class="cut">{wide}</div>', ".cut { overflow: hidden }")

    assert [stray.kind for stray in open_sheet.strays] == ["line"]
    assert clipped.strays == ()


def test_running_heads_do_not_stand_in_for_words():
    (sheet,) = on_sheets("<p>Lamp.</p>")

    assert words(sheet.text).count("Lighthouse") == 1  # below the title, not above the text
    assert "Lamp" in words(sheet.text)


def test_nothing_on_a_page_reads_as_nothing():
    assert of_source("") == Content() == of_article("")
