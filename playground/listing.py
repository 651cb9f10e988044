"""Listing: a sequence goes in, one page of it with the cursor to the next comes out.

Cursors are signed and hold for the very list they were made for, so nobody can make their own.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, g, jsonify, request
from itsdangerous import BadSignature

from playground.confluence import here

MOST = 250
Item = TypeVar("Item")


def listed(
    items: Sequence[Item],
    row: Callable[[Item], dict[str, Any]],
    *,
    default: int = 25,
    points: int = 1,
) -> Response:
    """Answer one page of items; each row costs so many points."""
    limit = number("limit", default, most=MOST)
    start = _start()
    shown = items[start : start + limit]
    g.points += points * len(shown)
    links = {"base": here().base_url}
    header = f'<{here().base_url}>; rel="base"'
    if start + limit < len(items):
        links["next"] = _next(start + limit)
        header = f'<{links["next"]}>; rel="next", {header}'
    answer = jsonify(results=[row(item) for item in shown], _links=links)
    answer.headers["Link"] = header
    return answer


def number(name: str, default: int, *, most: int, least: int = 1) -> int:
    """Read a whole number from the query."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        abort(400, f"{name} must be a number from {least} to {most}.")
    return int(text)


def _start() -> int:
    cursor = request.args.get("cursor", "")
    if not cursor:
        return 0
    try:
        start, made_for = here().cursors.loads(cursor)
    except BadSignature:
        abort(400, "The cursor was not made by this site.")
    if made_for != _list():
        abort(400, "The cursor belongs to another list.")
    return int(start)


def _next(start: int) -> str:
    cursor = here().cursors.dumps([start, _list()])
    query = [*_parameters("cursor"), ("cursor", cursor)]
    return f"{request.path}?{urlencode(query)}"


def _list() -> list[str]:
    # The size of a page may change on the way, what is listed may not.
    return [request.path, urlencode(sorted(_parameters("cursor", "limit")))]


def _parameters(*without: str) -> list[tuple[str, str]]:
    return [pair for pair in request.args.items(multi=True) if pair[0] not in without]
