"""Gradients of an SVG drawing, measured anew for each shape that they fill. Pure.

A gradient may be given in shares of the shape's box and turned by a transform; both become a cell
one unit wide in the PDF, which some readers draw as nothing. Here its ends are worked out in the
drawing's own units. It never repeats: repetition has no end where it is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot, sqrt

from exports.pdf import measures
from exports.pdf.measures import Box, Matrix

_FINE = 1000.0  # units of the gradient's plane to one of the drawing, for what stays turned


def fitted(
    kind: str, given: Mapping[str, str], transform: str, box: Box | None, plane: Box
) -> dict[str, str] | None:
    """The attributes of a gradient for a shape with this box; None when it cannot be drawn.

    `kind` is its element's name, `plane` the drawing's `viewBox`.
    """
    matrix = measures.matrix(transform) if transform else Matrix()
    if given.get("gradientUnits") != "userSpaceOnUse":
        if box is None:
            return None
        matrix = Matrix(box.width, 0, 0, box.height, box.x, box.y).after(matrix)
        plane = Box(0, 0, 1, 1)
    if abs(matrix.a * matrix.d - matrix.b * matrix.c) < 1e-12:
        return None
    ends = _linear(given, matrix, plane) if kind == "linearGradient" else None
    found = ends if kind == "linearGradient" else _radial(given, matrix, plane)
    return None if found is None else {"gradientUnits": "userSpaceOnUse", **found}


def _linear(given: Mapping[str, str], matrix: Matrix, plane: Box) -> dict[str, str] | None:
    x1, y1 = _share(given.get("x1", "0%"), plane.width), _share(given.get("y1", "0%"), plane.height)
    x2 = _share(given.get("x2", "100%"), plane.width)
    y2 = _share(given.get("y2", "0%"), plane.height)
    # Lines of one colour stand across the vector; where they go decides where it goes.
    across = matrix.turned(y1 - y2, x2 - x1)
    length = hypot(*across)
    if not length:
        return None
    start, end = matrix.of(x1, y1), matrix.of(x2, y2)
    normal = (across[1] / length, -across[0] / length)
    reach = (end[0] - start[0]) * normal[0] + (end[1] - start[1]) * normal[1]
    stop = (start[0] + normal[0] * reach, start[1] + normal[1] * reach)
    return _written(x1=start[0], y1=start[1], x2=stop[0], y2=stop[1])


def _radial(given: Mapping[str, str], matrix: Matrix, plane: Box) -> dict[str, str] | None:
    diagonal = hypot(plane.width, plane.height) / sqrt(2)
    cx, cy = given.get("cx", "50%"), given.get("cy", "50%")
    centre = (_share(cx, plane.width), _share(cy, plane.height))
    focus = _share(given.get("fx", cx), plane.width), _share(given.get("fy", cy), plane.height)
    radius = _share(given.get("r", "50%"), diagonal)
    inner = _share(given.get("fr", "0"), diagonal)
    if radius <= 0:
        return None
    if matrix.b == matrix.c == 0 and matrix.a > 0 and matrix.d > 0 and matrix.a != matrix.d:
        squeeze = f"translate({matrix.e:.8g},{matrix.f:.8g}) "
        squeeze += f"scale({matrix.a / _FINE:.8g},{matrix.d / _FINE:.8g})"
        matrix, scale = Matrix(_FINE, 0, 0, _FINE, 0, 0), _FINE
        turned = {"gradientTransform": squeeze}
    else:
        # A circle stays one; an ellipse that leans is drawn as a circle of its area.
        scale = sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        turned = {}
    (x, y), (fx, fy) = matrix.of(*centre), matrix.of(*focus)
    return _written(cx=x, cy=y, fx=fx, fy=fy, r=radius * scale, fr=inner * scale) | turned


def _share(text: str, whole: float) -> float:
    if text.endswith("%"):
        return float(text[:-1]) / 100 * whole
    return measures.pixels(text)


def _written(**numbers: float) -> dict[str, str]:
    return {name: f"{number:.8g}" for name, number in numbers.items()}
