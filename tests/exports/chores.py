"""Chores: what tests have printers do. Imported by printers, so it needs nothing but Python."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import resource
import stat
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def nothing() -> None:
    """A preparation that takes no time."""


def prepare_as_in_production() -> None:
    """Be confined, with this module in memory: it cannot be read any more then."""
    from exports import tasks

    tasks.prepare(must_be_confined=True)


def attempt(function: Callable[..., Any], *args: Any) -> str:
    """How the system answers, e.g. "EACCES"; "done" when it did not mind."""
    try:
        function(*args)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "done"


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def call(name: str, *args: Any) -> None:
    """A function of libc, of which -1 means an error."""
    if ctypes.CDLL(None, use_errno=True)[name](*args) == -1:
        raise OSError(ctypes.get_errno(), name)


def environment() -> dict[str, str]:
    return dict(os.environ)


def lift_limit() -> str:
    """Ask for endless memory."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return "refused"
    return "done"


def in_a_thread(path: Path) -> str:
    """How the system answers one that a thread asks for a file."""
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(attempt(path.read_bytes)))
    thread.start()
    thread.join()
    return answers[0]


def sleep_once(note: Path) -> str:
    """Take too long the first time; `note` says that there was one."""
    if note.exists():
        return "again"
    note.touch()
    time.sleep(600)
    return "the first time"


def tally(note: Path, then: Callable[..., Any], *args: Any) -> Any:
    """Leave a line in a file, then do something."""
    with note.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return then(*args)


def fail(note: Path | None = None) -> None:
    """Raise, unless the file is there."""
    if note is None or not note.exists():
        raise LookupError("what is needed is not there")


def kill_myself(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(60)


def crash(code: int) -> None:
    os._exit(code)


def spin(note: Path) -> None:
    """Work in C, without letting any other thread of Python work."""
    note.touch()
    re.match(r"(a+)+b", "a" * 64)


def foreign() -> object:
    """A value of a class that no result is made of."""
    return Path("/")


def too_large() -> bytes:
    return bytes(600 * 1024 * 1024)


def forge(content: bytes, said_length: int | None = None, *, close: bool = False) -> None:
    """Write on the wire what a printer would not, and fall silent."""
    end = next(number for number in range(3, 64) if _is_socket(number))
    length = len(content) if said_length is None else said_length
    os.write(end, struct.pack(">Q", length) + content)
    if close:
        os.close(end)
    time.sleep(60)


def deaf() -> None:
    """Ask for nothing that is sent."""
    time.sleep(600)


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False
