"""Sheets as pictures: their very colours, few bytes, and nothing of the paper where none is."""

from __future__ import annotations

import io

from PIL import Image as Pillow

from exports.document import Chunk, Image
from exports.pdf import glass
from exports.pdf.printing import print_chunk
from tests.exports.pdf.pictures import a_noisy_jpeg

A_SHEET = "@page { size: 120mm 160mm; margin: 10mm } p { font-size: 12pt } div { height: 8mm }"
BRAND = ("#d01884", "#1558bc", "#f5f6f8", "#fefefe", "#fdfdfd", "#1e2330", "#1f2431")


def seen(body: str, width: int = 480, **images: Image) -> Pillow.Image:
    pdf = print_chunk(Chunk(f"<!doctype html><title></title>{body}", images), A_SHEET).pdf
    (sheet,) = glass.sheets(pdf, [0], width)
    return Pillow.open(io.BytesIO(sheet.content))


def test_areas_keep_their_very_colour_or_the_nearest_that_the_eye_takes_for_it():
    boxes = "".join(f'<div style="background:{colour}"></div>' for colour in BRAND)

    picture = seen(f"{boxes}<p>{'Words on white. ' * 80}</p>")

    assert picture.mode == "P"
    found = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or ()}
    wanted = [tuple(bytes.fromhex(colour[1:])) for colour in BRAND]
    assert {(255, 255, 255), wanted[0], wanted[1]} <= found
    for red, green, blue in wanted:
        assert any(abs(red - r) + abs(green - g) + abs(blue - b) < 16 for r, g, b in found)


def test_a_photograph_is_not_reduced_to_few_colours():
    photo = Image(a_noisy_jpeg(), "image/jpeg", 300, 200)

    picture = seen('<img src="xpress-image:photo" style="width:90mm">', photo=photo)

    assert picture.mode == "RGB"
    assert picture.getcolors(4096) is None


def test_sheets_that_are_not_there_are_passed_over():
    pdf = print_chunk(Chunk("<!doctype html><title></title>", {}), A_SHEET).pdf

    assert [sheet.width for sheet in glass.sheets(pdf, range(5), 96)] == [96]


def test_what_nothing_is_printed_on_can_be_seen_through():
    html = '<!doctype html><title></title><div style="background:#d01884"></div>'

    picture = glass.clear(print_chunk(Chunk(html, {}), A_SHEET).pdf, 480)

    assert picture.mode == "RGBA"
    assert picture.getpixel((5, 5))[3] == 0
    assert picture.getpixel((240, 60)) == (0xD0, 0x18, 0x84, 255)
