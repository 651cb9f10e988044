"""Who may export, how much, and what nobody may choose otherwise: the server holds to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from playground.boot import World, running
from tests.atlassian import qsh
from tests.journeys.exporting import ADMIN, EDITOR, GUEST, account, export

HOME, STARTING = "65537", "65538"
SITE, SPACE = "/api/settings", "/api/spaces/DOC/settings"


@pytest.fixture(scope="module")
def running_world() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture
def world(running_world: World) -> Iterator[World]:
    """Nothing is chosen before a test, and nothing is left after it."""
    yield running_world
    running_world.confluence.faults.clear()
    send(running_world, "DELETE", "/api/data")


def send(world: World, method: str, path: str, body: Any = None, who: int = ADMIN) -> Any:
    answer = requests.request(
        method,
        world.app_url + path,
        json=body,
        headers=world.authorization(account(world, who)),
        timeout=60,
    )
    assert answer.status_code < 500, answer.text
    return answer.json() if answer.content else {}


def only(world: World, number: int) -> dict[str, Any]:
    """Access for a group that not everybody is in."""
    group = world.confluence.site.groups[number]
    return {"access": {"who": "groups", "groups": [{"id": group.id, "name": group.name}]}}


def refusal(world: World, who: int, **order: Any) -> tuple[str, str]:
    """→ the code of the export's error, and the reason that the tree tells; "" for neither"""
    error = export(world, STARTING, "page", who, **order).error
    listing = send(world, "GET", f"/api/tree?page={STARTING}", who=who)
    assert listing["may_export"] == (not listing["why_not"])
    assert listing["why_not"] in ("", error.get("message"))
    return error.get("code", ""), listing["why_not"]


def test_members_of_a_group_export_and_the_others_are_told_why_not(world):
    keepers = next(
        at for at, it in enumerate(world.confluence.site.groups) if it.name == "lighthouse-keepers"
    )
    send(world, "PUT", SPACE, only(world, keepers))

    assert refusal(world, EDITOR) == ("", "")
    code, why_not = refusal(world, GUEST)
    assert code == "exports_off"
    assert "Only some groups" in why_not


def test_when_confluence_does_not_say_who_is_in_a_group_nobody_exports(world):
    send(world, "PUT", SPACE, only(world, 0))
    world.confluence.faults.add(match="/rest/api/user/memberof", status=500)

    code, why_not = refusal(world, ADMIN)

    assert code == "no_answer"
    assert why_not


def test_nobody_exports_from_a_space_that_was_switched_off(world):
    send(world, "PUT", SITE, {"switched_off": ["DOC"]})
    off = refusal(world, ADMIN)
    send(world, "PUT", SITE, {"switched_off": ["HR"]})

    assert off[0] == "exports_off"
    assert "switched off for this space" in off[1]
    assert refusal(world, ADMIN) == ("", "")


def test_what_is_locked_holds_for_whoever_asks_around_the_dialog(world):
    send(world, "PUT", SITE, {"options": {"paper": "A5"}, "locked": ["paper"]})

    refused = export(world, STARTING, "page", options={"paper": "A3"}).error
    same = export(world, STARTING, "page", options={"paper": "A5"})

    assert (refused["code"], "“Paper”" in refused["message"]) == ("option_locked", True)
    assert same.sheets.sizes() == {(420, 595)}


def test_an_order_has_the_template_it_names_and_none_that_was_put_away(world):
    a3 = {"name": "Posters", "options": {"paper": "A3"}}
    made = send(world, "POST", "/api/spaces/DOC/templates", a3)
    address = f"/api/spaces/DOC/templates/{made['key']}"

    printed = export(world, STARTING, "page", template=made["key"])
    send(world, "PUT", address, {"is_archived": True})
    refused = export(world, STARTING, "page", template=made["key"])

    assert printed.sheets.sizes() == {(842, 1191)}
    assert refused.error["code"] == "no_template"


def test_a_site_may_set_its_limits_lower_and_not_higher(world):
    def advice() -> str:
        return str(send(world, "GET", f"/api/tree?page={HOME}")["advice"])

    assert advice() == ""
    send(world, "PUT", SITE, {"limits": {"pages": 3, "sheets": 1_000_000}})

    assert "Export these branches" in advice()
    too_many = export(world, HOME, "tree").error
    assert (too_many["code"], "one PDF holds 3" in too_many["message"]) == ("too_many_pages", True)
    assert export(world, STARTING, "page").error == {}


def test_the_dialog_tells_the_limits_of_the_site(world):
    send(world, "PUT", SITE, {"limits": {"pages": 3, "seconds": 90, "sheets": 1_000_000}})
    (installation,) = world.confluence.connect.installed.values()
    path, query = "/dialog", f"page={HOME}&space=DOC"
    token = installation.token(account(world, ADMIN), qsh("GET", path, query))

    page = requests.get(f"{world.app_url}{path}?{query}&jwt={token}", timeout=30).text

    assert re.findall(r'data-(\w+)-limit="(\d+)"', page) == [
        ("page", "3"),
        ("sheet", "5000"),
        ("second", "90"),
    ]
