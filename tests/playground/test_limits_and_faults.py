"""A site that is slow, unwell, or tired of being asked."""

import json
import time
from pathlib import Path

import pytest
import requests

from playground.faults import BadFault, load
from playground.limits import Meter
from tests.playground.builders import ADMIN
from tests.playground.conftest import Api

PAGE = "/api/v2/pages/2"


def test_answers_tell_what_is_left_of_the_hour(api: Api) -> None:
    answer = api.get(PAGE)

    assert answer.headers["X-RateLimit-Limit"] == "65000"
    assert answer.headers["X-RateLimit-Remaining"] == "64998"
    assert answer.headers["X-RateLimit-Reset"].endswith(":00:00Z")


def test_when_the_points_are_spent_the_answer_is_429_until_the_hour_is_over(api: Api) -> None:
    api.confluence.meter.quota = 2
    api.get(PAGE)

    answer = api.get(PAGE)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["X-RateLimit-NearLimit"] == "true"


def test_points_are_forgotten_at_the_top_of_the_hour() -> None:
    now = 7199.0
    meter = Meter(quota=10, clock=lambda: now)
    meter.spend(10)
    assert meter.budget().left == 0

    now = 7200.0

    assert meter.budget().left == 10


def test_a_fault_passes_some_requests_and_strikes_a_number_of_times(api: Api) -> None:
    api.confluence.faults.add(match="GET .*/pages/2$", status=503, after=1, times=2)

    assert [api.get(PAGE).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_brings_headers_and_a_body(api: Api) -> None:
    api.confluence.faults.add(
        match=PAGE, status=429, headers={"Retry-After": "7"}, body={"message": "Slow down."}
    )

    answer = api.get(PAGE)

    assert answer.headers["Retry-After"] == "7"
    assert answer.json() == {"message": "Slow down."}


def test_a_fault_can_close_the_connection(api: Api) -> None:
    api.confluence.faults.add(match=PAGE, reset=True)

    with pytest.raises(requests.ConnectionError):
        api.get(PAGE)


def test_a_fault_can_cut_an_answer(api: Api) -> None:
    api.confluence.faults.add(match="GET /file/", truncate=10)
    address = api.get("/rest/api/content/2/child/attachment/att900/download").headers["Location"]

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(address, timeout=10)


def test_a_fault_can_send_elsewhere_and_can_wait(api: Api) -> None:
    api.confluence.faults.add(match=PAGE, redirect="http://127.0.0.1:1/x", delayMs=100)
    started = time.monotonic()

    answer = api.get(PAGE)

    assert answer.headers["Location"] == "http://127.0.0.1:1/x"
    assert time.monotonic() - started >= 0.1


def test_a_fault_can_close_a_page_while_it_is_read(api: Api) -> None:
    api.confluence.faults.add(match=PAGE, after=1, restrict=["2"])

    assert [api.get(PAGE, ADMIN).status_code for _ in range(2)] == [200, 404]
    assert "3" not in api.ids("/api/v2/spaces/7/pages")


def test_a_fault_can_lower_the_quota(api: Api) -> None:
    api.confluence.faults.add(quota=1, times=1)

    assert [api.get(PAGE).status_code for _ in range(2)] == [200, 429]


def test_latency_delays_each_answer_of_the_rest_api(api: Api) -> None:
    api.confluence.latency_ms = 80
    started = time.monotonic()

    api.get(PAGE)

    assert time.monotonic() - started >= 0.08


def test_a_file_of_faults_is_checked_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"match": "x", "stauts": 500}]), encoding="utf-8")

    with pytest.raises(BadFault, match="stauts"):
        load(file)
