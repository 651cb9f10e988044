"""The look that was chosen, read back from sheets."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from addon.option_kinds import Choice
from addon.options import OPTIONS, ExportOptions
from exports.content.clean import clean
from exports.document import Article, Illustrated
from exports.lettering import LEAST
from exports.paper import Sheet
from exports.pdf import compose, look
from exports.pdf.printing import print_chunk
from exports.tree import PageRef
from tests.builders import SITE, a_page, a_tree
from tests.exports.pdf import ink
from tests.pdf_reading import Sheets

LONG_ADDRESS = "https://example.com/log?" + "&".join(f"ship={at}" for at in range(40))
CODE = """<div class="code panel"><div class="codeContent"><pre class="syntaxhighlighter-pre"
data-syntaxhighlighter-params="brush: python">def lit(lamp):  # dusk
    return "lit" if lamp.oil else None</pre></div></div>"""
HTML = f"""
<p>Written by <a href="https://example.com/keepers/hamish">the keeper</a> with
<a href="mailto:harbour@example.com?subject=Fog">the harbour</a>; inside: <a href="#Lamps">lamp
list</a>. In <code>lamp.oil</code> there is 3. Привет. Ships: <a href="{LONG_ADDRESS}">log</a>,
<a href="{LONG_ADDRESS}">again</a>, <a href="https://example.com/">example.com</a>.</p>
<h1 id="Lamps">Lamps</h1>
<table><tbody>
<tr><th><p>Date</p></th><th><p>Ship and <a href="https://example.com/port">port</a></p></th></tr>
<tr><td rowspan="2"><p>May</p></td><td><p>Aurora</p></td></tr><tr><td><p>Boreas</p></td></tr>
<tr><td><p>June</p></td><td><p>Cygnet</p></td></tr>
<tr><td><p>July</p></td><td><p><a href="https://example.com/dunlin">Dunlin</a></p></td></tr>
</tbody></table>{CODE}<h6>Small print</h6><p>After <span class="status-macro aui-lozenge">OK</span>
<a class="confluence-userlink user-mention" data-account-id="1">@Ann</a>.</p>"""


# Two looks that differ from the usual one, and from one another, in all they can.
BRANDED = {
    "font": "Liberation Serif",
    "heading_font": "Lato",
    "heading_colour": "#7a1f1f",
    "link_colour": "#00695c",
    "accent_colour": "#6a1b9a",
    "table_style": "lines",
    "code_style": "framed",
}
PLAIN = {
    "table_style": "striped",
    "code_style": "plain",
    "links": "text",
    "link_colour": "#00695c",
}


def cleaned(options: ExportOptions, html: str = HTML) -> Article:
    return clean(a_page(html), a_tree(), SITE, Sheet.of(options), options)


@lru_cache(maxsize=16)
def printed(html: str = HTML, **chosen: object) -> Sheets:
    options = ExportOptions().changed(chosen)
    chunk = compose.body([Illustrated(cleaned(options, html), {})], "Doc", options)
    return Sheets(print_chunk(chunk, compose.style(options)).pdf)


def inks(words: str, **chosen: object) -> set[tuple[str, float, str]]:
    return ink.of(words, printed(**chosen).bytes)


def middle(words: str, sheets: Sheets) -> tuple[float, float]:
    """The middle of the first letter of a word, in points from the lower left corner."""
    boxes = sheets.glyphs(1)
    box = boxes["".join(box.text for box in boxes).index(words)]
    _, _, _, height = (float(edge) for edge in sheets.pdf.pages[0].mediabox)
    points = 72 / 25.4
    return (box.left + box.right) / 2 * points, height - (box.top + box.bottom) / 2 * points


def test_text_and_headings_are_noto_sans_of_10_points_unless_chosen_otherwise():
    assert inks("Written by") == {("Noto-Sans", 10, "#1e2330")}
    assert inks("Lamps") == {("Noto-Sans-Bold", 15, "#1e2330")}


@pytest.mark.parametrize("family", OPTIONS["font"].kind.labels)
def test_the_text_and_what_has_no_family_of_its_own_is_set_in_the_chosen_one(family):
    face = family.replace(" ", "-")
    html = "<p>Night watch</p><h1>Lamps</h1>"

    pdf = printed(html, font=family).bytes

    assert {name for name, _, _ in ink.of("Night watch", pdf)} == {face}
    assert {name for name, _, _ in ink.of("Lamps", pdf)} == {f"{face}-Bold"}


def test_headings_can_have_a_family_of_their_own():
    assert BRANDED["heading_font"] == "Lato"
    assert {face for face, _, _ in inks("Lamps", **BRANDED)} == {"Lato-Bold"}
    assert {face for face, _, _ in inks("Guide", **BRANDED)} == {"Lato-Bold"}
    assert {face for face, _, _ in inks("Written by", **BRANDED)} == {"Liberation-Serif"}


def test_other_scripts_keep_their_fonts_beside_a_chosen_family():
    words = "<p>日本語の頁 שלום मौसम Привет ✓</p>"

    faces = {it.face for it in ink.letters(printed(words, font="Lato").bytes) if it.text > "z"}

    assert {"Lato", "Noto-Sans-Hebrew", "Noto-Sans-Devanagari"} <= faces
    assert any(face.startswith("Noto-Sans-CJK") for face in faces)


def test_all_type_grows_and_shrinks_with_the_text():
    def sizes(size: float) -> dict[str, float]:
        words = ("Written by", "Guide", "Lamps", "Aurora", "def", "Small print")
        return {it: next(iter(inks(it, font_size=size)))[1] for it in words}

    usual, large, small = sizes(10), sizes(14), sizes(8)

    assert {it: round(usual[it] * 1.4, 1) for it in usual} == {
        it: round(large[it], 1) for it in large
    }
    assert small["Written by"] == 8
    assert small["Aurora"] == 7.2
    assert small["def"] == LEAST


def test_a_table_of_large_type_is_fitted_by_its_size():
    words = ["Navigational", "observatory", "Constabulary", "lighthouses", "Hydrographic"]
    rows = (f"<tr>{''.join(f'<td>{word} {word}</td>' for word in words)}</tr>" for _ in range(3))
    html = f"<table>{''.join(rows)}</table>"

    sheets = printed(html, font_size=14)

    assert all(sheets.text(1).count(word) == 6 for word in words)
    sides = [(box.left, box.right) for box in sheets.glyphs(1)]
    assert max(right for _, right in sides) < sheets.size(1)[0] - 20


def test_code_of_large_type_is_wrapped_by_us_and_not_by_the_printer():
    line = " ".join(f"word{at}" for at in range(40))
    html = CODE.replace("def lit(lamp):", line)

    lines = [it for it in printed(html, font_size=14).lines(1) if "word" in it]

    assert len(lines) > 3
    assert all(
        len(it) - len(it.lstrip()) > len(lines[0]) - len(lines[0].lstrip()) for it in lines[1:]
    )


def test_colours_of_headings_links_and_accents_are_the_chosen_ones():
    assert {colour for _, _, colour in inks("Lamps", **BRANDED)} == {"#7a1f1f"}
    assert {colour for _, _, colour in inks("Guide", **BRANDED)} == {"#7a1f1f"}
    assert {colour for _, _, colour in inks("the keeper", **BRANDED)} == {"#00695c"}
    assert {colour for _, _, colour in inks("Written by", **BRANDED)} == {"#1e2330"}
    assert {colour for _, _, colour in inks("@Ann", **BRANDED)} == {"#6a1b9a"}
    assert "#6a1b9a" in {shape.line for shape in ink.shapes(printed(**BRANDED).bytes)}


def test_a_grid_has_upright_lines_and_the_other_tables_have_none():
    def upright(**chosen: object) -> int:
        sheets = printed(**chosen)
        (_, low), (_, high) = middle("Dunlin", sheets), middle("Date", sheets)
        drawn = (it for it in ink.shapes(sheets.bytes) if it.is_upright and it.line)
        return sum(low - 5 < it.top < high + 15 for it in drawn)

    assert upright(table_style="grid", code_style="tinted") > 10
    assert upright(**BRANDED) == upright(**PLAIN) == 0


def test_every_other_row_is_striped_and_rows_that_a_cell_joins_are_one():
    sheets = printed(**PLAIN)
    stripes = [it for it in ink.shapes(sheets.bytes) if it.fill == "#eef1f5"]

    def is_striped(word: str) -> bool:
        return any(stripe.holds(*middle(word, sheets)) for stripe in stripes)

    assert [is_striped(it) for it in ("Aurora", "Boreas", "Cygnet", "Dunlin")] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("chosen", "ground", "frame", "keyword"),
    [
        ({"table_style": "grid", "code_style": "tinted"}, True, False, "#8e2a8a"),
        (BRANDED, False, True, "#8e2a8a"),
        (PLAIN, False, False, "#1e2330"),
    ],
    ids=["tinted", "framed", "plain"],
)
def test_code_is_tinted_framed_or_black_and_white(chosen, ground, frame, keyword):
    sheets = printed(**chosen)

    around = [it for it in ink.shapes(sheets.bytes) if it.holds(*middle("def", sheets))]

    assert any(it.fill == "#f5f6f8" for it in around) is ground
    assert any(it.fill == "#8590a2" for it in around) is frame
    assert {colour for _, _, colour in ink.of("def", sheets.bytes)} == {keyword}


def test_keywords_of_black_and_white_code_are_bold():
    assert {face for face, _, _ in inks("def", **PLAIN)} == {"Noto-Sans-Mono-Bold"}


def test_kept_links_lead_out_and_have_no_footnote():
    sheets = printed()

    assert "https://example.com/keepers/hamish" in sheets.links()
    assert "example.com/keepers" not in sheets.text()


def test_links_as_text_lead_nowhere_and_look_like_text_and_those_inside_stay():
    sheets = printed(**PLAIN)

    assert [it for it in sheets.links() if not str(it).startswith((SITE, "xpress:"))] == []
    assert "xpress:p65537-Lamps" in sheets.links()
    assert {colour for _, _, colour in ink.of("the keeper", sheets.bytes)} == {"#1e2330"}
    assert {colour for _, _, colour in ink.of("lamp list", sheets.bytes)} == {"#00695c"}
    assert "harbour" in sheets.text()


def test_footnotes_show_where_links_lead_at_the_foot_of_their_sheet():
    sheets = printed(links="footnote")
    text = sheets.text(1)
    foot = text[text.index("1 https://") :]

    assert re.search(r"the keeper ?1 with the harbour ?2;", text)
    assert "1 https://example.com/keepers/hamish 2 harbour@example.com 3 " in foot
    assert f"3 {LONG_ADDRESS}4 ".replace(" ", "") in foot.replace(" ", "")
    assert re.search(r"log ?3, again ?3, example\.com\.", text)
    assert "4 https://example.com/port 5 https://example.com/dunlin" in foot
    assert "https://example.com/keepers/hamish" in sheets.links()
    low = max(box.top for box in sheets.glyphs(1))
    assert middle("port5https", sheets)[1] < 150
    assert low < sheets.size(1)[1] - 20


def test_footnotes_stand_on_the_sheets_of_their_links():
    words = "Words. " * 60
    html = "".join(
        f'<p>{words}<a href="https://example.com/{at}">here</a></p>' for at in range(1, 31)
    )

    sheets = printed(html, links="footnote")

    assert len(sheets) > 2
    for number in range(1, len(sheets) + 1):
        text = sheets.text(number)
        calls = [int(it) for it in re.findall(r"here ?(\d+)", text)]
        notes = [int(it) for it in re.findall(r"(\d+) https://example.com/\1\b", text)]
        assert calls == notes != []


def test_footnotes_of_pages_that_share_a_sheet_are_numbered_through():
    options = ExportOptions(links="footnote", fresh_sheet="none")
    tree = a_tree("1 One", "2 Two")
    run = [
        Illustrated(
            clean(
                a_page(f'<p><a href="https://example.com/{id}">here</a></p>', title, id),
                tree,
                SITE,
                options=options,
            ),
            {},
        )
        for id, title in (("1", "One"), ("2", "Two"))
    ]

    pdf = print_chunk(compose.body(run, "Doc", options), compose.style(options)).pdf

    assert "1 https://example.com/1 2 https://example.com/2" in Sheets(pdf).text(1)


def test_a_page_of_very_many_links_says_that_not_all_have_footnotes():
    html = "".join(f'<p><a href="https://example.com/{at}">x</a></p>' for at in range(501))

    article = cleaned(ExportOptions(links="footnote"), html)

    assert article.html.count("xp-footnote") == 500
    assert [note.code for note in article.notes] == ["links_without_footnotes"]


def test_own_rules_reach_the_text_and_neither_its_surroundings_nor_the_cover():
    rules = ".xp-table td { color: #aa0000 } h1, h2 { text-transform: uppercase } p { color: blue }"

    sheets = printed(custom_css=rules)

    assert {colour for _, _, colour in ink.of("Aurora", sheets.bytes)} == {"#aa0000"}
    assert {colour for _, _, colour in ink.of("Written by", sheets.bytes)} == {"#0000ff"}
    assert "LAMPS" in sheets.text(1)
    assert all(
        line.startswith(".article ")
        for line in look.style(ExportOptions(custom_css=rules)).splitlines()
        if "#aa0000" in line or "uppercase" in line or "blue" in line
    )


def test_stored_rules_that_are_not_allowed_any_more_are_left_out_with_a_note():
    stored = {"custom_css": "p { color: #aa0000; background: url(http://example.com/x) }"}
    options = ExportOptions.from_stored(stored)

    (note,) = look.notes(options, PageRef("1", "Guide"))

    assert note.code == "style_left_out"
    assert "“background” is not a property" in note.what
    assert "#aa0000" not in compose.style(options)
    assert "example.com" not in compose.style(options)


def test_every_family_that_can_be_chosen_is_there_to_be_printed():
    kinds = [OPTIONS[name].kind for name in ("font", "heading_font")]
    named = {word for kind in kinds if isinstance(kind, Choice) for word in kind.labels}

    for family in named - {"same", look.BASE_FAMILY}:
        chunk, style = look.specimen(family)
        assert look.shows(print_chunk(chunk, style).pdf, family), family


def test_a_family_that_is_not_there_is_told():
    chunk, style = look.specimen("No Such Face")

    assert not look.shows(print_chunk(chunk, style).pdf, "No Such Face")
    assert look.font_note("No Such Face", PageRef("1", "Guide")).code == "font_missing"


def test_the_usual_look_asks_for_no_family_besides_the_usual_one():
    assert look.families(ExportOptions()) == ()
    assert look.families(ExportOptions(font="Lato", heading_font="Open Sans")) == (
        "Lato",
        "Open Sans",
    )
