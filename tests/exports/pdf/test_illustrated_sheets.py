"""Pictures on sheets, read back: how large they are stored, how large they stand, and where."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from addon.options import IMAGES, ExportOptions
from exports.content.clean import clean
from exports.content.settle import Missing, settle
from exports.document import Illustrated, Image
from exports.paper import BOTTOM, SHEETS, SIDE, TOP
from exports.pdf import compose
from exports.pdf.drawings import draw
from exports.pdf.pictures import prepare
from exports.pdf.printing import print_chunk
from tests.builders import SITE, a_page, a_tree
from tests.exports.pdf.pictures import a_noisy_jpeg, a_png

MM = 72 / 25.4
NAME = 'data-linked-resource-id="7" data-linked-resource-container-id="65537"'
FLOATING = "confluence-embedded-file-wrapper image-right-wrap-wrapper"


def printed(html: str, content: bytes | Image | None, paper: str = "A4") -> bytes:
    """A page with this picture as its only one; None for one that is not to be had."""
    sheet = SHEETS[paper]
    article = clean(a_page(html), a_tree(), SITE, sheet)
    (wanted,) = article.images
    images, missing = {}, {}
    if content is None:
        missing = {wanted.key: Missing("Confluence did not send it.", wanted.ratio)}
    else:
        ready = content if isinstance(content, Image) else prepare(content, width=wanted.width)
        images = {wanted.key: ready}
    settled = settle(article.html, images, missing, sheet)
    article = type(article)(article.page, settled, images=article.images)
    style = compose.style(ExportOptions(paper=paper))  # type: ignore[arg-type]
    return print_chunk(compose.body([Illustrated(article, images)], "Docs"), style).pdf


def boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of every picture, in points."""
    pdfium = pytest.importorskip("pypdfium2")
    found = []
    for page in pdfium.PdfDocument(pdf):
        found += [it.get_bounds() for it in page.get_objects() if it.type == 3]
    return found


def stored(pdf: bytes) -> list[Any]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            (int(image.Width), int(image.Height), str(image.Filter))
            for page in opened.pages
            for image in page.get_images().values()
        ]


def assert_within_the_text(box: tuple[float, float, float, float], paper: str = "A4") -> None:
    sheet = SHEETS[paper]
    left, bottom, right, top = box
    assert left >= SIDE * MM - 0.5
    assert right <= (sheet.width - SIDE) * MM + 0.5
    assert bottom >= BOTTOM * MM - 0.5
    assert top <= (sheet.height - TOP) * MM + 0.5


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<ul><li><ul><li><p>{}</p></li></ul></li></ul>",
        "<blockquote><p>{}</p></blockquote>",
        '<div class="panel"><div class="panelContent"><p>{}</p></div></div>',
        "<table><tbody><tr><td>{}</td><td>Words</td><td>More words</td></tr></tbody></table>",
        '<p><a href="https://example.com/">{}</a></p>',
        "<figure>{}<figcaption>The coast</figcaption></figure>",
    ],
)
@pytest.mark.parametrize(
    ("width", "height", "more"),
    [
        (6000, 400, 'width="6000"'),
        (400, 6000, ""),
        (400, 6000, 'width="760"'),
        (5000, 5000, 'width="5000" data-width="5000" data-height="5000"'),
    ],
)
def test_a_huge_picture_stays_within_the_text(place, width, height, more, paper):
    html = place.format(f'<img class="confluence-embedded-image" {NAME} {more} src="x">')

    (box,) = boxes(printed(html, a_png(width, height), paper))

    assert_within_the_text(box, paper)
    proportion = (box[2] - box[0]) / (box[3] - box[1])
    assert proportion == pytest.approx(width / height, rel=0.15)


def test_a_picture_that_the_words_flow_round_takes_half_the_text_and_no_heading_beside_it():
    pdfium = pytest.importorskip("pypdfium2")
    picture = f'<span class="{FLOATING}"><img {NAME} width="760" src="x"></span>'
    html = f"<p>{picture}Beside it.</p><h2>Below it</h2><p>Words.</p>"

    pdf = printed(html, a_png(800, 800))

    (left, bottom, right, _), words = boxes(pdf)[0], pdfium.PdfDocument(pdf)[0].get_textpage()
    assert right - left == pytest.approx(SHEETS["A4"].text_width * MM / 2, abs=1)
    heading = words.search("Below it").get_next()
    assert words.get_charbox(heading[0])[3] < bottom


@pytest.mark.parametrize("profile", IMAGES)
def test_the_sheet_holds_as_many_pixels_as_were_chosen(profile):
    html = f'<p><img {NAME} width="380" src="x"></p>'
    content = a_noisy_jpeg(2400, 1600)

    image = prepare(content, profile, width=241)

    pixels = {"small": (369, 246), "standard": (737, 491), "original": (2400, 1600)}[profile]
    assert stored(printed(html, image)) == [(*pixels, "/DCTDecode")]
    (box,) = boxes(printed(html, image))
    assert box[2] - box[0] == pytest.approx(241, abs=1)


@pytest.mark.parametrize("profile", IMAGES)
def test_a_picture_without_a_width_is_as_large_in_every_quality(profile):
    (box,) = boxes(printed(f"<p><img {NAME} src='x'></p>", prepare(a_png(700, 350), profile)))

    assert box[2] - box[0] == pytest.approx(700 * SHEETS["A4"].text_width * MM / 760, abs=1)


def test_the_box_of_a_missing_picture_is_as_large_as_the_picture():
    pdfium = pytest.importorskip("pypdfium2")
    html = f'<p><img {NAME} width="380" data-width="800" data-height="600" src="x"></p>'

    pdf = printed(html, None)

    page = pdfium.PdfDocument(pdf)[0]
    sizes = [
        (right - left, top - bottom)
        for it in page.get_objects()
        if it.type == 2
        for left, bottom, right, top in [it.get_bounds()]
    ]
    assert any(
        width == pytest.approx(241, abs=2) and height == pytest.approx(181, abs=2)
        for width, height in sizes
    )
    assert "Confluence did not send it" in page.get_textpage().get_text_range().replace("\r\n", " ")


def test_a_drawing_is_printed_without_a_single_pixel():
    drawing = draw(b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="9"><g/></svg>')

    assert stored(printed(f"<p><img {NAME} src='x'></p>", drawing)) == []
