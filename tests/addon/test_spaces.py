"""Spaces to choose from: what the caller sees, and no more calls than a search is worth."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from addon.host import Host
from addon.spaces import Space, spaces
from tests.addon.hosts import a_host
from tests.atlassian import Asked, Confluence, FakeAtlassian, Reply

DOCS, PEOPLE = Space("DOC", "Handbook"), Space("HR", "People and docs")


@pytest.fixture
def bob(atlassian: FakeAtlassian) -> Iterator[Host]:
    host = a_host(atlassian, atlassian.acme, "bob")
    yield host
    host.close()


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    """Lists its spaces in two pages, and one that is not current by its key only."""

    def answer(asked: Asked) -> Reply:
        query = parse_qs(asked.query)
        if "keys" in query:
            known = {"DOC": "Handbook", "OLD": "Handbook of old"}
            rows = [{"key": key, "name": known[key]} for key in query["keys"] if key in known]
            return Reply({"results": rows})
        if "cursor" in query:
            return Reply({"results": [{"key": "HR", "name": "People and docs"}]})
        rows = [{"key": "DOC", "name": "Handbook"}, {"key": 7, "name": "odd"}, {"name": "odd"}]
        return Reply({"results": rows, "_links": {"next": "/wiki/api/v2/spaces?cursor=2"}})

    atlassian.acme.on_call("/wiki/api/v2/spaces", answer)
    return atlassian.acme


def test_names_and_keys_are_searched_as_the_viewer(acme, bob):
    assert spaces(bob, "dOc") == (DOCS, PEOPLE)
    assert spaces(bob, "people") == (PEOPLE,)
    assert spaces(bob, "nothing of it") == ()
    assert {acme.whose(asked) for asked in acme.asked} == {"bob"}


def test_the_space_of_that_very_key_comes_first_and_once(acme, bob):
    assert spaces(bob, "OLD") == (Space("OLD", "Handbook of old"),)
    assert spaces(bob, "DOC") == (DOCS, PEOPLE)


def test_without_a_query_some_spaces_are_offered(acme, bob):
    assert spaces(bob, "") == (DOCS, PEOPLE)
    assert all("keys" not in parse_qs(asked.query) for asked in acme.asked)


def test_a_very_long_list_is_not_read_to_its_end(atlassian, bob):
    def answer(asked: Asked) -> Reply:
        query = parse_qs(asked.query)
        if "keys" in query:
            return Reply({"results": []})
        at = int(query.get("cursor", ["0"])[0])
        rows = [{"key": f"S{at + n}", "name": f"Space {at + n}"} for n in range(250)]
        following = f"/wiki/api/v2/spaces?cursor={at + 250}"
        return Reply({"results": rows, "_links": {"next": following}})

    atlassian.acme.on_call("/wiki/api/v2/spaces", answer)

    assert spaces(bob, "S1999")[0].key == "S1999"
    assert len(atlassian.acme.asked) <= 10
    assert len(spaces(bob, "space")) == 20
