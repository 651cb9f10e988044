"""Same sheets: two PDFs of the same articles in, the sheets that differ out.

Their words are compared, and how many pictures they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from bench.sheets import picture_counts, texts

_Sheet = tuple[Sequence[str], int]  # its words, and how many pictures


def different(xpress: bytes, front: int, one_document: bytes) -> list[int]:
    """The sheets that differ, counted from 0 after the `front` sheets that only XPress has.

    Running heads do not count. A list of contents within a page has sheet numbers only in XPress.
    """
    pairs = enumerate(zip_longest(_read(xpress)[front:], _read(one_document)))
    return [at for at, (ours, theirs) in pairs if not _are_same(ours, theirs)]


def _read(pdf: bytes) -> list[_Sheet]:
    words = (text.split() for text in texts(pdf))
    return list(zip(words, picture_counts(pdf), strict=True))


def _are_same(ours: _Sheet | None, theirs: _Sheet | None) -> bool:
    if ours is None or theirs is None:
        return False
    return _have_same_words(ours[0], theirs[0]) and ours[1] == theirs[1]


def _have_same_words(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Say whether both have them in the same order, but for numbers that we add."""
    at = 0
    for word in ours:
        if at < len(theirs) and word == theirs[at]:
            at += 1
        elif not word.isdecimal():
            return False
    return at == len(theirs)
