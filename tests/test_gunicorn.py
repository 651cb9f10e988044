"""How the server is run fits what it may have to do at once."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from exports.admission import Admission, shared_admission
from xpress import settings


@pytest.fixture
def configuration() -> dict[str, Any]:
    return runpy.run_path("deploy/gunicorn.conf.py")


@pytest.fixture
def admission() -> Admission:
    return shared_admission()


def test_one_process_owns_the_slots(configuration):
    assert configuration["workers"] == 1


def test_whoever_runs_or_waits_has_a_thread_and_others_are_left(configuration, admission):
    assert configuration["threads"] >= admission.slots + admission.places + 8


def test_whoever_runs_or_waits_can_finish_before_the_server_is_gone(configuration):
    longest = settings.XPRESS_QUEUE_SECONDS + settings.XPRESS_EXPORT_SECONDS
    assert configuration["graceful_timeout"] > longest + settings.XPRESS_DRAIN_SECONDS
