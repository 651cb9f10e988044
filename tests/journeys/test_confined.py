"""The server as it runs in production: its printers are confined, and print."""

from __future__ import annotations

from pathlib import Path

from playground.boot import running
from tests.journeys.exporting import export
from tests.processes import children, status


def test_the_printers_of_a_server_in_production_are_confined_and_know_no_secret():
    production = {"DEBUG": "0", "SECRET_KEY": "what-nobody-may-know" * 3}
    others = children()
    with running(app_environment=production) as world:
        exported = export(world, "65537", "page")
        master = (children() - others).pop()
        printers = [pid for worker in children(master) for pid in children(worker)]
        told = [status(pid) for pid in printers]
        began_with = [Path(f"/proc/{pid}/environ").read_bytes() for pid in printers]

    assert exported.kinds[-1] == "R"
    assert printers
    assert {(it["Seccomp"], it["NoNewPrivs"]) for it in told} == {("2", "1")}
    assert not any(b"what-nobody-may-know" in environment for environment in began_with)
