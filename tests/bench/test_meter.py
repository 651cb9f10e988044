"""The meter, on processes that are known to use what it is to see."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from bench.meter import Meter, Tree

MEGABYTE = 1_000_000


@contextmanager
def a_process(code: str) -> Iterator[subprocess.Popen[str]]:
    """Python that has a child `run(code)` and says what it prints."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


HOARDER = """
import subprocess, sys
child = '''
import sys
input()
held = b"x" * 80_000_000
print("held", flush=True)
input()
'''
print("ready", flush=True)
subprocess.run([sys.executable, "-c", child])
"""

WORKER = """
import subprocess, sys
input()
child = '''
import time
while time.process_time() < 0.6:
    pass
'''
subprocess.run([sys.executable, "-c", child])
print("done", flush=True)
input()
"""


def test_memory_of_a_child_is_seen_and_not_what_was_there_no_more():
    with a_process(HOARDER) as process:
        assert line(process) == "ready"
        before = Tree(process.pid).memory_bytes()

        with Meter(process.pid) as meter:
            tell(process)
            assert line(process) == "held"

        assert 50 * MEGABYTE <= meter.usage.peak_bytes - before <= 130 * MEGABYTE


def test_time_of_a_child_that_has_ended_is_counted():
    with a_process(WORKER) as process:
        with Meter(process.pid) as meter:
            tell(process)
            assert line(process) == "done"

        assert len(list(Tree(process.pid).processes())) == 1
        assert 0.3 <= meter.usage.cpu_seconds < 6


def test_time_from_before_the_block_is_not_counted():
    with a_process(WORKER) as process:
        tell(process)
        assert line(process) == "done"

        with Meter(process.pid) as meter:
            pass

        assert meter.usage.cpu_seconds < 0.3
        assert Tree(process.pid).cpu_seconds() >= 0.5


def test_a_process_that_has_gone_uses_nothing():
    with a_process("input()") as process:
        tree = Tree(process.pid)
        process.kill()
        process.wait()

        assert tree.memory_bytes() == tree.cpu_seconds() == 0
