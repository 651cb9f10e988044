"""Same sheets: two PDFs of the same articles in, the sheets whose words differ out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from bench.sheets import texts


def different(xpress: bytes, front: int, one_document: bytes) -> list[int]:
    """The sheets that differ, counted from 0 after the `front` sheets that only XPress has.

    Running heads do not count. A list of contents within a page has sheet numbers only in XPress.
    """
    own = [text.split() for text in texts(xpress)[front:]]
    other = [text.split() for text in texts(one_document)]
    pairs = enumerate(zip_longest(own, other))
    return [at for at, (ours, theirs) in pairs if not _are_same(ours, theirs)]


def _are_same(ours: Sequence[str] | None, theirs: Sequence[str] | None) -> bool:
    """Say whether both have the same words in the same order, but for numbers that we add."""
    if ours is None or theirs is None:
        return False
    at = 0
    for word in ours:
        if at < len(theirs) and word == theirs[at]:
            at += 1
        elif not word.isdecimal():
            return False
    return at == len(theirs)
