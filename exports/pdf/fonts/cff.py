"""CFF: a font program with outlines of PostScript in, a part of its face out; and back. Pure.

What comes in is an OpenType file round a CID-keyed font (Adobe Technical Note 5176), as fonts for
Chinese, Japanese and Korean are. It keeps a place for each of 65,000 glyphs, which costs 100 kB and
more; but a CID-keyed font says itself which number each of its glyphs goes by. So what goes out
holds the used ones alone, bare of the file round them (ISO 32000-2, table 124: `CIDFontType0C`).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate

from exports.pdf.fonts import sfnt
from exports.pdf.fonts.part import MISSING, Glyph, Part, Unfit

_EM = 1000  # units; of a font that says nothing else
_ESCAPE = 12
_NUMBER = 29  # an integer of four bytes follows

# Operators of a dictionary; those of two bytes are written 12, n as 1200 + n.
_CHARSET, _CHARSTRINGS, _PRIVATE, _SUBRS = 15, 17, 18, 19
_ROS, _CID_COUNT, _FD_ARRAY, _FD_SELECT = 1230, 1234, 1236, 1237
_PLACES = frozenset({_CHARSET, _CHARSTRINGS, _FD_ARRAY, _FD_SELECT})
# What people read and no program: version, notice, names, weight, copyright, ids.
_WORDS = frozenset({0, 1, 2, 3, 4, 13, 14, 1200, 1221, 1222, 1238})
_STANDARD_STRINGS = 391
_MOST_DICTIONARIES = 256  # that one byte can tell apart

_Dict = dict[int, bytes]  # operator → its operands, as they are written


def read(program: bytes, used: Set[int]) -> Part:
    """The glyphs that text calls by the numbers `used`. Raises Unfit.

    Each is its charstring, the dictionary of its font, and the private one.
    """
    tables = sfnt.tables(program, sfnt.OPENTYPE)
    try:
        if int.from_bytes(tables[b"head"][18:20], "big") != _EM:
            raise Unfit("an em of another size")
        return _read(tables[b"CFF "], used)
    except (KeyError, IndexError, ValueError, StopIteration, struct.error) as error:
        raise Unfit("a broken table") from error


def write(part: Part) -> bytes:
    """The bare font of a part. Equal ones give equal bytes.

    Raises Unfit where the parts of which it was made belong to more scripts than a font has.
    """
    name, registry, ordering, supplement, rest = part.fixed
    numbers = sorted(part.glyphs)
    glyphs = [part.glyphs[number] for number in numbers]
    dictionaries = {pair: at for at, pair in enumerate(sorted({(f, p) for _, f, p in glyphs}))}
    if len(dictionaries) > _MOST_DICTIONARIES:
        raise Unfit("too many dictionaries")
    charset = b"\0" + struct.pack(f">{len(numbers) - 1}H", *numbers[1:])
    selected = b"\0" + bytes(dictionaries[font, private] for _, font, private in glyphs)
    charstrings = _index(charstring for charstring, _, _ in glyphs)
    ros = _number(_STANDARD_STRINGS) + _number(_STANDARD_STRINGS + 1) + supplement
    fixed = _entry(_ROS, ros) + rest + _entry(_CID_COUNT, _number(part.count))

    def top(*places: int) -> bytes:
        placed = zip((_CHARSET, _FD_SELECT, _CHARSTRINGS, _FD_ARRAY), places, strict=True)
        return _index([fixed + b"".join(_entry(it, _number(at)) for it, at in placed)])

    head, strings = b"\1\0\4\4" + _index([name]), _index([registry, ordering]) + _index([])
    start = len(head) + len(top(0, 0, 0, 0)) + len(strings)
    pieces = (charset, selected, charstrings)
    places = list(accumulate(map(len, pieces), initial=start))
    fonts = _fonts(list(dictionaries), places[-1])
    return b"".join([head, top(*places), strings, *pieces, fonts])


def _read(font: memoryview, used: Set[int]) -> Part:
    if font[0] != 1:
        raise Unfit("another version")
    names = _Index(font, font[2])
    tops = _Index(font, names.end)
    strings = _Index(font, tops.end)
    subroutines = _Index(font, strings.end)
    if (len(names), len(tops), len(subroutines)) != (1, 1, 0):
        raise Unfit("several fonts, or subroutines")
    top = _dict(tops[0])
    if next(iter(top)) != _ROS:
        raise Unfit("not keyed by CIDs")
    registry, ordering, supplement = _numbers(top[_ROS])
    fixed = (
        names[0],
        strings[registry - _STANDARD_STRINGS],
        strings[ordering - _STANDARD_STRINGS],
        _number(supplement),
        _written(top, _PLACES | _WORDS | {_ROS, _CID_COUNT}),
    )
    glyphs = dict(_glyphs(font, top, used))
    return Part(fixed, glyphs, max(glyphs) + 1)


def _glyphs(font: memoryview, top: _Dict, used: Set[int]) -> Iterator[tuple[int, Glyph]]:
    charstrings = _Index(font, _numbers(top[_CHARSTRINGS])[0])
    places = _Charset(font, _numbers(top[_CHARSET])[0], len(charstrings))
    select = _Select(font, _numbers(top[_FD_SELECT])[0])
    fonts = _Index(font, _numbers(top[_FD_ARRAY])[0])
    shared: dict[int, tuple[bytes, bytes]] = {}
    for cid in sorted(used | {MISSING}):
        glyph = places.glyph(cid)
        if glyph is None:  # a number that the text calls what is missing
            continue
        at = select.font(glyph)
        if at not in shared:
            shared[at] = _shared(font, fonts[at])
        yield cid, (charstrings[glyph], *shared[at])


def _shared(font: memoryview, dictionary: bytes) -> tuple[bytes, bytes]:
    entries = _dict(dictionary)
    size, start = _numbers(entries[_PRIVATE])
    private = _dict(bytes(font[start : start + size]))
    if _SUBRS in private and len(_Index(font, start + _numbers(private[_SUBRS])[0])):
        raise Unfit("subroutines")
    return _written(entries, _WORDS | {_PRIVATE}), _written(private, frozenset({_SUBRS}))


def _fonts(dictionaries: Sequence[tuple[bytes, bytes]], start: int) -> bytes:
    """The dictionaries of fonts, and behind them the private ones."""

    def index(at: int) -> bytes:
        entries: list[bytes] = []
        for font, private in dictionaries:
            entries.append(font + _entry(_PRIVATE, _number(len(private)) + _number(at)))
            at += len(private)
        return _index(entries)

    end = start + len(index(0))
    return index(end) + b"".join(private for _, private in dictionaries)


class _Index:
    """An INDEX: pieces of bytes by number. Only what is asked for is read."""

    def __init__(self, font: memoryview, start: int) -> None:
        self._font, self._start = font, start
        self._count = int.from_bytes(font[start : start + 2], "big")
        self._size = font[start + 2] if self._count else 0
        self._base = start + 2 + (self._count + 1) * self._size  # offsets count from 1
        if start < 0 or self._size > 4 or (self._count and not self._size):
            raise Unfit("a broken index")
        self.end = self._base + self._offset(self._count) if self._count else start + 2

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < self._count:
            raise IndexError(number)
        start, end = self._offset(number), self._offset(number + 1)
        if not 1 <= start <= end or self._base + end > len(self._font):
            raise Unfit("a broken index")
        return bytes(self._font[self._base + start : self._base + end])

    def _offset(self, number: int) -> int:
        at = self._start + 3 + number * self._size
        return int.from_bytes(self._font[at : at + self._size], "big")


class _Charset:
    """Which glyph goes by which CID."""

    def __init__(self, font: memoryview, start: int, count: int) -> None:
        self._starts: list[tuple[int, int, int]] = [(0, 0, 1)]  # first CID, first glyph, how many
        kind, at, glyph = font[start], start + 1, 1
        if kind not in (0, 1, 2):
            raise Unfit("another kind of charset")
        step = (2, 3, 4)[kind]
        while glyph < count:
            first = int.from_bytes(font[at : at + 2], "big")
            more = int.from_bytes(font[at + 2 : at + step], "big")
            if at + step > len(font):
                raise Unfit("a broken charset")
            self._starts.append((first, glyph, more + 1))
            at, glyph = at + step, glyph + more + 1
        self._starts.sort()

    def glyph(self, cid: int) -> int | None:
        first, glyph, count = self._starts[bisect_right(self._starts, (cid, 1 << 16, 0)) - 1]
        return glyph + cid - first if cid - first < count else None


class _Select:
    """Which font dictionary a glyph belongs to."""

    def __init__(self, font: memoryview, start: int) -> None:
        self._font, self._start, self._kind = font, start, font[start]
        self._firsts: list[int] = []
        if self._kind == 3:
            count = int.from_bytes(font[start + 1 : start + 3], "big")
            entries = bytes(font[start + 3 : start + 3 + 3 * count])
            self._firsts = [first for first, _ in struct.iter_unpack(">HB", entries)]
            if self._firsts[0]:
                raise Unfit("glyphs without a font dictionary")
        elif self._kind:
            raise Unfit("another kind of selection")

    def font(self, glyph: int) -> int:
        if not self._kind:
            return self._font[self._start + 1 + glyph]
        return self._font[self._start + 5 + 3 * (bisect_right(self._firsts, glyph) - 1)]


def _dict(content: bytes) -> _Dict:
    """The entries of a dictionary, in their order."""
    entries: _Dict = {}
    at = operands = 0
    while at < len(content):
        first = content[at]
        if first <= 21:
            operator = 1200 + content[at + 1] if first == _ESCAPE else first
            entries[operator] = content[operands:at]
            at += 2 if first == _ESCAPE else 1
            operands = at
        elif first == 30:  # a real number, to the nibble that ends it
            while content[at + 1] & 0x0F != 0x0F:
                at += 1
            at += 2
        else:
            at += _width(first)
    return entries


def _width(first: int) -> int:
    """How many bytes an integer takes that begins with this one."""
    if 32 <= first <= 246:
        return 1
    if 247 <= first <= 254:
        return 2
    if first in (28, _NUMBER):
        return 3 if first == 28 else 5
    raise Unfit("a broken dictionary")


def _numbers(operands: bytes) -> list[int]:
    """Operands that are all integers."""
    found: list[int] = []
    at = 0
    while at < len(operands):
        first = operands[at]
        width = _width(first)
        rest = operands[at + 1 : at + width]
        if len(rest) != width - 1:
            raise Unfit("a broken dictionary")
        if width == 1:
            found.append(first - 139)
        elif width == 2:
            found.append(
                (first - 247) * 256 + rest[0] + 108
                if first < 251
                else (251 - first) * 256 - rest[0] - 108
            )
        else:
            found.append(int.from_bytes(rest, "big", signed=True))
        at += width
    return found


def _number(value: int) -> bytes:
    """An integer, always as long, so that places can be told before they are known."""
    return struct.pack(">Bi", _NUMBER, value)


def _entry(operator: int, operands: bytes) -> bytes:
    written = bytes([_ESCAPE, operator - 1200]) if operator >= 1200 else bytes([operator])
    return operands + written


def _written(entries: _Dict, without: Set[int]) -> bytes:
    kept = (_entry(operator, it) for operator, it in entries.items() if operator not in without)
    return b"".join(kept)


def _index(pieces: Iterable[bytes]) -> bytes:
    content = list(pieces)
    if not content:
        return b"\0\0"
    offsets = [1]
    for piece in content:
        offsets.append(offsets[-1] + len(piece))
    size = max(1, (offsets[-1].bit_length() + 7) // 8)
    head = struct.pack(">HB", len(content), size)
    return b"".join([head, *(offset.to_bytes(size, "big") for offset in offsets), *content])
