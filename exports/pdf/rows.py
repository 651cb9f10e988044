"""Rows: where the pieces of a header or a footer stand beside each other. Pure. Lengths in points.

A row has three lines: left, centre and right of a right sheet. Left sheets mirror them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

Side = str  # "none", "left", "centre", "right"

GAP = 17.008  # between two lines: 6 mm
LOGO_GAP = 8.5  # between the logo and the text beside it
# What a line has of the row's room, whatever stands in the others: names of spaces are short.
_LEFT_SHARE, _CENTRE_SHARE = 0.35, 0.4
_LEAST = 15.0  # of a text that is cut; of one that is shorter nothing could be read
_FAR = 0.01  # what rounding adds is not too long
_SIDES: tuple[Side, ...] = ("left", "centre", "right")


@dataclass(frozen=True, slots=True)
class Stencil:
    """A piece of text that is printed once, and drawn wherever it stands."""

    text: str
    is_rtl: bool = False  # the line that it is part of runs from right to left
    language: str = ""  # BCP 47, where characters look different in some
    room: float = 0.0  # in which it ends with "…"; 0: as much as it needs
    is_mark: bool = False  # a watermark, in large type


Piece = Stencil | str  # a str: numbers, and what stands between them
Line = tuple[Piece, ...]  # in reading order
Row = tuple[Line, Line, Line]


@dataclass(frozen=True, slots=True)
class Logo:
    """Which line the logo goes with, at the outer end of it."""

    side: Side = "none"
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Set:
    """Where a piece begins; None: the logo."""

    piece: Piece | None
    x: float  # from the left edge of the text


NO_LOGO = Logo()


def set_row(
    row: Row,
    room: float,
    width: Callable[[Piece], float],
    logo: Logo = NO_LOGO,
    is_left: bool = False,
) -> Iterator[Set]:
    """Place the pieces. Texts that are too long are cut, and none stands over another.

    `width` is that of a piece as long as it is; the room of a cut one is its own.
    """
    extras = [_extra(logo, side, line) for side, line in zip(_SIDES, row, strict=True)]
    natural = [extra + sum(map(width, line)) for extra, line in zip(extras, row, strict=True)]
    for side, line, extra, most in zip(_SIDES, row, extras, _shares(natural, room), strict=True):
        cut = _cut(line, most - extra, width)
        taken = extra + sum(map(width, cut))
        at_the_right = (side == "right") != is_left
        x = (room - taken) / 2 if side == "centre" else at_the_right * (room - taken)
        if side == logo.side:
            ends_with_logo = side != "centre" and at_the_right
            yield Set(None, x + taken - logo.width if ends_with_logo else x)
            x += 0 if ends_with_logo else extra
        for piece in reversed(cut) if _is_rtl(cut) else cut:
            yield Set(piece, x)
            x += width(piece)


def _extra(logo: Logo, side: Side, line: Line) -> float:
    return logo.width + LOGO_GAP * bool(line) if side == logo.side else 0.0


def _shares(natural: list[float], room: float) -> tuple[float, float, float]:
    """The most that each of the three may take, by what they would take."""
    left, centre, right = natural
    if not centre:
        gap = GAP if left and right else 0.0
        most_left = max(_LEFT_SHARE * room, room - right) - gap
        return most_left, room, max((1 - _LEFT_SHARE) * room, room - left - gap)
    beside = max(left, right)
    gap = GAP if beside else 0.0
    most = max(_CENTRE_SHARE * room, room - 2 * (beside + gap))
    most_beside = (room - min(centre, most)) / 2 - gap
    return most_beside, most, most_beside


def _cut(line: Line, most: float, width: Callable[[Piece], float]) -> Line:
    """The line in so much room: its longest texts are cut, and left out where that is too little.

    Numbers stay: they are what people look for.
    """
    excess = sum(map(width, line)) - most
    kept: list[Piece | None] = list(line)
    texts = [(it, at) for at, it in enumerate(line) if isinstance(it, Stencil)]
    for stencil, at in sorted(texts, key=lambda text: -width(text[0])):
        if excess <= _FAR:
            break
        whole = width(stencil)
        rest = int(10 * (whole - excess)) / 10  # so that not each sheet has one of its own
        kept[at] = replace(stencil, room=rest) if rest >= _LEAST else None
        excess -= whole - rest if rest >= _LEAST else whole
    return tuple(piece for piece in kept if piece is not None)


def _is_rtl(line: Line) -> bool:
    return any(isinstance(piece, Stencil) and piece.is_rtl for piece in line)
