"""Measures of an SVG drawing: sizes, boxes and transforms, read from its attributes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import cos, hypot, radians, sin, sqrt, tan
from typing import NamedTuple

from lxml import etree

from exports.pdf import presentation

LARGEST_SIDE = 10_000.0  # pixels
USUAL_SIZE = (300.0, 150.0)  # pixels, where the drawing does not say (CSS Images 3, 5.1)

_LARGEST_BOX = 1e7
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
}
_WORDS = {
    "clipPathUnits": ("userSpaceOnUse", "objectBoundingBox"),
    "gradientUnits": ("userSpaceOnUse", "objectBoundingBox"),
    "patternUnits": ("userSpaceOnUse", "objectBoundingBox"),
    "patternContentUnits": ("userSpaceOnUse", "objectBoundingBox"),
    "markerUnits": ("userSpaceOnUse", "strokeWidth"),
    "lengthAdjust": ("spacing", "spacingAndGlyphs"),
}
_GEOMETRY = {
    "rect": "x y width height rx ry",
    "circle": "cx cy r",
    "ellipse": "cx cy rx ry",
    "line": "x1 y1 x2 y2",
    "svg": "x y width height viewBox preserveAspectRatio",
    "image": "x y width height preserveAspectRatio",
    "text": "textLength lengthAdjust",
    "tspan": "textLength lengthAdjust",
    "stop": "offset",
    "linearGradient": "x1 y1 x2 y2 gradientUnits",
    "radialGradient": "cx cy r fx fy fr gradientUnits",
    "pattern": "x y width height patternUnits patternContentUnits viewBox preserveAspectRatio",
    "clipPath": "clipPathUnits",
    "marker": "markerWidth markerHeight markerUnits refX refY viewBox preserveAspectRatio",
}
_RATIO = re.compile(r"none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max)(?:\s+(?:meet|slice))?")
_STEP = re.compile(r"([MLCQAZ])([^MLCQAZ]*)")
_CALL = re.compile(r"(\w+)\(([^()]*)\)")


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


class Matrix(NamedTuple):
    """An affine transform: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def after(self, first: Matrix) -> Matrix:
        """Do `first`, then this."""
        x, y = self.turned(first.a, first.b), self.turned(first.c, first.d)
        return Matrix(*x, *y, *self.of(first.e, first.f))

    def of(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """What becomes of a direction."""
        return self.a * x + self.c * y, self.b * x + self.d * y


def matrix(transform: str) -> Matrix:
    """The whole of a transform that has passed `presentation.transform`.

    >>> matrix("translate(5,0) scale(2)").of(1, 1)
    (7.0, 2.0)
    """
    whole = Matrix()
    for name, arguments in _CALL.findall(transform):
        numbers = [float(number) for number in arguments.split(",")]
        whole = whole.after(_one(name, numbers))
    return whole


def _one(name: str, numbers: list[float]) -> Matrix:
    first = numbers[0]
    second = numbers[1] if len(numbers) > 1 else None
    if name == "matrix":
        return Matrix(*numbers)
    if name.startswith("translate"):
        if name == "translateY":
            return Matrix(f=first)
        return Matrix(e=first, f=second or 0.0)
    if name.startswith("scale"):
        across = 1.0 if name == "scaleY" else first
        down = 1.0 if name == "scaleX" else first if second is None else second
        return Matrix(a=across, d=down)
    angle = radians(first)
    if name == "skewX":
        return Matrix(c=tan(angle))
    if name == "skewY":
        return Matrix(b=tan(angle))
    turn = Matrix(cos(angle), sin(angle), -sin(angle), cos(angle))
    x, y = numbers[1:] or (0.0, 0.0)
    return Matrix(e=x, f=y).after(turn).after(Matrix(e=-x, f=-y))


def geometry(source: etree._Element, name: str) -> str:
    """An attribute that says where or how large, if it can be read; empty otherwise."""
    text = (source.get(name) or "").strip()
    if name in _WORDS:
        return text if text in _WORDS[name] else ""
    if name == "preserveAspectRatio":
        return text if _RATIO.fullmatch(text) else ""
    return _view_box(text) if name == "viewBox" else presentation.length(text) or ""


def all_geometry(source: etree._Element, tag: str) -> dict[str, str]:
    """What an element of that name may say about where and how large it is."""
    found = {name: geometry(source, name) for name in _GEOMETRY.get(tag, "").split()}
    return {name: value for name, value in found.items() if value}


def pixels(text: str) -> float:
    """A length in pixels; 0 for a percentage and for what is none."""
    match = re.fullmatch(r"([^a-z%]*)([a-z]*)", text)
    try:
        return float(match[1]) * _UNITS.get(match[2], 0.0) if match and match[1] else 0.0
    except ValueError:
        return 0.0


def size(root: etree._Element) -> tuple[float, float, str]:
    """Width and height in pixels, and the `viewBox`, which is never missing afterwards."""
    box = geometry(root, "viewBox")
    _, _, box_width, box_height = map(float, (box or "0 0 0 0").split())
    width, height = (pixels((root.get(side) or "").strip()) for side in ("width", "height"))
    if box and not width and not height:
        width, height = box_width, box_height
    elif box and not width:
        width = height * box_width / box_height
    elif box and not height:
        height = width * box_height / box_width
    width, height = abs(width) or USUAL_SIZE[0], abs(height) or USUAL_SIZE[1]
    scale = min(1.0, LARGEST_SIDE / max(width, height))
    return width * scale, height * scale, box or f"0 0 {width:.8g} {height:.8g}"


def bounds(tag: str, given: Mapping[str, str]) -> Box | None:
    """The box round a shape, None where it is not known or has no area.

    Good to a few hundredths for curves: a colour's run across them is all that depends on it.
    """
    if any("%" in value for value in given.values()):
        return None
    at = {name: pixels(value) for name, value in given.items() if name != "d"}
    if tag == "rect":
        box = Box(at.get("x", 0), at.get("y", 0), at.get("width", 0), at.get("height", 0))
    elif tag in ("circle", "ellipse"):
        rx, ry = at.get("rx", at.get("r", 0)), at.get("ry", at.get("r", 0))
        box = Box(at.get("cx", 0) - rx, at.get("cy", 0) - ry, 2 * rx, 2 * ry)
    elif tag == "path":
        box = _round(list(_outline_points(given.get("d", ""))))
    else:
        return None
    return box if box.width > 0 and box.height > 0 else None


def _outline_points(data: str) -> list[tuple[float, float]]:
    """Points on a path of `outlines.absolute`, with some along each of its curves."""
    points: list[tuple[float, float]] = []
    here = (0.0, 0.0)
    for letter, text in _STEP.findall(data):
        numbers = [float(number) for number in text.split()]
        if letter == "Z":
            continue
        end = (numbers[-2], numbers[-1])
        if letter in "CQ":
            points += _along(here, numbers)
        elif letter == "A":
            points.append(_bulge(here, numbers))
        points.append(end)
        here = end
    return points


def _along(start: tuple[float, float], numbers: list[float]) -> list[tuple[float, float]]:
    controls = [start, *zip(numbers[::2], numbers[1::2], strict=True)]
    found = []
    for share in (0.2, 0.4, 0.6, 0.8):
        row = controls
        while len(row) > 1:
            row = [
                (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
                for (x1, y1), (x2, y2) in pairwise(row)
            ]
        found += row
    return found


def _bulge(start: tuple[float, float], numbers: list[float]) -> tuple[float, float]:
    """The point of an arc that is farthest from its chord, as if it were a circle's."""
    rx, ry, _, large, sweep, x, y = numbers
    chord = hypot(x - start[0], y - start[1]) or 1.0
    radius = max((rx + ry) / 2, chord / 2)
    rest = sqrt(radius**2 - chord**2 / 4)
    rise = (radius + rest if large else radius - rest) * (1 if sweep else -1)
    across, down = (x - start[0]) / chord, (y - start[1]) / chord
    return (start[0] + x) / 2 + down * rise, (start[1] + y) / 2 - across * rise


def _round(points: list[tuple[float, float]]) -> Box:
    if not points:
        return Box(0, 0, 0, 0)
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _view_box(text: str) -> str:
    if presentation.numbers(text) is None:
        return ""
    numbers = [float(number) for number in re.split(r"[\s,]+", text)]
    if len(numbers) != 4 or min(numbers[2:]) <= 0 or max(map(abs, numbers)) > _LARGEST_BOX:
        return ""
    return " ".join(f"{number:.8g}" for number in numbers)
