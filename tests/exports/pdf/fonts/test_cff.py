"""Parts of faces with outlines of PostScript: read, united and written back."""

from __future__ import annotations

import io
import struct

import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from exports.pdf.fonts import cff, sfnt
from exports.pdf.fonts.part import Unfit, united

_INTEGER = b"\x1d"  # and four bytes
CIDS = (0, 3, 5, 300, 40_000)


def a_font(cids: tuple[int, ...] = CIDS, kind: int = 0, em: int = 1000, **odd: object) -> bytes:
    """An OpenType file round a font with a glyph for each CID, which draws its number.

    `kind` is the format of its charset, and of the selection of dictionaries if it is 3.
    """
    charstrings = [_charstring(cid) for cid in cids]
    dictionaries = [b"\x8b" + bytes([20]), b"\x8c" + bytes([20])]  # default widths 0 and 1
    font = _font(cids, charstrings, dictionaries, kind, odd)
    head = bytes(18) + struct.pack(">H", em) + bytes(34)
    return _wrapped({b"CFF ": font, b"head": head})


def _charstring(cid: int) -> bytes:
    return b"\x1c" + struct.pack(">H", cid % 30_000) + b"\x8b\x15\x0e"  # number 0 rmoveto endchar


def _font(cids, charstrings, dictionaries, kind, odd) -> bytes:
    select = [cid > 100 for cid in cids]
    if kind == 2:
        charset = b"\2" + b"".join(struct.pack(">HH", cid, 0) for cid in cids[1:])
        runs = b"".join(struct.pack(">HB", at, it) for at, it in enumerate(select))
        selected = b"\3" + struct.pack(">H", len(cids)) + runs + struct.pack(">H", len(cids))
    else:
        charset = b"\0" + struct.pack(f">{len(cids) - 1}H", *cids[1:])
        selected = b"\0" + bytes(select)
    head = b"\1\0\4\4" + _index([b"Fake-Regular"])
    strings = _index([b"Adobe", b"Identity", b"somebody's rights"])
    subroutines = _index(odd.get("subroutines", []))
    glyphs = _index(charstrings)

    def top(*places: int) -> bytes:
        ros = b"" if odd.get("by_name") else _ints(391, 392, 0) + b"\x0c\x1e"
        notice, count = _ints(393) + b"\1", _ints(65_000) + b"\x0c\x22"
        operators = (b"\x0f", b"\x0c\x25", b"\x11", b"\x0c\x24")
        placed = b"".join(_ints(at) + it for at, it in zip(places, operators, strict=True))
        box = _ints(0, -200, 1000, int(str(odd.get("top", 800)))) + b"\5"
        return _index([ros + notice + box + count + placed])

    start = len(head) + len(top(0, 0, 0, 0)) + len(strings) + len(subroutines)
    at_select = start + len(charset)
    at_glyphs = at_select + len(selected)
    at_fonts = at_glyphs + len(glyphs)

    def fonts(at: int) -> bytes:
        one, other = dictionaries
        private = (_ints(len(one), at), _ints(len(other), at + len(one)))
        return _index([operands + bytes([18]) for operands in private])

    at_private = at_fonts + len(fonts(0))
    body = [charset, selected, glyphs, fonts(at_private), *dictionaries]
    whole = top(start, at_select, at_glyphs, at_fonts)
    return b"".join([head, whole, strings, subroutines, *body])


def _ints(*numbers: int) -> bytes:
    return b"".join(_INTEGER + struct.pack(">i", number) for number in numbers)


def _index(pieces) -> bytes:
    if not pieces:
        return b"\0\0"
    ends = [1 + sum(map(len, pieces[:count])) for count in range(len(pieces) + 1)]
    return struct.pack(f">HB{len(ends)}I", len(pieces), 4, *ends) + b"".join(pieces)


def _wrapped(tables: dict[bytes, bytes]) -> bytes:
    return sfnt.OPENTYPE + sfnt.file(tables)[4:]


def drawn(font: bytes) -> dict[str, tuple[bytes, int]]:
    """By the name of each CID: its charstring, and the default width of its dictionary."""
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(font), None)
    top = fonts[0]
    found = {}
    for name in top.charset:
        string, select = top.CharStrings.getItemAndSelector(name)
        found[name] = (string.bytecode, top.FDArray[select].Private.defaultWidthX)
    return found


def test_the_font_that_the_tests_make_is_one():
    whole = drawn(bytes(sfnt.tables(a_font(), sfnt.OPENTYPE)[b"CFF "]))

    assert whole["cid00005"] == (_charstring(5), 0)
    assert whole["cid00300"] == (_charstring(300), 1)


@pytest.mark.parametrize("kind", [0, 2])
def test_two_parts_together_have_the_glyphs_of_both_by_their_numbers(kind):
    one, other = cff.read(a_font(kind=kind), {5}), cff.read(a_font(kind=kind), {3, 40_000})

    assert drawn(cff.write(united(one, other))) == {
        ".notdef": (_charstring(0), 0),
        "cid00003": (_charstring(3), 0),
        "cid00005": (_charstring(5), 0),
        "cid40000": (_charstring(40_000), 1),
    }


def test_nothing_is_kept_of_glyphs_that_nobody_uses():
    assert list(drawn(cff.write(cff.read(a_font(), {300})))) == [".notdef", "cid00300"]


def test_a_part_is_the_same_in_whatever_order_glyphs_and_dictionaries_stand():
    one = cff.read(a_font(), {5, 300})
    other = cff.read(a_font((0, 300, 5)), {300, 5})

    assert cff.write(one) == cff.write(other)


def test_a_number_that_the_font_does_not_have_is_passed_over():
    assert set(cff.read(a_font(), {4, 5, 65_535}).glyphs) == {0, 5}


def test_what_a_bare_font_says_of_itself_is_what_it_said_in_its_file():
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(cff.write(cff.read(a_font(), {5}))), None)

    assert fonts.fontNames == ["Fake-Regular"]
    assert fonts[0].ROS == ("Adobe", "Identity", 0)
    assert fonts[0].FontBBox == [0, -200, 1000, 800]


@pytest.mark.parametrize("odd", [{"top": 900}, {"em": 2000}, {"by_name": True}])
def test_parts_of_different_faces_are_not_united(odd):
    with pytest.raises(Unfit):
        united(cff.read(a_font(), {5}), cff.read(a_font(**odd), {5}))


def test_another_glyph_by_the_same_number_is_not_united():
    one = cff.read(a_font(), {5})
    charstring, *dictionaries = one.glyphs[5]
    other = type(one)(one.fixed, {**one.glyphs, 5: (charstring * 2, *dictionaries)}, one.count)

    with pytest.raises(Unfit):
        united(one, other)


def test_a_font_with_subroutines_is_left_alone():
    with pytest.raises(Unfit):
        cff.read(a_font(subroutines=[b"\x0b"]), {5})


def test_a_font_that_is_keyed_by_names_is_left_alone():
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({97: "a"})
    pen = T2CharStringPen(500, None)
    glyphs = {name: pen.getCharString() for name in (".notdef", "a")}
    builder.setupCFF("Named-Regular", {}, glyphs, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader()
    out = io.BytesIO()
    builder.font.save(out)

    with pytest.raises(Unfit):
        cff.read(out.getvalue(), {1})


def test_a_program_that_breaks_off_is_refused():
    program = a_font()

    for keep in range(0, len(program) - 8, 7):
        with pytest.raises(Unfit):
            cff.write(cff.read(program[:keep], set(CIDS)))


def test_whatever_byte_is_wrong_a_program_is_read_or_refused():
    program = a_font(kind=2)
    for at in range(len(program)):
        for byte in (b"\0", b"\xff"):
            try:
                cff.write(cff.read(program[:at] + byte + program[at + 1 :], set(CIDS)))
            except Unfit:
                continue
