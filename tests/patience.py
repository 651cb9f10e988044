"""How long a test waits for hostile input: a guard against endless work, no measurement.

Counted in seconds of this process's own work, so that a busy machine changes nothing.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 60.0


@contextmanager
def coming_to_an_end() -> Iterator[None]:
    """Fail when what is done inside would not end by itself in a time that anybody waits."""

    def give_up(*_: object) -> None:
        raise AssertionError(f"this took more than {SECONDS:.0f} seconds of work")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
