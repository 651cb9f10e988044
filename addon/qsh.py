"""A request in, its query string hash out. Pure.

https://developer.atlassian.com/cloud/confluence/understanding-jwt/, "Creating a query string hash".
Where public libraries disagree, docs/decisions/0003-qsh.md says what is done here.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote, unquote_plus

CONTEXT_QSH = "context-qsh"  # the fixed value in tokens of AP.context.getToken: bound to no address


def query_string_hash(method: str, path: str, query: str = "") -> str:
    """Lower-case hex SHA-256 of the canonical request.

    >>> query_string_hash("GET", "/path")
    '799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2'
    """
    return hashlib.sha256(canonical_request(method, path, query).encode()).hexdigest()


def canonical_request(method: str, path: str, query: str = "") -> str:
    """`METHOD&path&query`: `path` without the context path, `query` raw as it was sent.

    >>> canonical_request("get", "/p/", "b=2&a=x+y&jwt=...&a=*")
    'GET&/p&a=%2A,x%20y&b=2'
    """
    return f"{method.upper()}&{canonical_path(path)}&{canonical_query(query)}"


def canonical_path(path: str) -> str:
    """One trailing slash goes, `&` is escaped, nothing else is decoded or encoded."""
    if len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    return (path or "/").replace("&", "%26")


def canonical_query(query: str) -> str:
    """Names sorted, a repeated name once with its decoded values sorted and joined by commas."""
    values: dict[str, list[str]] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and unquote_plus(name) != "jwt":
            values.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return "&".join(
        f"{_escape(name)}={','.join(map(_escape, sorted(values[name], key=_utf16)))}"
        for name in sorted(values, key=_utf16)
    )


def relative_path(path: str, context_path: str) -> str:
    """Take `context_path` (`/wiki`) off the front of `path`, at a boundary only.

    >>> relative_path("/wiki/rest/api", "/wiki"), relative_path("/wikipedia", "/wiki")
    ('/rest/api', '/wikipedia')
    """
    context_path = context_path.rstrip("/")
    if path == context_path or path.startswith(context_path + "/"):
        return path[len(context_path) :] or "/"
    return path


def _escape(text: str) -> str:
    return quote(text, safe="-._~")


def _utf16(text: str) -> bytes:
    # The host sorts as Java does: by UTF-16 code unit, where astral characters precede U+E000.
    return text.encode("utf-16-be", "surrogatepass")
