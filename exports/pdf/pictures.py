"""Bytes in, a picture out that is safe to print: decoded, bounded, encoded anew. CPU only.

Encoding anew drops whatever else travelled in the file: EXIF with places, profiles, second files.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image as Pillow
from PIL import ImageFile, ImageOps

from exports.document import Image

MOST_PIXELS = 60_000_000  # in the file; an image bomb is far above
LONGEST_SIDE = 1800  # pixels on the sheet: about 260 dpi across the text of an A4 sheet
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_JPEG_QUALITY = 85
_TOO_LARGE = "it is too large to print"


class PictureUnreadable(Exception):
    """Not a picture we print; the message is a reason for people."""


def prepare(content: bytes) -> Image:
    """The picture as PNG or JPEG, first frame, upright, at most LONGEST_SIDE wide or high."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PictureUnreadable(_TOO_LARGE)
                return _encode(picture)
    except PictureUnreadable:
        raise
    except Pillow.DecompressionBombError:
        raise PictureUnreadable(_TOO_LARGE) from None
    except Exception as error:  # decoders raise whatever they like on hostile bytes
        looks_like_svg = b"<svg" in content[:4096].lower()
        reason = "vector drawings are not printed yet" if looks_like_svg else "it cannot be read"
        raise PictureUnreadable(reason) from error


def _encode(picture: Pillow.Image) -> Image:
    is_photo = picture.format == "JPEG"
    if is_photo:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright: Pillow.Image = ImageOps.exif_transpose(picture) or picture
    plain = upright.convert("RGB" if is_photo else _png_mode(upright))
    if max(plain.size) > LONGEST_SIDE:
        if plain.mode == "P":
            plain = plain.convert("RGBA" if "transparency" in plain.info else "RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    fresh = Pillow.new(plain.mode, plain.size)
    if plain.mode == "P":
        fresh.putpalette(plain.getpalette() or [])
    fresh.paste(plain)
    out = io.BytesIO()
    if is_photo:
        fresh.save(out, "JPEG", quality=_JPEG_QUALITY)
    else:
        fresh.save(out, "PNG")
    media_type = "image/jpeg" if is_photo else "image/png"
    return Image(out.getvalue(), media_type, fresh.width, fresh.height)


def _png_mode(picture: Pillow.Image) -> str:
    if picture.mode in ("1", "L", "RGB", "RGBA", "LA"):
        return picture.mode
    if picture.mode == "P":
        return "RGBA" if "transparency" in picture.info else "P"
    return "RGBA" if picture.has_transparency_data else "RGB"
