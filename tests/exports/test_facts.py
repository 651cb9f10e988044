"""Texts with placeholders, filled with what is known of a document and its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from addon.options import ExportOptions
from addon.placeholders import KNOWN, Placeholder
from exports.document import Page
from exports.facts import NO_FACTS, Facts, Used, Viewer, document_facts, fill, fill_text, page_facts
from exports.tree import PageRef, Space

NOW = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # the next day, east of Greenwich
SPACE = Space("1", "DOC", "Lighthouse handbook")


def a_page(**more: Any) -> Page:
    known: dict[str, Any] = {
        "version": 31,
        "url": "https://acme.atlassian.net/wiki/spaces/DOC/pages/7/Runbook",
        "short_url": "https://acme.atlassian.net/wiki/x/Bw",
        "created_at": "2025-10-14T09:10:00.000Z",
        "modified_at": "2026-11-20T16:42:10.000Z",
        "people": {"author": "Astrid Holm", "editor": "Bastian Okoye", "owner": "Mina Park"},
        "labels": ("runbook", "release"),
        "properties": {"state": "Current"},
    }
    return replace(Page(PageRef("7", "Runbook"), ""), **{**known, **more})


def facts(page: Page | None = None, **viewer: str) -> Facts:
    told = Viewer(**{"name": "Ada Keeper", **viewer})
    document = document_facts("Handbook", SPACE, told, NOW, "Fathom & Light")
    return page_facts(document, page or a_page())


# Values


def test_every_placeholder_has_a_value():
    filled = {name: fill(f"{{{name}}}" if name != "property" else "{property:State}", facts())
              for name in KNOWN}  # fmt: skip

    assert {name: pieces[0] for name, pieces in filled.items()} == {
        "title": "Handbook",
        "space": "Lighthouse handbook",
        "space_key": "DOC",
        "site": "Fathom & Light",
        "exporter": "Ada Keeper",
        "date": "27 November 2026",
        "time": "27/11/2026 23:30",
        "version": "31",
        "author": "Astrid Holm",
        "owner": "Mina Park",
        "editor": "Bastian Okoye",
        "created": "14 October 2025",
        "modified": "20 November 2026",
        "labels": "runbook, release",
        "property": "Current",
        "address": "https://acme.atlassian.net/wiki/x/Bw",
        "page": "Runbook",
        # Known when the sheets are counted.
        "chapter": Placeholder("chapter"),
        "sheet": Placeholder("sheet"),
        "sheets": Placeholder("sheets"),
    }


def test_what_stands_round_placeholders_stays():
    assert fill_text("Version {version} of “{page}” {{draft}}", facts()) == (
        "Version 31 of “Runbook” {draft}"
    )


def test_pieces_of_a_sheet_are_left_for_later_and_text_between_them_is_joined():
    assert fill("{space}: {sheet} / {sheets}", facts()) == (
        "Lighthouse handbook: ",
        Placeholder("sheet"),
        " / ",
        Placeholder("sheets"),
    )


def test_a_page_property_is_found_in_any_case():
    assert fill_text("{property: STATE }", facts()) == "Current"


def test_the_address_is_the_long_one_where_confluence_gives_no_other():
    page = a_page(short_url="")

    assert fill_text("{address}", facts(page)) == page.url


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{space} · {owner} · {version}", "Lighthouse handbook · 31"),
        ("Owner: {owner} · {labels}", ""),
        ("{owner} · Reviewed", "Reviewed"),
        ("{owner}{space_key} · x", "DOC · x"),  # one of the two has a value
        ("For {owner}", ""),
        ("{property:Nobody} · {property:State}", "Current"),
    ],
)
def test_a_part_whose_placeholders_all_lack_a_value_is_left_out(text, filled):
    page = a_page(people={}, labels=())

    assert fill_text(text, facts(page)) == filled


def test_a_page_without_a_body_has_a_title_and_what_the_document_has():
    folder = facts(Page(PageRef("8", "Chapter", type="folder"), ""))

    assert fill_text("{page} · {version} · {modified} · {address} · {title}", folder) == (
        "Chapter · Handbook"
    )


def test_values_are_not_read_as_placeholders():
    page = a_page(people={"author": "{sheet} · {{x}}"})

    assert fill_text("{author}", facts(page)) == "{sheet} · {{x}}"


def test_dates_that_are_none_have_no_value():
    page = a_page(created_at="yesterday", modified_at="")

    assert fill_text("{created}{modified}", facts(page)) == ""


# Dates


@pytest.mark.parametrize(
    ("locale", "zone", "long", "short", "time"),
    [
        ("en-GB", "", "27 November 2026", "27/11/2026", "27/11/2026 23:30"),
        ("de-DE", "Europe/Berlin", "28. November 2026", "28.11.26", "28.11.26 00:30"),
        ("de_DE", "Europe/Berlin", "28. November 2026", "28.11.26", "28.11.26 00:30"),
        ("ja-JP", "Asia/Tokyo", "2026年11月28日", "2026/11/28", "2026/11/28 8:30"),
        ("ar", "Africa/Cairo", "28 نوفمبر 2026", "28\u200f/11\u200f/2026",
         "28\u200f/11\u200f/2026 1:30 ص"),
        ("en-US", "America/New_York", "November 27, 2026", "11/27/26", "11/27/26 6:30\u202fPM"),
        # A locale of a language we know, one that nobody knows, and a zone that is none.
        ("de-XX", "Nowhere/Land", "27. November 2026", "27.11.26", "27.11.26 23:30"),
        ("qx-QX", "../../etc/passwd", "27 November 2026", "27/11/2026", "27/11/2026 23:30"),
    ],
)  # fmt: skip
def test_dates_are_written_as_the_viewer_writes_them(locale, zone, long, short, time):
    known = facts(locale=locale, time_zone=zone)

    assert fill_text("{date}", known) == long
    assert fill_text("{date:short}", known) == short
    assert fill_text("{time}", known) == time


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{date:iso}", "2026-11-28"),
        ("{time:iso}", "2026-11-28 08:30"),
        ("{date:medium}", "28 Nov 2026"),
        ("{date:full}", "Saturday, 28 November 2026"),
        ("{date:d MMMM yyyy}", "28 November 2026"),
        ("{date:EEE d.M.yy, HH:mm}", "Sat 28.11.26, 08:30"),
        ("{time:h:mm}", "8:30"),
        ("{created:yyyy年M月d日}", "2025年10月14日"),
    ],
)
def test_a_format_of_ones_own_is_kept(text, filled):
    assert fill_text(text, facts(time_zone="Asia/Tokyo")) == filled


def test_a_document_without_facts_leaves_nothing_but_text():
    assert fill_text("{space} · {date} · Plan", NO_FACTS) == "Plan"


# What is in use


def test_usual_options_use_nothing_that_confluence_has_to_be_asked_for():
    used = Used.by(ExportOptions())

    assert used.names == {"space", "page", "sheet", "sheets", "modified"}
    assert not used.has_clock


def test_texts_that_are_not_printed_use_nothing():
    texts = {"cover_facts": "{owner} · {time}", "logo_alt": "{site}"}

    assert Used.by(ExportOptions(**texts)).names.isdisjoint({"owner", "time", "site"})
    covered = Used.by(ExportOptions(**texts, cover="simple", logo="data:image/png;base64,"))
    assert covered.names >= {"owner", "time", "site"}


@pytest.mark.parametrize(
    ("text", "has_clock"),
    [
        ("{time}", True),
        ("{time:iso}", True),
        ("{modified:d.M. HH:mm}", True),
        ("{time:d MMMM}", False),
        ("{modified:full}", False),
        ("{date:dd MMMM yyyy}", False),
        ("12 h", False),
    ],
)
def test_a_time_of_day_is_told_from_a_date(text, has_clock):
    assert Used.by(ExportOptions(watermark=text)).has_clock is has_clock
