"""Path data of an SVG drawing in, the same path in whole, absolute commands out. Pure.

The printer reads the run of numbers after one letter again for every point in it, so a long run
takes the square of its length; and it knows some commands only after certain others. One letter a
point, and only M, L, C, Q, A and Z, avoid both.
https://www.w3.org/TR/SVG2/paths.html#PathDataBNF
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

MOST_SEGMENTS = 150_000
LARGEST = 1e7  # of a coordinate

_NUMBER = r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?+"
_SEPARATOR = r"[\s,]*+"
_COMMAND = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*+)")
_NUMBERS = re.compile(_NUMBER)
_ARC = re.compile(
    _SEPARATOR
    + _SEPARATOR.join([f"({_NUMBER})"] * 3 + ["([01])"] * 2 + [f"({_NUMBER})"] * 2)
    + _SEPARATOR
)
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}

_Point = tuple[float, float]


class TooManySegments(Exception):
    """The path has more segments than MOST_SEGMENTS."""


def absolute(data: str) -> tuple[str, int]:
    """The path up to its first mistake, as renderers draw it, and how many segments it has.

    >>> absolute("m1 1 2 0v2z")
    ('M1 1L3 1L3 3Z', 4)
    """
    pen = _Pen()
    for letter, numbers in _steps(data):
        if not pen.draw(letter, numbers):
            break
        if len(pen.drawn) > MOST_SEGMENTS:
            raise TooManySegments
    drawn = pen.drawn
    while drawn and drawn[-1].startswith("M"):  # a point without a line has no direction
        drawn.pop()
    return "".join(drawn), len(drawn)


def polyline(points: str, is_closed: bool) -> tuple[str, int]:
    """The points of a `polyline` or a `polygon` as a path.

    >>> polyline("0,0 5,0 5,5", is_closed=True)
    ('M0 0L5 0L5 5Z', 4)
    """
    return absolute(f"M{points}{'Z' if is_closed else ''}")


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with the numbers it takes; the letter is repeated as the grammar allows."""
    for found in _COMMAND.finditer(data):
        letter, text = found[1], found[2]
        if letter in "Zz":
            yield letter, []
            continue
        read = _arcs if letter in "Aa" else _others
        for numbers in read(text, _COUNT[letter.upper()]):
            yield letter, numbers
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _others(text: str, count: int) -> Iterator[list[float]]:
    numbers = (float(found[0]) for found in _NUMBERS.finditer(text))
    while len(step := list(islice(numbers, count))) == count:
        yield step


def _arcs(text: str, count: int) -> Iterator[list[float]]:
    """Arcs apart: their two flags may stand without a blank, as in `a1 1 0 01.5.5`."""
    at = 0
    while found := _ARC.match(text, at):
        yield [float(found[index]) for index in range(1, count + 1)]
        at = found.end()


class _Pen:
    """Follows a path, and writes it anew."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self._at = self._start = (0.0, 0.0)
        self._control: _Point | None = None  # of the curve before, for S and T
        self._last = ""  # letter

    def draw(self, letter: str, numbers: list[float]) -> bool:
        """Take one step; say whether it was one."""
        kind = letter.upper()
        if not self._last and kind != "M":
            return False
        if any(abs(number) > LARGEST for number in numbers):
            return False
        x, y = self._at if letter.islower() else (0.0, 0.0)
        step: Callable[[list[float], float, float], None] = getattr(self, f"_{kind.lower()}")
        step(numbers, x, y)
        self._last = kind
        return max(map(abs, self._at)) <= LARGEST

    def _m(self, numbers: list[float], x: float, y: float) -> None:
        self._at = self._start = (x + numbers[0], y + numbers[1])
        self._write("M", self._at)

    def _l(self, numbers: list[float], x: float, y: float) -> None:
        self._line_to((x + numbers[0], y + numbers[1]))

    def _h(self, numbers: list[float], x: float, y: float) -> None:
        self._line_to((x + numbers[0], self._at[1]))

    def _v(self, numbers: list[float], x: float, y: float) -> None:
        self._line_to((self._at[0], y + numbers[0]))

    def _c(self, numbers: list[float], x: float, y: float) -> None:
        x1, y1, x2, y2, x3, y3 = numbers
        self._curve_to((x + x1, y + y1), (x + x2, y + y2), (x + x3, y + y3))

    def _s(self, numbers: list[float], x: float, y: float) -> None:
        x2, y2, x3, y3 = numbers
        first = self._mirrored("CS")
        self._curve_to(first, (x + x2, y + y2), (x + x3, y + y3))

    def _q(self, numbers: list[float], x: float, y: float) -> None:
        x1, y1, x2, y2 = numbers
        self._bend_to((x + x1, y + y1), (x + x2, y + y2))

    def _t(self, numbers: list[float], x: float, y: float) -> None:
        self._bend_to(self._mirrored("QT"), (x + numbers[0], y + numbers[1]))

    def _a(self, numbers: list[float], x: float, y: float) -> None:
        rx, ry, turn, large, sweep, end_x, end_y = numbers
        end = (x + end_x, y + end_y)
        if not rx or not ry:
            self._line_to(end)
        elif end != self._at:
            words = f"{turn:.8g} {large:.0f} {sweep:.0f}"
            self.drawn.append(f"A{abs(rx):.8g} {abs(ry):.8g} {words} {end[0]:.8g} {end[1]:.8g}")
            self._at = end

    def _z(self, numbers: list[float], x: float, y: float) -> None:
        if self._last not in ("M", "Z"):
            self.drawn.append("Z")
        self._at = self._start

    def _line_to(self, end: _Point) -> None:
        self._at = end
        self._write("L", end)

    def _curve_to(self, first: _Point, second: _Point, end: _Point) -> None:
        self._write("C", first, second, end)
        self._control, self._at = second, end

    def _bend_to(self, control: _Point, end: _Point) -> None:
        self._write("Q", control, end)
        self._control, self._at = control, end

    def _mirrored(self, after: str) -> _Point:
        """The control point of the curve before, seen from its end; else where we are."""
        if self._control is None or self._last not in after:
            return self._at
        return 2 * self._at[0] - self._control[0], 2 * self._at[1] - self._control[1]

    def _write(self, letter: str, *points: _Point) -> None:
        self.drawn.append(letter + " ".join(f"{x:.8g} {y:.8g}" for x, y in points))
