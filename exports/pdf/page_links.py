"""The way from a printed page back to the live one: a QR code of its address. Pure.

A code is one path of a drawing, so that it stays sharp at any size, and no seams show between its
modules. ISO/IEC 18004 asks for four modules of quiet round it, which are part of the drawing.
"""

from __future__ import annotations

from itertools import groupby

import segno

from exports.document import Image

_QUIET = 4  # modules
_LEVEL = "m"  # 15 % of it may be worn off


def qr_code(address: str) -> Image | None:
    """The drawing, or None for what is longer than a code of this kind can be."""
    try:
        code = segno.make_qr(address, error=_LEVEL, boost_error=False)
    except segno.DataOverflowError:
        return None
    rows = [bytes(row) for row in code.matrix]
    side = len(rows) + 2 * _QUIET
    path = "".join(_row(_QUIET + at, row) for at, row in enumerate(rows))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' width="{side}" height="{side}"><path fill="#000" d="{path}"/></svg>'
    )
    return Image(svg.encode("ascii"), "image/svg+xml", side, side)


def _row(down: int, modules: bytes) -> str:
    """The dark modules of a row as boxes, neighbours in one.

    >>> _row(4, bytes([1, 1, 0, 1]))
    'M4 4h2v1h-2zM7 4h1v1h-1z'
    """
    path, across = "", _QUIET
    for is_dark, run in groupby(modules):
        length = len(list(run))
        if is_dark:
            path += f"M{across} {down}h{length}v1h-{length}z"
        across += length
    return path
