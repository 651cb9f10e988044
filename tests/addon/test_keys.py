"""Install keys: asked for once, by ids beyond doubt, and only good ones kept."""

from __future__ import annotations

import time

import pytest

from addon.keys import InstallKeys
from addon.tokens import Reason, TokenRefused
from tests.atlassian import KID, FakeAtlassian, KeyServer, Reply, ec_key, pem, rsa_key


@pytest.fixture
def server(atlassian: FakeAtlassian) -> KeyServer:
    return atlassian.keys


@pytest.fixture
def keys(server: KeyServer) -> InstallKeys:
    return InstallKeys(server.url)


def refused(keys: InstallKeys, key_id: str | None = KID) -> Reason:
    with pytest.raises(TokenRefused) as error:
        keys.get(key_id)
    return error.value.reason


def test_a_key_is_fetched_once_and_remembered(server, keys):
    first, second = keys.get(KID), keys.get(KID)

    assert first is second
    assert first.value.public_numbers() == rsa_key().public_key().public_numbers()
    assert [asked.path for asked in server.asked] == [f"/{KID}"]


@pytest.mark.parametrize(
    "key_id",
    [
        None,
        "",
        "../secret",
        "..%2fsecret",
        "a/b",
        "a?b=c",
        "a#b",
        "a.pem",
        "@evil.example/a",
        "//evil.example/a",
        "https://evil.example/a",
        "a b",
        "a\n",
        "a\0",
        "ä",
        "a" * 65,
    ],
)
def test_a_doubtful_id_is_never_asked_for(server, keys, key_id):
    assert refused(keys, key_id) is Reason.BAD_KEY_ID
    assert server.asked == []


@pytest.mark.parametrize("status", [201, 401, 404, 500, 503])
def test_only_a_200_is_a_key(server, keys, status):
    server.on(f"/{KID}", Reply(pem(rsa_key()), status))

    assert refused(keys) is Reason.NO_SUCH_KEY


def test_a_redirect_is_not_followed(server, keys):
    server.on(f"/{KID}", Reply(b"", 302, {"Location": "/elsewhere"}))
    server.on("/elsewhere", Reply(pem(rsa_key())))

    assert refused(keys) is Reason.NO_SUCH_KEY
    assert len(server.asked) == 1


def test_a_key_of_more_than_8_kib_is_not_read(server, keys):
    server.on(f"/{KID}", Reply(pem(rsa_key()) + b"\n" * 9000))

    assert refused(keys) is Reason.KEY_SERVER_FAILED


def test_a_key_server_gets_three_seconds(server, keys):
    server.on(f"/{KID}", Reply(pem(rsa_key()), wait=6))
    started = time.monotonic()

    assert refused(keys) is Reason.KEY_SERVER_FAILED
    assert time.monotonic() - started < 3.6


def test_a_drip_gets_no_more(server, keys):
    server.on(f"/{KID}", Reply(pem(rsa_key()), drip=0.1))
    started = time.monotonic()

    assert refused(keys) is Reason.KEY_SERVER_FAILED
    assert time.monotonic() - started < 3.6


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        pem(rsa_key(1024)),
        pem(ec_key()),
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ],
    ids=["nothing", "text", "short", "elliptic", "broken"],
)
def test_only_an_rsa_key_of_2048_bits_is_one(server, keys, content):
    server.on(f"/{KID}", Reply(content))

    assert refused(keys) is Reason.NO_SUCH_KEY


def test_a_failure_is_remembered_for_a_while(server, keys):
    server.on(f"/{KID}", Reply(b"", 404), Reply(pem(rsa_key())))

    refused(keys)

    assert refused(keys) is Reason.NO_SUCH_KEY
    assert len(server.asked) == 1


def test_forged_ids_cost_the_key_server_ten_requests_a_minute(server, keys):
    for number in range(30):
        refused(keys, f"forged-{number}")

    assert len(server.asked) == 10


def test_a_known_key_stays_good_while_forged_ids_come_in(keys):
    keys.get(KID)
    for number in range(30):
        refused(keys, f"forged-{number}")

    assert keys.get(KID)
