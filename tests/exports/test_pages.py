"""Pages read with what has to be read beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from addon.host import Host, NotVisible
from exports.pages import BATCH, Pages
from exports.tree import PageRef, PageTree, Space
from tests.addon.hosts import a_host
from tests.atlassian import Confluence, FakeAtlassian, Reply

SPACE = Space("9", "DOC", "Docs", "1")
MANY = 1_000_000
FILES = '<div class="plugin_attachments_container"></div>'


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    return atlassian.acme


@pytest.fixture
def host(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme)
    yield host
    host.close()


def tree_of(*ids: int, type_: str = "page") -> PageTree:
    return PageTree(SPACE, tuple(PageRef(str(id_), f"P{id_}", type=type_) for id_ in ids))  # type: ignore[arg-type]


def written(acme: Confluence, id_: int, html: str = "<p>Words.</p>", version: int = 7) -> None:
    body = {"export_view": {"value": html}}
    row = {"id": str(id_), "title": f"P{id_}", "body": body, "version": {"number": version}}
    acme.on_rest(f"/api/v2/pages/{id_}", Reply(row))


def structure(id_: int, version: int = 7, words: str = "x") -> dict[str, Any]:
    value = json.dumps({"type": "doc", "content": [{"type": "text", "text": words}]})
    body = {"atlas_doc_format": {"value": value, "representation": "atlas_doc_format"}}
    return {"id": str(id_), "title": f"P{id_}", "version": {"number": version}, "body": body}


def rows(*found: Any) -> Reply:
    return Reply({"results": list(found)})


def asked(acme: Confluence, path: str) -> list[str]:
    return [one.query for one in acme.asked if one.path.endswith(path)]


def test_the_structure_of_many_pages_is_read_in_one_request(acme, host):
    ids = range(1, 6)
    for id_ in ids:
        written(acme, id_)
    acme.on_rest("/api/v2/pages", rows(*(structure(id_, words=f"w{id_}") for id_ in ids)))
    tree = tree_of(*ids)
    pages = Pages(host, tree, MANY)

    with ThreadPoolExecutor(5) as pool:
        read = list(pool.map(pages.read, tree))

    assert [f"w{page.ref.id}" in page.adf for page, _ in read] == [True] * 5
    assert len(asked(acme, "/api/v2/pages")) == 1
    assert "id=1%2C2%2C3%2C4%2C5" in asked(acme, "/api/v2/pages")[0]


def test_a_long_tree_takes_one_request_a_batch(acme, host):
    ids = range(1, BATCH + 2)
    for id_ in ids:
        written(acme, id_)
    acme.on_rest("/api/v2/pages", rows(*(structure(id_) for id_ in ids)))
    pages = Pages(host, tree_of(*ids), MANY)

    for ref in tree_of(*ids):
        pages.read(ref)

    assert len(asked(acme, "/api/v2/pages")) == 2


def test_a_page_that_changed_between_the_readings_is_read_once_more(acme, host):
    rest = "/api/v2/pages/1"
    body = {"export_view": {"value": "<p>Old.</p>"}}
    new = {"export_view": {"value": "<p>New.</p>"}}
    acme.on_rest(
        rest,
        Reply({"id": "1", "title": "P1", "body": body, "version": {"number": 7}}),
        Reply({"id": "1", "title": "P1", "body": new, "version": {"number": 8}}),
    )
    acme.on_rest("/api/v2/pages", rows(structure(1, 8, "new words")))

    page, notes = Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert (page.html, page.version) == ("<p>New.</p>", 8)
    assert "new words" in page.adf
    assert notes == ()


@pytest.mark.parametrize(
    "answer",
    [Reply({"message": "x"}, 500), rows(), rows(structure(1, 3)), rows({"id": "odd"})],
    ids=["unwell", "not listed", "another version", "odd"],
)
def test_a_page_without_its_structure_is_printed_and_reported(acme, host, answer, monkeypatch):
    monkeypatch.setattr("addon.host.MOST_ATTEMPTS", 1)
    written(acme, 1)
    acme.on_rest("/api/v2/pages", answer)

    page, notes = Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert page.html == "<p>Words.</p>"
    assert page.adf == ""
    assert [note.code for note in notes] == ["structure_unread"]


def test_a_page_that_never_had_a_structure_is_no_loss(acme, host):
    written(acme, 1)
    row = structure(1) | {"body": {"atlas_doc_format": {"value": ""}}}
    acme.on_rest("/api/v2/pages", rows(row))

    _, notes = Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert notes == ()


def test_blog_posts_are_listed_among_their_own(acme, host):
    row = {"id": "1", "body": {"export_view": {"value": "<p>News</p>"}}, "version": {"number": 7}}
    acme.on_rest("/api/v2/blogposts/1", Reply(row))
    acme.on_rest("/api/v2/blogposts", rows(structure(1)))

    page, _ = Pages(host, tree_of(1, type_="blogpost"), MANY).read(
        PageRef("1", "P1", type="blogpost")
    )

    assert page.adf


def test_a_folder_is_not_read_at_all(acme, host):
    page, notes = Pages(host, tree_of(1, type_="folder"), MANY).read(
        PageRef("1", "P1", type="folder")
    )

    assert (page.html, notes, acme.asked) == ("", (), [])


def test_a_page_the_caller_may_not_see_is_not_asked_for_twice(acme, host):
    with pytest.raises(NotVisible):
        Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert not asked(acme, "/api/v2/pages")


def test_files_are_listed_only_where_the_page_shows_some(acme, host):
    written(acme, 1, FILES)
    written(acme, 2)
    acme.on_rest("/api/v2/pages", rows(structure(1), structure(2)))
    row = {
        "id": "att5",
        "title": "plan.pdf",
        "mediaType": "application/pdf",
        "fileSize": 4100,
        "fileId": "m-5",
        "version": {"number": 1, "createdAt": "2026-02-03T10:00:00Z"},
    }
    acme.on_rest("/api/v2/pages/1/attachments", rows(row, {"id": "6", "fileSize": "x"}))
    pages = Pages(host, tree_of(1, 2), MANY)

    first, _ = pages.read(PageRef("1", "P1"))
    second, _ = pages.read(PageRef("2", "P2"))

    assert [(x.id, x.title, x.size, x.file_id) for x in first.attachments] == [
        ("5", "plan.pdf", 4100, "m-5"),
        ("6", "A file", 0, ""),
    ]
    assert second.attachments == ()
    assert not asked(acme, "/api/v2/pages/2/attachments")


def test_titles_of_pages_beyond_the_export_are_looked_up_together_and_once(acme, host):
    link = '<a data-card-appearance="inline" href="{0}/spaces/DOC/pages/{1}/x">{0}/pages/{1}</a>'
    html = "".join(link.format(acme.base_url, id_) for id_ in (1, 71, 72, 73))
    for id_ in (1, 2):
        written(acme, id_, html)
    found = [{"id": "71", "title": "Tides"}, {"id": "72", "title": "Moorings"}]
    acme.on_rest("/api/v2/pages", rows(structure(1), structure(2)), rows(*found))
    pages = Pages(host, tree_of(1, 2), MANY)

    first, _ = pages.read(PageRef("1", "P1"))
    second, _ = pages.read(PageRef("2", "P2"))

    # 1 is in the export, 73 is not for this caller's eyes.
    assert dict(first.titles) == dict(second.titles) == {"71": "Tides", "72": "Moorings"}
    assert len(asked(acme, "/api/v2/pages")) == 2


def test_all_of_it_is_read_as_the_caller(acme, host):
    written(acme, 1, FILES)
    acme.on_rest("/api/v2/pages", rows(structure(1)))

    Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert {acme.whose(one) for one in acme.asked} == {"alice"}
    assert len(acme.asked) == 3


def test_the_branch_of_a_page_tree_is_looked_up_where_the_export_has_it_not(acme, host):
    written(acme, 1, '<div class="plugin_pagetree"></div>')
    written(acme, 2, '<div class="plugin_pagetree"></div>')
    acme.on_rest("/api/v2/pages", rows(structure(1), structure(2)))
    row = {"id": "8", "title": "Below", "type": "page", "parentId": "2", "depth": 1}
    acme.on_rest("/api/v2/pages/2/descendants", rows(row))
    tree = PageTree(SPACE, (PageRef("1", "P1"), PageRef("2", "P2", 1, parent_id="1")))
    pages = Pages(host, tree, MANY)

    known, _ = pages.read(tree.pages[0])
    looked_up, _ = pages.read(tree.pages[1])

    assert known.below == {}
    assert [ref.title for ref in looked_up.below["2"]] == ["Below"]


def test_a_branch_that_cannot_be_listed_is_not_taken_for_an_empty_one(acme, host):
    written(acme, 1, '<div class="plugin_pagetree"></div>')
    acme.on_rest("/api/v2/pages", rows(structure(1)))
    acme.on_rest("/api/v2/pages/1/descendants", Reply({"results": "odd"}))

    page, _ = Pages(host, tree_of(1), MANY).read(PageRef("1", "P1"))

    assert page.below == {}
