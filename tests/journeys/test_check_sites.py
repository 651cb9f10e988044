"""`manage.py check_sites` asks each site, signed as the app, and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys

from playground.boot import running
from playground.product import PROJECT, environment

SECRET_KEY = "known-to-the-server-and-to-the-command"


def test_a_site_that_has_the_app_says_so_and_one_that_has_not_is_seen():
    with running(app_environment={"SECRET_KEY": SECRET_KEY}) as world:
        first = _check(world)
        world.confluence.connect.installed.clear()  # as a site that lost it without a word
        second = _check(world)
        asked = [entry for entry in world.confluence.journal if "addons" in entry.path]

    assert first == "tenant 1: installed"
    assert second.startswith("tenant 1: not_")
    assert {entry.authorization for entry in asked} <= {"app", "none"}


def _check(world):
    port = int(world.app_url.rpartition(":")[2])
    variables = environment(world.confluence, port, world.app_log.parent)
    variables["SECRET_KEY"] = SECRET_KEY
    command = [sys.executable, "manage.py", "check_sites"]
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        command, cwd=PROJECT, env={**inherited, **variables}, capture_output=True, check=True
    )
    return done.stdout.decode().strip()
