"""Estimates: what an export will take, learnt from those before. Numbers only, in memory only.

Each site's own exports count most; where there are few, all sites' do; where there are none, what
was measured. Half of what is known is forgotten with every _HALF_LIFE pages, so that a change of
the machine or of a site shows soon.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

START_SECONDS = 1.0  # of every export: the listing, the front sheets, the joining
_HALF_LIFE = 500.0  # pages
_BORROWED = 20.0  # pages' worth of what others know, that an own estimate begins with
_MOST_TENANTS = 10_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a page takes on average. The defaults are of pages with pictures, on two printers."""

    sheets_per_page: float = 3.2
    seconds_per_page: float = 0.12

    def sheets(self, pages: int) -> float:
        return self.sheets_per_page * pages

    def seconds(self, pages: int) -> float:
        return START_SECONDS + self.seconds_per_page * pages

    def pages_within(self, sheets: int, seconds: int) -> int:
        """How many pages stay below both limits."""
        by_sheets = sheets / self.sheets_per_page
        by_seconds = max(seconds - START_SECONDS, 0) / self.seconds_per_page
        return int(min(by_sheets, by_seconds))


@dataclass(frozen=True, slots=True)
class Sums:
    """What was seen, the older the less."""

    pages: float = 0.0
    sheets: float = 0.0
    seconds: float = 0.0  # without START_SECONDS

    def and_then(self, pages: int, sheets: int, seconds: float) -> Sums:
        kept = 0.5 ** (pages / _HALF_LIFE)
        return Sums(
            kept * self.pages + pages,
            kept * self.sheets + sheets,
            kept * self.seconds + max(seconds - START_SECONDS, 0.0),
        )

    def on(self, base: Estimate) -> Estimate:
        """The averages, drawn towards `base` as long as little was seen."""
        pages = self.pages + _BORROWED
        return Estimate(
            (self.sheets + _BORROWED * base.sheets_per_page) / pages,
            (self.seconds + _BORROWED * base.seconds_per_page) / pages,
        )


class Estimates:
    """What this process has learnt. Threads share it."""

    def __init__(self) -> None:
        self._all = Sums()
        self._of: OrderedDict[int, Sums] = (
            OrderedDict()
        )  # by tenant, the one learnt last at the end
        self._lock = threading.Lock()

    def learn(self, tenant: int, pages: int, sheets: int, seconds: float) -> None:
        """Take in an export that came to its end; `seconds` without the wait for a slot."""
        if pages <= 0:
            return
        with self._lock:
            self._all = self._all.and_then(pages, sheets, seconds)
            own = self._of.pop(tenant, Sums())
            self._of[tenant] = own.and_then(pages, sheets, seconds)
            while len(self._of) > _MOST_TENANTS:
                self._of.popitem(last=False)

    def of(self, tenant: int) -> Estimate:
        with self._lock:
            return self._of.get(tenant, Sums()).on(self._all.on(Estimate()))


@lru_cache(maxsize=1)
def shared_estimates() -> Estimates:
    return Estimates()
