"""Access tokens that speak as one account of one site: OAuth 2.0 JWT bearer, cached in memory.

https://developer.atlassian.com/cloud/confluence/user-impersonation-for-connect-apps/
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from addon.errors import XPressError
from addon.models import Site
from addon.origins import Origins, origin_of
from addon.outbound import Budget, Outbound
from addon.tokens import sign

SCOPE = "READ"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_EARLY_SECONDS = 60  # renewed this long before it ends, so that no call meets the end
_LONGEST_SECONDS = 3600
_LARGEST_ANSWER_BYTES = 16 * 1024
_MOST_REMEMBERED = 2048


class NoAccess(XPressError):
    """The account cannot be acted for: inactive, without Confluence, or consent is missing."""

    status = 403
    code = "no_access"


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: float  # time.monotonic()


class AuthorizationServer:
    """The server at `url`, and the tokens it has given. Threads may share it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._outbound = Outbound(Origins.of([origin_of(self._url) or ""]))
        self._tokens: OrderedDict[str, _Token] = OrderedDict()
        self._lock = threading.Lock()
        self._fetching = [threading.Lock() for _ in range(64)]

    def token(self, site: Site, account_id: str, budget: Budget) -> str:
        """A bearer token with the rights of the account, cut down to reading."""
        key = _cache_key(site, account_id)
        # One fetch an account at a time; a slow one does not hold up the others.
        with self._fetching[int(key[:8], 16) % len(self._fetching)]:
            with self._lock:
                token = self._tokens.get(key)
            if token is None or token.good_until <= time.monotonic():
                token = self._fetch(site, account_id, budget)
                with self._lock:
                    self._tokens[key] = token
                    while len(self._tokens) > _MOST_REMEMBERED:
                        self._tokens.popitem(last=False)
            return token.value

    def forget(self, site: Site, account_id: str) -> None:
        """Drop a token that Confluence no longer takes."""
        with self._lock:
            self._tokens.pop(_cache_key(site, account_id), None)

    def _fetch(self, site: Site, account_id: str, budget: Budget) -> _Token:
        now = int(time.time())
        assertion = {
            "iss": f"urn:atlassian:connect:clientid:{site.oauth_client_id}",
            "sub": f"urn:atlassian:connect:useraccountid:{account_id}",
            "tnt": site.base_url,
            "aud": self._url,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        form = {"grant_type": _GRANT, "assertion": sign(assertion, site.secret), "scope": SCOPE}
        answer = self._outbound.send(
            "POST",
            f"{self._url}/oauth2/token",
            budget=budget,
            most_bytes=_LARGEST_ANSWER_BYTES,
            headers={"Accept": "application/json"},
            form=form,
        )
        # Never the app's own identity instead: it may see what this account may not.
        if 400 <= answer.status < 500 and answer.status != 429:
            raise NoAccess("Confluence does not let XPress read as you. Ask your site admin.")
        if answer.status != 200:
            raise NoAccess("Confluence's sign-in service does not answer. Try again in a moment.")
        return _read(answer.content)


def _read(content: bytes) -> _Token:
    try:
        body: Any = json.loads(content)
        value, seconds = body["access_token"], body["expires_in"]
        is_bearer = str(body.get("token_type", "Bearer")).lower() == "bearer"
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        value, seconds, is_bearer = "", 0, False
    readable = isinstance(value, str) and value.isascii() and value.isprintable() and value
    if not is_bearer or not readable or isinstance(seconds, bool) or not isinstance(seconds, int):
        raise NoAccess("Confluence's sign-in service gave an answer XPress cannot read.")
    seconds = min(max(seconds - _EARLY_SECONDS, 0), _LONGEST_SECONDS)
    return _Token(value, time.monotonic() + seconds)


def _cache_key(site: Site, account_id: str) -> str:
    # The secret is part of the key: a rotation or reinstall leaves all older tokens behind.
    parts = (site.client_key, site.base_url, account_id, site.secret.value)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
