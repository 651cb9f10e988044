"""The worker of gunicorn: threads, and an orderly way out.

SIGTERM comes while exports run and while a proxy still sends newcomers here. For a moment they get
an answer (`/readyz` and new exports: 503), so that the proxy can look elsewhere; then they are
refused at the door, where gunicorn's own worker would let them knock until it is gone. What runs
and what waits in the queue is finished.
"""

from __future__ import annotations

import logging
import time
from types import FrameType

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

from exports.admission import shared_admission

logger = logging.getLogger(__name__)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn tells no types
    alive: bool
    _ends_at: float | None = None  # time.monotonic()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM. Runs between two instructions of the main thread, so it takes no lock."""
        if self._ends_at is None:
            shared_admission().stop()
            self._ends_at = time.monotonic() + settings.XPRESS_DRAIN_SECONDS
            self.method_queue.defer(self.notify)  # wakes the loop

    def notify(self) -> None:
        """Called by the loop about once a second."""
        super().notify()
        if self.alive and self._ends_at is not None and time.monotonic() >= self._ends_at:
            admission = shared_admission()
            logger.info("stopping running=%d waiting=%d", admission.running, admission.waiting)
            self.alive = False

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()
