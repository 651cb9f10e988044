"""What Confluence is asked for so that placeholders have a value, and what it is not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

from addon.host import Host, NotAuthorised
from addon.options import ExportOptions
from exports.document import Page
from exports.facts import Viewer
from exports.inquiry import Inquiry
from exports.pages import BATCH, Pages
from exports.tree import PageRef, PageTree, Space
from tests.addon.hosts import a_host
from tests.atlassian import Asked, Confluence, FakeAtlassian, Reply

MANY = 1_000_000
ROOT = PageRef("1", "Home")
BULK, ME, INFO = "/rest/api/user/bulk", "/rest/api/user/current", "/rest/api/settings/systemInfo"
VERSIONS = "/api/v2/pages/1/versions"
NAMES = {"ada": "Ada Keeper", "ed": "Ed Pilot"}


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    atlassian.acme.on_call("/wiki" + BULK, people)
    return atlassian.acme


@pytest.fixture
def host(atlassian: FakeAtlassian, acme: Confluence, monkeypatch: Any) -> Iterator[Host]:
    monkeypatch.setattr("addon.host._pause", lambda attempt: 0.01)
    host = a_host(atlassian, acme)
    yield host
    host.close()


def people(asked: Asked) -> Reply:
    ids = parse_qs(asked.query)["accountId"]
    return Reply(
        {"results": [{"accountId": it, "displayName": NAMES[it]} for it in ids if it in NAMES]}
    )


def asked(acme: Confluence, path: str) -> list[str]:
    return [one.query for one in acme.asked if one.path == "/wiki" + path]


def a_page(**accounts: str) -> Page:
    return Page(ROOT, "", accounts=accounts)  # type: ignore[arg-type]


def printing(text: str, **more: Any) -> ExportOptions:
    return ExportOptions(page_facts=text, **more)


# People


def test_people_that_no_text_names_are_not_asked_for(acme, host):
    inquiry = Inquiry(host, ExportOptions())

    assert inquiry.people(a_page(author="ada", editor="ed", owner="ada")) == {}
    assert inquiry.viewer(Viewer()) == Viewer()
    assert inquiry.site_name() == ""
    assert inquiry.revisions(ROOT) == ()
    assert acme.asked == []


def test_only_those_of_a_page_s_people_are_named_that_a_text_names(acme, host):
    inquiry = Inquiry(host, printing("{editor}"))

    assert inquiry.people(a_page(author="ada", editor="ed")) == {"editor": "Ed Pilot"}
    assert asked(acme, BULK) == ["accountId=ed"]


def test_each_person_is_asked_for_once_and_strangers_too(acme, host):
    inquiry = Inquiry(host, printing("{author} {owner}"))
    inquiry.meet([{"author": "ada"}, {"author": "stranger", "owner": "ed"}])

    named = inquiry.people(a_page(author="stranger", owner="ada"))

    assert named == {"owner": "Ada Keeper"}
    assert asked(acme, BULK) == ["accountId=ada&accountId=ed&accountId=stranger"]
    assert list(inquiry.notes(ROOT)) == []


def test_people_of_many_pages_are_asked_for_in_one_request(acme, host):
    tree = PageTree(
        Space("9", "DOC", "Docs"), tuple(PageRef(str(it), f"P{it}") for it in range(1, BATCH + 1))
    )
    both = [{"authorId": f"p{ref.id}", "version": {"number": 7, "authorId": "ed"}} for ref in tree]
    adf = {"atlas_doc_format": {"value": json.dumps({"type": "doc", "content": []})}}
    rows = [
        {"id": ref.id, "title": ref.title, "body": adf, **one}
        for ref, one in zip(tree, both, strict=True)
    ]
    acme.on_rest("/api/v2/pages", Reply({"results": rows}))
    for row in rows:
        page = {**row, "body": {"export_view": {"value": "<p>Words.</p>"}}}
        acme.on_rest(f"/api/v2/pages/{row['id']}", Reply(page))
    pages = Pages(host, tree, MANY, Inquiry(host, printing("{author}, {editor}")))

    with ThreadPoolExecutor(6) as pool:
        read = [page for page, _ in pool.map(pages.read, tree)]

    assert all(page.people == {"editor": "Ed Pilot"} for page in read)
    (query,) = asked(acme, BULK)
    assert len(parse_qs(query)["accountId"]) == BATCH + 1


def test_threads_that_need_the_same_person_ask_once(acme, host):
    inquiry, ready = Inquiry(host, printing("{author}")), threading.Barrier(6)

    def ask(_: int) -> dict[Any, str]:
        ready.wait()
        return inquiry.people(a_page(author="ada"))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(6))) == [{"author": "Ada Keeper"}] * 6
    assert len(asked(acme, BULK)) == 1


def test_where_confluence_names_nobody_the_pages_stay_and_it_is_said_once(acme, host):
    acme.on_rest(BULK, Reply({"results": "odd"}))
    inquiry = Inquiry(host, printing("{author}"))

    assert inquiry.people(a_page(author="ada")) == {}
    assert inquiry.people(a_page(author="ed")) == {}
    assert len(asked(acme, BULK)) == 1
    assert [note.code for note in inquiry.notes(ROOT)] == ["people_unread"]


def test_a_viewer_who_may_not_read_at_all_ends_the_export(acme, host):
    acme.on_rest(BULK, Reply({}, 401))

    with pytest.raises(NotAuthorised):
        Inquiry(host, printing("{author}")).people(a_page(author="ada"))


# The viewer and the site


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("{exporter}", Viewer(locale="de-DE"), Viewer("Ada Keeper", "de-DE", "Europe/Berlin")),
        ("{exporter}", Viewer(time_zone="Asia/Tokyo"), Viewer("Ada Keeper", "en-GB", "Asia/Tokyo")),
        ("{time}", Viewer(), Viewer("Ada Keeper", "en-GB", "Europe/Berlin")),
        ("{modified:HH:mm}", Viewer(), Viewer("Ada Keeper", "en-GB", "Europe/Berlin")),
    ],
)
def test_the_viewer_is_asked_for_what_the_order_does_not_tell(acme, host, text, told, found):
    acme.on_rest(ME, Reply({"displayName": "Ada Keeper", "timeZone": "Europe/Berlin"}))

    assert Inquiry(host, printing(text)).viewer(told) == found
    assert len(asked(acme, ME)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{time}", Viewer(time_zone="Asia/Tokyo")),
        ("{modified}", Viewer()),
        ("{date:full}", Viewer()),
    ],
)
def test_the_viewer_is_not_asked_for_where_that_is_enough(acme, host, text, told):
    assert Inquiry(host, printing(text)).viewer(told) == told
    assert acme.asked == []


def test_a_viewer_whom_confluence_does_not_name_has_no_name(acme, host):
    acme.on_rest(ME, Reply([]))

    assert Inquiry(host, printing("{exporter}")).viewer(Viewer()) == Viewer()


def test_the_site_goes_by_its_title_or_else_by_its_address(acme, host):
    acme.on_rest(INFO, Reply({"siteTitle": "Fathom & Light"}), Reply({}, 403))
    inquiry = Inquiry(host, ExportOptions(header_left="{site}"))

    assert inquiry.site_name() == "Fathom & Light"
    assert inquiry.site_name() == "127.0.0.1"


# Versions


def test_revisions_have_the_names_of_their_authors(acme, host):
    rows = [
        {"number": 3, "createdAt": "2026-11-02T10:00:00Z", "authorId": "ed", "message": "Lamps"},
        {"number": 2, "createdAt": "soon", "authorId": "ada"},
        {"number": 1, "createdAt": "2026-11-01T10:00:00Z", "authorId": "x", "minorEdit": True},
    ]
    acme.on_rest(VERSIONS, Reply({"results": rows}))

    latest, oldest = Inquiry(host, ExportOptions(revisions=5)).revisions(ROOT)

    assert (latest.number, latest.who, latest.message) == (3, "Ed Pilot", "Lamps")
    assert latest.when.isoformat() == "2026-11-02T10:00:00+00:00"
    assert (oldest.number, oldest.who, oldest.is_minor) == (1, "", True)


def test_a_folder_has_no_revisions(acme, host):
    folder = PageRef("1", "Chapter", type="folder")

    assert Inquiry(host, ExportOptions(revisions=5)).revisions(folder) == ()
    assert acme.asked == []


def test_versions_that_confluence_does_not_send_are_missed_aloud(acme, host):
    acme.on_rest(VERSIONS, Reply({}, 404))
    inquiry = Inquiry(host, ExportOptions(revisions=5))

    assert inquiry.revisions(ROOT) == ()
    assert [note.code for note in inquiry.notes(ROOT)] == ["versions_unread"]


def test_all_of_it_is_asked_as_the_caller(acme, host):
    acme.on_rest(ME, Reply({"displayName": "Ada"}))
    acme.on_rest(INFO, Reply({"siteTitle": "Acme"}))
    acme.on_rest(VERSIONS, Reply({"results": []}))
    inquiry = Inquiry(host, printing("{exporter} {site} {author}", revisions=1))

    inquiry.viewer(Viewer())
    inquiry.site_name()
    inquiry.people(a_page(author="ada"))
    inquiry.revisions(ROOT)

    assert [acme.whose(one) for one in acme.asked] == ["alice"] * 4
