"""Over HTTP: a site folder in, measured exports out, asked for as the dialog does.

The product runs as a process of its own and is measured alone; the make-believe Confluence and the
one who asks are in this process, on the same cores.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.export import ExportFailed, answer_frames
from bench.figures import HTTP, Run, Subject
from bench.meter import Meter, Tree
from playground.boot import World, running

LATENCIES_MS = (0, 50)
_LONGEST_SECONDS = "7200"
_WARM_UPS = 3


@dataclass(frozen=True, slots=True)
class Client:
    """Asks a product that runs and is warm."""

    world: World
    subject: Subject
    product: int  # process id

    def run(self, latency_ms: int) -> Run:
        """One export, while Confluence takes so long for each answer."""
        self.world.confluence.latency_ms = latency_ms
        engine = HTTP[LATENCIES_MS.index(latency_ms)]
        with Meter(self.product) as meter:
            answer = self._export()
        usage = meter.usage
        return Run(
            self.subject,
            engine,
            answer.seconds,
            usage.cpu_seconds,
            usage.peak_bytes,
            answer.report["bytes"],
            answer.report["sheets"],
            answer.first_frame_seconds,
        )

    def warm_up(self) -> None:
        for _ in range(_WARM_UPS):
            self._export()
        Tree(self.product).wait_idle()

    def _export(self) -> _Answer:
        site = self.world.confluence.site
        home = next(iter(site.spaces.values())).homepage_id
        scope = "tree" if self.subject.pages > 1 else "page"
        started = time.perf_counter()
        answered = answer_frames(self.world, {"page": home, "scope": scope})
        told = [(time.perf_counter() - started, payload) for _, payload in answered]
        (first, _), (seconds, report) = told[0], told[-1]
        return _Answer(seconds, first, json.loads(report))


@dataclass(frozen=True, slots=True)
class _Answer:
    seconds: float
    first_frame_seconds: float
    report: dict[str, Any]


@contextmanager
def client(site: Path, subject: Subject) -> Iterator[Client]:
    """Run the product and a make-believe Confluence while a block asks for exports."""
    with running(site, app_environment={"XPRESS_EXPORT_SECONDS": _LONGEST_SECONDS}) as world:
        one = Client(world, subject, _product())
        one.warm_up()
        yield one


def _product() -> int:
    """The server's process, the only one of ours that is one."""
    servers = [x for x in psutil.Process().children() if "gunicorn" in x.cmdline()]
    if len(servers) != 1:
        raise ExportFailed(f"{len(servers)} servers run here; one is to be measured.")
    return servers[0].pid
