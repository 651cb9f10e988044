"""Tokens to act in a person's name."""

import time
from typing import Any

import pytest
import requests

from tests.playground.builders import ADMIN, GUEST
from tests.playground.conftest import Api


def test_an_app_gets_a_token_for_an_account(api: Api) -> None:
    answer = api.stub.ask_for_token(GUEST, api.confluence.oauth_url)

    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 900
    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"sub": "urn:atlassian:connect:useraccountid:nobody"}, 400, "invalid_grant"),
        ({"sub": GUEST}, 400, "invalid_grant"),
        ({"aud": "https://elsewhere.example"}, 400, "invalid_grant"),
        ({"tnt": "https://elsewhere.example/wiki"}, 400, "invalid_grant"),
        ({"exp": int(time.time()) + 3600}, 400, "invalid_grant"),
        ({"exp": int(time.time()) - 60}, 400, "invalid_grant"),
        ({"iss": "urn:atlassian:connect:clientid:unknown"}, 401, "invalid_client"),
    ],
)
def test_an_assertion_that_is_not_right_is_refused(
    api: Api, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = api.stub.ask_for_token(GUEST, api.confluence.oauth_url, **changes)

    assert answer.status_code == status
    assert answer.json()["error"] == code


def test_a_wrong_signature_is_refused(api: Api) -> None:
    api.stub.body("installed")["sharedSecret"] = "another secret of more than 32 characters"

    answer = api.stub.ask_for_token(ADMIN, api.confluence.oauth_url)

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_a_scope_that_was_not_granted_is_refused(api: Api) -> None:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": api.stub.assertion(ADMIN, api.confluence.oauth_url),
        "scope": "READ WRITE",
    }

    answer = requests.post(f"{api.confluence.oauth_url}/oauth2/token", data=form, timeout=10)

    assert answer.json()["error"] == "invalid_scope"


def test_another_grant_type_is_refused(api: Api) -> None:
    form = {"grant_type": "client_credentials"}

    answer = requests.post(f"{api.confluence.oauth_url}/oauth2/token", data=form, timeout=10)

    assert answer.json()["error"] == "unsupported_grant_type"
