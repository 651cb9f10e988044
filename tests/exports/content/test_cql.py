"""The question of a list of Confluence's content, as CQL: asked whole, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from exports.content import cql


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        ({"searchString": "harbour lamp"}, 'text ~ "harbour lamp"'),
        ({"searchString": "lamp", "shouldMatchTitleOnly": True}, 'title ~ "lamp"'),
        ({"searchString": "lamp", "shouldMatchTitleOnly": False}, 'text ~ "lamp"'),
        ({"spaceKeys": ["DOC", "~712020abc"]}, 'space in ("DOC", "~712020abc")'),
        ({"labels": ["guide"]}, 'label in ("guide")'),
        ({"ancestorPageIds": ["65537", "65538"]}, "ancestor in (65537, 65538)"),
        ({"creatorAccountIds": ["712020:a-b"]}, 'creator in ("712020:a-b")'),
        ({"contributorAccountIds": ["70121:c"]}, 'contributor in ("70121:c")'),
        ({"entityTypes": ["page", "blog"]}, 'type in ("page", "blogpost")'),
        ({"entityTypes": ["ati:cloud:confluence:whiteboard"]}, 'type in ("whiteboard")'),
        ({"lastModified": "today"}, "lastmodified >= startOfDay()"),
        (
            {"lastModified": "yesterday"},
            'lastmodified >= startOfDay("-1d") and lastmodified < startOfDay()',
        ),
        ({"lastModified": "past7Days"}, 'lastmodified >= now("-7d")'),
        ({"lastModified": "past30Days"}, 'lastmodified >= now("-30d")'),
        ({"lastModified": "pastYear"}, 'lastmodified >= now("-1y")'),
        (
            {"lastModified": "custom", "lastModifiedFrom": "2026-01-31"},
            'lastmodified >= "2026-01-31"',
        ),
        ({"lastModifiedFrom": "2026-01-31T23:00:00.000Z"}, 'lastmodified >= "2026-01-31"'),
    ],
)
def test_a_parameter_becomes_a_clause(parameters: dict[str, Any], query: str) -> None:
    assert cql.written(parameters) == query


def test_the_last_day_of_a_period_is_part_of_it() -> None:
    asked = {"lastModified": "custom", "lastModifiedTo": "2026-12-31"}

    assert cql.written(asked) == 'lastmodified < "2027-01-01"'


def test_all_clauses_hold_at_once_in_an_order_of_their_own() -> None:
    asked = {
        "labels": ["a"],
        "lastModifiedTo": "2026-06-30",
        "lastModifiedFrom": "2026-06-01",
        "spaceKeys": ["DOC"],
        "searchString": "lamp",
        "cloudId": "c",
    }

    assert cql.written(asked) == (
        'text ~ "lamp" and space in ("DOC") and label in ("a") and '
        'lastmodified >= "2026-06-01" and lastmodified < "2026-07-01"'
    )


def test_a_list_without_words_is_asked_by_its_filters() -> None:
    asked = {"cloudId": "c", "searchString": "  ", "labels": [], "spaceKeys": ["DOC"]}

    assert cql.written(asked) == 'space in ("DOC")'


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ('the "whole" phrase', r'text ~ "the \"whole\" phrase"'),
        ("a\\", r'text ~ "a\\"'),
        ('a\\" or space = "SECRET', r'text ~ "a\\\" or space = \"SECRET"'),
        ("two\n\tlines", 'text ~ "two lines"'),
        ("港の灯り", 'text ~ "港の灯り"'),
        ("👩\u200d💻", 'text ~ "👩\u200d💻"'),
    ],
)
def test_a_text_cannot_end_before_its_quotation_mark(words: str, query: str) -> None:
    assert cql.written({"searchString": words}) == query


def test_filters_for_what_is_searched_anyway_change_nothing() -> None:
    asked = {"labels": ["a"], "contentStatuses": ["CURRENT"], "containerStatus": "current"}

    assert cql.written(asked) == 'label in ("a")'


@pytest.mark.parametrize(
    "more",
    [
        {"contentARIs": ["ari:cloud:confluence:c:page/1"]},
        {"contentStatuses": ["current", "archived"]},
        {"containerStatus": ["archived"]},
        {"somethingNew": ["x"]},
        {"spaceKeys": "DOC"},
        {"spaceKeys": ["DOC", 7]},
        {"spaceKeys": ["DOC", ""]},
        {"spaceKeys": {"in": ["DOC"]}},
        {"spaceKeys": ["x" * 256]},
        {"spaceKeys": ["x"] * 51},
        {"entityTypes": ["hologram"]},
        {"entityTypes": "page"},
        {"ancestorPageIds": ["65537) or id > (0"]},
        {"ancestorPageIds": ["٣"]},
        {"ancestorPageIds": [None]},
        {"searchString": "a\x00b"},
        {"searchString": "\ud800"},
        {"searchString": ["lamp"]},
        {"searchString": "lamp", "shouldMatchTitleOnly": "yes"},
        {"lastModified": "fortnight"},
        {"lastModified": ["today"]},
        {"lastModified": {"value": "today"}},
        {"lastModified": "custom"},
        {"lastModified": "today", "lastModifiedTo": "2026-01-01"},
        {"lastModifiedFrom": "-7d"},
        {"lastModifiedFrom": "2026-02-30"},
        {"lastModifiedTo": "9999-12-31"},
        {"lastModifiedFrom": '2026-01-01" or space = "X'},
    ],
)
def test_what_is_not_understood_is_not_asked_without_it(more: dict[str, Any]) -> None:
    assert cql.written({"labels": ["a"]}) != ""

    assert cql.written({"labels": ["a"], **more}) == ""


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", ""),
        ("  \t ", ""),
        ("Release no", ' and title ~ "release* no*"'),
        ('a") or (space = "HR', ' and title ~ "a* or* space* hr*"'),
        (
            "C:\\temp AND NOT +x~2^3 [a TO b]",
            ' and title ~ "c* temp* and* not* x* 2* 3* a* to* b*"',
        ),
        ("नमस्ते", ' and title ~ "नमस्ते*"'),
        ("日本語 ページ", ' and title ~ "日本語 ページ"'),
        ("ราชการ", ' and title ~ "ราชการ"'),
    ],
)
def test_pages_are_looked_for_by_how_words_of_their_titles_begin(words: str, asked: str) -> None:
    expected = f'type = page and space = "DOC"{asked} order by lastmodified desc'

    assert cql.titled("DOC", words) == expected


@pytest.mark.parametrize("words", ["((", '"', "\\", "a" * 400, "\x00"])
def test_what_holds_no_word_or_none_that_can_be_written_is_not_looked_for(words: str) -> None:
    assert cql.titled("DOC", words) == ""


def test_pages_are_looked_for_on_the_whole_site_where_no_space_is_named() -> None:
    assert cql.titled("", "x") == 'type = page and title ~ "x*" order by lastmodified desc'


def test_a_query_too_long_for_an_address_is_not_asked() -> None:
    keys = [f"{'x' * 200}{number}" for number in range(10)]

    assert cql.written({"spaceKeys": keys}) == ""


@pytest.mark.parametrize(
    "parameters",
    [{}, {"cloudId": "c"}, {"searchString": "", "labels": []}, {"contentStatuses": ["current"]}],
)
def test_a_list_that_filters_nothing_is_not_asked_of_the_whole_site(
    parameters: dict[str, Any],
) -> None:
    assert cql.written(parameters) == ""
