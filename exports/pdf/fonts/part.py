"""Part: what one chunk embedded of a face, and what several of them make together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MISSING = 0  # the glyph that stands for what a font does not have

Glyph = tuple[Any, ...]  # everything that draws it, in the words of its kind of font; outline first


class Unfit(Exception):
    """The program cannot be taken apart, or is no part of this face."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some glyphs of a face."""

    fixed: tuple[bytes, ...] = field(repr=False)  # what all parts of a face have in common
    glyphs: Mapping[int, Glyph] = field(repr=False)  # by the number that text calls them by
    count: int  # one more than the highest number


def united(one: Part, other: Part) -> Part:
    """Both parts as one. Raises Unfit where they are of different faces.

    That they are of the same one is proven and not believed: all that they share is equal, but for
    the missing glyph, whose box is left out of a part that does not need it.
    """
    if one.fixed != other.fixed:
        raise Unfit("another face")
    for number in one.glyphs.keys() & other.glyphs.keys():
        if one.glyphs[number] != other.glyphs[number] and number != MISSING:
            raise Unfit("another glyph by the same number")
    missing = max(one.glyphs[MISSING], other.glyphs[MISSING], key=lambda glyph: len(glyph[0]))
    glyphs = {**one.glyphs, **other.glyphs, MISSING: missing}
    return Part(one.fixed, glyphs, max(one.count, other.count))
