"""Journal: what was asked of the site, in order, for tests to look at. Kept in memory."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

MOST = 100_000  # entries; the oldest give way


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer."""

    service: str  # "rest", "oauth", "media", "keys", "files", "frames" or "connect_js"
    method: str
    path: str  # as on the wire: "/wiki/api/v2/pages/65537"
    query: str
    authorization: str  # "user" (impersonated), "app", "browser" or "none"
    account_id: str | None
    status: int
    points: int

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}" + (f"?{self.query}" if self.query else "")


class Journal:
    """All entries since the start, or since the last `clear`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[Entry] = deque(maxlen=MOST)

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
