"""SIGTERM: what runs and waits is finished; newcomers are told so, then refused; the exit is 0."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from playground.boot import World, running
from tests.journeys.exporting import Client, ask, comes_true

HOME, STARTING = "65537", "65538"
DRAIN_SECONDS = 3


class Server:
    """gunicorn as it is deployed, and how it ended."""

    def __init__(self, folder: Path) -> None:
        self._pid, self._code = folder / "pid", folder / "code"

    @property
    def command(self) -> list[str]:
        script = (
            '"$0" manage.py migrate --verbosity 0 && "$0" -m gunicorn -c deploy/gunicorn.conf.py '
            '--bind "127.0.0.1:$1" --pid "$2" xpress.wsgi; echo $? > "$3"'
        )
        return ["sh", "-c", script, sys.executable, "{port}", str(self._pid), str(self._code)]

    def terminate(self) -> None:
        os.kill(int(self._pid.read_text()), signal.SIGTERM)

    def exit_code(self) -> int:
        assert comes_true(self._code.exists)
        assert comes_true(lambda: self._code.read_text().endswith("\n"))
        return int(self._code.read_text())


def is_refused(world: World) -> bool:
    try:
        requests.get(f"{world.app_url}/healthz", timeout=5)
    except requests.ConnectionError:
        return True
    return False


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def world(server: Server) -> Any:
    environment = {"XPRESS_EXPORTS": "1", "XPRESS_DRAIN_SECONDS": str(DRAIN_SECONDS)}
    with running(app_command=server.command, app_environment=environment) as world:
        yield world


def test_running_and_waiting_exports_arrive_whole_and_newcomers_are_told(world, server):
    world.confluence.faults.add(match="GET .*body-format=export_view", delayMs=2000)
    runs = Client(ask(world, HOME, "tree"))
    assert runs.has_started()
    waits = Client(ask(world, STARTING, "page"))
    assert waits.is_at(1)

    server.terminate()

    assert comes_true(lambda: requests.get(f"{world.app_url}/readyz", timeout=5).status_code == 503)
    newcomer = ask(world, STARTING, "page")
    assert (newcomer.status_code, newcomer.json()["code"]) == (503, "stopping")
    assert newcomer.headers["Retry-After"].isdecimal()
    assert requests.get(f"{world.app_url}/healthz", timeout=5).status_code == 200
    assert comes_true(lambda: is_refused(world))
    assert "R" not in runs.kinds + waits.kinds
    for client in (runs, waits):
        assert comes_true(lambda client=client: client.kinds.endswith("R"))
        assert hashlib.sha256(client.pdf).hexdigest() == client.report["sha256"]
    assert server.exit_code() == 0


def test_a_server_with_nothing_to_do_ends_as_soon_as_newcomers_were_told(world, server):
    server.terminate()

    assert server.exit_code() == 0
