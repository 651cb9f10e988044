"""Pictures that wait while the text is printed: proofs on the way, plates in the joined PDF."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image as Pillow

from exports.document import Article, Illustrated, Image, Page
from exports.pdf import compose
from exports.pdf.pictures import prepare
from exports.pdf.plates import LONGEST_PROOF, Plates
from tests.builders import a_tree
from tests.exports.pdf.joining import a_print, joined, looks
from tests.exports.pdf.pictures import a_noisy_jpeg, a_png

SHOWN = '<p>Before<img src="xpress-image:{}" alt="" style="width: 90pt">after</p>'


def a_picture(mode: str = "RGB", kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> Image:
    """Squares of many colours, or of as many as the mode has."""
    picture = Pillow.new("RGB", size)
    for x in range(0, size[0], 4):
        for y in range(0, size[1], 4):
            picture.paste((x * 4 % 256, y * 6 % 256, (x + y) % 256), (x, y, x + 4, y + 4))
    if mode == "P16":
        picture = picture.quantize(16)
    elif mode in ("RGBA", "LA"):
        picture.putalpha(Pillow.linear_gradient("L").resize(size))
        picture = picture.convert(mode)
    else:
        picture = picture.convert(mode)
    out = io.BytesIO()
    picture.save(out, kind)
    return prepare(out.getvalue())


def with_plates(html: str, images: dict[str, Image], plates: Plates):
    return a_print(html, plates.proofs(images))


def images_of(pdf: pikepdf.Pdf) -> dict[tuple[int, int], pikepdf.Object]:
    """The pictures in a PDF, each once, without masks."""
    return {
        item.objgen: item for page in pdf.pages for item in page.get_images(recursive=True).values()
    }


KINDS = [
    ("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("P16", "PNG"), ("RGB", "PNG"), ("RGBA", "PNG"),
    ("LA", "PNG"), ("L", "JPEG"), ("RGB", "JPEG"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "kind"), KINDS)
def test_a_picture_looks_as_if_it_had_been_printed_with_the_text(mode, kind):
    images, plates = {"a": a_picture(mode, kind)}, Plates()
    html = SHOWN.format("a")

    sheets = joined(with_plates(html, images, plates), plates=plates)

    assert looks(sheets.bytes) == looks(joined(a_print(html, images)).bytes)
    assert looks(sheets.bytes) != looks(joined(a_print("<p>Beforeafter</p>")).bytes)


def test_a_picture_takes_the_room_of_its_own_size():
    images, plates = {"a": a_picture(size=(120, 40))}, Plates()
    html = '<p>Before<img src="xpress-image:a" alt="">after</p>'

    sheets = joined(with_plates(html, images, plates), plates=plates)

    assert looks(sheets.bytes) == looks(joined(a_print(html, images)).bytes)


def test_no_picture_travels_with_the_text():
    plates = Plates()
    images = {"a": prepare(a_noisy_jpeg()), "b": a_picture(size=(400, 400))}

    chunk = with_plates(SHOWN.format("a") + SHOWN.format("b"), images, plates)

    assert all(len(proof.content) <= LONGEST_PROOF for proof in plates.proofs(images).values())
    assert images["a"].content not in chunk.pdf
    assert len(chunk.pdf) < 10_000


def test_a_photo_is_in_the_file_byte_by_byte_as_it_came():
    images, plates = {"a": prepare(a_noisy_jpeg())}, Plates()

    sheets = joined(with_plates(SHOWN.format("a"), images, plates), plates=plates)

    (photo,) = images_of(sheets.pdf).values()
    assert photo.Filter == Name.DCTDecode
    assert photo.read_raw_bytes() == images["a"].content


def test_a_palette_stays_one():
    images, plates = {"a": a_picture("P16")}, Plates()

    sheets = joined(with_plates(SHOWN.format("a"), images, plates), plates=plates)

    (picture,) = images_of(sheets.pdf).values()
    assert picture.ColorSpace[0] == Name.Indexed
    assert picture.BitsPerComponent == 4


def test_a_picture_of_several_pages_stands_once_in_the_file():
    images, plates = {"a": a_picture()}, Plates()
    chunks = [with_plates(SHOWN.format("a"), images, plates) for _ in range(3)]

    sheets = joined(*chunks, plates=plates)

    assert len(images_of(sheets.pdf)) == 1
    assert [len(page.get_images()) for page in sheets.pdf.pages] == [1, 1, 1]


@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_equal_files_of_different_attachments_stand_once_in_the_file(mode):
    images, plates = {"a": a_picture(mode), "b": a_picture(mode)}, Plates()

    sheets = joined(
        with_plates(SHOWN.format("a"), images, plates),
        with_plates(SHOWN.format("b"), images, plates),
        plates=plates,
    )

    assert len(images_of(sheets.pdf)) == 1


def test_pictures_that_differ_are_not_taken_for_one():
    red, blue = (_filled(colour) for colour in ("#ff0001", "#0001ff"))
    plates = Plates()
    chunks = [
        with_plates(SHOWN.format(key), {key: image}, plates)
        for key, image in (("a", red), ("b", blue))
    ]

    sheets = joined(*chunks, plates=plates)

    assert len(images_of(sheets.pdf)) == 2
    assert looks(sheets.bytes, 1) != looks(sheets.bytes, 2)


def test_where_a_picture_was_made_for_two_sizes_the_sharper_serves_for_both():
    small, large = a_picture(size=(30, 20)), a_picture(size=(60, 40))
    for first, second in ((small, large), (large, small)):
        plates = Plates()
        chunks = [with_plates(SHOWN.format("a"), {"a": it}, plates) for it in (first, second)]

        sheets = joined(*chunks, plates=plates)

        assert [int(it.Width) for it in images_of(sheets.pdf).values()] == [60]


def test_within_a_chunk_too_the_sharper_one_serves():
    small, large = a_picture(size=(30, 20)), a_picture(size=(60, 40))
    (first,), (second,) = a_tree("1 One"), a_tree("2 Two")
    run = [
        Illustrated(Article(Page(ref, ""), "<p>a</p>"), {"a": image})
        for ref, image in ((first, large), (second, small))
    ]

    assert compose.body(run, "Space").images == {"a": large}


def test_pictures_that_the_sheet_shines_through_stand_once_too():
    images = {"a": a_picture("RGBA")}

    sheets = joined(*(a_print(SHOWN.format("a"), images) for _ in range(2)))

    assert len(images_of(sheets.pdf)) == 1


def test_emoji_of_several_chunks_stand_once_in_the_file():
    sheets = joined(a_print("<p>🚀 🎉</p>"), a_print("<p>🚀</p>"), a_print("<p>🎉</p>"))

    found = [set(page.get_images()) for page in sheets.pdf.pages]
    used = {it.objgen for page in sheets.pdf.pages for it in page.get_images().values()}
    assert [len(of_sheet) for of_sheet in found] == [2, 1, 1]
    assert len(used) == 2


def test_a_picture_in_a_translucent_box_is_printed_too():
    images, plates = {"a": a_picture()}, Plates()
    html = f'<div style="opacity: 0.5">{SHOWN.format("a")}</div>'

    sheets = joined(with_plates(html, images, plates), plates=plates)

    assert looks(sheets.bytes) == looks(joined(a_print(html, images)).bytes)


def test_a_drawing_goes_to_the_printer_as_it_is():
    drawing = Image(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 10, 10)

    assert Plates().proofs({"a": drawing}) == {"a": drawing}


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n", a_png()[:20], a_png()[:40], b"\xff\xd8\xff\xda", b"\xff\xd8" * 9],
)
def test_what_is_no_picture_goes_to_the_printer_as_it_is(content):
    for media_type in ("image/png", "image/jpeg"):
        image = Image(content, media_type, 60, 40)

        assert Plates().proofs({"a": image}) == {"a": image}


def test_a_proof_of_another_export_is_no_picture_of_this_one():
    images, plates = {"a": a_picture()}, Plates()
    (proof,) = plates.proofs(images).values()

    assert plates.name(proof.content)
    assert not Plates().name(proof.content)


def _filled(colour: str) -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (60, 40), colour).save(out, "PNG")
    return prepare(out.getvalue())
