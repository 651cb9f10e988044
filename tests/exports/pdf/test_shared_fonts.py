"""The fonts of a joined PDF: once in the file, and nothing else than before on the sheets."""

from __future__ import annotations

import io
import re
import zlib

import pikepdf
import pytest
from pikepdf import Name, Stream

from exports.document import Printed
from exports.pdf.fonts import truetype
from exports.pdf.fonts.part import Part
from tests.exports.pdf.joining import (
    a_print,
    fonts,
    joined,
    looks,
    looks_in_poppler,
    programs,
)
from tests.pdf_reading import Sheets

LATIN = ("The quick brown fox", "jumps: 0123456789 & (more)")
ACCENTS = ("crème brûlée, Ångström", "Škoda, façade, ÇĞİÖŞÜ, ề ộ")  # glyphs made of others
ARABIC = (
    '<p dir="rtl" lang="ar">دليل العمل في المكتب</p>',
    '<p dir="rtl" lang="ar">السلام عليكم ورحمة</p>',
)
DEVANAGARI = ("हिन्दी में लिखा हुआ", "क्षत्रिय और श्रीमान्")
THAI = ("สวัสดีชาวโลก", "ภาษาไทยเขียนติดกัน")
EMOJI = ("Go 🚀 and 🎉", "Stop 🛑 and 🚀")
CODE = ("<code>if (a != b) { return; }</code>", "<code>for x in y: print(x)</code>")
CHINESE = ("横浜办公室的介绍", "办公室在横浜港的旁边")
KOREAN = ('<p lang="ko">한국어 문서입니다</p>', '<p lang="ko">다른 한국어 쪽</p>')

SCRIPTS = {
    "Latin": LATIN,
    "accents": ACCENTS,
    "Arabic": ARABIC,
    "Devanagari": DEVANAGARI,
    "Thai": THAI,
    "emoji": EMOJI,
    "code": CODE,
    "Chinese": CHINESE,
    "Korean": KOREAN,
}
of_all_scripts = pytest.mark.parametrize("texts", SCRIPTS.values(), ids=SCRIPTS.keys())


@of_all_scripts
def test_a_face_stands_once_in_the_file_however_many_chunks_use_it(texts):
    sheets = joined(*map(a_print, texts), a_print(texts[0] + texts[1]))

    found = programs(sheets.pdf)
    assert "Noto-Sans" in found
    assert {face: len(those) for face, those in found.items()} == dict.fromkeys(found, 1)


@of_all_scripts
def test_the_words_of_each_sheet_are_those_of_its_chunk(texts):
    chunks = [a_print(text) for text in texts]

    sheets = joined(*chunks)

    for number, chunk in enumerate(chunks, start=1):
        assert _words(sheets, number) == [*_words(Sheets(chunk.pdf)), f"{number}/2"]


@of_all_scripts
def test_each_sheet_looks_as_its_chunk_does(texts):
    chunks = [a_print(text) for text in texts]

    sheets = joined(*chunks)

    for number, chunk in enumerate(chunks, start=1):
        assert looks_in_poppler(sheets.bytes, number) == looks_in_poppler(chunk.pdf)


@pytest.mark.parametrize("name", ["Latin", "accents", "Arabic", "Devanagari", "Thai", "code"])
def test_each_sheet_looks_as_its_chunk_does_to_another_reader(name):
    # Not so for Chinese: PDFium hints outlines of PostScript in an OpenType file, and only there.
    chunks = [a_print(text) for text in SCRIPTS[name]]

    sheets = joined(*chunks)

    for number, chunk in enumerate(chunks, start=1):
        assert looks(sheets.bytes, number) == looks(chunk.pdf)


def test_no_place_is_kept_for_the_glyphs_that_a_large_font_has_and_nobody_uses():
    chunk = a_print(CHINESE[0])

    sheets = joined(chunk, a_print(CHINESE[1]))

    (brought,) = _sizes(chunk.pdf, "CJK")
    (shared,) = _sizes(sheets.bytes, "CJK")
    assert shared < brought / 8


def test_numbers_at_the_foot_are_set_in_the_same_font_as_the_text():
    sheets = joined(a_print("One"), a_print("Two"))

    assert len(fonts(sheets.pdf)) == 1
    assert sheets.folio(2) == "2/2"


def test_every_glyph_of_a_shared_font_has_its_width_and_its_meaning():
    sheets = joined(a_print("abc"), a_print("xyz"))

    (font,) = fonts(sheets.pdf)
    mapping = font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2]
    characters = re.findall(rb"<[0-9a-f]{4}> <([0-9a-f]{4})>", mapping)
    assert {chr(int(code, 16)) for code in characters} == set("abcxyz0123456789 /")
    widths = font.DescendantFonts[0].W.as_list()[1::2]
    assert sum(len(run.as_list()) for run in widths) == len(set("abcxyz0123456789 /"))


def test_a_glyph_may_stand_for_other_characters_in_another_chunk():
    composed = '<p lang="ko" style="font-family: Noto Sans CJK KR">한글</p>'
    decomposed = composed.replace("한", "\u1112\u1161\u11ab")

    sheets = joined(a_print(composed), a_print(decomposed), a_print(composed))

    assert "한글" in sheets.text(1)
    assert "\u1112\u1161\u11ab글" in sheets.text(2)
    assert "한글" in sheets.text(3)
    assert len(programs(sheets.pdf)["Noto-Sans-CJK-KR"]) == 1


def test_a_sign_that_cuts_a_line_short_does_not_stand_for_the_words_it_cut():
    cut = (
        '<p style="width: 60pt; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">'
        "a line that is much too long for this</p><p>and so on… and on</p>"
    )

    sheets = joined(a_print(cut))

    assert "and so on… and on" in sheets.text(1)
    assert "much too long for this" not in sheets.text(1)


def test_a_character_that_no_font_has_leaves_its_box_on_the_sheet():
    chunks = [a_print("one"), a_print("two \U000f1234"), a_print("three")]

    sheets = joined(*chunks)

    assert looks(sheets.bytes, 2) == looks(chunks[1].pdf)
    assert {len(those) for those in programs(sheets.pdf).values()} == {1}


def test_a_font_that_is_made_heavier_by_the_printer_shares_its_program():
    plain, heavy = (f'<p style="font: {x} 12pt Noto Sans Symbols2">🗸' for x in ("400", "700"))

    found = programs(joined(a_print(plain), a_print(heavy)).pdf)

    assert found["Noto-Sans-Symbols2"] == found["Noto-Sans-Symbols2-Bold"]


def test_the_same_chunks_give_the_same_bytes():
    texts = (*EMOJI, *CHINESE, *ARABIC)

    assert joined(*map(a_print, texts)).bytes == joined(*(a_print(text) for text in texts)).bytes


def test_a_face_with_another_glyph_by_the_same_number_is_kept_apart():
    chunk, other = a_print("Hamburg"), _with_another_outline(a_print("Hamburg"))

    sheets = joined(chunk, other, a_print("Hamburg again"))

    assert looks(other.pdf) != looks(chunk.pdf)
    assert [looks(sheets.bytes, 1), looks(sheets.bytes, 2)] == [looks(chunk.pdf), looks(other.pdf)]
    assert len(programs(sheets.pdf)["Noto-Sans"]) == 2


BROKEN = {
    "empty": b"",
    "no font": b"hello" * 100,
    "cut": None,
    "a directory of nothing": b"\0\1\0\0" + b"\xff" * 8,
    "tables beyond the end": b"\0\1\0\0\0\3" + b"\xff" * 300,
}


@pytest.mark.parametrize("program", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_program_stays_as_it_is_and_hurts_no_other_chunk(program):
    good, bad = a_print("good words"), _with_program(a_print("bad words"), program)

    sheets = joined(good, bad, good)

    for number in (1, 3):
        assert looks(sheets.bytes, number) == looks(good.pdf)
        assert "good words" in sheets.text(number)
    (kept,) = [it for it in _raw_programs(sheets.bytes) if it in _raw_programs(bad.pdf)]
    assert kept


def test_a_program_that_unpacks_into_too_much_is_not_unpacked():
    bomb = zlib.compress(bytes(80 * 1024 * 1024))

    sheets = joined(a_print("good words"), _with_program(a_print("bad words"), packed=bomb))

    assert bomb in _raw_programs(sheets.bytes)
    assert "good words" in sheets.text(1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda font: font.__delitem__("/ToUnicode"),
        lambda font: font.__setitem__("/DescendantFonts", pikepdf.Array([])),
        lambda font: font.DescendantFonts[0].__setitem__("/W", pikepdf.Array([1, 2, 3])),
        lambda font: font.DescendantFonts[0].__setitem__("/W", Name.W),
        lambda font: font.DescendantFonts[0].__setitem__("/CIDToGIDMap", Name.Other),
        lambda font: font.DescendantFonts[0].FontDescriptor.__delitem__("/FontBBox"),
        lambda font: font.DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2"),
        lambda font: font.ToUnicode.write(b"1 beginbfrange <00> <ff> <0000> endbfrange"),
    ],
)
def test_a_font_that_is_described_in_an_odd_way_stays_as_it_is(spoil):
    chunk = _changed(a_print("odd words"), lambda pdf: spoil(fonts(pdf)[0]))

    sheets = joined(a_print("good words"), chunk)

    assert "good words" in sheets.text(1)
    assert looks(sheets.bytes, 1) == looks(a_print("good words").pdf)
    assert len(fonts(sheets.pdf)) == 2


def _words(sheets: Sheets, number: int = 1) -> list[str]:
    """Without the marks of direction that pdftotext sets according to what else is there."""
    return re.sub("[\u202a-\u202e]", "", sheets.text(number)).split()


def _sizes(pdf: bytes, face: str) -> list[int]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts(opened)]
        return [
            len((it.get("/FontFile2") or it.get("/FontFile3")).read_raw_bytes())
            for it in descriptors
            if face in str(it.FontName)
        ]


def _raw_programs(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts(opened)]
        return [it.FontFile2.read_raw_bytes() for it in descriptors]


def _changed(chunk: Printed, change) -> Printed:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(chunk.pdf)) as pdf:
        change(pdf)
        pdf.save(out)
    return Printed(out.getvalue(), chunk.sheets, chunk.spots)


def _with_program(chunk: Printed, program: bytes | None = b"", packed: bytes = b"") -> Printed:
    """With another font program; None cuts the one that is there in half."""

    def change(pdf: pikepdf.Pdf) -> None:
        descriptor = fonts(pdf)[0].DescendantFonts[0].FontDescriptor
        whole = descriptor.FontFile2.read_bytes()
        content = packed or zlib.compress(whole[: len(whole) // 2] if program is None else program)
        descriptor.FontFile2 = Stream(pdf, content, Filter=Name.FlateDecode)

    return _changed(chunk, change)


def _with_another_outline(chunk: Printed) -> Printed:
    """With every letter but the widest replaced by that one."""
    with pikepdf.open(io.BytesIO(chunk.pdf)) as pdf:
        program = fonts(pdf)[0].DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    part = truetype.read(program, set(range(3000)))
    widest = max(part.glyphs.values(), key=lambda shape: shape.metrics[:2])
    glyphs = {it: shape._replace(outline=widest.outline) for it, shape in part.glyphs.items()}
    return _with_program(chunk, truetype.write(Part(part.fixed, glyphs, part.count)))
