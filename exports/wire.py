"""Wire: whole messages over a pair of sockets, between the server and one printer.

Either end may fall silent in the middle of a message, so whoever waits looks up now and then.
"""

from __future__ import annotations

import os
import select
import struct
from collections.abc import Callable
from contextlib import suppress

_LENGTH = struct.Struct(">Q")
_LOOK_MILLISECONDS = 50
_PIECE_BYTES = 256 * 1024  # as much as a socket holds

Look = Callable[[], None]  # raises to give up


class Wire:
    """One end, by its file descriptor, which does not block and belongs to the Wire.

    Raises EOFError or ConnectionError when the other end is gone. `look` is called while waiting;
    without it there is no end to that.
    """

    def __init__(self, end: int) -> None:
        self._end = end
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(end, select.POLLIN)
        self._writable.register(end, select.POLLOUT)

    def send(self, message: bytes, look: Look | None = None) -> None:
        for part in (_LENGTH.pack(len(message)), message):
            rest = memoryview(part)
            while rest:
                _await(self._writable, look)
                with suppress(BlockingIOError):
                    rest = rest[os.write(self._end, rest) :]

    def receive(self, most: int, look: Look | None = None) -> bytearray:
        """Raises ValueError for a message of more than `most` bytes, which then stays there."""
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, look))
        if length > most:
            raise ValueError("a message is too long")
        return self._read(length, look)

    def close(self) -> None:
        os.close(self._end)

    def _read(self, length: int, look: Look | None) -> bytearray:
        content = bytearray()  # grows with what comes, not with what was promised
        while len(content) < length:
            _await(self._readable, look)
            with suppress(BlockingIOError):
                piece = os.read(self._end, min(length - len(content), _PIECE_BYTES))
                if not piece:
                    raise EOFError
                content += piece
        return content


def _await(event: select.poll, look: Look | None) -> None:
    while not event.poll(_LOOK_MILLISECONDS if look else None):
        if look:
            look()
