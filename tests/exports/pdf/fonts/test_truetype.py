"""Parts of TrueType faces: read, united and written back."""

from __future__ import annotations

import io
import struct

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

from exports.pdf.fonts import sfnt, truetype
from exports.pdf.fonts.part import Unfit, united
from tests.patience import coming_to_an_end

NAMES = [".notdef", "a", "b", "acute", "aacute", "space"]


def a_font(
    filled: str = "a b acute aacute", order: list[str] = NAMES, width: int = 600, **head: int
) -> bytes:
    """A face of six glyphs, of which some are filled, saved with the head's fields as wished."""
    glyphs = {name: _square(number) for number, name in enumerate(NAMES)}
    pen = TTGlyphPen(glyphs)
    pen.addComponent("a", (1, 0, 0, 1, 0, 0))
    pen.addComponent("acute", (1, 0, 0, 1, 30, 200))
    glyphs["aacute"] = pen.glyph()
    empty = TTGlyphPen(None).glyph
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord("a"): "a"})
    builder.setupGlyf({it: glyphs[it] if it in filled.split() else empty() for it in order})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (width, 10)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    font = builder.font
    font.recalcBBoxes = font.recalcTimestamp = False
    for name, value in head.items():
        setattr(font["head"], name, value)
    maximum = {"maxPoints": 8, "maxContours": 2, "maxComponentElements": 2}
    for name, value in maximum.items():
        setattr(font["maxp"], name, value)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _square(size: int):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 100 * size), (100 * size, 100 * size), (100 * size, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def read(program: bytes, *names: str):
    return truetype.read(program, {NAMES.index(name) for name in names})


def outlines(program: bytes) -> list[list[tuple[int, int]]]:
    """The points of each glyph, by number, with its pieces put together."""
    font = TTFont(io.BytesIO(program), checkChecksums=2)
    glyf = font["glyf"]
    return [list(glyf[name].getCoordinates(glyf)[0]) for name in font.getGlyphOrder()]


def test_two_parts_together_are_the_face():
    whole = a_font("a b")

    face = united(read(a_font("a"), "a"), read(a_font("b"), "b"))

    assert outlines(truetype.write(face)) == outlines(whole)[:3]


def test_a_part_alone_is_written_as_it_was_but_for_what_nobody_uses():
    program = truetype.write(read(a_font(), "b"))

    assert outlines(program) == [[], [], outlines(a_font())[2]]
    assert set(TTFont(io.BytesIO(program)).reader.keys()) == {
        "head", "hhea", "maxp", "loca", "glyf", "hmtx",
    }  # fmt: skip


def test_a_glyph_keeps_its_advance_and_its_bearing():
    face = united(read(a_font(width=600), "a"), read(a_font(width=600), "space"))

    metrics = TTFont(io.BytesIO(truetype.write(face)))["hmtx"].metrics

    assert list(metrics.values())[NAMES.index("a")] == (600, 10)
    assert list(metrics.values())[NAMES.index("space")] == (600, 10)


def test_a_glyph_that_is_made_of_others_brings_them_along():
    program = truetype.write(read(a_font(), "aacute"))

    assert outlines(program)[4] == outlines(a_font())[4]


def test_a_glyph_is_the_same_whatever_numbers_its_pieces_have():
    moved = [".notdef", "acute", "b", "space", "aacute", "a"]

    one, other = read(a_font(), "aacute"), read(a_font(order=moved), "aacute")

    assert united(one, other) == one
    assert truetype.write(one) == truetype.write(other)


def test_a_piece_that_text_uses_too_is_not_written_twice():
    program = truetype.write(read(a_font(), "a", "acute", "aacute"))

    assert len(outlines(program)) == 5


def test_the_day_on_which_a_subset_was_saved_makes_no_difference():
    monday, tuesday = read(a_font(modified=10), "a"), read(a_font(modified=20), "a")

    assert truetype.write(monday) == truetype.write(tuesday)
    assert united(monday, tuesday) == monday


def test_offsets_are_long_where_short_ones_do_not_reach():
    part = read(a_font(), "a")
    shape = part.glyphs[1]
    large = shape._replace(outline=shape.outline + bytes(200_000))

    program = truetype.write(type(part)(part.fixed, {**part.glyphs, 1: large, 2: shape}, 3))

    assert outlines(program)[2] == outlines(a_font())[1]


@pytest.mark.parametrize(
    "other",
    [
        a_font("a", width=500),  # another advance
        a_font("a", unitsPerEm=2048),
        a_font("a", xMax=77),
        a_font("", order=NAMES),  # the same number, and nothing there
    ],
)
def test_parts_of_different_faces_are_not_united(other):
    with pytest.raises(Unfit):
        united(read(a_font("a"), "a"), read(other, "a"))


def test_the_box_of_a_missing_glyph_is_taken_from_the_part_that_has_it():
    without, box = read(a_font("a"), "a"), read(a_font(".notdef a"), "a")

    for face in (united(without, box), united(box, without)):
        assert face.glyphs[0] == box.glyphs[0]


def test_a_variable_font_is_left_alone():
    font = TTFont(io.BytesIO(a_font()))
    font["fvar"] = axes = newTable("fvar")
    axes.axes, axes.instances = [], []
    out = io.BytesIO()
    font.save(out)

    with pytest.raises(Unfit):
        truetype.read(out.getvalue(), {1})


def test_a_glyph_that_is_a_piece_of_itself_is_none():
    with pytest.raises(Unfit):
        read(_with_pieces(4), "aacute")


def test_a_glyph_of_too_many_pieces_is_none():
    with pytest.raises(Unfit), coming_to_an_end():
        read(_with_pieces(*[1] * 500), "aacute")


@pytest.mark.parametrize("keep", [0, 3, 11, 12, 60, 200, 400])
def test_a_program_that_breaks_off_is_refused(keep):
    with pytest.raises(Unfit):
        read(a_font()[:keep], "a")


def test_whatever_byte_is_wrong_a_program_is_read_or_refused():
    program = a_font()
    for at in range(len(program)):
        spoiled = program[:at] + b"\xff" + program[at + 1 :]
        try:
            truetype.write(read(spoiled, "a", "aacute"))
        except Unfit:
            continue


def _with_pieces(*numbers: int) -> bytes:
    """A face whose "aacute" is made of the glyphs of these numbers."""
    font = TTFont(io.BytesIO(a_font()))
    pieces = [
        struct.pack(">HHbb", 0x02 | (0x20 if at < len(numbers) else 0), number, 0, 0)
        for at, number in enumerate(numbers, start=1)
    ]
    glyf = struct.pack(">h8x", -1) + b"".join(pieces)
    tables = {tag: font.reader[tag] for tag in list(font.reader.keys())}
    start = len(tables["glyf"])
    tables["glyf"] += glyf
    offsets = [0, 0, 0, 0, start, start + len(glyf), start + len(glyf)]
    tables["loca"] = struct.pack(f">{len(offsets)}I", *offsets)
    tables["head"] = tables["head"][:50] + b"\0\1" + tables["head"][52:]
    return sfnt.file({tag.encode(): content for tag, content in tables.items()})
