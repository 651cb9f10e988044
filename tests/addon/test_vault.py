"""Secrets at rest."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from addon import vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_sealed_secret_opens_for_its_owner():
    sealed = vault.seal("the secret", "acme")

    assert vault.unseal(sealed, "acme") == "the secret"


def test_a_sealed_secret_does_not_show_itself():
    sealed = vault.seal("the secret", "acme")

    assert "secret" not in sealed
    assert sealed != vault.seal("the secret", "acme")


def test_a_sealed_secret_opens_for_nobody_else():
    sealed = vault.seal("the secret", "acme")

    with pytest.raises(vault.SealBroken):
        vault.unseal(sealed, "globex")


@pytest.mark.parametrize("sealed", ["", "nonsense", "gAAAAA", "é"])
def test_what_was_not_sealed_does_not_open(sealed):
    with pytest.raises(vault.SealBroken):
        vault.unseal(sealed, "acme")


def test_a_changed_seal_is_broken():
    sealed = vault.seal("the secret", "acme")

    with pytest.raises(vault.SealBroken):
        vault.unseal(sealed[:-8] + "AAAAAAA=", "acme")


def test_an_older_key_still_opens_and_the_newest_seals(settings):
    settings.XPRESS_FERNET_KEYS = [OLD]
    sealed = vault.seal("the secret", "acme")
    settings.XPRESS_FERNET_KEYS = [NEW, OLD]

    assert vault.unseal(sealed, "acme") == "the secret"
    assert Fernet(NEW).decrypt(vault.seal("the secret", "acme").encode())


def test_a_key_that_is_gone_is_told_plainly(settings):
    settings.XPRESS_FERNET_KEYS = [OLD]
    sealed = vault.seal("the secret", "acme")
    settings.XPRESS_FERNET_KEYS = [NEW]

    with pytest.raises(vault.SealBroken, match="is a key missing"):
        vault.unseal(sealed, "acme")


def test_without_keys_of_its_own_the_vault_follows_the_secret_key(settings):
    settings.SECRET_KEY = "the older one" * 4
    sealed = vault.seal("the secret", "acme")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the newer one" * 4, [settings.SECRET_KEY]

    assert vault.unseal(sealed, "acme") == "the secret"
