"""Options of a site and its spaces, and who may change them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from addon.spaces import NotAllowed

from addon import spaces
from addon.host import Host, NotVisible, OddAnswer
from addon.models import SavedOptions, Tenant
from addon.options import ExportOptions
from tests.addon.hosts import a_host
from tests.atlassian import Confluence, FakeAtlassian, Reply

LETTER, BARE = ExportOptions(paper="Letter"), ExportOptions(contents=False)


@pytest.fixture
def tenants(db: None) -> tuple[int, int]:
    first, second = (Tenant.objects.create(client_key=name) for name in ("acme", "globex"))
    return first.pk, second.pk


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


def test_a_space_has_the_options_of_the_site_until_it_has_its_own(tenants):
    tenant, _ = tenants
    assert spaces.space_options(tenant, "DOC") == (ExportOptions(), True)

    spaces.save_options(tenant, "", LETTER)
    assert spaces.space_options(tenant, "DOC") == (LETTER, True)

    spaces.save_options(tenant, "DOC", BARE)
    assert spaces.space_options(tenant, "DOC") == (BARE, False)
    assert spaces.space_options(tenant, "HR") == (LETTER, True)

    spaces.save_options(tenant, "DOC", None)
    assert spaces.space_options(tenant, "DOC") == (LETTER, True)


def test_saving_twice_keeps_one_row(tenants):
    spaces.save_options(tenants[0], "DOC", LETTER)
    spaces.save_options(tenants[0], "DOC", BARE)

    assert SavedOptions.objects.count() == 1


def test_the_same_space_key_on_two_sites_is_two_spaces(tenants):
    spaces.save_options(tenants[0], "DOC", LETTER)

    assert spaces.space_options(tenants[1], "DOC") == (ExportOptions(), True)

    spaces.save_options(tenants[1], "DOC", None)
    assert spaces.space_options(tenants[0], "DOC") == (LETTER, False)


def test_confluence_says_who_administers_a_space(alice, bob):
    spaces.require_space_admin(alice, "DOC")

    with pytest.raises(NotAllowed):
        spaces.require_space_admin(bob, "DOC")


def test_confluence_says_who_administers_the_site(alice, bob):
    spaces.require_site_admin(alice)

    with pytest.raises(NotAllowed):
        spaces.require_site_admin(bob)


def test_a_space_that_confluence_does_not_show_is_nobodys_to_administer(alice):
    with pytest.raises(NotVisible):
        spaces.require_space_admin(alice, "SECRET")


@pytest.mark.parametrize("key", ["DO", "doc", "DOC,HR"])
def test_a_space_whose_key_is_only_like_it_does_not_count(acme, alice, key):
    acme.on_rest("/api/v2/spaces", Reply({"results": [{"id": "98", "key": "DOC"}]}))

    with pytest.raises(NotVisible):
        spaces.require_space_admin(alice, key)


@pytest.mark.parametrize("operations", [None, {}, "administer", 7])
def test_an_odd_answer_about_rights_gives_none(acme, alice, operations):
    acme.on_rest("/rest/api/user/current", Reply({"operations": operations}))

    with pytest.raises(OddAnswer):
        spaces.require_site_admin(alice)


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
        spaces.require_site_admin(alice)
