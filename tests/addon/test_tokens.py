"""Reading and verifying tokens. The time is an argument, the keys are values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from addon.tokens import InstallKey, Reason, TenantSecret, TokenRefused, peek, sign, verify
from tests.atlassian import (
    KID,
    LEFT_OUT,
    hs256,
    pem,
    raw_token,
    rs256,
    rsa_key,
    unsigned,
    without_left_out,
)
from tests.shared import shared_json

NOW = 1_800_000_000
SECRET = "a secret that is shared with one site"
US = "https://xpress.example.com"
INSTALL_KEY = InstallKey(rsa_key().public_key())


def claims(**changes: Any) -> dict[str, Any]:
    usual = {"iss": "acme", "sub": "alice", "iat": NOW, "exp": NOW + 180, "qsh": "hash"}
    return without_left_out(usual | changes)


def check(token: str, key: Any = None, required: bool = False, now: float = NOW, **more: Any):
    key = key or TenantSecret(SECRET)
    audiences = frozenset({US, "app.key"})
    return verify(
        token, key, qsh="hash", audiences=audiences, audience_required=required, now=now, **more
    )


def reason_of(token: str, *args: Any, **more: Any) -> Reason:
    with pytest.raises(TokenRefused) as refused:
        check(token, *args, **more)
    return refused.value.reason


def test_a_good_token_says_who_sends_it_and_when():
    token = hs256(claims(), SECRET)

    verified = check(token)

    assert verified.issuer == "acme"
    assert verified.account_id == "alice"
    assert verified.issued_at == NOW


def test_a_good_install_token_verifies_with_the_public_key():
    token = rs256(claims(aud=US, sub=LEFT_OUT))

    verified = check(token, INSTALL_KEY, required=True)

    assert verified.issuer == "acme"
    assert verified.account_id is None


def test_what_we_sign_we_can_verify():
    token = sign(claims(), TenantSecret(SECRET))

    assert check(token).issuer == "acme"


def test_another_secret_is_refused():
    assert reason_of(hs256(claims(), SECRET + "!")) is Reason.BAD_SIGNATURE


def test_another_private_key_is_refused():
    token = rs256(claims(aud=US), rsa_key(number=1))

    assert reason_of(token, INSTALL_KEY) is Reason.BAD_SIGNATURE


def test_a_public_key_never_becomes_a_shared_secret():
    token = raw_token({"alg": "HS256"}, json.dumps(claims()), pem(rsa_key()).decode())

    assert reason_of(token, INSTALL_KEY) is Reason.WRONG_ALGORITHM


def test_a_token_without_a_signature_is_refused():
    assert reason_of(unsigned(claims())) is Reason.WRONG_ALGORITHM


def test_a_changed_payload_is_refused():
    head, _, signature = hs256(claims(), SECRET).split(".")
    other = hs256(claims(sub="bob"), SECRET).split(".")[1]

    assert reason_of(f"{head}.{other}.{signature}") is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("name", ["iss", "iat", "exp", "qsh"])
def test_a_claim_that_must_be_there_is_missed(name):
    token = hs256(claims(**{name: LEFT_OUT}), SECRET)

    assert reason_of(token) is Reason.MISSING_CLAIM


@pytest.mark.parametrize(
    "absurd", [1e300, NOW + 180.5, str(NOW + 180), True, None, -1, 0, 2**33, 10**400, [NOW], {}]
)
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_an_absurd_time_is_refused(name, absurd):
    token = hs256(claims(**{name: absurd}), SECRET)

    assert reason_of(token) is Reason.BAD_CLAIM


@pytest.mark.parametrize("digits", ["1e999", "NaN", "Infinity", "-Infinity"])
def test_a_time_that_is_no_number_is_refused(digits):
    payload = json.dumps(claims(exp="@")).replace('"@"', digits)

    assert reason_of(raw_token({"alg": "HS256"}, payload, SECRET)) in (
        Reason.MALFORMED,
        Reason.BAD_CLAIM,
    )


@pytest.mark.parametrize(
    "absurd", ["", "x" * 256, 7, True, ["acme"], {"a": 1}, "nul\0", "half \ud800", "line\nbreak"]
)
@pytest.mark.parametrize("name", ["iss", "sub", "qsh"])
def test_an_absurd_text_is_refused(name, absurd):
    token = hs256(claims(**{name: absurd}), SECRET)

    assert reason_of(token) is Reason.BAD_CLAIM


def test_an_expired_token_is_good_for_half_a_minute_more():
    token = hs256(claims(), SECRET)

    assert check(token, now=NOW + 180 + 29)
    assert reason_of(token, now=NOW + 180 + 30) is Reason.EXPIRED


def test_a_clock_may_be_half_a_minute_ahead():
    token = hs256(claims(), SECRET)

    assert check(token, now=NOW - 30)
    assert reason_of(token, now=NOW - 31) is Reason.FROM_THE_FUTURE


def test_a_token_that_is_not_valid_yet_is_refused():
    assert reason_of(hs256(claims(nbf=NOW + 60), SECRET)) is Reason.FROM_THE_FUTURE


def test_a_token_lives_an_hour_at_most():
    assert check(hs256(claims(exp=NOW + 3600), SECRET))
    assert reason_of(hs256(claims(exp=NOW + 3601), SECRET)) is Reason.LIVES_TOO_LONG


def test_a_token_that_ends_before_it_begins_is_refused():
    assert reason_of(hs256(claims(exp=NOW), SECRET)) is Reason.BAD_CLAIM


@pytest.mark.parametrize("ours", [US, US + "/", "app.key", [US], ["https://other.example", US]])
def test_an_audience_that_names_us_is_good(ours):
    assert check(hs256(claims(aud=ours), SECRET))


@pytest.mark.parametrize(
    "audience",
    [
        "https://other.example",
        US + ".evil.example",
        US[:-1],
        US + ":8443",
        US + "//",
        US.upper(),
        "http://xpress.example.com",
        "",
        [],
        ["https://other.example"],
    ],
)
def test_an_audience_that_is_not_quite_us_is_refused(audience):
    assert reason_of(hs256(claims(aud=audience), SECRET)) is Reason.WRONG_AUDIENCE


@pytest.mark.parametrize("audience", [7, True, {US: 1}, [US, 7], [[US]]])
def test_an_audience_that_is_no_text_is_refused(audience):
    assert reason_of(hs256(claims(aud=audience), SECRET)) is Reason.BAD_CLAIM


def test_an_audience_may_be_missing_only_where_that_is_usual():
    token = hs256(claims(), SECRET)

    assert check(token, required=False)
    assert reason_of(token, required=True) is Reason.MISSING_CLAIM


def test_the_hash_of_another_request_is_refused():
    assert reason_of(hs256(claims(qsh="hash2"), SECRET)) is Reason.WRONG_QSH


@pytest.mark.parametrize(
    "payload",
    [
        '{"iss":"acme","iss":"globex"}',
        "[]",
        '"text"',
        "{",
        "",
        '{"iss":"acme","iat":' + "9" * 5000 + "}",
        '{"iss":"acme","deep":' + "[" * 3000,
    ],
)
def test_a_payload_that_is_no_plain_object_is_refused(payload):
    token = raw_token({"alg": "HS256"}, payload, SECRET)

    with pytest.raises(TokenRefused) as refused:
        peek(token, "HS256")

    assert refused.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c.d", "é.é.é", "a b.c.d", "....", "x" * 9000, "\0.\0.\0"]
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(TokenRefused) as refused:
        peek(token, "HS256")

    assert refused.value.reason is Reason.MALFORMED


def test_a_token_of_more_than_8_kib_is_refused():
    with pytest.raises(TokenRefused):
        peek(hs256(claims(more="x" * 9000), SECRET), "HS256")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "RS256", "", None, ["HS256"], 7])
def test_the_route_names_the_algorithm_and_no_other_is_taken(algorithm):
    token = raw_token({"alg": algorithm}, json.dumps(claims()), SECRET)

    with pytest.raises(TokenRefused) as refused:
        peek(token, "HS256")

    assert refused.value.reason is Reason.WRONG_ALGORITHM


def test_critical_headers_are_not_understood_so_they_are_refused():
    token = raw_token({"alg": "HS256", "crit": ["b64"]}, json.dumps(claims()), SECRET)

    with pytest.raises(TokenRefused):
        peek(token, "HS256")


def test_keys_that_a_token_brings_along_are_not_looked_at():
    jwk = {"kty": "oct", "k": "c2VjcmV0"}
    header = {
        "alg": "HS256",
        "jwk": jwk,
        "jku": "http://127.0.0.1:1/",
        "x5u": "http://127.0.0.1:1/",
    }
    token = raw_token(header, json.dumps(claims()), "another secret that is not the site's")

    assert reason_of(token) is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("key_id", [7, ["a"], {"a": 1}, True])
def test_a_key_id_is_text(key_id):
    token = raw_token({"alg": "RS256", "kid": key_id}, json.dumps(claims()), SECRET)

    with pytest.raises(TokenRefused) as refused:
        peek(token, "RS256")

    assert refused.value.reason is Reason.BAD_KEY_ID


def test_peeking_tells_the_issuer_and_the_key_id():
    seen = peek(rs256(claims()), "RS256")

    assert (seen.issuer, seen.key_id) == ("acme", KID)


def test_the_client_is_never_told_the_reason():
    sentences = {TokenRefused(reason).message for reason in Reason}

    assert len(sentences) == 1


def test_a_secret_is_not_in_its_repr():
    assert SECRET not in repr(TenantSecret(SECRET))


def test_published_tokens_of_other_algorithms_are_refused():
    for algorithm, token in shared_json("vectors/jwt-unsupported-alg-tokens.json")[
        "tokens"
    ].items():
        for taken in {"HS256", "RS256"} - {algorithm}:
            with pytest.raises(TokenRefused) as refused:
                peek(token, taken)
            assert refused.value.reason is Reason.WRONG_ALGORITHM
