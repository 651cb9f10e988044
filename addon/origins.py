"""Which addresses we may call: an exact check of a URL against patterns. Pure, without a look-up.

An allow-list, because every deny-list of addresses has been walked round so far.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATTERN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>(?:\*\.)?{_LABEL}(?:\.{_LABEL})*)"
    r"(?P<port>:\d{1,5}|:\*)?(?:/\S*)?"
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\]")
_LONGEST_URL = 8 * 1024


@dataclass(frozen=True, slots=True)
class Origins:
    """Patterns of origins, e.g. `https://*.atlassian.net`; `*.` stands for exactly one label.

    Plain http and any port (`:*`) are for this machine alone: such a pattern must name a loopback
    host. A path, as in `https://acme.atlassian.net/wiki`, is no part of an origin and is passed
    over.
    """

    patterns: tuple[str, ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Origins:
        return cls(tuple(_normal(pattern.lower()) for pattern in patterns))

    def __or__(self, other: Origins) -> Origins:
        return Origins(self.patterns + other.patterns)

    def allows(self, url: str) -> bool:
        """Whether the URL is well formed beyond doubt and its origin is on the list."""
        origin = origin_of(url)
        return origin is not None and any(_matches(origin, pattern) for pattern in self.patterns)


NO_ORIGINS = Origins(())


def origin_of(url: str) -> str | None:
    """`https://host[:port]` of a URL that no two parsers can read differently, else none.

    >>> origin_of("https://Acme.atlassian.net:443/wiki"), origin_of("https://a@b/")
    ('https://acme.atlassian.net', None)
    """
    if len(url) > _LONGEST_URL or _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    plain = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and len(host) <= 253
    authority = host if port is None else f"{host}:{port}"
    # Userinfo, percent signs, empty ports and dot segments are what parsers disagree on.
    if not plain or parts.netloc.lower() != authority or _has_dot_segment(parts.path):
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in (None, default) else f":{port}")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _normal(pattern: str) -> str:
    match = _PATTERN.fullmatch(pattern)
    local = match is not None and is_loopback(match["host"])
    if match is None or ((match["scheme"] == "http" or match["port"] == ":*") and not local):
        raise ValueError(f"{pattern!r} is no origin pattern like https://*.example.com")
    return f"{match['scheme']}://{match['host']}{match['port'] or ''}"


def _has_dot_segment(path: str) -> bool:
    dotted = re.sub("%2e", ".", path, flags=re.IGNORECASE)
    return any(segment in (".", "..") for segment in dotted.split("/"))


def _matches(origin: str, pattern: str) -> bool:
    if pattern.endswith(":*"):
        return re.sub(r":\d+\Z", "", origin) == pattern.removesuffix(":*")
    if "://*." not in pattern:
        return origin == pattern
    scheme, _, tail = pattern.partition("://*")
    label, dot, rest = origin.removeprefix(f"{scheme}://").partition(".")
    return origin.startswith(f"{scheme}://") and bool(label) and dot + rest == tail
