"""Who may administer, and who may export: what Confluence says about the caller decides."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from addon import rights
from addon.host import Host, NotVisible, OddAnswer
from addon.rights import NotAllowed
from addon.settings import Access, ExportsOff, Group, Settings, Standing, shipped_templates
from tests.addon.hosts import a_host
from tests.atlassian import Asked, Confluence, FakeAtlassian, Reply

WRITERS = Access("groups", (Group("g-7", "writers"),))


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    atlassian.acme.lets_administer("alice")
    return atlassian.acme


@pytest.fixture
def alice(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme, "alice")
    yield host
    host.close()


@pytest.fixture
def bob(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme, "bob")
    yield host
    host.close()


def in_a_space(access: Access = WRITERS, off: frozenset[str] = frozenset()) -> Standing:
    own = Settings(access=access)
    return Standing(Settings(switched_off=off), own, shipped_templates(), "DOC")


def member_of(acme: Confluence, *pages: list[str]) -> None:
    """Whoever asks is in these groups, told in pages as Confluence does."""

    def answer(asked: Asked) -> Reply:
        query = parse_qs(asked.query)
        page = int(query["start"][0]) // int(query["limit"][0])
        links = {"next": "/rest/api/user/memberof"} if page + 1 < len(pages) else {}
        rows = [{"type": "group", "id": id, "name": id} for id in pages[page]]
        return Reply({"results": rows, "_links": links})

    acme.on_call("/wiki/rest/api/user/memberof", answer)


def test_confluence_says_who_administers_a_space(alice, bob):
    rights.require_space_admin(alice, "DOC")

    with pytest.raises(NotAllowed):
        rights.require_space_admin(bob, "DOC")


def test_confluence_says_who_administers_the_site(alice, bob):
    rights.require_site_admin(alice)

    with pytest.raises(NotAllowed):
        rights.require_site_admin(bob)


def test_a_space_that_confluence_does_not_show_is_nobodys_to_administer(alice):
    with pytest.raises(NotVisible):
        rights.require_space_admin(alice, "SECRET")


@pytest.mark.parametrize("key", ["DO", "doc", "DOC,HR"])
def test_a_space_whose_key_is_only_like_it_does_not_count(acme, alice, key):
    acme.on_rest("/api/v2/spaces", Reply({"results": [{"id": "98", "key": "DOC"}]}))

    with pytest.raises(NotVisible):
        rights.require_space_admin(alice, key)


@pytest.mark.parametrize("operations", [None, {}, "administer", 7])
def test_an_odd_answer_about_rights_gives_none(acme, alice, operations):
    acme.on_rest("/rest/api/user/current", Reply({"operations": operations}))

    with pytest.raises(OddAnswer):
        rights.require_site_admin(alice)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        ["administer"],
        [{"operation": "administer"}],
        [{"operation": "administer", "targetType": "space"}],
        [{"operation": ["administer"], "targetType": "application"}],
        [{"operation": "read", "targetType": "application"}],
    ],
)
def test_rights_that_are_nearly_it_are_none(acme, alice, rows):
    acme.on_rest("/rest/api/user/current", Reply({"operations": rows}))

    with pytest.raises(NotAllowed):
        rights.require_site_admin(alice)


def test_whoever_sees_a_page_may_export_it_where_nothing_else_was_chosen(acme, bob):
    rights.require_export(bob, "bob", in_a_space(Access()))

    assert acme.asked == []


def test_nobody_exports_where_nobody_may(acme, alice):
    for standing in (in_a_space(Access("nobody")), in_a_space(Access(), frozenset({"DOC"}))):
        with pytest.raises(ExportsOff):
            rights.require_export(alice, "alice", standing)
    assert acme.asked == []


def test_a_group_may_export_on_whichever_page_of_the_list_it_stands(acme, bob):
    member_of(acme, ["g-1", "g-2"], ["g-3"], ["g-7"])

    rights.require_export(bob, "bob", in_a_space())

    assert [acme.whose(asked) for asked in acme.asked] == ["bob"] * 3
    assert parse_qs(acme.asked[0].query)["accountId"] == ["bob"]


@pytest.mark.parametrize("groups", [[], ["g-77"], ["writers"], ["G-7"]])
def test_a_group_that_is_only_like_it_may_not(acme, bob, groups):
    member_of(acme, groups)

    with pytest.raises(ExportsOff):
        rights.require_export(bob, "bob", in_a_space())


@pytest.mark.parametrize("answer", [{}, {"results": None}, {"results": {"id": "g-7"}}])
def test_an_odd_answer_about_groups_lets_nobody_export(acme, bob, answer):
    acme.on_rest("/rest/api/user/memberof", Reply(answer))

    with pytest.raises(OddAnswer):
        rights.require_export(bob, "bob", in_a_space())


def test_access_that_cannot_be_read_is_closed():
    for stored in ({"who": "all"}, {"groups": []}, {"who": None}):
        assert Access.from_stored(stored).who == "nobody"
    assert Access.from_stored({}).who == "everyone"


def test_groups_are_searched_as_the_viewer(acme, bob):
    acme.on_rest(
        "/rest/api/group/picker",
        Reply({"results": [{"id": "g-7", "name": "writers"}, {"name": "odd"}, 7]}),
    )

    assert rights.groups(bob, "writ & read") == (Group("g-7", "writers"),)
    assert parse_qs(acme.asked[0].query)["query"] == ["writ & read"]
    assert acme.whose(acme.asked[0]) == "bob"
