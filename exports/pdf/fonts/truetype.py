"""TrueType: a font program with outlines in `glyf` in, a part of its face out; and back. Pure.

The program is a subset in which glyphs that text uses have the numbers of the installed font. Only
what a PDF reader needs of it is kept (ISO 32000-2, 9.9.1). Glyphs that are only pieces of others,
as accents are, may have any number, and have another in every subset: so a glyph that is made of
others is known by what they look like.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from exports.pdf.fonts import sfnt
from exports.pdf.fonts.part import MISSING, Part, Unfit

_HINTS = (b"cvt ", b"fpgm", b"prep")
_VARIABLE = (b"fvar", b"gvar")
_MOST_SHORT = 2 * 0xFFFF  # bytes of outlines that 16-bit offsets, in words, can reach
_MOST_GLYPHS = 0xFFFF
_MOST_PIECES = 64  # of one glyph, those of its pieces among them
# Flags of a piece (OpenType 1.9, "glyf"), and how many bytes each adds to it.
_WORDS, _SCALE, _MORE, _SCALES, _MATRIX = 0x01, 0x08, 0x20, 0x40, 0x80


class Shape(NamedTuple):
    """A glyph. Equal ones look the same, wherever they are from."""

    outline: bytes  # with 0 in the place of the pieces' numbers, of whole words
    metrics: bytes  # advance and bearing
    pieces: tuple[Shape, ...]


def read(program: bytes, used: Set[int]) -> Part:
    """The glyphs that text calls by the numbers `used`. Raises Unfit."""
    tables = sfnt.tables(program, sfnt.TRUETYPE)
    try:
        fixed = _fixed(tables)
        font = _Font(tables)
        numbers = sorted(number for number in used | {MISSING} if number < font.count)
        return Part(fixed, {number: font.shape(number)[0] for number in numbers}, numbers[-1] + 1)
    except (KeyError, IndexError, ValueError, RecursionError, struct.error) as error:
        raise Unfit("a broken table") from error


def write(part: Part) -> bytes:
    """The program of a part. Equal ones give equal bytes. Raises Unfit for too many glyphs."""
    head, hhea, maxp, *hints = part.fixed
    nothing = Shape(b"", bytes(4), ())
    shapes = [Shape(*part.glyphs.get(number, nothing)) for number in range(part.count)]
    outlines = list(_numbered(shapes))
    offsets = [0]
    for outline in outlines:
        offsets.append(offsets[-1] + len(outline))
    is_long = offsets[-1] > _MOST_SHORT
    count = len(shapes).to_bytes(2, "big")
    tables = {
        b"head": head[:50] + is_long.to_bytes(2, "big") + head[52:],
        b"hhea": hhea + count,
        b"maxp": maxp[:4] + count + maxp[4:],
        b"loca": _offsets(offsets, is_long),
        # Some readers take an empty table for one that is not there.
        b"glyf": b"".join(outlines) or b"\0",
        b"hmtx": b"".join(shape.metrics for shape in shapes),
        **{tag: table for tag, table in zip(_HINTS, hints, strict=True) if table},
    }
    return sfnt.file(tables)


def _fixed(tables: sfnt.Tables) -> tuple[bytes, ...]:
    """What does not depend on which glyphs there are: all but counts, sums and the day of change.

    That day is today in a subset that was saved by fontTools, as fonts of emoji are.
    """
    if any(tag in tables for tag in _VARIABLE):
        raise Unfit("a variable font")
    head, hhea, maxp = (bytes(tables[tag]) for tag in (b"head", b"hhea", b"maxp"))
    if len(head) != 54 or len(hhea) != 36 or len(maxp) < 6:
        raise Unfit("a broken table")
    created = head[20:28]
    head = head[:8] + bytes(4) + head[12:28] + created + head[36:50] + bytes(2) + head[52:]
    hints = (bytes(tables.get(tag, b"")) for tag in _HINTS)
    return (head, hhea[:34], maxp[:4] + maxp[6:], *hints)


class _Font:
    """The glyphs of a program, as they are asked for."""

    def __init__(self, tables: sfnt.Tables) -> None:
        self.count = int.from_bytes(tables[b"maxp"][4:6], "big")
        self._glyf, self._loca, self._hmtx = (tables[it] for it in (b"glyf", b"loca", b"hmtx"))
        self._is_long = bool(tables[b"head"][51])
        self._whole = int.from_bytes(tables[b"hhea"][34:36], "big")  # metrics with an advance
        self._known: dict[int, tuple[Shape, int]] = {}

    def shape(self, number: int) -> tuple[Shape, int]:
        """The glyph, and of how many pieces it is made, itself among them."""
        if number not in self._known:
            # Until it is known, a glyph that is a piece of itself is made of too many.
            self._known[number] = (Shape(b"", b"", ()), _MOST_PIECES)
            outline = self._outline(number)
            places = list(_places(outline))
            pieces = [self.shape(_number(outline, at)) for at in places]
            count = 1 + sum(count for _, count in pieces)
            if count > _MOST_PIECES:
                raise Unfit("a glyph of too many pieces")
            for at in places:
                outline[at : at + 2] = bytes(2)
            shape = Shape(bytes(outline), self._metrics(number), tuple(it for it, _ in pieces))
            self._known[number] = (shape, count)
        return self._known[number]

    def _outline(self, number: int) -> bytearray:
        """The bytes of a glyph, padded to whole words as short offsets want it."""
        size, unit = (4, 1) if self._is_long else (2, 2)
        offsets = self._loca[number * size : (number + 2) * size]
        start, end = struct.unpack(">II" if self._is_long else ">HH", offsets)
        if not start <= end <= len(self._glyf) // unit or number >= self.count:
            raise Unfit("an outline beyond the end")
        outline = bytearray(self._glyf[start * unit : end * unit])
        return outline + bytes(len(outline) % 2)

    def _metrics(self, number: int) -> bytes:
        """Advance and bearing; past the whole ones, the last advance holds."""
        if number < self._whole:
            metrics = bytes(self._hmtx[4 * number : 4 * number + 4])
        else:
            at = 4 * self._whole + 2 * (number - self._whole)
            last = bytes(self._hmtx[4 * self._whole - 4 : 4 * self._whole - 2])
            metrics = last + bytes(self._hmtx[at : at + 2])
        if len(metrics) != 4:
            raise Unfit("a broken table")
        return metrics


def _places(outline: bytes | bytearray) -> Iterator[int]:
    """Where in a glyph that is made of others their numbers stand."""
    if not outline or not outline[0] & 0x80:  # the count of contours is not negative
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags = _number(outline, at)
        yield at + 2
        at += 8 if flags & _WORDS else 6
        at += 8 if flags & _MATRIX else 4 if flags & _SCALES else 2 if flags & _SCALE else 0


def _number(outline: bytes | bytearray, at: int) -> int:
    (number,) = struct.unpack_from(">H", outline, at)
    return int(number)


def _numbered(shapes: list[Shape]) -> Iterator[bytes]:
    """The outlines of all shapes, and of the pieces that are none of them and join their list."""
    numbers: dict[Shape, int] = {}
    for number, shape in enumerate(shapes):
        numbers.setdefault(shape, number)
    for shape in shapes:  # which grows
        outline = bytearray(shape.outline)
        for at, piece in zip(_places(shape.outline), shape.pieces, strict=True):
            if piece not in numbers:
                numbers[piece] = len(shapes)
                shapes.append(piece)
            struct.pack_into(">H", outline, at, numbers[piece])
        if len(shapes) > _MOST_GLYPHS:
            raise Unfit("too many glyphs")
        yield bytes(outline)


def _offsets(offsets: Sequence[int], is_long: bool) -> bytes:
    values = array("I", offsets) if is_long else array("H", [offset // 2 for offset in offsets])
    if sys.byteorder == "little":
        values.byteswap()
    return values.tobytes()
