"""Attempts: readings that may fail and cost only themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from addon.errors import TryLater, XPressError
from addon.host import Host, NotAuthorised
from addon.impersonation import NoAccess
from addon.outbound import Cancelled

ENDS_ALL = (NotAuthorised, NoAccess, TryLater, Cancelled)  # would meet every page

_T = TypeVar("_T")


def attempt(host: Host, read: Callable[[], _T]) -> _T | None:
    """What the reading gives, if anything; only what would meet every page ends the export."""
    try:
        return read()
    except ENDS_ALL:
        raise
    except XPressError:
        host.budget.check()
        return None
