"""Lettering: how large type is printed when the text has another size than it was drawn at. Pure.

Sizes are drawn, in the style sheets and where tables are fitted, for text of 10 pt. The families
to choose from are no broader than Noto Sans (measured: Noto Serif by 1.4 %, the others narrower),
so widths are reckoned in that for all of them.
"""

from __future__ import annotations

DRAWN = 10.0  # pt of the text in the style sheets
LEAST = 6.5  # pt; what was drawn larger does not get smaller


def printed(drawn: float, text: float) -> float:
    """The size in pt of what is drawn at `drawn` pt, beside text of `text` pt.

    >>> printed(8.0, 14.0), printed(7.0, 8.0), printed(6.0, 10.0)
    (11.2, 6.5, 6.0)
    """
    return max(drawn * scale(text), min(drawn, LEAST))


def scale(text: float) -> float:
    """How much larger than drawn everything is that goes with text of `text` pt."""
    return text / DRAWN
