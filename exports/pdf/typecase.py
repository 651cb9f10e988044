"""Typecase: the fonts of a joined PDF, so that each face stands in it once.

Every chunk brought its own part of a face, and a description of it (ISO 32000-2, 9.7: a Type 0 font
over a CIDFont over a descriptor over the program). The parts become one program (exports.pdf.fonts)
and the descriptions one, where they say the same of every glyph that both know; a description that
does not keeps its own, over the shared program. What cannot be read stays as it came.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from exports.pdf.fonts import cff, sfnt, truetype
from exports.pdf.fonts.part import Part, Unfit, united

logger = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024 * 1024  # of a program; the largest installed file has 20
_MOST_TRIED = 8  # faces, or descriptions, that differ in one glyph only
_PAIRS_A_BLOCK = 100  # that a CMap may have (Adobe Technical Note 5014)
_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_FIXED_PITCH = 1  # of the flags of a descriptor
_ELLIPSIS = "…"

_Width = int | Decimal
_PROGRAM_KEYS = ("/FontFile2", "/FontFile3")
# What a description says of single glyphs, or of all that a part has; the rest is of the face.
_OF_THE_FONT = ("/DescendantFonts", "/Encoding", "/ToUnicode")
_OF_THE_CID_FONT = ("/W", "/FontDescriptor", "/CIDToGIDMap")
_OF_THE_DESCRIPTOR = ("/FontBBox", "/Flags", *_PROGRAM_KEYS)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of font programs."""

    read: Callable[[bytes, Set[int]], Part]
    write: Callable[[Part], bytes]


_TRUETYPE = _Kind(truetype.read, truetype.write)
_CFF = _Kind(cff.read, cff.write)


@dataclass(slots=True)
class _Font:
    """A description of a face, and who uses it."""

    object: pikepdf.Object
    said: tuple[bytes, ...]  # what it says beyond single glyphs
    widths: dict[int, _Width]  # thousandths of the size, by glyph
    words: dict[int, bytes]  # what a glyph stands for, UTF-16 in hexadecimal digits
    frame: tuple[bytes, bytes]  # of its ToUnicode, before and after the pairs
    box: list[_Width]  # FontBBox
    used_at: list[tuple[pikepdf.Object, str]] = field(default_factory=list)  # (fonts, name)

    def takes(self, other: _Font) -> bool:
        """Say the same as another of the same face too, unless the two contradict each other."""
        if (self.said, self.frame) != (other.said, other.frame):
            return False
        if _differ(self.widths, other.widths) or _differ(self.words, other.words):
            return False
        self.widths |= other.widths
        self.words |= other.words
        low, high = map(min, self.box[:2], other.box[:2]), map(max, self.box[2:], other.box[2:])
        self.box = [*low, *high]
        return True


@dataclass(slots=True)
class _Face:
    kind: _Kind
    part: Part
    fonts: list[_Font] = field(default_factory=list)


class Typecase:
    """Takes in the fonts of a PDF one by one; `fill` then puts the shared ones in their places."""

    def __init__(self) -> None:
        self._faces: dict[tuple[bytes, ...], list[_Face]] = defaultdict(list)
        self._known: dict[tuple[int, int], _Font | None] = {}

    def lay(self, fonts: pikepdf.Object, name: str) -> None:
        """Take in the font that a Font dictionary has by a name."""
        font = fonts[name]
        if not font.is_indirect:
            return
        if font.objgen not in self._known:
            self._known[font.objgen] = self._taken(font)
        if known := self._known[font.objgen]:
            known.used_at.append((fonts, name))

    def fill(self, pdf: pikepdf.Pdf) -> None:
        for face in (face for alike in self._faces.values() for face in alike):
            try:
                program = _stream(pdf, face.kind.write(face.part))
            except Unfit as reason:
                logger.warning("face not shared: %s", reason)
                continue
            for font in face.fonts:
                _describe(pdf, font, face.kind, program)
                for fonts, name in font.used_at:
                    fonts[name] = font.object

    def _taken(self, object_: pikepdf.Object) -> _Font | None:
        try:
            kind, program = _program(object_)
            font = _read(object_, program)
            part = kind.read(program, font.widths.keys())
        except Exception as error:  # a chunk may hold anything in the place of a font
            logger.info("font not shared: %s", type(error).__name__)
            return None
        face = self._face(kind, part)
        for known in face.fonts[-_MOST_TRIED:]:
            if known.takes(font):
                return known
        face.fonts.append(font)
        return font

    def _face(self, kind: _Kind, part: Part) -> _Face:
        alike = self._faces[part.fixed]
        for face in alike[-_MOST_TRIED:]:
            try:
                face.part = united(face.part, part)
            except Unfit:
                continue
            return face
        alike.append(_Face(kind, part))
        return alike[-1]


def _differ(one: Mapping[int, object], other: Mapping[int, object]) -> bool:
    return any(one[glyph] != other[glyph] for glyph in one.keys() & other.keys())


def _program(font: pikepdf.Object) -> tuple[_Kind, bytes]:
    descriptor = font.DescendantFonts[0].FontDescriptor
    if font.Subtype != Name.Type0 or font.DescendantFonts[0].CIDToGIDMap != Name.Identity:
        raise Unfit("glyphs by other numbers than text has")
    if Name.FontFile2 in descriptor:
        return _TRUETYPE, _unpacked(descriptor.FontFile2)
    if descriptor.FontFile3.Subtype != Name.OpenType:
        raise Unfit("another kind of program")
    return _CFF, _unpacked(descriptor.FontFile3)


def _unpacked(stream: pikepdf.Object) -> bytes:
    if stream.get("/Filter") != Name.FlateDecode or "/DecodeParms" in stream:
        raise Unfit("packed otherwise")
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(stream.read_raw_bytes(), _MOST_BYTES)
    if not unpacking.eof:
        raise Unfit("a program that is too long, or breaks off")
    return content


def _read(font: pikepdf.Object, program: bytes) -> _Font:
    cid_font = font.DescendantFonts[0]
    descriptor = cid_font.FontDescriptor
    encoding = font.Encoding
    before, words, after = _to_unicode(font.ToUnicode.read_bytes())
    said = (
        str(encoding).encode() if isinstance(encoding, Name) else encoding.read_bytes(),
        _rest(font, _OF_THE_FONT),
        _rest(cid_font, _OF_THE_CID_FONT),
        _rest(descriptor, _OF_THE_DESCRIPTOR),
        b"%d" % (int(descriptor.Flags) & ~_FIXED_PITCH),
    )
    box = [_width(edge) for edge in descriptor.FontBBox.as_list()]
    if len(box) != 4:
        raise Unfit("a box without four edges")
    words = _without_the_end_of_lines(words, program)
    return _Font(font, said, dict(_widths(cid_font.W)), words, (before, after), box)


def _rest(dictionary: pikepdf.Object, without: tuple[str, ...]) -> bytes:
    """What else a dictionary says. A reference is equal to none but itself."""
    return Dictionary({k: v for k, v in dictionary.items() if k not in without}).unparse()


def _widths(array: pikepdf.Object) -> Iterator[tuple[int, _Width]]:
    """`[first [w1 w2 …] …]` as one width a glyph."""
    items = array.as_list()
    for first, run in zip(items[::2], items[1::2], strict=True):
        for glyph, width in enumerate(run.as_list(), start=int(first)):
            yield glyph, _width(width)


def _width(number: object) -> _Width:
    if isinstance(number, int | Decimal):
        return number
    raise Unfit("something else than a number")


def _to_unicode(cmap: bytes) -> tuple[bytes, dict[int, bytes], bytes]:
    """What stands before the pairs, the pairs, and what stands behind, as WeasyPrint writes it."""
    head, begin, rest = cmap.partition(b"endcodespacerange\n")
    body, end, tail = rest.partition(b"endcmap\n")
    pairs: dict[int, bytes] = {}
    for line in body.splitlines():
        if pair := _PAIR.fullmatch(line):
            pairs[int(pair[1], 16)] = pair[2]
        elif not line.endswith((b" beginbfchar", b"endbfchar")):
            raise Unfit("another way to write what glyphs stand for")
    if not end:
        raise Unfit("another way to write what glyphs stand for")
    return head + begin, pairs, end + tail


def _without_the_end_of_lines(words: dict[int, bytes], program: bytes) -> dict[int, bytes]:
    """Let "…" stand for itself. Where a line is cut short, as in a running head, WeasyPrint takes
    it for all the words that were cut, and then everywhere: it would be copied and found as them.
    """
    sign = _ELLIPSIS.encode("utf-16-be").hex().encode()
    if all(len(text) <= len(sign) for text in words.values()):
        return words
    glyph = sfnt.glyph(program, ord(_ELLIPSIS))
    return words | {glyph: sign} if glyph in words else words


def _describe(pdf: pikepdf.Pdf, font: _Font, kind: _Kind, program: pikepdf.Object) -> None:
    """Write all that is said of the face's glyphs, the same way whoever said it first."""
    cid_font = font.object.DescendantFonts[0]
    descriptor = cid_font.FontDescriptor
    widths = font.widths
    is_even = len(widths) > 1 and len(set(widths.values())) == 1
    descriptor.Flags = int(descriptor.Flags) & ~_FIXED_PITCH | is_even * _FIXED_PITCH
    descriptor.FontBBox = Array(font.box)
    for key in _PROGRAM_KEYS:
        if key in descriptor:
            del descriptor[key]
    if kind is _CFF:
        # Its own table of CIDs holds now; "Identity" would be taken for numbers of glyphs.
        program.Subtype = Name.CIDFontType0C
        descriptor.FontFile3 = program
        if Name.CIDToGIDMap in cid_font:
            del cid_font.CIDToGIDMap
    else:
        descriptor.FontFile2 = program
    cid_font.W = _runs(widths)
    font.object.ToUnicode = _stream(pdf, _cmap(font))


def _runs(widths: Mapping[int, _Width]) -> Array:
    runs: list[object] = []
    run: list[_Width] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            run = []
            runs += [glyph, run]
        run.append(widths[glyph])
    return Array([Array(it) if isinstance(it, list) else it for it in runs])


def _cmap(font: _Font) -> bytes:
    before, after = font.frame
    pairs = [b"<%04x> <%s>\n" % pair for pair in sorted(font.words.items())]
    blocks = [pairs[at : at + _PAIRS_A_BLOCK] for at in range(0, len(pairs), _PAIRS_A_BLOCK)]
    written = (b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    return before + b"".join(written) + after


def _stream(pdf: pikepdf.Pdf, content: bytes) -> Stream:
    return Stream(pdf, zlib.compress(content, 9), Filter=Name.FlateDecode)
