"""Printer: one process from its start to its end: it prepares, then does task after task.

Started by exports.pool as `python -m exports.printer <its end of the wire> <the server>`.
"""

from __future__ import annotations

import ctypes
import io
import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FunctionType
from typing import Any

from addon.errors import place
from exports import results
from exports.wire import Wire

_MOST_BYTES = 1024 * 1024 * 1024  # of one task
_NICENESS = 5  # the server answers first
_PAGE_KIBIBYTES = os.sysconf("SC_PAGE_SIZE") // 1024
_PR_SET_PDEATHSIG = 1
_STACK_WORDS = 150_000  # 1.2 MB of addresses, of which what is used becomes memory


def main(end: int, server: int) -> None:
    """Serve until the wire is closed or the server is gone."""
    _leave_with(server)
    os.nice(_NICENESS)
    wire = Wire(end)
    with Path("/proc/self/statm").open("rb", buffering=0) as memory:  # while it can be opened
        _fall_silent()
        prepare = pickle.loads(wire.receive(_MOST_BYTES))  # noqa: S301  # from the server
        try:
            prepare()
        except Exception as error:
            # No content has been seen yet, so the message may be said.
            wire.send(results.encode(f"{error} ({place(error)})"))
            return
        wire.send(results.encode(_resident_kibibytes(memory)))
        # Gives back what the heap keeps: 38 MB of a chunk for 2 ms, while nobody waits.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", _nothing)  # glibc has it
        with suppress(EOFError, ConnectionError):
            while True:
                wire.send(_answer(wire.receive(_MOST_BYTES), memory))
                trim(0)


def _answer(message: bytearray, memory: io.FileIO) -> bytes:
    """What became of a task, its result, and how large this process is."""
    status, result = _outcome(message)
    try:
        return results.encode([status, result, _resident_kibibytes(memory)])
    except (ValueError, MemoryError) as error:
        return results.encode(["failed", place(error), 0])


def _in_one_piece(function: Any) -> Any:
    """The function, with a frame so large that all frames above it lie in the same piece of stack.

    CPython (3.11 and later) keeps frames in pieces of 16 KB and gives a piece back as soon as it is
    left. Layout calls deep and often, and stood at such an edge 2,000 times a chunk: measured, a
    ninth of the time went into mmap and munmap, a sixth behind seccomp.
    """
    code = function.__code__.replace(co_stacksize=_STACK_WORDS)
    return FunctionType(code, function.__globals__, function.__name__)


@_in_one_piece
def _outcome(message: bytearray) -> tuple[str, Any]:
    try:
        task, args, kwargs = pickle.loads(message)  # noqa: S301  # from the server
        message.clear()  # pictures need not be there twice
        return "done", task(*args, **kwargs)
    except MemoryError:
        return "memory", ""
    except Exception as error:  # WeasyPrint raises whatever it likes on hostile content
        return "failed", place(error)


def _resident_kibibytes(memory: io.FileIO) -> int:
    """Not `ru_maxrss`: that begins with what the server itself had when it started us."""
    memory.seek(0)
    return int(memory.read().split()[1]) * _PAGE_KIBIBYTES


def _nothing(_: int) -> None:
    """Where libc has no such thing."""


def _fall_silent() -> None:
    """Leave the server's log alone: what is to be said goes over the wire."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (sys.stdout, sys.stderr):
        os.dup2(nowhere, output.fileno())
    os.close(nowhere)


def _leave_with(server: int) -> None:
    """Be killed when the thread that started us ends, so with its pool and with the server."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != server:
        sys.exit("the server has gone already")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
