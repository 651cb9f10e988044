"""The one door to the network, against servers that misbehave."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from addon.origins import Origins
from addon.outbound import (
    AddressRefused,
    Answer,
    AnswerTooLarge,
    Budget,
    Cancelled,
    NoAnswer,
    Outbound,
    OutOfTime,
    _may_connect,
)
from tests.atlassian import Origin, Reply

MANY = 1_000_000


@pytest.fixture(scope="module")
def _server() -> Iterator[Origin]:
    server = Origin()
    yield server
    server.close()


@pytest.fixture
def server(_server: Origin) -> Origin:
    _server.reset()
    return _server


@pytest.fixture
def outbound(server: Origin) -> Iterator[Outbound]:
    outbound = Outbound(Origins.of([server.url]))
    yield outbound
    outbound.close()


def get(
    outbound: Outbound, url: str, *, most: int = MANY, seconds: float = 5, **more: Any
) -> Answer:
    budget = more.pop("budget", None) or Budget.of(seconds)
    return outbound.send("GET", url, budget=budget, most_bytes=most, **more)


def test_an_answer_has_status_headers_and_content(server, outbound):
    server.on("/a", Reply(b"bytes", 207, {"Content-Type": "Text/Plain; charset=utf-8", "X-A": "1"}))

    answer = get(outbound, server.url + "/a?b=%2F")

    assert (answer.status, answer.content) == (207, b"bytes")
    assert answer.media_type == "text/plain"
    assert answer.headers["x-a"] == "1"
    assert server.asked[0].query == "b=%2F"


def test_a_form_is_posted(server, outbound):
    server.on("/a", Reply(b""))

    outbound.send(
        "POST", server.url + "/a", budget=Budget.of(5), most_bytes=MANY, form={"a": "b c"}
    )

    assert server.asked[0].method == "POST"
    assert server.asked[0].form == {"a": "b c"}


def test_an_address_that_is_not_on_the_list_is_not_called(server):
    outbound = Outbound(Origins.of(["https://acme.atlassian.net"]))

    with pytest.raises(AddressRefused):
        get(outbound, server.url + "/a")

    assert server.asked == []


@pytest.mark.parametrize("declared", [True, False])
def test_no_more_is_read_than_asked_for(server, outbound, declared):
    headers = {} if declared else {"Content-Length": "", "Connection": "close"}
    server.on("/a", Reply(b"x" * 2_000_000, headers=headers))

    with pytest.raises(AnswerTooLarge):
        get(outbound, server.url + "/a", most=1_000_000)


def test_exactly_as_much_as_asked_for_is_good(server, outbound):
    server.on("/a", Reply(b"x" * 1000))

    assert len(get(outbound, server.url + "/a", most=1000).content) == 1000


def test_a_redirect_is_an_answer_and_is_not_followed(server, outbound):
    server.on("/a", Reply(b"moved", 302, {"Location": server.url + "/b"}))

    answer = get(outbound, server.url + "/a")

    assert (answer.status, answer.content) == (302, b"moved")
    assert len(server.asked) == 1


def test_the_body_of_a_redirect_is_capped_as_well(server, outbound):
    server.on("/a", Reply(b"x" * 2000, 302, {"Location": "/b"}))

    with pytest.raises(AnswerTooLarge):
        get(outbound, server.url + "/a", most=1000)


@pytest.mark.parametrize("status", [200, 302])
def test_a_slow_drip_meets_the_deadline(server, outbound, status):
    server.on("/a", Reply(b"x" * 100, status, {"Location": "/b"}, drip=0.05))
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        get(outbound, server.url + "/a", seconds=0.5)

    assert time.monotonic() - started < 1


def test_a_silent_server_meets_the_deadline(server, outbound):
    server.on("/a", Reply(b"late", wait=2))
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        get(outbound, server.url + "/a", seconds=0.4)

    assert time.monotonic() - started < 1


def test_half_an_answer_is_none(server, outbound):
    server.on("/a", Reply(b"x" * 1000, cut_after=500))

    with pytest.raises(NoAnswer):
        get(outbound, server.url + "/a")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip", "unheard-of"])
def test_a_packed_answer_was_not_asked_for(server, outbound, encoding):
    server.on("/a", Reply(gzip.compress(b"x" * MANY), headers={"Content-Encoding": encoding}))

    with pytest.raises(NoAnswer):
        get(outbound, server.url + "/a")

    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "²", "1, 2", "many"])
def test_an_absurd_length_is_no_crash(server, outbound, length):
    server.on("/a", Reply(b"abc", headers={"Content-Length": length, "Connection": "close"}))

    try:
        answer = get(outbound, server.url + "/a", seconds=1)
    except (NoAnswer, AnswerTooLarge):
        return
    assert answer.content == b"abc"


def test_nobody_who_listens_is_no_answer():
    outbound = Outbound(Origins.of(["http://127.0.0.1:1"]))

    with pytest.raises(NoAnswer):
        get(outbound, "http://127.0.0.1:1/")


def test_a_name_that_is_not_there_is_no_answer():
    outbound = Outbound(Origins.of(["https://*.invalid"]))

    with pytest.raises(NoAnswer):
        get(outbound, "https://acme.invalid/")


def test_cookies_are_neither_kept_nor_sent(server, outbound):
    server.on("/a", Reply(b"", headers={"Set-Cookie": "a=b; Path=/"}))

    get(outbound, server.url + "/a")
    get(outbound, server.url + "/a")

    assert "cookie" not in server.asked[1].headers


def test_proxies_and_passwords_of_the_environment_are_not_used(
    server, outbound, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.on("/a", Reply(b"direct"))

    assert get(outbound, server.url + "/a").content == b"direct"
    assert server.asked[0].authorization is None


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "104.192.136.1", "2606:4700::1", "2a00:1450::1"],
)
def test_a_public_address_may_be_connected_to(address):
    assert _may_connect(address, "acme.atlassian.net")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_an_inner_address_behind_a_public_name_may_not(address):
    assert not _may_connect(address, "acme.atlassian.net")


def test_a_loopback_name_leads_to_this_machine_and_nowhere_else():
    assert _may_connect("127.0.0.1", "localhost")
    assert _may_connect("::1", "localhost")
    assert not _may_connect("8.8.8.8", "localhost")
    assert not _may_connect("10.0.0.1", "127.0.0.1")


def test_a_name_that_resolves_to_this_machine_is_not_connected_to(server):
    """`ip6-localhost` and its kin stand in hosts files; they are no loopback names of ours."""
    port = server.url.rpartition(":")[2]
    for name in ("ip6-localhost", "ip6-loopback", "localhost.localdomain"):
        with pytest.raises(NoAnswer):
            get(Outbound(Origins.of([f"https://{name}:{port}"])), f"https://{name}:{port}/a")

    assert server.asked == []


def test_a_spent_budget_asks_nobody(server, outbound):
    with pytest.raises(OutOfTime):
        get(outbound, server.url + "/a", seconds=0)

    assert server.asked == []


def test_a_cancelled_budget_asks_nobody(server, outbound):
    with pytest.raises(Cancelled):
        get(outbound, server.url + "/a", budget=Budget(time.monotonic() + 5, lambda: True))

    assert server.asked == []


def test_a_sleeper_wakes_when_cancelled():
    left = threading.Event()
    budget = Budget(time.monotonic() + 30, left.is_set)
    threading.Timer(0.1, left.set).start()
    started = time.monotonic()

    with pytest.raises(Cancelled):
        budget.sleep(20)

    assert time.monotonic() - started < 0.5


def test_a_sleeper_does_not_sleep_past_the_deadline():
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        Budget.of(0.2).sleep(20)

    assert time.monotonic() - started < 0.5


def test_whoever_waits_for_a_silent_server_is_freed_by_an_abort(server, outbound):
    server.on("/silent", Reply(wait=6))
    threading.Timer(0.5, outbound.abort).start()
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        outbound.send("GET", f"{server.url}/silent", budget=Budget.of(20), most_bytes=MANY)

    assert time.monotonic() - started < 2
