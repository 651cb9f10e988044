"""Confluence's answers read into values, and odd ones refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from addon.host import Host, NotAuthorised, NotVisible, OddAnswer
from addon.outbound import AnswerTooLarge
from exports import confluence
from exports.confluence import BodyTooLarge, Version
from exports.document import ImageRef, Listed
from exports.tree import PageRef, PageTree, Selection, Space, TooManyPages
from playground.cql import parse
from tests.addon.hosts import a_host
from tests.atlassian import Confluence, FakeAtlassian, Reply

SPACE = Space("9", "DOC", "Docs", "1")
ROOT = PageRef("1", "Home")
MANY = 1_000_000


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    acme = atlassian.acme
    acme.on_rest("/api/v2/pages/1", Reply({"id": "1", "title": "Home", "spaceId": "9"}))
    acme.on_rest(
        "/api/v2/spaces/9", Reply({"id": "9", "key": "DOC", "name": "Docs", "homepageId": "1"})
    )
    return acme


@pytest.fixture
def host(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme)
    yield host
    host.close()


def a_row(id_: object, parent: object = "1", position: object = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": str(id_),
        "title": f"Page {id_}",
        "type": "page",
        "parentId": parent,
        "childPosition": position,
        "position": position,
        "depth": 1,
        **more,
    }


def rows(*found: Any) -> Reply:
    return Reply({"results": list(found)})


def below(acme: Confluence, id_: int, *found: Any, collection: str = "pages") -> None:
    acme.on_rest(f"/api/v2/{collection}/{id_}/descendants", rows(*found))


def drawn(tree: PageTree) -> list[str]:
    return ["  " * page.depth + page.id for page in tree]


def a_body(html: str = "<p>Words.</p>", **more: Any) -> Reply:
    return Reply(
        {
            "id": "1",
            "title": "Home",
            "body": {"export_view": {"value": html}},
            "version": {"number": 7, "createdAt": "2026-11-02T10:00:00Z"},
            "createdAt": "2026-11-01T10:00:00Z",
            "_links": {"webui": "/spaces/DOC/pages/1/Home"},
            **more,
        }
    )


# Roots


def test_a_single_page_is_read_with_its_space(host):
    tree = confluence.fetch_tree(host, Selection("1", "page"))

    assert tree == PageTree(SPACE, (ROOT,))


@pytest.mark.parametrize(
    ("collection", "type_"), [("blogposts", "blogpost"), ("folders", "folder")]
)
def test_the_dialog_may_stand_on_a_blog_post_or_a_folder(acme, host, collection, type_):
    acme.on_rest(f"/api/v2/{collection}/5", Reply({"id": "5", "title": "Five", "spaceId": "9"}))

    root, space = confluence.fetch_root(host, "5")

    assert root == PageRef("5", "Five", type=type_)
    assert space == SPACE


def test_a_page_that_is_not_shown_is_not_there(host):
    with pytest.raises(NotVisible):
        confluence.fetch_tree(host, Selection("404", "page"))


def test_a_blog_post_has_nothing_below_it(acme, host):
    acme.on_rest("/api/v2/blogposts/5", Reply({"id": "5", "title": "Five", "spaceId": "9"}))

    assert drawn(confluence.fetch_tree(host, Selection("5", "tree"))) == ["5"]


@pytest.mark.parametrize("id_", [None, "", "x", "1/2", "1.5", "-1", "１", "1" * 30, True, {}, []])
def test_an_id_that_is_none_is_odd(acme, host, id_):
    acme.on_rest("/api/v2/pages/1", Reply({"id": id_, "title": "Home", "spaceId": "9"}))

    with pytest.raises(OddAnswer):
        confluence.fetch_root(host, "1")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (" a \n\t b ", "a b"),
        ("", "Untitled"),
        (None, "Untitled"),
        (7, "Untitled"),
        ("x" * 999, "x" * 255),
    ],
)
def test_a_title_is_one_line_and_never_empty(acme, host, title, shown):
    acme.on_rest("/api/v2/pages/1", Reply({"id": "1", "title": title, "spaceId": "9"}))

    root, _ = confluence.fetch_root(host, "1")

    assert root.title == shown


def test_a_space_without_a_name_goes_by_its_key(acme, host):
    acme.on_rest("/api/v2/spaces/9", Reply({"id": "9", "key": "DOC", "name": None}))

    assert confluence.fetch_space_of(host, "9") == Space("9", "DOC", "DOC")


# Branches


def test_a_branch_is_laid_out_as_in_confluence(acme, host):
    below(acme, 1, a_row(3, "1", 20), a_row(2, "1", 10), a_row(4, "2", 1, depth=2))

    tree = confluence.fetch_tree(host, Selection("1", "tree"))

    assert drawn(tree) == ["1", "  2", "    4", "  3"]
    assert acme.asked[-1].query == "limit=250&depth=10"


def test_where_the_sight_of_the_api_ends_it_is_asked_again(acme, host):
    chain = [a_row(n, str(n - 1), depth=n - 1) for n in range(2, 12)]
    below(acme, 1, *chain)
    below(acme, 11, a_row(12, "11"), a_row(13, "12", depth=2))

    tree = confluence.fetch_branch(host, ROOT, SPACE)

    assert [page.depth for page in tree] == list(range(13))


def test_folders_are_chapters_and_are_looked_into(acme, host):
    below(acme, 1, a_row(2, "1", type="folder", depth=10))
    below(acme, 2, a_row(3, "2"), collection="folders")

    tree = confluence.fetch_branch(host, ROOT, SPACE)

    assert [(page.id, page.type) for page in tree] == [
        ("1", "page"),
        ("2", "folder"),
        ("3", "page"),
    ]


@pytest.mark.parametrize("type_", ["whiteboard", "database", "embed", "brand-new", None])
def test_what_cannot_be_printed_is_named_and_its_pages_stay(acme, host, type_):
    below(acme, 1, a_row(2, "1", type=type_), a_row(3, "2", depth=2))

    tree = confluence.fetch_branch(host, ROOT, SPACE)

    assert drawn(tree) == ["1", "  3"]
    assert [page.id for page in tree.unprintable] == ["2"]


def test_a_page_whose_parent_is_not_shown_is_not_lost(acme, host):
    below(acme, 1, a_row(2, "1", 1), a_row(3, "hidden", 2), a_row(4, None, 3))

    assert drawn(confluence.fetch_branch(host, ROOT, SPACE)) == ["1", "  2", "  3", "  4"]


def test_a_listing_that_runs_in_circles_ends(acme, host):
    below(acme, 1, a_row(2, "3", depth=10), a_row(3, "2", depth=10), a_row(1, "3", depth=10))
    below(acme, 2, a_row(3, "2", depth=10))
    below(acme, 3, a_row(2, "3", depth=10))

    assert confluence.fetch_branch(host, ROOT, SPACE).root.id == "1"


def test_a_branch_beyond_all_measure_is_refused(acme, host):
    below(acme, 1, *(a_row(n) for n in range(2, 10_050)))

    with pytest.raises(TooManyPages):
        confluence.fetch_branch(host, ROOT, SPACE)


# Spaces and choices


def test_a_space_begins_with_its_homepage(acme, host):
    acme.on_rest(
        "/api/v2/spaces/9/pages",
        rows(a_row(5, None, 0), a_row(1, None, 1), a_row(2, "1", 0)),
    )

    tree = confluence.fetch_tree(host, Selection("1", "space"))

    assert drawn(tree) == ["1", "  2", "5"]
    assert acme.asked[-1].query == "limit=250&status=current&depth=all"


def test_folders_of_a_space_are_read_by_the_ids_its_pages_name(acme, host):
    acme.on_rest(
        "/api/v2/spaces/9/pages",
        rows(
            a_row(1, None), a_row(2, "70", parentType="folder"), a_row(3, "71", parentType="folder")
        ),
    )
    acme.on_rest("/api/v2/folders/70", Reply(a_row(70, "72", parentType="folder", type="folder")))
    acme.on_rest("/api/v2/folders/72", Reply(a_row(72, "1", type="folder")))

    tree = confluence.fetch_space(host, SPACE)

    assert drawn(tree) == ["1", "  72", "    70", "      2", "3"]


def test_a_choice_outside_of_the_branch_is_looked_for_in_the_space(acme, host):
    below(acme, 1, a_row(2))
    acme.on_rest("/api/v2/spaces/9/pages", rows(a_row(1, None), a_row(2), a_row(8, None, 5)))

    inside = confluence.fetch_tree(host, Selection("1", "chosen", frozenset({"2"})))
    outside = confluence.fetch_tree(host, Selection("1", "chosen", frozenset({"8"})))

    assert drawn(inside) == ["1", "  2"]
    assert drawn(outside) == ["1", "  2", "8"]


# Pages


def test_a_page_comes_with_its_export_view(acme, host):
    acme.on_rest("/api/v2/pages/1", a_body())

    page = confluence.fetch_page(host, ROOT, MANY)

    assert page.html == "<p>Words.</p>"
    assert page.version == 7
    assert page.url == acme.base_url + "/spaces/DOC/pages/1/Home"
    assert page.modified_at == "2026-11-02T10:00:00Z"
    assert acme.asked[-1].query == "body-format=export_view"


def test_a_folder_has_no_body_to_ask_for(acme, host):
    folder = PageRef("70", "Folder", type="folder")

    assert confluence.fetch_page(host, folder, MANY).html == ""
    assert acme.asked == []


def test_a_blog_post_is_read_as_one(acme, host):
    acme.on_rest("/api/v2/blogposts/1", a_body("<p>News.</p>"))

    page = confluence.fetch_page(host, PageRef("1", "News", type="blogpost"), MANY)

    assert page.html == "<p>News.</p>"


@pytest.mark.parametrize(
    "body", [None, {}, {"export_view": None}, {"export_view": {"value": None}}, "html", []]
)
def test_a_page_without_a_body_is_odd(acme, host, body):
    acme.on_rest("/api/v2/pages/1", a_body(body=body))

    with pytest.raises(OddAnswer):
        confluence.fetch_page(host, ROOT, MANY)


def test_a_page_that_is_too_large_is_refused(acme, host):
    acme.on_rest("/api/v2/pages/1", a_body("x" * 2000))

    with pytest.raises(BodyTooLarge):
        confluence.fetch_page(host, ROOT, 1000)


@pytest.mark.parametrize("links", [None, {}, {"webui": None}, {"webui": "https://evil.example/"}])
def test_a_page_without_an_address_of_its_own_has_the_sites(acme, host, links):
    acme.on_rest("/api/v2/pages/1", a_body(_links=links))

    assert confluence.fetch_page(host, ROOT, MANY).url == acme.base_url


# Pictures


def test_a_picture_is_downloaded_by_page_and_attachment(atlassian, acme, host):
    acme.on_rest(
        "/rest/api/content/1/child/attachment/att2/download",
        Reply(b"", 302, {"Location": atlassian.media.url + "/2"}),
    )
    atlassian.media.on("/2", Reply(b"png", headers={"Content-Type": "image/png"}))

    content = confluence.fetch_image(host, ImageRef("k", None, "2", "a.png"), "1", MANY)

    assert content == b"png"
    assert acme.asked[-1].query == ""


def test_a_picture_of_another_page_is_downloaded_there(acme, host):
    path = "/rest/api/content/77/child/attachment/att2/download"
    acme.on_rest(path, Reply(b"png", headers={"Content-Type": "image/png"}))

    assert confluence.fetch_image(host, ImageRef("k", "77", "2", "a.png"), "1", MANY) == b"png"


@pytest.mark.parametrize("collection", ["pages", "blogposts"])
def test_a_picture_without_an_id_is_found_by_its_name(acme, host, collection):
    acme.on_rest(
        f"/api/v2/{collection}/1/attachments",
        rows({"id": "att8", "title": "other.png"}, {"id": "att9", "title": "Cafe\u0301.png"}),
    )
    acme.on_rest(
        "/rest/api/content/1/child/attachment/att9/download",
        Reply(b"png", headers={"Content-Type": "image/png"}),
    )

    assert confluence.fetch_image(host, ImageRef("k", None, None, "Café.png"), "1", MANY) == b"png"


def test_a_picture_that_has_no_attachment_is_not_there(acme, host):
    acme.on_rest("/api/v2/pages/1/attachments", rows())

    with pytest.raises(NotVisible):
        confluence.fetch_image(host, ImageRef("k", None, None, "a.png"), "1", MANY)


def test_a_web_page_in_place_of_a_picture_is_odd(acme, host):
    path = "/rest/api/content/1/child/attachment/att2/download"
    acme.on_rest(path, Reply(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}))

    with pytest.raises(OddAnswer):
        confluence.fetch_image(host, ImageRef("k", None, "2", "a.png"), "1", MANY)


def test_a_login_page_in_place_of_a_picture_is_not_authorised(acme, host):
    path = "/rest/api/content/1/child/attachment/att2/download"
    acme.on_rest(path, Reply(b"", 302, {"Location": "https://id.atlassian.com/login"}))

    with pytest.raises(NotAuthorised):
        confluence.fetch_image(host, ImageRef("k", None, "2", "a.png"), "1", MANY)


def test_a_picture_has_a_cap(acme, host):
    path = "/rest/api/content/1/child/attachment/att2/download"
    acme.on_rest(path, Reply(b"x" * 2000, headers={"Content-Type": "image/png"}))

    with pytest.raises(AnswerTooLarge):
        confluence.fetch_image(host, ImageRef("k", None, "2", "a.png"), "1", 1000)


# Searches

SEARCH = "/rest/api/search"


def a_hit(id_: object = "7", **more: Any) -> dict[str, Any]:
    return {
        "content": {"id": str(id_), "type": "page", "status": "current", "title": f"Page {id_}"},
        "title": f"Page @@@hl@@@{id_}@@@endhl@@@",
        "excerpt": "",
        "url": f"/spaces/DOC/pages/{id_}/Page",
        "resultGlobalContainer": {"title": "Docs", "displayUrl": "/spaces/DOC"},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "aui-iconfont-page-default",
        "lastModified": "2026-11-02T10:00:00.000Z",
        **more,
    }


def hits(*found: Any, **links: str) -> Reply:
    return Reply({"results": list(found), "_links": {"base": "https://evil.example", **links}})


def test_a_search_gives_rows_with_all_that_a_column_may_show(acme, host):
    content = {
        "id": "7",
        "type": "blogpost",
        "status": "current",
        "title": " Seven \n lamps ",
        "version": {"number": 3, "by": {"displayName": "Mira Holm"}},
        "history": {
            "createdDate": "2026-10-01T10:00:00.000Z",
            "createdBy": {"displayName": "Jon Berg"},
            "ownedBy": {"displayName": "", "publicName": "Ada"},
        },
        "metadata": {"labels": {"results": [{"name": "guide"}, {"name": "lamp"}, "odd"]}},
    }
    acme.on_rest(SEARCH, hits(a_hit(content=content, excerpt="Of @@@hl@@@lamps@@@endhl@@@.")))

    rows = confluence.search(host, 'text ~ "lamp & oil"', 10)

    assert rows == (
        Listed(
            "7",
            "Seven lamps",
            acme.base_url + "/spaces/DOC/pages/7/Page",
            "blogpost",
            "Docs",
            "current",
            version=3,
            created_at="2026-10-01T10:00:00.000Z",
            created_by="Jon Berg",
            modified_at="2026-11-02T10:00:00.000Z",
            modified_by="Mira Holm",
            owned_by="Ada",
            labels=("guide", "lamp"),
            excerpt="Of lamps.",
        ),
    )
    assert acme.asked[-1].query.startswith("cql=text%20~%20%22lamp%20%26%20oil%22&limit=11&")
    assert acme.whose(acme.asked[-1]) == "alice"


def test_a_search_goes_on_by_its_cursor_and_stays_where_it_is(acme, host):
    elsewhere = "https://evil.example/rest/api/search?cql=other&limit=500&cursor=more%2B1"
    acme.on_rest(SEARCH, hits(a_hit(1), next=elsewhere), hits(a_hit(2)))

    rows = confluence.search(host, "label in (a)", 10)

    assert [row.id for row in rows] == ["1", "2"]
    first, second = (asked.query for asked in acme.asked[-2:])
    assert second == f"{first}&cursor=more%2B1"


def test_one_row_more_than_was_asked_for_tells_that_there_are_more(acme, host):
    following = "/rest/api/search?cursor=c"
    acme.on_rest(SEARCH, hits(a_hit(1), a_hit(2), a_hit(3), next=following))

    assert [row.id for row in confluence.search(host, "q", 1)] == ["1", "2"]
    assert len(acme.asked) == 1


def test_a_search_that_never_ends_is_odd(acme, host):
    acme.on_rest(SEARCH, hits(a_hit(1), next="/rest/api/search?cursor=c"))

    with pytest.raises(OddAnswer):
        confluence.search(host, "q", 1000)
    assert len(acme.asked) <= 20


@pytest.mark.parametrize("results", [None, {}, "rows", 7])
def test_a_search_without_rows_is_odd(acme, host, results):
    acme.on_rest(SEARCH, Reply({"results": results}))

    with pytest.raises(OddAnswer):
        confluence.search(host, "q", 10)


def test_a_search_whose_next_page_has_no_address_is_odd(acme, host):
    acme.on_rest(SEARCH, hits(a_hit(1), next="https://["))

    with pytest.raises(OddAnswer):
        confluence.search(host, "q", 10)


def test_a_query_that_confluence_cannot_read_is_odd(acme, host):
    acme.on_rest(SEARCH, Reply({"statusCode": 400, "message": "Could not parse cql"}, 400))

    with pytest.raises(OddAnswer):
        confluence.search(host, "q", 10)


@pytest.mark.parametrize(
    "odd",
    [
        {"content": None, "title": None, "url": None},
        {"content": {"id": 7, "title": 7, "type": 7, "version": [], "history": "x"}},
        {"content": {"id": "../7", "metadata": {"labels": {"results": {"name": "x"}}}}},
        {"url": "https://evil.example/", "resultGlobalContainer": "Docs", "lastModified": 7},
    ],
)
def test_a_row_in_an_odd_shape_is_shown_as_far_as_it_can_be(acme, host, odd):
    acme.on_rest(SEARCH, hits("odd", a_hit(**odd), a_hit(2)))

    first, second = confluence.search(host, "q", 10)

    assert first.title
    assert first.id == "" or first.id == "7"
    assert not first.url.startswith("https://evil")
    assert second.id == "2"


def test_a_space_among_the_rows_has_a_name_and_an_address(acme, host):
    row = a_hit(title="Docs", url="/spaces/DOC", entityType="space", space={"name": "Docs"})
    del row["content"], row["resultGlobalContainer"]
    acme.on_rest(SEARCH, hits(row))

    assert confluence.search(host, "q", 10)[0] == Listed(
        "",
        "Docs",
        acme.base_url + "/spaces/DOC",
        "space",
        "Docs",
        modified_at="2026-11-02T10:00:00.000Z",
    )


# People, labels, versions


def test_a_page_says_whose_it_is_and_where_its_short_address_is(acme, host):
    links = {"webui": "/spaces/DOC/pages/1/Home", "tinyui": "/x/AQ"}
    version = {"number": 7, "authorId": "712020:ed"}
    row = a_body(authorId="712020:ada", ownerId=None, version=version, _links=links)
    acme.on_rest("/api/v2/pages/1", row)

    page = confluence.fetch_page(host, ROOT, MANY)

    assert page.accounts == {"author": "712020:ada", "editor": "712020:ed"}
    assert page.short_url == f"{acme.base_url}/x/AQ"
    assert (page.people, page.labels) == ({}, ())


@pytest.mark.parametrize("account", [7, "", "a b", "x" * 129, ["712020:ada"], "712020:ada\n"])
def test_an_account_that_is_none_is_not_there(acme, host, account):
    acme.on_rest("/api/v2/pages/1", a_body(authorId=account))

    assert "author" not in confluence.fetch_page(host, ROOT, MANY).accounts


def test_labels_are_asked_for_only_when_wanted(acme, host):
    labels = {"results": [{"name": "guide"}, {"name": 7}, "odd", {"name": "a\x07b"}]}
    acme.on_rest("/api/v2/pages/1", a_body(labels=labels))

    assert confluence.fetch_page(host, ROOT, MANY, with_labels=True).labels == ("guide", "ab")
    confluence.fetch_page(host, ROOT, MANY)
    assert ["include-labels=true" in one.query for one in acme.asked] == [True, False]


def test_people_are_named_a_hundred_at_a_time(acme, host):
    def people(asked: Any) -> Reply:
        ids = parse_qs(asked.query)["accountId"]
        found = [{"accountId": id_, "displayName": f"P {id_}"} for id_ in ids if id_ != "p3"]
        return Reply({"results": [*found, {"accountId": "stranger", "displayName": "S"}, None]})

    acme.on_call("/wiki/rest/api/user/bulk", people)
    accounts = [f"p{number}" for number in range(150)]

    names = confluence.fetch_names(host, accounts)

    assert names == {id_: f"P {id_}" for id_ in accounts if id_ != "p3"}
    assert [len(parse_qs(one.query)["accountId"]) for one in acme.asked] == [100, 50]


def test_a_person_goes_by_the_public_name_where_there_is_no_other(acme, host):
    row = {"accountId": "p1", "displayName": "", "publicName": "  Ada\x00  K " + "x" * 200}
    acme.on_rest("/rest/api/user/bulk", rows(row))

    (name,) = confluence.fetch_names(host, ["p1"]).values()

    assert name.startswith("Ada K x")
    assert len(name) == 100


def test_people_in_an_odd_shape_are_odd(acme, host):
    acme.on_rest("/rest/api/user/bulk", Reply({"results": "Ada"}))

    with pytest.raises(OddAnswer):
        confluence.fetch_names(host, ["p1"])


def test_versions_come_newest_first_and_no_more_than_asked_for(acme, host):
    path = "/api/v2/pages/1/versions"
    first = {
        "number": 7,
        "createdAt": "2026-11-02T10:00:00Z",
        "authorId": "712020:ed",
        "message": "Lamps\nin order",
        "minorEdit": True,
    }
    more = [{"number": number} for number in (6, 5)]
    following = f"/wiki{path}?cursor=x&limit=2"
    acme.on_rest(path, Reply({"results": [first], "_links": {"next": following}}), rows(*more))

    versions = confluence.fetch_versions(host, ROOT, 2)

    assert versions == (
        Version(7, "2026-11-02T10:00:00Z", "712020:ed", "Lamps in order", True),
        Version(6, "", "", "", False),
    )
    assert parse_qs(acme.asked[0].query) == {"sort": ["-modified-date"], "limit": ["2"]}


def test_versions_of_a_blog_post_are_asked_for_among_blog_posts(acme, host):
    acme.on_rest("/api/v2/blogposts/1/versions", rows({"number": 1}))

    assert len(confluence.fetch_versions(host, PageRef("1", "News", type="blogpost"), 5)) == 1


def test_labelled_pages_are_found_page_after_page(acme, host):
    acme.on_rest(SEARCH, hits(a_hit(2), next="/rest/api/search?cursor=c2"), hits(a_hit(3)))

    assert confluence.fetch_labelled(host, SPACE, ["draft", "secret"]) == {"2", "3"}
    assert [parse_qs(one.query)["cql"] for one in acme.asked] == [
        ['space = "DOC" and label in ("draft", "secret")']
    ] * 2


def test_keys_and_labels_cannot_leave_their_quotation_marks(acme, host):
    acme.on_rest(SEARCH, hits())
    space = Space("9", 'DO"C\\', "Docs")

    confluence.fetch_labelled(host, space, ['a") or label in ("b', "c\\"])

    (asked,) = acme.asked
    (cql,) = parse_qs(asked.query)["cql"]
    space_clause, label_clause = parse(cql)
    assert space_clause.values == ('DO"C\\',)
    assert label_clause.values == ('a") or label in ("b', "c\\")


def test_a_search_for_labels_that_never_ends_is_odd(acme, host):
    acme.on_rest(SEARCH, hits(a_hit(), next="/rest/api/search?cursor=again"))

    with pytest.raises(OddAnswer):
        confluence.fetch_labelled(host, SPACE, ["draft"])


def test_the_viewer_and_the_site_are_called_what_confluence_calls_them(acme, host):
    me = {"displayName": "Ada Keeper", "timeZone": "Europe/Berlin"}
    acme.on_rest(
        "/rest/api/user/current", Reply(me), Reply({"publicName": "Ada", "timeZone": None})
    )
    acme.on_rest("/rest/api/settings/systemInfo", Reply({"siteTitle": "Fathom & Light"}))

    assert confluence.fetch_viewer(host) == ("Ada Keeper", "Europe/Berlin")
    assert confluence.fetch_viewer(host) == ("Ada", "")
    assert confluence.fetch_site_name(host) == "Fathom & Light"


def test_every_read_was_made_with_a_token_of_the_reader(acme, host):
    below(acme, 1, a_row(2))
    confluence.fetch_tree(host, Selection("1", "tree"))
    confluence.fetch_root(host, "1")

    assert {acme.whose(asked) for asked in acme.asked} == {"alice"}
