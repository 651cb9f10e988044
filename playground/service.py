"""Service: what every service of the site does around its answers.

Faults and latency come before, points and the journal after. A service is a Flask blueprint.
"""

import socket
import time
from collections.abc import Iterator

from flask import Blueprint, Response, g, request

from playground.confluence import here
from playground.faults import Rule
from playground.journal import Entry


def service(name: str) -> Blueprint:
    """Make a blueprint that keeps the journal and obeys the faults."""
    blueprint = Blueprint(name, __name__)
    blueprint.before_request(_before)
    blueprint.after_request(_after)
    return blueprint


def wire_path() -> str:
    """Give the path as the client sent it; Flask's own is decoded already."""
    return _wire().partition("?")[0]


def wire_query() -> str:
    return _wire().partition("?")[2]


def _wire() -> str:
    return str(request.environ.get("RAW_URI") or request.full_path)


def _before() -> Response | None:
    line = f"{request.method} {_wire()}"
    rule = here().faults.due(line)
    g.rule = rule
    if rule is None:
        return None
    time.sleep(rule.delay_ms / 1000)
    here().restrict(*rule.restrict)
    if rule.quota is not None:
        here().meter.quota = rule.quota
    if rule.reset:
        _hang_up()
        return Response(status=500)
    if rule.redirect:
        return Response(status=302, headers={"Location": rule.redirect, **rule.headers})
    if rule.status is not None:
        return Response(rule.body, status=rule.status, headers=dict(rule.headers))
    return None


def _after(response: Response) -> Response:
    rule: Rule | None = g.get("rule")
    if rule and rule.status is None:
        for name, value in rule.headers.items():
            response.headers[name] = value
    if rule and rule.truncate is not None:
        _cut(response, rule.truncate)
    here().journal.add(
        Entry(
            service=str(request.blueprint).removesuffix("_v1"),
            method=request.method,
            path=wire_path(),
            query=wire_query(),
            authorization=g.get("authorization", "none"),
            account_id=g.get("account_id"),
            status=response.status_code,
            points=g.get("points", 0),
        )
    )
    return response


def _hang_up() -> None:
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if connection:
        connection.shutdown(socket.SHUT_RDWR)


def _cut(response: Response, count: int) -> None:
    """Promise the whole length, send the beginning, and end the connection."""
    response.direct_passthrough = False
    whole = response.get_data()

    def beginning() -> Iterator[bytes]:
        yield whole[:count]

    response.response = beginning()
    response.headers["Content-Length"] = str(len(whole))
    response.headers["Connection"] = "close"
