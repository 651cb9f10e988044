"""What somebody uploads as a logo: whatever it is, a small plain PNG or a sentence comes of it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from addon import logos
from addon.option_kinds import Picture
from addon.outbound import Budget
from exports.document import Image as Printable
from exports.document import Logo
from exports.logo import LogoUnreadable, Prepared, prepared
from exports.printers import Printers
from tests.exports.pdf.pictures import a_gif, a_jpeg, a_noisy_jpeg, a_png

RED, CLEAR = (200, 0, 0, 255), (0, 0, 0, 0)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80">%s</svg>'


@pytest.fixture(scope="module")
def printers():
    printers = Printers.local(1)
    yield printers
    printers.stop()


def made(printers: Printers, content: bytes) -> Prepared:
    logo = prepared(content, printers, Budget.of(60))
    assert Picture().read(logo.address) == logo.address  # it can be kept
    return logo


def pixels(logo: Prepared) -> Image.Image:
    return Image.open(io.BytesIO(logos.content(logo.address)))


def a_file(kind: str, picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def a_mark() -> Image.Image:
    """Red on nothing, 600 × 200."""
    mark = Image.new("RGBA", (600, 200), CLEAR)
    ImageDraw.Draw(mark).rectangle((100, 50, 400, 150), RED)
    return mark


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_picture_keeps_its_size_its_colours_and_its_transparency(printers, kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    logo = made(printers, a_file(kind, a_mark(), **options))

    assert (logo.width, logo.height, logo.warnings) == (600, 200, ())
    seen = pixels(logo).convert("RGBA")
    assert seen.getpixel((200, 100)) == RED
    assert seen.getpixel((0, 0))[3] == 0


def test_a_single_colour_may_stand_for_what_is_transparent(printers):
    picture = Image.new("RGB", (400, 100), (0, 0, 0))

    logo = made(printers, a_file("PNG", picture, transparency=(0, 0, 0)))

    assert pixels(logo).convert("RGBA").getpixel((5, 5))[3] == 0


def test_a_photo_is_turned_upright(printers):
    exif = Image.Exif()
    exif[0x0112] = 6  # its right side is up

    logo = made(printers, a_jpeg(600, 400, exif=exif))

    assert (logo.width, logo.height) == (400, 600)


def test_a_drawing_becomes_pixels_on_nothing(printers):
    logo = made(printers, SVG % b'<rect x="100" width="100" height="80" fill="#c80000"/>')

    assert (logo.width, logo.height) == (1000, 400)
    seen = pixels(logo).convert("RGBA")
    assert seen.getpixel((750, 200)) == RED
    assert seen.getpixel((250, 200))[3] == 0


def test_a_large_picture_is_made_smaller_until_it_can_be_kept(printers):
    logo = made(printers, a_noisy_jpeg(3000, 1500))

    assert logo.width == pytest.approx(2 * logo.height, abs=2)
    assert 354 <= logo.width <= 2000
    assert len(logos.content(logo.address)) <= logos.MOST_BYTES


def test_whatever_else_is_in_the_file_stays_outside(printers):
    picture, info = a_mark(), _text_chunk()
    content = a_file("PNG", picture, pnginfo=info, dpi=(300, 300)) + b"PK\x03\x04SECRETPLACE"

    png = logos.content(made(printers, content).address)

    assert b"SECRETPLACE" not in png
    assert png.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be read"),
        (b"<html><script>alert(1)</script></html>", "cannot be read"),
        (b"%PDF-1.7", "cannot be read"),
        (a_png(600, 200)[:-40], "cannot be read"),
        (a_noisy_jpeg()[:3000], "cannot be read"),
        (a_file("BMP", Image.new("RGB", (400, 100))), "cannot be read"),
        (a_file("PNG", Image.new("1", (30_000, 30_000))), "too many pixels"),
        (b"GIF89a" + b"\xff" * 2000, "cannot be read"),
        (SVG % b"<g>" + b"<g>" * 9000, "cannot be read"),
        (SVG % (b"<path d='M0 0'/>" * 200_000), "too complex"),
        (b"\x89PNG" + b"\0" * 5 * 1024 * 1024, "5 MB"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_logo_is_refused_with_a_sentence(printers, content, sentence):
    with pytest.raises(LogoUnreadable, match=sentence) as refused:
        prepared(content, printers, Budget.of(60))

    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (Image.new("RGB", (200, 100), "navy"), ["200 pixels across"]),
        (Image.new("RGB", (900, 100), "navy"), ["very wide"]),
        (Image.new("RGB", (400, 900), "navy"), ["very tall"]),
        (Image.new("RGBA", (400, 200), (255, 255, 255, 255)), ["hardly be seen"]),
        (Image.new("RGBA", (400, 200), (0, 0, 0, 0)), ["hardly be seen"]),
        (Image.new("RGB", (100, 900), "white"), ["100 pixels", "very tall", "hardly be seen"]),
        (Image.new("RGB", (400, 200), "silver"), []),
    ],
)
def test_what_will_not_look_well_is_told(printers, picture, said):
    warnings = made(printers, a_file("PNG", picture)).warnings

    assert len(warnings) == len(said)
    assert all(words in sentence for words, sentence in zip(said, warnings, strict=True))


class Taken(Printers):
    """Printers that content has taken over."""

    def __init__(self, png: bytes) -> None:
        self._png = png

    def logo(self, content: bytes, budget: Budget) -> Logo | str:
        return Logo(Printable(self._png, "image/png", 600, 200), 0)


@pytest.mark.parametrize(
    "png",
    [
        b"<svg onload=alert(1)>",
        a_png() + b"more",
        a_png(3000, 10),
        a_file("PNG", a_mark(), dpi=(300, 300)),
        b"",
    ],
    ids=lambda png: str(png)[:12],
)
def test_what_a_printer_answers_is_looked_at_before_it_is_believed(png):
    with pytest.raises(LogoUnreadable):
        prepared(a_png(), Taken(png), Budget.of(5))


def test_an_animation_gives_its_first_picture(printers):
    assert made(printers, a_gif()).width == 20


def _text_chunk() -> object:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "SECRETPLACE")
    return info
