"""Admission: who may export now, who waits for a slot, and who is sent away.

As many exports run as there are slots. A few more wait, in the order of `turns`; the rest is told
to come back. The one server process owns all of it, so nothing is shared with anybody.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache

from django.conf import settings

from addon.errors import TryLater
from addon.outbound import Cancelled

_SOONEST_SECONDS, _LATEST_SECONDS = 5, 15  # of Retry-After

Moved = Callable[[int], None]  # told the place in the queue, from 1, when it changes


class Busy(TryLater):
    """All slots are taken, and so are the places to wait."""

    status = 429
    code = "busy"


class WaitedTooLong(TryLater):
    """No slot fell free in the time that an export may wait."""

    status = 503
    code = "busy"


class Stopping(TryLater):
    """This process is on its way out; another one will answer."""

    status = 503
    code = "stopping"


class _State(Enum):
    WAITING = auto()
    RUNNING = auto()
    LEFT = auto()


class Admission:
    """The slots and the queue. Threads share it."""

    def __init__(self, slots: int, places: int) -> None:
        self.slots, self.places = slots, places
        self.is_stopping = False
        # One site may take half of the queue, so that it is never the only one that waits.
        self.share = (places + 1) // 2
        self._changed = threading.Condition()
        self._waiting: list[Place] = []  # in the order they came
        self._running: Counter[int] = Counter()  # by tenant
        self._served: dict[int, int] = {}  # tenant → when it last got a slot, counted in slots
        self._given = 0

    @property
    def running(self) -> int:
        with self._changed:
            return self._running.total()

    @property
    def waiting(self) -> int:
        with self._changed:
            return len(self._waiting)

    def enter(self, tenant: int) -> Place:
        """A place, at once: with a slot if one is free, else in the queue.

        Raises Busy when there is none, Stopping when there will be none. Who has a place must leave
        it again, whatever happens.
        """
        with self._changed:
            if self.is_stopping:
                raise Stopping("XPress is being restarted.", _soon())
            place = Place(self, tenant)
            if self._running.total() < self.slots:
                self._grant(place)
                return place
            if len(self._waiting) >= self.places:
                raise Busy("Many exports are running and waiting already.", _soon())
            if sum(other.tenant == tenant for other in self._waiting) >= self.share:
                raise Busy("Many exports of your site are waiting already.", _soon())
            self._waiting.append(place)
            self._changed.notify_all()
            return place

    def stop(self) -> None:
        """Let nobody in from now on; who has a place keeps it. Safe in a signal handler."""
        self.is_stopping = True

    def _grant(self, place: Place) -> None:
        place._state = _State.RUNNING
        self._running[place.tenant] += 1
        self._given += 1
        self._served[place.tenant] = self._given

    def _wait(self, place: Place, seconds: float, moved: Moved) -> None:
        until = time.monotonic() + seconds
        position = self._moved(place, -1, until)
        while position:
            moved(position)
            position = self._moved(place, position, until)

    def _moved(self, place: Place, before: int, until: float) -> int:
        """Sleep until the place in the queue is another one; 0 is a slot."""
        with self._changed:
            left = max(until - time.monotonic(), 0)
            in_time = self._changed.wait_for(lambda: self._position(place) != before, left)
            if place._state is _State.LEFT:
                raise Cancelled("The export was cancelled.")
            if not in_time:
                raise WaitedTooLong(
                    "Other exports took so long that the turn of yours did not come. "
                    "Try again in a few minutes.",
                    _soon(),
                )
            return self._position(place)

    def _position(self, place: Place) -> int:
        """Counted from 1; 0 for who does not wait."""
        if place._state is not _State.WAITING:
            return 0
        return self._order().index(place) + 1

    def _order(self) -> list[Place]:
        tenants = [place.tenant for place in self._waiting]
        return [self._waiting[at] for at in turns(tenants, self._running, self._served)]

    def _leave(self, place: Place, only_waiting: bool = False) -> None:
        with self._changed:
            if only_waiting and place._state is not _State.WAITING:
                return
            if place._state is _State.WAITING:
                self._waiting.remove(place)
            elif place._state is _State.RUNNING:
                self._running[place.tenant] -= 1
            place._state = _State.LEFT
            self._running += Counter()  # forgets tenants with none
            if self._waiting and self._running.total() < self.slots:
                following = self._order()[0]
                self._waiting.remove(following)
                self._grant(following)
            if not self._running:
                self._served.clear()  # nobody is ahead of anybody any more
            self._changed.notify_all()


class Place:
    """What one export holds: first perhaps a place in the queue, then a slot."""

    def __init__(self, admission: Admission, tenant: int) -> None:
        self.tenant = tenant
        self._admission = admission
        self._state = _State.WAITING

    def wait(self, seconds: float, moved: Moved) -> None:
        """Return once there is a slot. Raises WaitedTooLong, or Cancelled when it was left."""
        self._admission._wait(self, seconds, moved)

    def leave(self) -> None:
        """Give it back; done twice, nothing happens. Any thread may do it."""
        self._admission._leave(self)

    def leave_queue(self) -> None:
        """Give it back if it is one in the queue. A slot stays taken until its work has ended."""
        self._admission._leave(self, only_waiting=True)


def turns(
    waiting: Sequence[int], running: Mapping[int, int], served: Mapping[int, int]
) -> list[int]:
    """In which order those who wait will be served, as indexes into `waiting`.

    `waiting` are tenants in the order they came. The next slot goes to the tenant with the fewest
    running exports, among those to the one that was served longest ago; within a tenant, to who
    came first. The slots given on the way are counted, those that fall free are not: nobody knows
    whose will be next.

    >>> turns([1, 1, 1, 2], running={1: 2}, served={1: 9})
    [3, 0, 1, 2]
    """
    now_running, last = Counter(running), dict(served)
    clock = max(last.values(), default=0)
    left: dict[int, list[int]] = {}
    for at, tenant in enumerate(waiting):
        left.setdefault(tenant, []).append(at)
    order: list[int] = []
    while left:
        tenant = min(left, key=lambda one: (now_running[one], last.get(one, 0), left[one][0]))
        order.append(left[tenant].pop(0))
        if not left[tenant]:
            del left[tenant]
        clock += 1
        now_running[tenant] += 1
        last[tenant] = clock
    return order


@lru_cache(maxsize=1)
def shared_admission() -> Admission:
    return Admission(settings.XPRESS_EXPORTS or os.cpu_count() or 1, settings.XPRESS_QUEUE)


def _soon() -> int:
    # With jitter, so that those who were sent away together do not come back together.
    return random.randint(_SOONEST_SECONDS, _LATEST_SECONDS)  # noqa: S311
