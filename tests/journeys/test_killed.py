"""Somebody kills printers while they print: nobody's export is the poorer for it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from playground.boot import running
from tests.journeys.exporting import Client, ask
from tests.processes import children, comes_true

HOME = "65537"


def test_an_export_is_whole_although_its_printers_are_killed():
    others = children()
    with running() as world:
        (master,) = children() - others
        (worker,) = children(master)
        export = Client(ask(world, HOME, "space"))
        killed: set[int] = set()

        def kill_a_new_one() -> bool:
            for pid in children(worker) - killed:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            return bool(killed)

        assert export.comes_to(lambda: any(step["stage"] == "reading" for step in export.steps))
        assert comes_true(kill_a_new_one)
        assert comes_true(lambda: export.kinds.endswith(("R", "E")))

    assert export.kinds.endswith("R")
    assert [note for note in export.report["notes"] if note["code"] == "page_failed"] == []
