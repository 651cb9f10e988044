"""Latest: short work of which only the newest matters, such as previews while somebody types.

Each person has one turn at a time: a newer one ends the older and waits until it has ended. Few run
at once, beside the exports (exports.admission) and not in their queue; the rest is told to come
back. The one server process owns all of it, so nothing is shared with anybody.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from addon.errors import TryLater
from addon.outbound import Cancelled

_SOON_SECONDS = 2  # of Retry-After: they are short


class TooManyAtOnce(TryLater):
    """Others have all the turns there are."""

    status = 429
    code = "busy"


class Latest:
    """The turns. Threads share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._turns: dict[Hashable, Turn] = {}  # by whose they are

    @property
    def running(self) -> int:
        with self._lock:
            return len(self._turns)

    def enter(self, who: Hashable) -> Turn:
        """A turn, at once; their older one is told to end. Raises TooManyAtOnce.

        Who has a turn must leave it again, whatever happens.
        """
        with self._lock:
            older = self._turns.get(who)
            if older is None and len(self._turns) >= self._most:
                message = _(
                    "Several people are trying things out right now. Try again in a moment."
                )
                raise TooManyAtOnce(message, _SOON_SECONDS)
            turn = self._turns[who] = Turn(self, who, older)
        if older:
            older._replace()
        return turn

    def _leave(self, turn: Turn) -> None:
        with self._lock:
            if self._turns.get(turn._who) is turn:
                del self._turns[turn._who]


class Turn:
    """What one piece of work holds."""

    def __init__(self, latest: Latest, who: Hashable, older: Turn | None) -> None:
        self._latest, self._who, self._older = latest, who, older
        self._changed = threading.Condition()
        self._is_replaced = self._has_ended = False
        self._cancel: Callable[[], None] | None = None

    def begin(self, cancel: Callable[[], None]) -> None:
        """Return once the older one has ended. `cancel` is called when a newer one comes.

        Raises Cancelled when it has come already.
        """
        if self._older:
            with self._older._changed:
                self._older._changed.wait_for(lambda: self._older_has_ended)
            self._older = None
        with self._changed:
            if self._is_replaced:
                raise Cancelled(_("A newer request took the place of this one."))
            self._cancel = cancel

    def leave(self) -> None:
        """Give it back; done twice, nothing happens. Any thread may do it."""
        self._latest._leave(self)
        with self._changed:
            self._has_ended = True
            self._cancel = None
            self._changed.notify_all()

    @property
    def _older_has_ended(self) -> bool:
        return self._older is None or self._older._has_ended

    def _replace(self) -> None:
        with self._changed:
            self._is_replaced = True
            cancel = self._cancel
        if cancel:
            cancel()


@lru_cache(maxsize=1)
def previews() -> Latest:
    return Latest(_as_many_as_exports())


@lru_cache(maxsize=1)
def logos() -> Latest:
    return Latest(_as_many_as_exports())


def _as_many_as_exports() -> int:
    return settings.XPRESS_EXPORTS or os.cpu_count() or 1
