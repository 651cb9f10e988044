"""Sfnt: a TrueType or OpenType file as its tables, and back (OpenType 1.9, "The OpenType font
file"). Pure.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Mapping

from exports.pdf.fonts.part import Unfit

TRUETYPE = b"\0\1\0\0"
OPENTYPE = b"OTTO"  # with outlines of PostScript

_MOST_TABLES = 64
_ENTRY = struct.Struct(">4sIII")  # tag, checksum, offset, length
_CHECKSUM_OF_ALL = 0xB1B0AFBA  # less the file's own sum, in the head

Tables = Mapping[bytes, memoryview]


def tables(program: bytes, version: bytes) -> Tables:
    """The tables by their tags, where the file is of this version. Raises Unfit."""
    if program[:4] != version or len(program) < 12:
        raise Unfit("another kind of file")
    count = int.from_bytes(program[4:6], "big")
    if count > _MOST_TABLES or len(program) < 12 + 16 * count:
        raise Unfit("a broken directory")
    whole = memoryview(program)
    found: dict[bytes, memoryview] = {}
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = _ENTRY.unpack_from(program, at)
        if offset + length > len(program):
            raise Unfit("a table beyond the end")
        found[tag] = whole[offset : offset + length]
    return found


def glyph(program: bytes, code: int) -> int | None:
    """The glyph that a file has for a character of the basic plane, as far as a part says."""
    try:
        cmap = tables(program, program[:4]).get(b"cmap", memoryview(b""))
        for at in range(4, 4 + 8 * int.from_bytes(cmap[2:4], "big"), 8):
            subtable = cmap[int.from_bytes(cmap[at + 4 : at + 8], "big") :]
            if bytes(subtable[:2]) == b"\0\4":
                return _in_segments(subtable, code)
    except (Unfit, IndexError, struct.error):
        pass
    return None


def _in_segments(subtable: memoryview, code: int) -> int | None:
    """Look a character up in a subtable of format 4."""
    double = int.from_bytes(subtable[6:8], "big")
    count = double // 2
    ends = struct.unpack_from(f">{count}H", subtable, 14)
    segment = bisect_left(ends, code)
    start, delta, offset = (
        int.from_bytes(subtable[at : at + 2], "big")
        for at in range(16 + double + 2 * segment, 16 + 4 * double, double)
    )
    if not start <= code:
        return None
    if not offset:
        return (code + delta) & 0xFFFF
    at = 16 + 3 * double + 2 * segment + offset + 2 * (code - start)
    found = int.from_bytes(subtable[at : at + 2], "big")
    return (found + delta) & 0xFFFF if found else None


def file(contents: Mapping[bytes, bytes]) -> bytes:
    """A TrueType file of these tables, sums and all."""
    count = len(contents)
    power = count.bit_length() - 1
    search = 16 << power
    parts = [TRUETYPE, struct.pack(">4H", count, search, power, 16 * count - search)]
    bodies: list[bytes] = []
    offset = 12 + 16 * count
    for tag, content in sorted(contents.items()):
        padded = content + bytes(-len(content) % 4)
        parts.append(_ENTRY.pack(tag, _sum(padded), offset, len(content)))
        bodies.append(padded)
        offset += len(padded)
    whole = bytearray(b"".join(parts + bodies))
    head = next(at for at in range(12, 12 + 16 * count, 16) if whole[at : at + 4] == b"head")
    adjustment = int.from_bytes(whole[head + 8 : head + 12], "big") + 8
    sum_of_all = (_CHECKSUM_OF_ALL - _sum(bytes(whole))) & 0xFFFFFFFF
    struct.pack_into(">I", whole, adjustment, sum_of_all)
    return bytes(whole)


def _sum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
