"""Shared secrets at rest: sealed with MultiFernet, bound to their owner. Pure but for its keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """A stored secret does not open: the key is missing, or the row is another owner's."""


def seal(secret: str, owner: str) -> str:
    """Encrypt with the newest key. The owner goes inside, so a copied row opens for nobody else."""
    return _fernet().encrypt(json.dumps([owner, secret]).encode()).decode()


def unseal(sealed: str, owner: str) -> str:
    try:
        named, secret = json.loads(_fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as error:
        raise SealBroken("A stored secret cannot be read: is a key missing?") from error
    if named != owner:
        raise SealBroken("A stored secret belongs to another site.")
    return str(secret)


def _fernet() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [_derive(secret) for secret in secrets]
    return _multi_fernet((*settings.XPRESS_FERNET_KEYS, *derived))


@lru_cache(maxsize=4)
def _multi_fernet(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=8)
def _derive(secret: str) -> str:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"xpress shared secrets")
    return base64.urlsafe_b64encode(kdf.derive(secret.encode())).decode()
