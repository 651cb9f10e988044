"""XPressError: the base of every failure that can be explained to the person who meets it. Pure.

Each subclass lives beside the code that raises it.
"""

from __future__ import annotations


class XPressError(Exception):
    """A failure with a sentence that may be shown.

    `status` is the HTTP status it is answered with, `code` a stable word for programs.
    """

    status = 500
    code = "failed"

    @property
    def message(self) -> str:
        return str(self)


class TryLater(XPressError):
    """Nothing is wrong with what was asked for: the same will do later."""

    status = 503

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds


def place(error: BaseException) -> str:
    """Where an unexpected error came from. Its message may quote content, so it stays unsaid."""
    trace = error.__traceback__
    frames = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(frames[-6:]))}"
