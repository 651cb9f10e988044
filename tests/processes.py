"""Processes as the kernel shows them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PATIENCE_SECONDS = 60.0  # a guard, no measurement


def children(pid: int | None = None) -> set[int]:
    """Those a process has started and not waited for yet, dead ones among them; ours by default."""
    found: set[int] = set()
    for thread in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
        with suppress(OSError):  # it has ended in the meantime
            found.update(map(int, (thread / "children").read_text().split()))
    return found


def is_there(pid: int) -> bool:
    """Whether it runs or could: not a zombie."""
    return status(pid).get("State", "Z")[0] not in "ZX"


def status(pid: int) -> dict[str, str]:
    """What /proc/<pid>/status says, e.g. `{"Seccomp": "2"}`; nothing when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def open_files(pid: int | None = None) -> list[str]:
    """What its descriptors lead to, e.g. `/dev/null` or `socket:[123]`."""
    found = []
    for entry in Path(f"/proc/{pid or os.getpid()}/fd").iterdir():
        with suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def comes_true(question: Callable[[], bool]) -> bool:
    """Ask until it is so, for as long as anybody would wait."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.02)
    return answer
