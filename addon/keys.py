"""A `kid` in, Atlassian's public install key out; fetched once and remembered.

One `kid` names one key for ever, so a key that was fetched stays good.
"""

from __future__ import annotations

import logging
import re
import threading
import time

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from addon.errors import XPressError
from addon.origins import Origins, origin_of
from addon.outbound import Budget, Outbound
from addon.tokens import InstallKey, Reason, TokenRefused

logger = logging.getLogger(__name__)

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FETCH_SECONDS = 3.0
_LARGEST_KEY_BYTES = 8 * 1024
_SMALLEST_RSA_BITS = 2048
_MOST_REMEMBERED = 64
_FAILURE_SECONDS = 60.0
_FETCHES_A_MINUTE = 10


class InstallKeys:
    """The key server at `url`, and what it has told so far. Threads may share it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._outbound = Outbound(Origins.of([origin_of(self._url) or ""]))
        self._keys: dict[str, InstallKey] = {}
        self._failures: dict[str, float] = {}  # kid → when to ask again
        self._fetches: list[float] = []
        self._lock = threading.Lock()

    def get(self, key_id: str | None) -> InstallKey:
        """The key of this id. Raises TokenRefused when there is none to be had."""
        if key_id is None or not _KEY_ID.fullmatch(key_id):
            raise TokenRefused(Reason.BAD_KEY_ID)
        with self._lock:
            if key_id not in self._keys:
                self._admit(key_id)
                try:
                    key = self._fetch(key_id)
                except TokenRefused:
                    self._failures[key_id] = time.monotonic() + _FAILURE_SECONDS
                    raise
                if len(self._keys) >= _MOST_REMEMBERED:
                    self._keys.pop(next(iter(self._keys)))
                self._keys[key_id] = key
            return self._keys[key_id]

    def _admit(self, key_id: str) -> None:
        """Forged ids must not turn us into a load on the key server."""
        now = time.monotonic()
        self._failures = {kid: until for kid, until in self._failures.items() if until > now}
        self._fetches = [at for at in self._fetches if at > now - 60]
        if key_id in self._failures or len(self._fetches) >= _FETCHES_A_MINUTE:
            raise TokenRefused(Reason.NO_SUCH_KEY)
        self._fetches.append(now)

    def _fetch(self, key_id: str) -> InstallKey:
        try:
            answer = self._outbound.send(
                "GET",
                f"{self._url}/{key_id}",
                budget=Budget.of(_FETCH_SECONDS),
                most_bytes=_LARGEST_KEY_BYTES,
            )
        except XPressError as error:
            logger.warning("install key not fetched: %s", type(error).__name__)
            raise TokenRefused(Reason.KEY_SERVER_FAILED) from error
        if answer.status != 200:
            raise TokenRefused(Reason.NO_SUCH_KEY)
        try:
            key = load_pem_public_key(answer.content)
        except ValueError:
            raise TokenRefused(Reason.NO_SUCH_KEY) from None
        if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_RSA_BITS:
            raise TokenRefused(Reason.NO_SUCH_KEY)
        return InstallKey(key)
