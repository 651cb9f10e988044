"""Canary: a server that only an attack would call. It counts connections, not only requests.

It listens on this machine's own addresses, IPv4 and IPv6, so that every spelling of them that needs
no name server leads to it.
"""

from __future__ import annotations

import errno
import io
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from PIL import Image

_PATIENCE_SECONDS = 2.0
_TRIES = 20  # for a port that is free in both families

HOSTS = {
    "plain": "127.0.0.1",
    "name": "localhost",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "0177.0.0.1",
    "short": "127.1",
    "any": "0.0.0.0",
    "credentials": "user:word@127.0.0.1",
}
SIX = {"six": "[::1]", "mapped": "[::ffff:127.0.0.1]", "mapped hex": "[::ffff:7f00:1]"}


class Canary:
    """What was asked of it, by first lines."""

    def __init__(self, port: int, has_six: bool) -> None:
        self.port, self.has_six = port, has_six
        self._heard: list[str] = []
        self._lock = threading.Lock()

    def note(self, line: str) -> None:
        with self._lock:
            self._heard.append(line)

    @property
    def heard(self) -> list[str]:
        with self._lock:
            return list(self._heard)

    def clear(self) -> None:
        with self._lock:
            self._heard.clear()


@contextmanager
def listening() -> Iterator[Canary]:
    with ExitStack() as opened:
        four, six = _bound()
        canary = Canary(four.getsockname()[1], six is not None)
        for listener in (four, six):
            if listener is not None:
                opened.enter_context(_serving(canary, listener))
        yield canary


def _bound() -> tuple[socket.socket, socket.socket | None]:
    for _ in range(_TRIES):
        four = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = four.getsockname()[1]
        try:
            return four, socket.create_server(("::1", port), family=socket.AF_INET6)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return four, None  # a machine without IPv6
            four.close()
    raise OSError("no port is free in both families")


@contextmanager
def _serving(canary: Canary, listener: socket.socket) -> Iterator[None]:
    answer = _answer()

    class Ear(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(_PATIENCE_SECONDS)
            try:
                heard = self.request.recv(4096)
            except OSError:
                heard = b""
            canary.note(heard.split(b"\r\n")[0].decode("latin-1") or "a connection without a word")
            if heard:
                self.request.sendall(answer)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever called may hang up as they like: that they called is what counts."""

    server = Server(listener.getsockname()[:2], Ear, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer() -> bytes:
    """A picture, so that whoever asks goes on as if all were well."""
    pixel = io.BytesIO()
    Image.new("RGB", (1, 1), "red").save(pixel, "PNG")
    body = pixel.getvalue()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
