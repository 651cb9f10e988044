"""The search: what a query finds, for whom, and how its list goes on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from playground.confluence import Confluence
from playground.cql import BadQuery, Call, Clause, moment, parse
from playground.server import serving
from playground.site_folder import load
from tests.playground.builders import ADMIN, EDITOR, GUEST, a_folder, a_page, a_site_row
from tests.playground.conftest import Api
from tests.playground.stub_app import Stub

NOW = datetime(2026, 3, 15, 14, 30, tzinfo=UTC)
LAMPS = 'text ~ "lamp"'


@pytest.fixture
def confluence(tmp_path: Path) -> Iterator[Confluence]:
    """Home > Lamps > Secret lamps (not for guests), Home > Oil, and a post about lamps."""

    def version(day: str, author: str = ADMIN) -> dict[str, Any]:
        return {"number": 2, "createdAt": f"{day}T09:30:00.000Z", "authorId": author}

    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    row = a_site_row(
        a_page(
            2,
            "Lamps",
            version=version("2026-03-01"),
            versions=[{**version("2026-02-15", GUEST), "number": 1}],
            labels=["guide", "light"],
        ),
        a_page(3, "Secret lamps", 2, restrictedTo=[ADMIN], version=version("2026-03-02")),
        a_page(4, "Oil", version=version("2026-03-03", EDITOR), labels=["guide"]),
        a_page(9, "News", None, type="blogpost", version=version(yesterday), labels=[]),
    )
    bodies = {
        1: "<p>Welcome<!-- lamp --><script>lamp()</script></p>",
        2: "<h1>What a <b>lamp</b> is</h1><p>A lamp, &amp; no torch.</p>",
        3: "<p>Where the lamp is.</p>",
        4: "<p>What lights a lamp</p><p>is oil.</p>",
        9: '<p title="lamp">All lamps are lit.</p>',
    }
    with serving(load(a_folder(tmp_path / "site", row, bodies))) as confluence:
        yield confluence


def asked(api: Api, query: str, account_id: str = ADMIN, more: str = "") -> Any:
    answer = api.get(f"/rest/api/search?cql={quote(query)}{more}", account_id)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(api: Api, query: str, account_id: str = ADMIN) -> list[str]:
    return [row["content"]["id"] for row in asked(api, query, account_id)["results"]]


def refused(api: Api, path: str) -> str:
    answer = api.get(f"/rest/api/search?{path}")
    assert answer.status_code == 400
    return str(answer.json()["message"])


# Queries


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (LAMPS, ["4", "3", "2"]),
        ('text ~ "LAMP torch"', ["2"]),
        ('text ~ "lamp is"', ["4", "3", "2"]),
        ('text ~ "\\"the lamp is\\""', ["3"]),
        ("text ~ light", ["2"]),
        ('title ~ "lamps"', ["3", "2"]),
        ("type = page and title ~ lamps", ["3", "2"]),
        ('title ~ "la*"', ["3", "2"]),
        ('title ~ "sec* la*" order by lastmodified desc', ["3"]),
        ('title ~ "amps*"', []),
        ('type in ("blogpost", "folder")', ["9"]),
        ("type = attachment", []),
        ("space = DOC and type=blogpost", ["9"]),
        ('space in ("NONE")', []),
        ('label in ("light", "torch")', ["2"]),
        ("ancestor in (2, 4)", ["3"]),
        ("ancestor = 1", ["4", "3", "2"]),
        (f'creator in ("{EDITOR}")', ["4"]),
        (f'contributor = "{EDITOR}"', ["4"]),
        (f'creator = "{GUEST}"', ["2"]),
        (f'contributor = "{GUEST}" and contributor = "{ADMIN}"', ["2"]),
        ('created < "2026-02-16"', ["2"]),
        ("id in (2, 4) AND LABEL IN (guide)", ["4", "2"]),
        ('lastmodified >= "2026-03-02" and lastmodified < "2026-03-03"', ["3"]),
        ('created > "2026/03/03 09:29" and created <= "2026-03-03 09:30"', ["4"]),
        ('lastmodified >= now("-7d")', ["9"]),
        ('lastmodified >= startOfDay("-1d") and lastmodified < startOfDay()', ["9"]),
        ("lastmodified >= startOfDay()", []),
    ],
)
def test_a_query_finds_what_holds_for_all_its_clauses(api: Api, query: str, ids: list[str]) -> None:
    assert found(api, query) == ids


def test_a_search_finds_only_what_the_caller_may_see(api: Api) -> None:
    assert found(api, LAMPS, GUEST) == ["4", "2"]
    assert asked(api, LAMPS, GUEST)["totalSize"] == 2
    assert found(api, "ancestor = 2", GUEST) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("lamp", "no field lamp"),
        ("mood = good", "no field mood"),
        ("text ~", "the end of the query"),
        ("text ~ lamp and", "the end of the query"),
        ("text ~ lamp space = DOC", "space"),
        ("text ~ lamp or space = DOC", "or"),
        ("(text ~ lamp)", "is no value"),
        ("text = lamp", "cannot be compared"),
        ("space ~ DOC", "cannot be compared"),
        ("space in DOC", "DOC"),
        ("space in ()", "is no value"),
        ("space in (DOC", "the end of the query"),
        ('space = "DOC', "Could not parse"),
        ('text ~ "\\"lamp"', "never ends"),
        ('text ~ ""', "for nothing"),
        ("type = hologram", "hologram"),
        ("created >= soon", "no date"),
        ('created >= now("-7x")', "no span"),
        ('created >= now("-9999y")', "beyond"),
        ("created >= endOfDay()", "no function"),
        ("creator = currentUser()", "no function"),
        ("text ~ lamp ! x", "Could not parse"),
        ("text ~ lamp order by title", "lastmodified"),
        ("text ~ lamp order by lastmodified desc, title", "after the order"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_a_reason(
    api: Api, query: str, says: str
) -> None:
    assert says in refused(api, f"cql={quote(query)}")


@pytest.mark.parametrize(
    "path", ["", "limit=5", "cql=type%3Dpage&limit=many", "cql=type%3Dpage&excerpt=poem"]
)
def test_parameters_that_are_missing_or_odd_are_refused(api: Api, path: str) -> None:
    assert refused(api, path)


def test_strings_are_read_with_their_escapes() -> None:
    assert parse(r'title ~ "a \"b\" \\ c"') == (Clause("title", "~", (r'a "b" \ c',)),)
    assert parse("space in ('a', b)") == (Clause("space", "in", ("a", "b")),)


def test_a_day_begins_where_the_reader_is() -> None:
    auckland = NOW.astimezone(ZoneInfo("Pacific/Auckland"))  # the 16th, 03:30

    assert moment(Call("startofday"), NOW) == datetime(2026, 3, 15, tzinfo=UTC)
    assert moment(Call("startofday"), auckland) == datetime(2026, 3, 15, 11, tzinfo=UTC)
    assert moment(Call("startofday", "-1d"), NOW) == datetime(2026, 3, 14, tzinfo=UTC)
    assert moment(Call("now", "+2h"), NOW) == NOW + timedelta(hours=2)
    assert moment("2026-03-16", auckland) == datetime(2026, 3, 15, 11, tzinfo=UTC)
    with pytest.raises(BadQuery):
        moment("1 March", NOW)


# Answers


def test_a_row_says_where_its_page_is_and_when_it_was_changed(api: Api) -> None:
    row = asked(api, "id = 2")["results"][0]

    assert row["title"] == "Lamps"
    assert row["url"] == "/spaces/DOC/pages/2/Lamps"
    assert row["resultGlobalContainer"]["title"] == "Docs"
    assert row["lastModified"] == "2026-03-01T09:30:00.000Z"
    assert "history" not in row["content"]


def test_what_is_asked_for_is_written_out(api: Api) -> None:
    more = "&expand=content.history.ownedBy,content.version,content.metadata.labels,content.space"

    content = asked(api, "id = 2", more=more)["results"][0]["content"]

    assert content["history"]["createdBy"]["displayName"] == "Gus"
    assert content["version"]["by"]["displayName"] == "Ada"
    assert content["history"]["ownedBy"]["displayName"] == "Gus"
    assert content["version"]["number"] == 2
    assert [label["name"] for label in content["metadata"]["labels"]["results"]] == [
        "guide",
        "light",
    ]
    assert content["space"]["key"] == "DOC"
    assert content["_expandable"] == {}


@pytest.mark.parametrize(
    ("strategy", "title", "says"),
    [
        ("", "Oil", "What lights a @@@hl@@@lamp@@@endhl@@@ is @@@hl@@@oil@@@endhl@@@."),
        ("&excerpt=indexed_unescaped", "Oil", "What lights a lamp is oil."),
        ("&excerpt=none", "Oil", ""),
    ],
)
def test_words_that_were_looked_for_are_marked_unless_unwanted(
    api: Api, strategy: str, title: str, says: str
) -> None:
    row = asked(api, 'text ~ "lamp oil"', more=strategy)["results"][0]

    assert row["title"].replace("@@@hl@@@", "").replace("@@@endhl@@@", "") == title
    assert ("@@@hl@@@" in row["title"]) is (strategy == "")
    assert row["excerpt"] == says


def test_an_excerpt_is_escaped_unless_unwanted(api: Api) -> None:
    escaped = asked(api, "id = 2", more="&excerpt=indexed")["results"][0]["excerpt"]
    plain = asked(api, "id = 2", more="&excerpt=indexed_unescaped")["results"][0]["excerpt"]

    assert escaped == "What a lamp is A lamp, &amp; no torch."
    assert plain == "What a lamp is A lamp, & no torch."


def test_a_list_goes_on_by_its_cursor_and_back(api: Api) -> None:
    first = asked(api, LAMPS, more="&limit=2")
    assert (first["start"], first["size"], first["totalSize"]) == (0, 2, 3)
    assert "prev" not in first["_links"]
    assert first["_links"]["next"].startswith("/rest/api/search?")

    second = api.get(first["_links"]["next"]).json()
    assert [row["content"]["id"] for row in second["results"]] == ["2"]
    assert "next" not in second["_links"]

    again = api.get(second["_links"]["prev"]).json()
    assert again["results"] == first["results"]


def test_a_list_may_begin_anywhere(api: Api) -> None:
    assert asked(api, LAMPS, more="&start=2")["size"] == 1
    assert asked(api, LAMPS, more="&start=20")["size"] == 0
    assert asked(api, LAMPS, more="&limit=0")["totalSize"] == 3


def test_a_cursor_that_was_made_up_or_moved_is_refused(api: Api) -> None:
    following = asked(api, LAMPS, more="&limit=1")["_links"]["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]

    assert "not made" in refused(api, f"cql={quote(LAMPS)}&cursor=MTA")
    assert "another query" in refused(api, f"cql=type%3Dpage&cursor={quote(cursor)}")


def test_a_search_costs_a_point_and_one_for_each_row(api: Api) -> None:
    before = api.confluence.meter.budget().left

    asked(api, LAMPS)

    assert before - api.confluence.meter.budget().left == 4


def test_a_search_needs_a_token_with_the_scope_to_read(api: Api, stub: Stub) -> None:
    address = f"{api.confluence.base_url}/rest/api/search?cql=type%3Dpage"
    assert requests.get(address, timeout=10).status_code == 401

    app_key = next(iter(api.confluence.connect.installed))
    token = api.confluence.grants.issue(app_key, ADMIN, frozenset({"WRITE_ONLY"}))
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(address, headers=headers, timeout=10).status_code == 403
