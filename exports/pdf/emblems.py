"""Bytes in, a logo out: a plain PNG, small enough to be kept among the options. CPU only.

Runs in printer processes: decoders meet bytes of any origin.
"""

from __future__ import annotations

import io
import warnings
from math import sqrt

from PIL import Image as Pillow
from PIL import ImageFile, ImageOps

from addon import logos
from exports.document import IMAGE_SCHEME, Chunk, Image, Logo
from exports.pdf import drawings, glass, pictures
from exports.pdf.pictures import MOST_PIXELS, PictureUnreadable
from exports.pdf.printing import print_chunk

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_TOO_MANY = "it has too many pixels"
_DRAWN_PIXELS = 1_000  # the longer side of what has no pixels of its own
_LONGEST = 10_000  # a drawing's side, in its own pixels, when it is set on a sheet
_SHRINK = 0.9  # of what the size of the file lets expect: small pictures pack worse


def prepare(content: bytes) -> Logo:
    """The picture or drawing in a file as addon.logos takes it: upright, the first frame.

    Transparency stays. Raises PictureUnreadable, with a reason for people.
    """
    if drawings.is_drawing(content):
        return _logo(_drawn(drawings.draw(content)))
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=_FORMATS) as file:
                if file.width * file.height > MOST_PIXELS:
                    raise PictureUnreadable(_TOO_MANY)
                return _logo(pictures.plain(ImageOps.exif_transpose(file)))
    except PictureUnreadable:
        raise
    except Pillow.DecompressionBombError:
        raise PictureUnreadable(_TOO_MANY) from None
    except Exception as error:  # decoders raise whatever they like on hostile bytes
        raise PictureUnreadable("it cannot be read") from error


def _drawn(drawing: Image) -> Pillow.Image:
    """A drawing in pixels: on a sheet of its own size, looked at through glass."""
    longest = max(drawing.width, drawing.height, 1)
    scale = min(1.0, _LONGEST / longest)
    size = [f"{max(1.0, side * scale):.2f}px" for side in (drawing.width, drawing.height)]
    style = (
        f"@page {{ size: {' '.join(size)}; margin: 0 }} body {{ margin: 0; line-height: 0 }}"
        f" img {{ width: {size[0]}; height: {size[1]} }}"
    )
    chunk = Chunk(f'<img src="{IMAGE_SCHEME}logo" alt="">', {"logo": drawing})
    width = max(1, round(_DRAWN_PIXELS * drawing.width / longest))
    return glass.clear(print_chunk(chunk, style).pdf, width)


def _logo(picture: Pillow.Image) -> Logo:
    """Made smaller until it may be kept."""
    darkest = _darkest(picture)
    box = (logos.MOST_PIXELS, logos.MOST_PIXELS)
    natural_width = picture.width
    while True:
        picture = pictures.within(picture, box)
        png = _written(picture)
        if len(png) <= logos.MOST_BYTES:
            return Logo(Image(png, "image/png", *picture.size, natural_width), darkest)
        scale = _SHRINK * sqrt(logos.MOST_BYTES / len(png))
        box = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))


def _written(picture: Pillow.Image) -> bytes:
    """The pixels, and nothing else that may be in a PNG."""
    fresh = Pillow.new(picture.mode, picture.size)
    if picture.mode == "P":
        fresh.putpalette(picture.getpalette() or [])
    fresh.paste(picture)
    out = io.BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue()


def _darkest(picture: Pillow.Image) -> int:
    """The least light of what is seen of it on white paper, 0 to 255."""
    whole = picture.convert("RGBA")
    paper = Pillow.new("RGBA", whole.size, "white")
    paper.alpha_composite(whole)
    histogram = paper.convert("L").histogram()
    return next(light for light, pixels in enumerate(histogram) if pixels)
