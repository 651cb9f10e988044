"""Limits: points that requests cost, counted per hour as Confluence counts them.

Source: Atlassian's "Rate limiting" page of February 2026; one point a request, one for each
object answered, two for each person or permission.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

DEFAULT_QUOTA = 65_000  # points an hour, shared by all tenants of an app
HOUR_SECONDS = 3600
NEAR = 0.2  # of the quota left


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of this hour."""

    quota: int
    spent: int
    resets_at: int  # seconds since 1970

    @property
    def left(self) -> int:
        return max(0, self.quota - self.spent)

    def headers(self) -> dict[str, str]:
        reset = datetime.fromtimestamp(self.resets_at, UTC)
        headers = {
            "X-RateLimit-Limit": str(self.quota),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if self.left < self.quota * NEAR:
            headers["X-RateLimit-NearLimit"] = "true"
        return headers


class Meter:
    """Counts points. The quota may be changed at any time."""

    def __init__(self, quota: int = DEFAULT_QUOTA, clock: Callable[[], float] = time.time) -> None:
        self.quota = quota
        self._clock = clock
        self._lock = Lock()
        self._hour = 0
        self._spent = 0

    def budget(self) -> Budget:
        return self.spend(0)

    def spend(self, points: int) -> Budget:
        """Take points from this hour, and tell what is left."""
        with self._lock:
            hour = int(self._clock()) // HOUR_SECONDS
            if hour != self._hour:
                self._hour, self._spent = hour, 0
            self._spent += points
            return Budget(self.quota, self._spent, (hour + 1) * HOUR_SECONDS)

    def seconds_to_reset(self) -> int:
        return max(1, self.budget().resets_at - int(self._clock()))
