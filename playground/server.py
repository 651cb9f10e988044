"""Server: the site and its media origin, listening on two ports inside this process."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from playground.cdn import connect_js, keys
from playground.confluence import Confluence
from playground.frames import frames
from playground.host import host
from playground.media import media_app
from playground.oauth import oauth
from playground.pictures import pictures
from playground.rest import rest
from playground.rest_v1 import files, rest_v1
from playground.site import Site

LOCALHOST = "127.0.0.1"


class PortTaken(Exception):
    """Something else listens on a port that was asked for."""


class _Quiet(WSGIRequestHandler):
    """A request handler that leaves the terminal to people; the journal has the requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serving(
    site: Site,
    *,
    port: int = 0,
    media_port: int = 0,
    app_url: str = "",
    latency_ms: int = 0,
    faults: Sequence[Mapping[str, Any]] = (),
) -> Iterator[Confluence]:
    """Serve a site while the block runs; port 0 takes any free one."""
    # Both ports are bound first: each origin has to know the other's address.
    with _bound(port) as site_socket, _bound(media_port) as media_socket:
        confluence = Confluence(
            site,
            _origin(site_socket),
            _origin(media_socket),
            app_url=app_url,
            latency_ms=latency_ms,
            faults=faults,
        )
        with (
            _listening(site_app(confluence), site_socket),
            _listening(media_app(confluence), media_socket),
        ):
            yield confluence


def site_app(confluence: Confluence) -> Flask:
    """Put the services of the site together."""
    app = Flask(__name__, static_folder="static", static_url_path="/playground/static")
    app.extensions["confluence"] = confluence
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (rest, rest_v1, files, oauth, keys, connect_js, pictures, frames, host):
        app.register_blueprint(blueprint)
    return app


def port_is_free(port: int) -> bool:
    """Tell whether a port can be listened on."""
    try:
        _bound(port).close()
    except PortTaken:
        return False
    return True


def free_port() -> int:
    """Find a port for a process that must be told one."""
    with _bound(0) as listener:
        return int(listener.getsockname()[1])


def _bound(port: int) -> socket.socket:
    try:
        return socket.create_server((LOCALHOST, port), backlog=128)
    except OSError as error:
        raise PortTaken(f"Port {port} of {LOCALHOST} is taken; name another.") from error


def _origin(listener: socket.socket) -> str:
    return f"http://{LOCALHOST}:{listener.getsockname()[1]}"


@contextmanager
def _listening(app: Flask, listener: socket.socket) -> Iterator[BaseWSGIServer]:
    port = listener.getsockname()[1]
    server = make_server(
        LOCALHOST, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno()
    )
    # Asked often whether to end, so that a test does not wait half a second for it.
    thread = Thread(
        target=server.serve_forever, args=(0.02,), name=f"playground:{port}", daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
