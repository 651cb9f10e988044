"""Live lists: which of them are searched for, and what stands in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import pytest

from exports.content import datasource
from exports.content.clean import clean
from exports.document import Article, Listed, Page
from tests.builders import SITE, a_page, a_tree
from tests.patience import coming_to_an_end

HERE = "/wiki/search?text=lamp"
LAMP = 'text ~ "lamp"'


def a_source(columns: tuple[str, ...] = (), **parameters: Any) -> dict[str, Any]:
    """The datasource of a list of Confluence's content; it searches for lamps if nothing else."""
    view = {"type": "table", "properties": {"columns": [{"key": key} for key in columns]}}
    asked = parameters or {"searchString": "lamp"}
    return {"id": datasource.CONFLUENCE, "parameters": {"cloudId": "c", **asked}, "views": [view]}


def a_link(source: Any = None, href: str = HERE, words: str = "") -> str:
    text = source if isinstance(source, str) else json.dumps(source or a_source())
    return (
        f'<a href="{escape(href)}" data-card-appearance="block" data-datasource="{escape(text)}">'
        f"{escape(words or href)}</a>"
    )


def a_document(*sources: tuple[Any, str]) -> str:
    cards = [
        {"type": "blockCard", "attrs": {"url": url, "datasource": source}}
        for source, url in sources
    ]
    return json.dumps({"type": "doc", "version": 1, "content": cards})


def a_row(title: str = "Install", id: str = "65538", **more: Any) -> Listed:
    return Listed(id, title, **{"url": f"{SITE}/spaces/DOC/pages/{id}", "type": "page", **more})


def cleaned(html: str, lists: Mapping[str, tuple[Listed, ...]] | None = None) -> Article:
    page = replace(a_page(html), lists=lists or {})
    return clean(page, a_tree("65537 Guide", "  65538 Install"), SITE)


def codes(article: Article) -> list[str]:
    return [note.code for note in article.notes]


# Queries


def test_a_list_in_the_html_is_searched_for() -> None:
    assert datasource.queries(a_page(f"<p>{a_link()}</p>")) == (LAMP,)


def test_a_list_that_only_the_adf_has_is_searched_for() -> None:
    page = replace(a_page("<p>Words.</p>"), adf=a_document((a_source(), HERE)))

    assert datasource.queries(page) == (LAMP,)


def test_a_query_is_asked_once() -> None:
    page = replace(a_page(a_link() * 3), adf=a_document((a_source(), HERE)))

    assert datasource.queries(page) == (LAMP,)


def test_a_page_without_lists_asks_nothing() -> None:
    assert datasource.queries(a_page("<p>data-datasource, they say.</p>")) == ()


def test_an_attribute_may_hold_what_ends_a_tag_elsewhere() -> None:
    text = json.dumps(a_source(searchString="a > b")).replace('"', "&quot;")

    page = a_page(f'<p><a href="{HERE}" data-datasource="{text}">x</a></p>')

    assert datasource.queries(page) == ('text ~ "a > b"',)


@pytest.mark.parametrize(
    "kind",
    [
        "d8b75300-dfda-4519-b6cd-e49abbd50401",
        "361d618a-3c04-40ad-9b27-3c8ea6927020",
        "11111111-2222-4333-8444-555555555555",
        "",
        None,
        ["768fc736-3af4-4a8f-b27e-203602bff8ca"],
    ],
)
def test_lists_of_another_kind_are_not_searched_for(kind: object) -> None:
    assert datasource.queries(a_page(a_link(a_source() | {"id": kind}))) == ()


@pytest.mark.parametrize("parameters", [None, [], "x", 7])
def test_a_list_without_parameters_asks_nothing(parameters: object) -> None:
    assert datasource.queries(a_page(a_link(a_source() | {"parameters": parameters}))) == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://other.atlassian.net/wiki/search?text=lamp",
        "//other.atlassian.net/wiki/search",
        "https://acme.atlassian.net@other.example/wiki/search",
        "https://[",
        "",
    ],
)
def test_a_list_that_may_be_of_another_site_is_not_searched_for_here(address: str) -> None:
    assert datasource.queries(a_page(a_link(href=address, words="Lamps"))) == ()


def test_a_site_is_known_by_both_of_its_addresses() -> None:
    page = replace(a_page(a_link(href=f"{SITE}/search?text=lamp")), url="https://docs.acme.example")

    assert datasource.queries(page) == ()
    assert datasource.queries(page, SITE) == (LAMP,)


def test_a_page_asks_for_so_many_lists_and_no_more() -> None:
    links = "".join(a_link(a_source(searchString=f"lamp {n}")) for n in range(50))

    assert len(datasource.queries(a_page(links))) == datasource.MOST_LISTS


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '"x"', "[" * 5_000, "9" * 10_000, "x" * 50_000, '{"id": {}}'],
)
def test_a_datasource_that_cannot_be_read_asks_nothing_and_becomes_a_card(text: str) -> None:
    assert datasource.queries(a_page(a_link(text or " "))) == ()

    article = cleaned(a_link(text or " "))

    assert "Live list, not exported." in article.html
    assert codes(article) == ["list_left_out"]


@pytest.mark.parametrize("adf", ["{", '{"datasource"', '["datasource"]', '{"datasource": 1}'])
def test_adf_that_cannot_be_read_asks_nothing(adf: str) -> None:
    assert datasource.queries(Page(a_page().ref, "", adf=adf)) == ()


# Tables


def test_a_list_is_a_table_with_the_columns_of_its_author() -> None:
    link = a_link(a_source(("type", "title", "updatedBy", "labels")))
    row = a_row(modified_by="Mira Holm", labels=("guide", "lamp"))

    article = cleaned(f"<p>{link}</p>", {LAMP: (row,)})

    cells = [cell.partition("<")[0] for cell in article.html.split("<th>")[1:]]
    assert cells == ["Type", "Title", "Changed by", "Labels"]
    assert "<td>Page</td>" in article.html
    assert "<td>Mira Holm</td>" in article.html
    assert 'class="xp-label">guide</span> <span class="xp-label">lamp</span></td>' in article.html
    assert article.notes == ()


def test_a_row_that_is_in_the_export_leads_there() -> None:
    article = cleaned(a_link(), {LAMP: (a_row(), a_row("Far", "99"))})

    assert '<a href="xpress:p65538">Install</a>' in article.html
    assert f'<a href="{SITE}/spaces/DOC/pages/99">Far</a>' in article.html


def test_a_row_without_an_address_is_found_by_its_id_or_printed_as_text() -> None:
    article = cleaned(a_link(), {LAMP: (a_row("Far", "99", url=""), a_row("Lost", "", url=""))})

    assert f'<a href="{SITE}/pages/viewpage.action?pageId=99">Far</a>' in article.html
    assert "<td>Lost</td>" in article.html


def test_a_list_without_columns_that_we_know_has_the_usual_ones() -> None:
    link = a_link(a_source(("mood",)))

    article = cleaned(link, {LAMP: (a_row(modified_at="2026-11-02T10:00:00.000Z"),)})

    assert "<th>Title</th>" in article.html
    assert "<td>2 Nov 2026</td>" in article.html
    assert codes(article) == ["list_columns_left_out"]
    assert "mood" in article.notes[0].what


def test_a_list_longer_than_we_print_says_so_on_the_sheet_and_in_the_report() -> None:
    rows = tuple(a_row(f"Page {n}", str(n)) for n in range(1, datasource.MOST_ROWS + 2))

    article = cleaned(a_link(), {LAMP: rows})

    assert article.html.count("<tr>") == datasource.MOST_ROWS + 1  # and the head
    assert "These are the first 100 results." in article.html
    assert codes(article) == ["list_shortened"]


def test_a_list_just_as_long_as_we_print_is_whole() -> None:
    rows = tuple(a_row(f"Page {n}", str(n)) for n in range(1, datasource.MOST_ROWS + 1))

    article = cleaned(a_link(), {LAMP: rows})

    assert "first 100" not in article.html
    assert article.notes == ()


def test_an_empty_list_says_so() -> None:
    article = cleaned(f"<p>{a_link()}</p>", {LAMP: ()})

    assert "No results" in article.html
    assert article.notes == ()


def test_a_list_that_was_not_found_becomes_a_card_with_its_link() -> None:
    article = cleaned(f"<p>{a_link()}</p>", {})

    assert "Confluence list, not exported." in article.html
    assert 'href="https://acme.atlassian.net/wiki/search?text=lamp"' in article.html
    assert codes(article) == ["list_left_out"]


def test_rows_of_the_same_words_are_not_those_of_a_list_of_another_site() -> None:
    link = a_link(href="https://other.atlassian.net/wiki/search?text=lamp")

    article = cleaned(link, {LAMP: (a_row("Ours"),)})

    assert "Ours" not in article.html
    assert codes(article) == ["list_left_out"]


def test_rows_may_hold_what_no_document_can() -> None:
    row = a_row("a\x00b\ud800c\ufffe", url="https://acme.atlassian.net/\x01", labels=("\x02",))

    article = cleaned(a_link(a_source(("title", "labels", "space"))), {LAMP: (row,)})

    assert ">a b c</a>" in article.html


@pytest.mark.parametrize("day", ["", "soon", "2026-13-45", "٢٠٢٦-١١-٠٢"])
def test_a_day_that_cannot_be_read_is_an_empty_cell(day: str) -> None:
    article = cleaned(a_link(a_source(("title", "createdAt"))), {LAMP: (a_row(created_at=day),)})

    assert "<td></td>" in article.html


def test_a_long_excerpt_is_cut() -> None:
    article = cleaned(a_link(a_source(("description",))), {LAMP: (a_row(excerpt="word " * 200),)})

    assert "word…</td>" in article.html


# Places


def test_a_list_in_a_sentence_stands_after_it_and_the_sentence_keeps_its_words() -> None:
    article = cleaned(f"<p>See {a_link(words='our lamps')} today.</p>", {LAMP: (a_row(),)})

    sentence, _, rest = article.html.partition("</p>")
    assert sentence.startswith("<p>See <a href=")
    assert sentence.endswith(">our lamps</a> today.")
    assert "<table" in rest


def test_lists_of_one_paragraph_keep_their_order() -> None:
    one, two = a_source(searchString="one"), a_source(searchString="two")
    html = f"<p>{a_link(one, words=' ')}{a_link(two, words=' ')}</p><p>After</p>"

    article = cleaned(html, {'text ~ "one"': (a_row("First"),), 'text ~ "two"': (a_row("Second"),)})

    assert article.html.count("<table") == 2
    assert article.html.index("First") < article.html.index("Second") < article.html.index("After")


def test_thousands_of_lists_on_a_page_cost_no_more_than_their_cards() -> None:
    rows = tuple(a_row(f"Page {n}", str(n)) for n in range(1, 101))
    html = f"<p>{a_link(words=' ') * 5_000}</p>"

    with coming_to_an_end():
        article = cleaned(html, {LAMP: rows})

    assert article.html.count("<table") == datasource.MOST_LISTS
    assert article.html.count("not exported.") == 5_000 - datasource.MOST_LISTS
