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
