"""Bytes in, safe pictures out."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from exports.pdf.pictures import LONGEST_SIDE, PictureUnreadable, prepare
from tests.exports.pdf.pictures import a_gif, a_jpeg, a_png


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_kind_stays_a_picture_of_its_size(mode):
    image = prepare(a_png(60, 40, mode))

    assert (image.media_type, image.width, image.height) == ("image/png", 60, 40)


def test_a_photo_stays_a_jpeg():
    assert prepare(a_jpeg()).media_type == "image/jpeg"


def test_a_huge_picture_is_scaled_down_in_its_proportions():
    image = prepare(a_png(6000, 3000))

    assert (image.width, image.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


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
