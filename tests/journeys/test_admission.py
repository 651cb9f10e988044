"""More exports than there are slots: who waits, who is sent away, and what sets a slot free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from exports.admission import Place, shared_admission
from playground.boot import World, running
from playground.sample import frames
from tests.app import App
from tests.atlassian import Confluence
from tests.journeys.exporting import FRAMES, Client, ask, comes_true

HOME, STARTING = "65537", "65538"
ORDER = {"page": HOME, "scope": "page"}


# One slot, four places, and a Confluence that takes its time


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    environment = {"XPRESS_EXPORTS": "1", "XPRESS_QUEUE": "4"}
    with running(app_environment=environment) as world:
        yield world


def is_served(world: World) -> bool:
    with ask(world, STARTING, "page") as answer:
        return answer.status_code == 200 and [kind for kind, _ in frames(answer.raw)][-1] == "R"


@pytest.fixture
def clients(world: World) -> Iterator[list[Client]]:
    """Those that are still there at the end are closed."""
    clients: list[Client] = []
    yield clients
    world.confluence.faults.clear()
    for client in clients:
        client.close()
    assert comes_true(lambda: is_served(world))  # all slots and places are free again


@pytest.fixture
def start(world: World, clients: list[Client]) -> Any:
    def start(page: str = HOME, scope: str = "tree") -> Client:
        clients.append(Client(ask(world, page, scope)))
        return clients[-1]

    return start


@pytest.fixture
def holder(world: World, start: Any) -> Client:
    """An export that keeps the only slot for long."""
    world.confluence.faults.add(match="GET .*body-format=export_view", delayMs=2500)
    holder: Client = start()
    assert holder.has_started()
    return holder


def test_who_waits_is_told_the_place_and_is_served_in_turn(world, start, holder):
    first, second = start(STARTING, "page"), start(STARTING, "page")
    assert first.is_at(1)
    assert second.is_at(2)

    world.confluence.faults.clear()
    holder.close()

    assert first.has_started()
    assert first.ends("R")
    assert second.has_started()
    assert second.ends("R")
    assert [step["total"] for step in second.steps if step["stage"] == "waiting"] == [2, 1]
    assert {step["label"] for step in second.steps if step["stage"] == "waiting"} == {""}


def test_who_waits_gets_signs_of_life(start, holder):
    waiter = start(STARTING, "page")
    assert waiter.is_at(1)

    assert waiter.comes_to(lambda: waiter.kinds.count("H") >= 4)


def test_whoever_leaves_the_queue_is_gone_from_it(start, holder):
    first, second = start(STARTING, "page"), start(STARTING, "page")
    assert first.is_at(1)
    assert second.is_at(2)

    first.close()

    assert second.is_at(1)


@pytest.mark.parametrize("accept", [FRAMES, "application/pdf"])
def test_whoever_finds_no_place_is_told_so_before_anything_starts(world, start, holder, accept):
    for _ in range(2):  # half of the queue: all that one site may take
        assert start(STARTING, "page").kinds is not None

    answer = ask(world, STARTING, "page", accept=accept)

    assert answer.status_code == 429
    assert 5 <= int(answer.headers["Retry-After"]) <= 15
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["code"] == "busy"
    assert answer.json()["message"] == "Many exports of your site are waiting already."


def test_a_client_that_goes_away_frees_its_slot(start, holder):
    waiter = start(STARTING, "page")
    assert waiter.is_at(1)

    holder.close()

    assert waiter.has_started()


def test_a_client_that_wanted_the_whole_pdf_and_goes_away_frees_its_slot(world, start):
    world.confluence.faults.add(match="GET .*body-format=export_view", delayMs=2500)
    asked = len(world.confluence.journal)
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{world.app_url}/api/exports",
            json={"page": HOME, "scope": "tree"},
            headers={**world.authorization(), "Accept": "application/pdf"},
            timeout=1,
        )
    assert len(world.confluence.journal) > asked

    assert start(STARTING, "page").has_started()


def test_an_export_that_fails_frees_its_slot(world, start):
    world.confluence.faults.add(match="GET .*/api/v2/pages/65538", status=404)
    assert start(STARTING, "page").ends("E")

    assert start(HOME, "page").ends("R")


# In this process, where a test holds the slots itself


@pytest.fixture
def full(settings: Any) -> Iterator[Place]:
    """The only slot, held; there are three places to wait, two of them at most for one site."""
    settings.XPRESS_EXPORTS, settings.XPRESS_QUEUE = 1, 3
    shared_admission.cache_clear()
    place = shared_admission().enter(0)
    yield place
    place.leave()
    shared_admission.cache_clear()


def stream(app: App, site: Confluence) -> Client:
    headers = {"Accept": FRAMES}
    return Client(app.call(site, "POST", "/api/exports", json=ORDER, headers=headers, stream=True))


def test_a_slot_that_falls_free_goes_to_the_site_that_has_none(app, acme, globex, full):
    acme_first = stream(app, acme)
    assert acme_first.is_at(1)
    acme_second = stream(app, acme)
    assert acme_second.is_at(2)
    globex_first = stream(app, globex)

    assert globex_first.is_at(2)
    assert acme_second.is_at(3)

    full.leave()
    for client in (acme_first, globex_first, acme_second):
        assert client.ends("E")  # there is no page behind these sites
    assert shared_admission().running == shared_admission().waiting == 0


def test_a_full_queue_is_a_429_for_everybody(app, acme, globex, full):
    waiting = [stream(app, acme), stream(app, acme), stream(app, globex)]
    assert all(client.is_at(client.steps[-1]["total"]) for client in waiting if client.steps)

    answer = app.call(globex, "POST", "/api/exports", json=ORDER)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"].isdecimal()
    assert answer.json() == {
        "code": "busy",
        "message": "Many exports are running and waiting already.",
    }


def test_whoever_waits_too_long_is_told_so_at_the_end_of_the_frames(app, acme, full, settings):
    settings.XPRESS_QUEUE_SECONDS = 1

    client = stream(app, acme)

    assert client.ends("E")
    assert client.error["code"] == "busy"
    assert "Try again in a few minutes" in client.error["message"]
    assert shared_admission().waiting == 0


def test_whoever_waits_too_long_for_the_whole_pdf_gets_a_503(app, acme, full, settings):
    settings.XPRESS_QUEUE_SECONDS = 1

    answer = app.call(acme, "POST", "/api/exports", json=ORDER)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdecimal()
    assert answer.json()["code"] == "busy"


def test_a_server_that_is_stopping_starts_nothing_and_says_that_it_is_not_ready(app, acme, full):
    shared_admission().stop()

    answer = app.call(acme, "POST", "/api/exports", json=ORDER)
    ready = app.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "stopping")
    assert answer.headers["Retry-After"].isdecimal()
    assert (ready.status_code, ready.text) == (503, "stopping")
    assert app.get("/healthz").status_code == 200


def test_an_order_that_makes_no_sense_takes_no_place(app, acme, full):
    answer = app.call(acme, "POST", "/api/exports", json={"page": HOME})

    assert answer.status_code == 400
    assert shared_admission().waiting == 0
