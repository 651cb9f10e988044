"""A Chunk in, Printed out: WeasyPrint, with no way to the network or the disk. CPU only.

Runs in printer processes (exports.printers); everything it needs comes as arguments.
"""

from __future__ import annotations

import gc
import io
import re
from base64 import b64decode
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from exports.document import IMAGE_SCHEME, Chunk, Image, Printed, Spot
from exports.pdf import brevity, glyphs, marks

_POINTS_A_PIXEL = 0.75  # CSS px → PDF points
_EMBEDDED = re.compile(r"data:(image/(?:png|jpeg));base64,")


class ImageShelf(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """The only fetcher the printer has: serves the chunk's own images and ours, refuses all else.

    Drawings carry their photos in themselves (exports.pdf.drawings, which encoded them).
    """

    def __init__(self, images: Mapping[str, Image]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._images = images

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if embedded := _EMBEDDED.match(url):
            content = b64decode(url[embedded.end() :])
            return URLFetcherResponse(url, content, {"Content-Type": embedded[1]})
        key = url.removeprefix(IMAGE_SCHEME)
        image = self._images.get(key) or marks.MARKS.get(key)
        if image is None or not url.startswith(IMAGE_SCHEME):
            raise ValueError("nothing is fetched while printing")
        return URLFetcherResponse(url, image.content, {"Content-Type": image.media_type})


class Manuscript(HTML):  # type: ignore[misc]  # WeasyPrint is untyped
    """HTML of ours, whose elements look as `elements.css` says before a style sheet comes."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_ELEMENTS]


def print_chunk(chunk: Chunk, style: str) -> Printed:
    """Set the chunk on sheets. `style` is CSS of ours; equal ones are parsed once a process."""
    was_collecting = gc.isenabled()
    gc.disable()  # measured: 0.64 of the time; a chunk is small and the process ends
    try:
        fonts, sheet = _style(style)
        # `string=…` always: WeasyPrint opens a text that is a path.
        html = Manuscript(string=chunk.html, url_fetcher=ImageShelf(chunk.images))
        document = html.render(font_config=fonts, stylesheets=[sheet])
        out = io.BytesIO()
        document.write_pdf(out, finisher=brevity.shorten)
        unset = glyphs.unset(document.fonts)
        turned = "".join("ut"[page.width > page.height] for page in document.pages)
        spots = _spots(document.pages)
        return Printed(out.getvalue(), len(document.pages), spots, unset, turned)
    finally:
        if was_collecting:
            gc.enable()


@lru_cache(maxsize=8)
def _style(style: str) -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    return fonts, CSS(string=style, url_fetcher=ImageShelf({}), font_config=fonts)


_ELEMENTS = CSS(
    string=Path(__file__).with_name("elements.css").read_text("utf-8"), url_fetcher=ImageShelf({})
)


def _spots(pages: list[object]) -> dict[str, Spot]:
    spots: dict[str, Spot] = {}
    for number, page in enumerate(pages):
        for name, (left, top, *_) in page.anchors.items():  # type: ignore[attr-defined]
            height = page.height  # type: ignore[attr-defined]
            spot = Spot(number, left * _POINTS_A_PIXEL, (height - top) * _POINTS_A_PIXEL)
            spots.setdefault(name, spot)
    return spots
