"""Grants: which access tokens were issued, to which app, for whom. Kept in memory.

They live as long as Confluence's: a quarter of an hour, and not beyond an uninstallation.
"""

import time
from dataclasses import dataclass
from secrets import token_urlsafe
from threading import Lock

GRANT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for."""

    app_key: str
    account_id: str
    scopes: frozenset[str]
    expires_at: float  # seconds since 1970


class Grants:
    """All access tokens of a site."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_token: dict[str, Grant] = {}

    def issue(self, app_key: str, account_id: str, scopes: frozenset[str]) -> str:
        token = token_urlsafe(64)
        with self._lock:
            expires_at = time.time() + GRANT_SECONDS
            self._by_token[token] = Grant(app_key, account_id, scopes, expires_at)
        return token

    def find(self, token: str) -> Grant | None:
        """Find a living grant."""
        grant = self._by_token.get(token)
        return grant if grant and grant.expires_at > time.time() else None

    def revoke(self, app_key: str) -> None:
        """Forget all grants of an app: after an uninstallation and when its secret changes."""
        with self._lock:
            kept = {token: one for token, one in self._by_token.items() if one.app_key != app_key}
            self._by_token = kept
