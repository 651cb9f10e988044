"""Query string hash: a method, a path and a query go in, the `qsh` claim comes out. Pure.

Rules: Atlassian's "Understanding JWT for Connect apps". The playground has its own, so that the
product is measured against a second reading of them.
"""

import re
from hashlib import sha256
from urllib.parse import quote, unquote_plus

CONTEXT = "context-qsh"  # what tokens carry that are bound to no address


def qsh(method: str, path: str, query: str) -> str:
    """Hash a request; the path comes without the base URL's path, both as they stand on the wire.

    >>> qsh("GET", "/path", "")
    '799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2'
    """
    return sha256(canonical(method, path, query).encode()).hexdigest()


def canonical(method: str, path: str, query: str) -> str:
    """Bring a request into its canonical form.

    >>> canonical("get", "/a&b/", "z=1&b=x+y&b=%2A&jwt=t&c")
    'GET&/a%26b&b=%2A,x%20y&c=&z=1'
    """
    trimmed = path[:-1] if path.endswith("/") else path
    return "&".join((method.upper(), trimmed.replace("&", "%26") or "/", _query(query)))


def _query(query: str) -> str:
    values: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        values.setdefault(_decoded(name), []).append(_decoded(value))
    values.pop("jwt", None)
    return "&".join(
        f"{_encoded(name)}={','.join(map(_encoded, sorted(values[name], key=_units)))}"
        for name in sorted(values, key=_units)
    )


def _decoded(text: str) -> str:
    # A percent sign that starts no escape is an ordinary character.
    return unquote_plus(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _units(text: str) -> bytes:
    # Confluence sorts as Java does, by UTF-16 code unit.
    return text.encode("utf-16-be", "surrogatepass")
