"""Alive and ready are two things."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client


@pytest.mark.django_db
def test_a_process_with_its_database_is_alive_and_ready(client: Client):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").content == b"ok"


@pytest.mark.django_db(transaction=True)
def test_a_process_whose_database_is_behind_is_alive_and_not_ready(client: Client):
    call_command("migrate", "addon", "zero", verbosity=0)

    alive, ready = client.get("/healthz"), client.get("/readyz")

    call_command("migrate", "addon", verbosity=0)
    assert alive.status_code == 200
    assert (ready.status_code, ready.content) == (503, b"not ready")
