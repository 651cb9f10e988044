"""All addresses of the server, from its URL conf."""

from __future__ import annotations

import re
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes(patterns: Any = None, start: str = "/") -> dict[str, str]:
    """Name → path as OpenAPI writes it, e.g. `/api/spaces/{key}/settings`."""
    found: dict[str, str] = {}
    for entry in patterns or get_resolver().url_patterns:
        path = start + _template(str(entry.pattern))
        if isinstance(entry, URLResolver):
            found |= routes(entry.url_patterns, path)
        elif isinstance(entry, URLPattern) and path != "/":  # all that is no address
            found[entry.name or path] = path
    return found


def _template(pattern: str) -> str:
    """
    >>> _template("api/spaces/<str:key>/settings"), _template(r"^words/(?P<language>en|de)\\.js$")
    ('api/spaces/{key}/settings', 'words/{language}.js')
    """
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern))
    return pattern.removeprefix("^").removesuffix("$").replace("\\", "")
