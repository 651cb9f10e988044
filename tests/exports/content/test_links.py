from __future__ import annotations

import re

import pytest

from addon.options import ExportOptions
from exports.content.clean import clean
from tests.builders import SITE, a_page, a_tree


def link(html: str) -> str:
    tree = a_tree("65537 Guide", "  65538 Install", "  65539 Faq")
    return clean(a_page(html), tree, SITE).html


def test_a_link_to_a_page_of_the_export_stays_inside():
    assert link('<a href="/wiki/spaces/DOC/pages/65538/Install">x</a>') == (
        '<a href="xpress:p65538">x</a>'
    )


def test_a_link_that_leaves_the_export_keeps_its_web_address():
    assert 'href="https://acme.atlassian.net/wiki/spaces/DOC/pages/9/Faq"' in link(
        '<a href="/wiki/spaces/DOC/pages/9/Faq">FAQ</a>'
    )


def test_both_editors_names_of_a_heading_lead_to_the_same_place():
    old = link('<a href="/wiki/spaces/DOC/pages/65538#Install-Beforeyoustart%3F">x</a>')
    new = link('<a href="/wiki/spaces/DOC/pages/65538#Before-you-start%3F">x</a>')

    assert old == new == '<a href="xpress:p65538-Beforeyoustart_3f">x</a>'


def test_a_page_on_another_site_is_not_mistaken_for_ours():
    html = link('<a href="https://other.atlassian.net/wiki/spaces/DOC/pages/65538/Install">x</a>')

    assert 'href="https://other.atlassian.net/wiki/spaces/DOC/pages/65538/Install"' in html


@pytest.mark.parametrize("address", ["javascript:x", "ftp://example.com/x", "file:///x", "x:y"])
def test_a_link_of_another_scheme_becomes_text(address: str):
    assert link(f'<p><a href="{address}">words</a></p>') == "<p>words</p>"


def test_a_bare_address_of_a_page_of_the_export_is_named_by_its_title():
    address = "https://acme.atlassian.net/wiki/spaces/DOC/pages/65538/Install"

    assert link(f'<a href="{address}" data-card-appearance="inline">{address}</a>') == (
        '<a href="xpress:p65538">Install</a>'
    )


def test_a_tiny_link_is_read_without_asking_anybody():
    assert link('<a href="/wiki/x/AgAB">x</a>') == '<a href="xpress:p65538">x</a>'


def test_an_address_that_nothing_can_read_is_told_in_the_report():
    html = '<a class="external-link" href="http://localhost:PORT/admin">the console</a>'

    article = clean(a_page(f"<p>{html}</p>"), a_tree(), SITE)

    assert article.html == "<p>the console</p>"
    (note,) = article.notes
    assert (note.code, note.severity) == ("link_as_text", "info")
    assert note.what.endswith(": the console")


def test_an_anchor_is_found_whatever_its_normal_form():
    html = link('<h1 id="Guide-Cafe\u0301">Cafe\u0301</h1><a href="#Guide-Caf%C3%A9">x</a>')

    assert '<a href="xpress:p65537-Caf_e9">x</a>' in html


OUT = '<a href="https://example.com/a">words</a>'


def shown(html: str, links: str) -> str:
    options = ExportOptions().changed({"links": links})
    return clean(a_page(html), a_tree(), SITE, options=options).html


def test_a_link_out_of_the_document_becomes_its_words_where_that_is_chosen():
    assert shown(f"<p>See {OUT}.</p>", "text") == "<p>See words.</p>"


def test_an_address_that_becomes_text_stays_whole_and_has_no_hyphens():
    address = f"https://example.com/{'a/' * 60}end"

    html = shown(f'<p><a href="{address}">{address}</a></p>', "text")

    assert html == f'<p><span class="xp-verbatim">{address}</span></p>'


def test_a_link_with_a_footnote_stays_a_link():
    html = shown(f"<p>See {OUT}.</p>", "footnote")

    assert '<a href="https://example.com/a">words</a><sup class="xp-call">1</sup>' in html
    assert '<span class="xp-footnote" dir="ltr">1 ' in html


def test_the_same_address_has_one_footnote_in_a_paragraph_and_another_in_the_next():
    html = shown(f"<p>{OUT} {OUT}</p><p>{OUT}</p>", "footnote")

    assert re.findall(r'xp-call">(\d+)<', html) == ["1", "1", "2"]
    assert html.count("xp-footnote") == 2


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="https://example.com/">example.com</a></p>',
        '<p><a href="mailto:harbour@example.com">harbour@example.com</a></p>',
        '<p><a href="tel:+4930123">+4930123</a></p>',
        '<p><a href="#a">inside</a></p><h1 id="a">A</h1>',
        f"<pre>{OUT}</pre>",
    ],
    ids=["address", "mail", "telephone", "inside", "code"],
)
def test_no_footnote_repeats_words_leads_inside_or_breaks_lines_of_code(html):
    assert "xp-footnote" not in shown(html, "footnote")


def test_headings_of_one_name_get_names_of_their_own():
    article = clean(a_page('<h1 id="a">A</h1><h1 id="a">A</h1><h1>A</h1>'), a_tree(), SITE)

    assert len({heading.anchor for heading in article.headings}) == 3
    for heading in article.headings:
        assert f'id="{heading.anchor}"' in article.html


def test_every_link_within_a_page_has_a_target():
    article = clean(
        a_page('<h1 id="x"></h1><a href="#x">to an empty heading</a><a href="#y">gone</a>'),
        a_tree(),
        SITE,
    )

    assert 'id="p65537-x"' in article.html
    assert article.html.count("<a ") == 1
