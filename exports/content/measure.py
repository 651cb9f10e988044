"""Measure: how wide text is when set, near enough to share out columns. Pure. In em.

Advance widths of Noto Sans, which the style sheet sets text in; for other scripts the usual width
of their letters. Layout itself measures with the fonts; here nothing is opened.
"""

from __future__ import annotations

import re
import unicodedata

BOLD = 1.08  # against the regular face
MONO = 0.6  # a character of Noto Sans Mono

_GROUPS = {
    0.0: "\u200b\u200c\u200d\u2060\ufeff\ufe0f",
    0.25: "'!,.:;ijlJ`",
    0.26: " \u00a0",
    0.35: "()[]-Ift/\\{}’‘“”",
    0.43: '"r?_z',
    0.49: "cs",
    0.53: "vyFLkx*S|",
    0.57: "ETaeo$+0123456789<=>YZ^~X–",
    0.62: "PVbdgpqKRhnuC",
    0.65: "A#B",
    0.75: "&DGUHN",
    0.79: "OQw",
    0.85: "%",
    0.93: "@MWm…",
    1.0: "—",
}
_OTHER = 0.64
_WIDE = 1.0  # ideographs, kana, Hangul
_EMOJI = 1.3

# Where a line may end: at blanks, after a hyphen or a slash inside a word, around an ideograph.
_BREAK = re.compile(
    "[ \t\r\n\u200b\u3000]+"
    r"|(?<=[^\W\d][-‐–/])(?=[^\W\d])"
    "|[\u0e00-\u0eff\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]"
)


class _Widths(dict[str, float]):
    """Widths by character; those that are no one's guess are found once."""

    def __missing__(self, character: str) -> float:
        if unicodedata.combining(character):
            width = 0.0
        elif character >= "\U0001f000":
            width = _EMOJI if character < "\U00020000" else _WIDE
        else:
            wide = unicodedata.east_asian_width(character) in "WF"
            width = _WIDE if wide else _OTHER
        self[character] = width
        return width


_WIDTHS = _Widths({letter: width for width, letters in _GROUPS.items() for letter in letters})


def width(text: str) -> float:
    """The width of the text on one line.

    >>> round(width("Total"), 2), width("漢字")
    (2.31, 2.0)
    """
    return sum(map(_WIDTHS.__getitem__, text))


def longest_word(text: str) -> float:
    """The width of the widest piece that has no place to break.

    >>> longest_word("up-to-date") == width("date")
    True
    """
    widest = 0.0
    for word in set(_BREAK.split(text)):
        if len(word) * _EMOJI > widest:
            widest = max(widest, width(word))
    return widest


def columns(text: str) -> float:
    """The width of the text in a typewriter face, in characters.

    >>> columns("x = 1"), round(columns("漢"), 2)
    (5.0, 1.67)
    """
    if text.isascii():
        return float(len(text))
    return sum(1.0 if letter < "\u1100" else _WIDTHS[letter] / MONO for letter in text)
