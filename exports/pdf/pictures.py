"""Bytes in, a picture out that is safe to print: decoded, bounded, rid of all else. CPU only.

How sharp it stays depends on how large it is printed and on what was chosen (addon.options).
Whatever else travelled in the file is dropped: EXIF with places, profiles, comments, second files.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from PIL import Image as Pillow
from PIL import ImageFile, ImageOps

from addon.options import Images
from exports.document import Image
from exports.paper import A4

MOST_PIXELS = 60_000_000  # in the file; an image bomb is far above
WIDEST = A4.text_width / 25.4 * 72  # points, for a picture whose printed width is not known
TALLEST = 222 / 25.4 * 72  # points: `max-height` of pictures in content.css
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
_PHOTOS = ("JPEG", "MPO")
_OFTEN_PHOTOS = ("WEBP", "AVIF")
_ORIENTATION = 0x0112  # EXIF: which side is up, from 1 (the top)
_ON_ITS_SIDE = (5, 6, 7, 8)
_FEW_COLOURS = 4096  # a drawing or a screenshot; a photo has more
_TOO_LARGE = "it is too large to print"
# Files that people take for pictures, by how they begin (and from which byte on).
_KNOWN = (
    (0, b"8BPS", "Photoshop files cannot be read"),
    (4, b"ftyphei", "pictures in the HEIC format cannot be read"),
    (4, b"ftyphev", "pictures in the HEIC format cannot be read"),
    (4, b"ftypmif1", "pictures in the HEIC format cannot be read"),
    (0, b"%PDF", "it is a PDF file, which cannot be read as a picture"),
)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class PictureUnreadable(Exception):
    """Not a picture we print; the message is a reason for people."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How much of a picture is kept."""

    dpi: float  # at the printed size; 0: all there is
    jpeg: int  # quality when a photo is encoded anew, out of 100
    keeps_photos: bool  # as they came, where they are no larger than needed
    photo_formats: tuple[str, ...]  # stored as JPEG where they are photos and opaque


QUALITIES: Mapping[Images, Quality] = MappingProxyType(
    {
        "small": Quality(110, 70, False, ("PNG", "BMP", "TIFF", *_OFTEN_PHOTOS)),
        "standard": Quality(220, 85, True, _OFTEN_PHOTOS),
        "original": Quality(0, 95, True, ()),
    }
)


def prepare(content: bytes, profile: Images = "standard", width: float = 0.0) -> Image:
    """The picture as PNG or JPEG, first frame, upright; `width` is its printed one in points.

    Raises PictureUnreadable.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureUnreadable(_TOO_LARGE)
                return _prepare(picture, content, QUALITIES[profile], width or WIDEST)
    except PictureUnreadable:
        raise
    except Pillow.DecompressionBombError:
        raise PictureUnreadable(_TOO_LARGE) from None
    except Exception as error:  # decoders raise whatever they like on hostile bytes
        raise PictureUnreadable(_reason(content)) from error


def plain(picture: Pillow.Image) -> Pillow.Image:
    """In a mode that PNG has, with all its transparency and none that hides nothing."""
    is_keyed = picture.mode in ("1", "L", "RGB") and picture.has_transparency_data
    return _opaque(picture.convert("RGBA") if is_keyed else _eight_bits(picture))


def within(picture: Pillow.Image, box: tuple[int, int]) -> Pillow.Image:
    """No wider and no higher than the box, in pixels."""
    return picture if _fits(picture, box) else _smaller(picture, box)


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG file without what travels beside its pixels; they are not touched.

    Segments that are kept: those that decoding needs, the head of JFIF without its preview, and
    Adobe's, which says how colours are stored (ITU-T T.81, annex B; T.871; T.872, 6.5.3).
    Raises ValueError or IndexError for what is no JPEG.
    """
    kept = [b"\xff\xd8"]
    at = 2
    while (marker := content[at + 1]) != 0xD9:
        if content[at] != 0xFF:
            raise ValueError("no marker where one should be")
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        if marker == 0xE0 and content[at + 4 : at + 9] == b"JFIF\0":
            kept.append(b"\xff\xe0\x00\x10" + content[at + 4 : at + 16] + b"\0\0")
        elif marker == 0xEE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def _end_of_scan(content: bytes, start: int) -> int:
    marker = _NEXT_MARKER.search(content, start)
    if marker is None:
        raise ValueError("a scan that never ends")
    return marker.start()


def _prepare(picture: Pillow.Image, content: bytes, quality: Quality, width: float) -> Image:
    box = _most_pixels(quality, width)
    turn = picture.getexif().get(_ORIENTATION, 1)
    natural_width = picture.height if turn in _ON_ITS_SIDE else picture.width
    is_photo = picture.format in _PHOTOS
    may_stay = quality.keeps_photos and turn == 1 and picture.mode in ("L", "RGB")
    if is_photo and may_stay and _fits(picture, box):
        picture.load()  # what is cut short is found out here and not in somebody's PDF viewer
        return Image(bare_jpeg(content), "image/jpeg", *picture.size, natural_width)
    if is_photo and box:
        picture.draft("RGB", box)
    upright: Pillow.Image = ImageOps.exif_transpose(picture) or picture
    plain = upright.convert("RGB") if is_photo else _opaque(_eight_bits(upright))
    if box and not _fits(plain, box):
        plain = _smaller(plain, box)
    if picture.format in quality.photo_formats and _is_photograph(plain):
        is_photo = True
    return _encode(plain, quality.jpeg if is_photo else 0, natural_width)


def _most_pixels(quality: Quality, width: float) -> tuple[int, int] | None:
    """How many pixels, across and down, can be told apart at the printed size."""
    if not quality.dpi:
        return None
    return ceil(width * quality.dpi / 72), ceil(TALLEST * quality.dpi / 72)


def _fits(picture: Pillow.Image, box: tuple[int, int] | None) -> bool:
    return box is None or (picture.width <= box[0] and picture.height <= box[1])


def _smaller(picture: Pillow.Image, box: tuple[int, int]) -> Pillow.Image:
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    picture.thumbnail(box, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _eight_bits(picture: Pillow.Image) -> Pillow.Image:
    """In a mode that PNG and PDF share, at most eight bits a channel."""
    if picture.mode in ("1", "L", "RGB", "RGBA", "LA"):
        return picture
    if picture.mode == "P":
        return picture.convert("RGBA") if "transparency" in picture.info else picture
    if picture.mode.startswith("I;16"):
        # Pillow would cut off what is above 255.
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _opaque(picture: Pillow.Image) -> Pillow.Image:
    """Without a mask that hides nothing, as screenshots have it: it costs the printer and the file
    a second picture, and keeps the first from waiting for its sheet (exports.pdf.plates).
    """
    if picture.mode in ("RGBA", "LA") and picture.getchannel("A").getextrema()[0] == 255:
        return picture.convert(picture.mode[:-1])
    return picture


def _is_photograph(picture: Pillow.Image) -> bool:
    return picture.mode == "RGB" and picture.getcolors(_FEW_COLOURS) is None


def _encode(picture: Pillow.Image, jpeg_quality: int, natural_width: int) -> Image:
    """Write the pixels, and nothing but them; as PNG where `jpeg_quality` is 0."""
    fresh = Pillow.new(picture.mode, picture.size)
    if picture.mode == "P":
        fresh.putpalette(picture.getpalette() or [])
    fresh.paste(picture)
    out = io.BytesIO()
    if jpeg_quality:
        fresh.save(out, "JPEG", quality=jpeg_quality)
    else:
        fresh.save(out, "PNG")
    media_type = "image/jpeg" if jpeg_quality else "image/png"
    return Image(out.getvalue(), media_type, *fresh.size, natural_width)


def _reason(content: bytes) -> str:
    for start, beginning, reason in _KNOWN:
        if content.startswith(beginning, start):
            return reason
    return "it cannot be read"
