"""Connect JWTs: read, verify, sign. Pure; keys and the time are arguments.

Which kind of token a route takes is written on the route. Nothing a token says about itself, its
algorithm least of all, chooses how it is verified.
https://developer.atlassian.com/cloud/confluence/understanding-jwt/
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from addon.errors import XPressError

LEEWAY_SECONDS = 30
LONGEST_LIFE_SECONDS = 3600
LONGEST_TOKEN = 8 * 1024  # characters


class Reason(StrEnum):
    """Why a token was refused: for the log, never for the client."""

    MISSING = "missing"
    SEVERAL = "several"
    MALFORMED = "malformed"
    WRONG_ALGORITHM = "wrong_algorithm"
    BAD_KEY_ID = "bad_key_id"
    NO_SUCH_KEY = "no_such_key"
    KEY_SERVER_FAILED = "key_server_failed"
    UNKNOWN_ISSUER = "unknown_issuer"
    NOT_INSTALLED = "not_installed"
    BAD_SIGNATURE = "bad_signature"
    MISSING_CLAIM = "missing_claim"
    BAD_CLAIM = "bad_claim"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    LIVES_TOO_LONG = "lives_too_long"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_QSH = "wrong_qsh"
    NOT_THE_SENDER = "not_the_sender"
    REPLAYED = "replayed"
    ANONYMOUS = "anonymous"
    BAD_TICKET = "bad_ticket"


class TokenRefused(XPressError):
    """The request did not prove who sends it. The client is told that, and no more."""

    status = 401
    code = "unauthorized"

    def __init__(self, reason: Reason) -> None:
        super().__init__("This request could not be verified. Reload the page in Confluence.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TenantSecret:
    """A shared secret: verifies HS256 tokens and nothing else."""

    value: str

    def __repr__(self) -> str:
        return "TenantSecret(…)"


@dataclass(frozen=True, slots=True)
class InstallKey:
    """Atlassian's public key of one `kid`: verifies RS256 tokens and nothing else."""

    value: RSAPublicKey


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    issuer: str  # the clientKey
    issued_at: int  # seconds since 1970
    account_id: str | None  # `sub`; none for an anonymous reader
    qsh: str


@dataclass(frozen=True, slots=True)
class Unverified:
    """The parts of a token that are needed to find its key. Trust nothing here."""

    issuer: str
    key_id: str | None


def peek(token: str, algorithm: str) -> Unverified:
    """Read who claims to have sent the token, after checking the algorithm the route takes."""
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise TokenRefused(Reason.MALFORMED)
    header, payload, _ = token.split(".")
    head, claims = _object(header), _object(payload)
    if head.get("alg") != algorithm:
        raise TokenRefused(Reason.WRONG_ALGORITHM)
    if "crit" in head:
        raise TokenRefused(Reason.MALFORMED)
    key_id = head.get("kid")
    if key_id is not None and not isinstance(key_id, str):
        raise TokenRefused(Reason.BAD_KEY_ID)
    if "iss" not in claims:
        raise TokenRefused(Reason.MISSING_CLAIM)
    return Unverified(_text(claims, "iss"), key_id)


def verify(
    token: str,
    key: TenantSecret | InstallKey,
    *,
    qsh: str,
    audiences: frozenset[str],
    audience_required: bool,
    now: float,
) -> Claims:
    """Check signature and claims; raise TokenRefused at the first doubt.

    `audiences` are our own names. Frame tokens have no `aud` as a rule; one that has must name us.
    """
    claims = _signed(token, key)
    for name in ("iss", "iat", "exp", "qsh"):
        if name not in claims:
            raise TokenRefused(Reason.MISSING_CLAIM)
    _check_times(claims, now)
    _check_audience(claims.get("aud"), audiences, audience_required)
    if not hmac.compare_digest(_text(claims, "qsh").encode(), qsh.encode()):
        raise TokenRefused(Reason.WRONG_QSH)
    account_id = None if claims.get("sub") is None else _text(claims, "sub")
    return Claims(_text(claims, "iss"), _seconds(claims, "iat"), account_id, qsh)


def sign(claims: Mapping[str, Any], secret: TenantSecret) -> str:
    """An HS256 token of our own, for the host or its authorization server."""
    return jwt.encode(dict(claims), secret.value, algorithm="HS256")


def _signed(token: str, key: TenantSecret | InstallKey) -> dict[str, Any]:
    algorithm = "HS256" if isinstance(key, TenantSecret) else "RS256"
    try:
        # The claims are checked here, not by PyJWT: it takes `exp` of any size, as text, or none.
        jwt.PyJWS().decode(token, key.value, algorithms=[algorithm])
    except jwt.InvalidAlgorithmError:
        raise TokenRefused(Reason.WRONG_ALGORITHM) from None
    except (jwt.PyJWTError, ValueError):
        raise TokenRefused(Reason.BAD_SIGNATURE) from None
    return _object(token.split(".")[1])


def _check_times(claims: dict[str, Any], now: float) -> None:
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if expires <= issued:
        raise TokenRefused(Reason.BAD_CLAIM)
    if expires - issued > LONGEST_LIFE_SECONDS:
        raise TokenRefused(Reason.LIVES_TOO_LONG)
    if expires + LEEWAY_SECONDS <= now:
        raise TokenRefused(Reason.EXPIRED)
    starts = max(issued, _seconds(claims, "nbf")) if "nbf" in claims else issued
    if starts - LEEWAY_SECONDS > now:
        raise TokenRefused(Reason.FROM_THE_FUTURE)


def _check_audience(claim: object, audiences: frozenset[str], required: bool) -> None:
    if claim is None:
        if required:
            raise TokenRefused(Reason.MISSING_CLAIM)
        return
    named = claim if isinstance(claim, list) else [claim]
    names = {name.removesuffix("/") for name in named if isinstance(name, str)}
    if not all(isinstance(name, str) for name in named):
        raise TokenRefused(Reason.BAD_CLAIM)
    if not audiences & names:
        raise TokenRefused(Reason.WRONG_AUDIENCE)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims[name]
    # Printable: lone surrogates and NUL are JSON, but neither UTF-8 nor the database takes them.
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= 255:
        raise TokenRefused(Reason.BAD_CLAIM)
    return value


def _seconds(claims: dict[str, Any], name: str) -> int:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**33:
        raise TokenRefused(Reason.BAD_CLAIM)
    return value


def _object(part: str) -> dict[str, Any]:
    """A token's part as an object in which each name stands once."""
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (binascii.Error, ValueError, RecursionError):
        raise TokenRefused(Reason.MALFORMED) from None
    if not isinstance(value, dict):
        raise TokenRefused(Reason.MALFORMED)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
