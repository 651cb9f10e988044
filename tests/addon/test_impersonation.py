"""Tokens that speak as one account, and how long they are kept."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from addon.impersonation import AuthorizationServer, NoAccess
from addon.models import Site
from addon.outbound import Budget, NoAnswer
from addon.tokens import TenantSecret
from tests.addon.hosts import a_site
from tests.atlassian import FakeAtlassian, Reply, claims_of

TOKEN = "/oauth2/token"
GOOD = {"access_token": "t", "expires_in": 900, "token_type": "Bearer"}


@pytest.fixture
def server(atlassian: FakeAtlassian) -> AuthorizationServer:
    return AuthorizationServer(atlassian.authorization.url)


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Site:
    return a_site(atlassian.acme)


@pytest.fixture
def globex(atlassian: FakeAtlassian) -> Site:
    return a_site(atlassian.globex)


def ask(server: AuthorizationServer, site: Site, account: str = "alice") -> str:
    return server.token(site, account, Budget.of(5))


def test_the_assertion_names_app_account_and_site_and_asks_for_reading(atlassian, server, acme):
    token = ask(server, acme)

    (asked,) = atlassian.authorization.asked
    claims = claims_of(asked.form["assertion"])
    assert token == "token-1"
    assert (asked.method, asked.path) == ("POST", TOKEN)
    assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert asked.form["scope"] == "READ"
    assert claims["iss"] == "urn:atlassian:connect:clientid:acme-oauth-client"
    assert claims["sub"] == "urn:atlassian:connect:useraccountid:alice"
    assert claims["tnt"] == acme.base_url
    assert claims["aud"] == atlassian.authorization.url
    assert abs(claims["iat"] - time.time()) < 5
    assert claims["exp"] - claims["iat"] == 60


def test_a_token_serves_many_calls(atlassian, server, acme):
    assert {ask(server, acme) for _ in range(5)} == {"token-1"}
    assert len(atlassian.authorization.asked) == 1


def test_each_account_of_each_site_has_a_token_of_its_own(atlassian, server, acme, globex):
    tokens = {ask(server, site, account) for site in (acme, globex) for account in ("alice", "bob")}

    assert len(tokens) == 4


def test_a_token_that_is_about_to_end_is_renewed(atlassian, server, acme):
    atlassian.authorization.seconds = 61

    first = ask(server, acme)
    time.sleep(1.1)

    assert ask(server, acme) != first


def test_a_token_that_ends_within_a_minute_is_used_once(atlassian, server, acme):
    atlassian.authorization.seconds = 30

    assert ask(server, acme) != ask(server, acme)


def test_a_forgotten_token_is_asked_for_anew(server, acme):
    first = ask(server, acme)

    server.forget(acme, "alice")

    assert ask(server, acme) != first


def test_a_new_secret_leaves_older_tokens_behind(atlassian, server, acme):
    first = ask(server, acme)
    atlassian.acme.rotate()

    assert ask(server, a_site(atlassian.acme)) != first


def test_a_secret_that_does_not_fit_gets_nothing(server, acme):
    with pytest.raises(NoAccess):
        ask(server, replace(acme, secret=TenantSecret("not the secret of this site at all")))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_refusal_is_no_access_and_is_not_remembered(atlassian, server, acme, status):
    atlassian.authorization.on(TOKEN, Reply({"error": "x"}, status), Reply(GOOD))

    with pytest.raises(NoAccess):
        ask(server, acme)

    assert ask(server, acme) == "t"


def test_a_redirect_is_not_followed(atlassian, server, acme):
    elsewhere = {"Location": atlassian.media.url + TOKEN}
    atlassian.authorization.on(TOKEN, Reply(b"", 307, elsewhere))
    atlassian.media.on(TOKEN, Reply(GOOD))

    with pytest.raises(NoAccess):
        ask(server, acme)

    assert atlassian.media.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        [],
        "text",
        7,
        {},
        GOOD | {"access_token": ""},
        GOOD | {"access_token": None},
        GOOD | {"access_token": ["t"]},
        GOOD | {"access_token": "t\r\nX-Evil: 1"},
        GOOD | {"access_token": "tökén"},
        GOOD | {"expires_in": "900"},
        GOOD | {"expires_in": True},
        GOOD | {"expires_in": None},
        GOOD | {"expires_in": 9.5},
        GOOD | {"token_type": "MAC"},
        b"[" * 10_000,
    ],
)
def test_an_answer_that_is_none_is_no_access(atlassian, server, acme, body):
    atlassian.authorization.on(TOKEN, Reply(body))

    with pytest.raises(NoAccess):
        ask(server, acme)


@pytest.mark.parametrize("seconds", [10**12, 10**400, 0, -5])
def test_an_absurd_lifetime_is_no_crash(atlassian, server, acme, seconds):
    atlassian.authorization.on(TOKEN, Reply(GOOD | {"expires_in": seconds}))

    assert ask(server, acme) == "t"


def test_a_server_that_does_not_finish_is_no_answer(atlassian, server, acme):
    atlassian.authorization.on(TOKEN, Reply(GOOD, wait=2))

    with pytest.raises(NoAnswer):
        server.token(acme, "alice", Budget.of(0.3))


def test_an_answer_of_more_than_16_kib_is_not_read(atlassian, server, acme):
    atlassian.authorization.on(TOKEN, Reply(GOOD | {"more": "x" * 20_000}))

    with pytest.raises(Exception, match="larger than XPress takes"):
        ask(server, acme)
