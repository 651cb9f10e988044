"""Bytes in, safe pictures out."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from exports.pdf.pictures import PictureUnreadable, bare_jpeg, prepare
from tests.exports.pdf.pictures import a_gif, a_jpeg, a_noisy_jpeg, a_png


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_stays_a_picture_of_its_size(mode):
    image = prepare(a_png(60, 40, mode))

    assert (image.media_type, image.width, image.height) == ("image/png", 60, 40)


def test_a_photo_stays_a_jpeg():
    assert prepare(a_jpeg()).media_type == "image/jpeg"


@pytest.mark.parametrize(("profile", "dpi"), [("small", 110), ("standard", 220)])
def test_a_picture_is_as_fine_as_its_printed_width_asks_for(profile, dpi):
    image = prepare(a_png(6000, 3000), profile, width=144)

    assert (image.width, image.height, image.natural_width) == (2 * dpi, dpi, 6000)


def test_a_picture_of_unknown_width_is_fine_enough_for_the_whole_text():
    assert prepare(a_png(6000, 3000)).width == 1473  # 220 dots to the inch on 170 mm


def test_a_tall_picture_is_as_fine_as_the_height_of_a_sheet_asks_for():
    assert prepare(a_png(300, 6000)).height == 1923  # 220 dots to the inch on 222 mm


def test_a_picture_is_never_made_larger():
    assert prepare(a_png(60, 40), width=400).width == 60


def test_the_original_keeps_every_pixel():
    image = prepare(a_png(3000, 1500), "original", width=72)

    assert (image.width, image.height) == (3000, 1500)


@pytest.mark.parametrize("profile", ["standard", "original"])
def test_a_photo_that_needs_no_change_keeps_its_pixels_to_the_bit(profile):
    content = a_jpeg(60, 40, comment=b"SECRETPLACE", dpi=(72, 72))

    image = prepare(content, profile)

    before, after = (Image.open(io.BytesIO(it)) for it in (content, image.content))
    assert before.tobytes() == after.tobytes()
    assert len(image.content) < len(content)
    assert b"SECRETPLACE" not in image.content


def test_a_progressive_photo_keeps_all_its_scans():
    content = a_jpeg(300, 200, progressive=True)

    bare = bare_jpeg(content + b"a second file")

    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(content)).tobytes()
    assert b"a second file" not in bare


def test_a_photo_that_is_cut_short_is_refused():
    content = a_noisy_jpeg()

    with pytest.raises(PictureUnreadable, match="cannot be read"):
        prepare(content[: len(content) // 2], "original")


def test_small_stores_photos_with_less_detail():
    photo = a_noisy_jpeg()

    assert len(prepare(photo, "small").content) < len(prepare(photo, "standard").content)


@pytest.mark.parametrize(
    ("profile", "media_type"),
    [("small", "image/jpeg"), ("standard", "image/png"), ("original", "image/png")],
)
def test_a_photo_stored_as_png_is_a_jpeg_in_small_files_only(profile, media_type):
    photo = Image.open(io.BytesIO(a_noisy_jpeg()))
    out = io.BytesIO()
    photo.save(out, "PNG")

    assert prepare(out.getvalue(), profile).media_type == media_type


def test_a_drawing_of_few_colours_stays_exact_in_small_files():
    assert prepare(a_png(800, 600), "small").media_type == "image/png"


def test_a_photo_in_print_colours_is_turned_into_those_of_the_screen():
    out = io.BytesIO()
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(out, "JPEG")

    image = Image.open(io.BytesIO(prepare(out.getvalue(), "original").content))

    assert image.mode == "RGB"
    red, green, blue = image.getpixel((10, 10))
    assert red > 200 > 60 > max(green, blue)


def test_sixteen_bits_of_grey_are_brought_to_eight_without_burning_out():
    out = io.BytesIO()
    Image.new("I;16", (2, 1), 0x8080).save(out, "PNG")

    assert Image.open(io.BytesIO(prepare(out.getvalue()).content)).getpixel((0, 0)) == 128


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC format cannot be read"),
        (b"8BPS\0\1", "Photoshop files cannot be read"),
        (b"%PDF-1.7", "it is a PDF file"),
    ],
)
def test_files_that_people_take_for_pictures_are_refused_by_name(content, words):
    with pytest.raises(PictureUnreadable, match=words):
        prepare(content)


def test_of_an_animation_the_first_frame_is_kept():
    assert Image.open(io.BytesIO(prepare(a_gif()).content)).format == "PNG"


def test_what_else_travels_in_a_photo_is_dropped():
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"

    image = prepare(a_jpeg(exif=exif))

    assert b"SECRETPLACE" not in image.content


def test_a_photo_taken_sideways_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter

    image = prepare(a_jpeg(60, 40, exif=exif))

    assert (image.width, image.height) == (40, 60)


def test_transparency_is_kept():
    content = prepare(a_png(10, 10, "RGBA")).content

    assert Image.open(io.BytesIO(content)).mode == "RGBA"


@pytest.mark.parametrize(("mode", "plain"), [("RGBA", "RGB"), ("LA", "L")])
def test_a_mask_that_hides_nothing_is_dropped(mode, plain):
    opaque = io.BytesIO()
    Image.new(plain, (60, 40), 120 if plain == "L" else "teal").convert(mode).save(opaque, "PNG")

    kept = Image.open(io.BytesIO(prepare(opaque.getvalue()).content))

    assert kept.mode == plain
    assert kept.getpixel((3, 3)) == (120 if plain == "L" else (0, 128, 128))


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", a_png()[:60], b"<!doctype html><title>Sign in</title>", b"%PDF-1.7"],
)
def test_what_is_no_picture_is_refused_with_a_reason(content):
    with pytest.raises(PictureUnreadable, match="cannot be read"):
        prepare(content)


def test_a_picture_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(PictureUnreadable, match="too large"):
        prepare(_bomb(20_000, 20_000))


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large, with next to nothing in it."""

    def piece(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", data) + piece(b"IEND", b"")
