"""Spaces to choose from, as the caller may see them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from addon.frames import SPACE_KEY
from addon.host import Host

_A_CALL = "250"  # the most that one call gives: https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-space/
_MOST_READ = 2_000  # a search stays short on sites with more; a space's exact key finds any
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Space:
    key: str  # e.g. "DOC"
    name: str


def spaces(host: Host, query: str) -> tuple[Space, ...]:
    """Some spaces whose name or key holds the query, the one with that very key first."""
    exact = _spaces(host, {"keys": query}) if SPACE_KEY.fullmatch(query) else ()
    wanted = query.casefold()
    named = [
        space
        for space in _spaces(host, {"status": "current", "limit": _A_CALL})
        if wanted in space.name.casefold() or wanted in space.key.casefold()
    ]
    return tuple(dict.fromkeys((*exact, *named)))[:_MOST_SHOWN]


def _spaces(host: Host, query: dict[str, str]) -> tuple[Space, ...]:
    rows = islice(host.get_all("/api/v2/spaces", query), _MOST_READ)
    return tuple(Space(row["key"], row["name"]) for row in rows if _is_space(row))


def _is_space(row: dict[str, Any]) -> bool:
    return isinstance(row.get("key"), str) and isinstance(row.get("name"), str)
