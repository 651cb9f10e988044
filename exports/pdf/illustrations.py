"""Whatever comes for a picture in, a picture that is safe to print out. CPU only.

The tasks that printer processes do before a chunk is set (exports.printers).
"""

from __future__ import annotations

from collections.abc import Sequence

from addon.options import Images
from exports.document import Drawing, Image
from exports.pdf import drawings, formulas, pictures
from exports.pdf.pictures import PictureUnreadable


def picture(content: bytes, profile: Images = "standard", width: float = 0.0) -> Image:
    """A file, by what is in it; `width` is the printed one in points, 0 when not known.

    Raises PictureUnreadable.
    """
    if drawings.is_drawing(content):
        return drawings.draw(content, profile)
    return pictures.prepare(content, profile, width)


def drawn(wanted: Sequence[Drawing], profile: Images = "standard") -> dict[str, Image | str]:
    """Drawings and formulas whose source stood in a page, by key; or why there is none."""
    found: dict[str, Image | str] = {}
    for drawing in wanted:
        try:
            found[drawing.key] = _drawn(drawing, profile)
        except PictureUnreadable as reason:
            found[drawing.key] = str(reason)
    return found


def _drawn(drawing: Drawing, profile: Images) -> Image:
    if drawing.kind == "svg":
        content = drawing.source.encode("utf-8", "replace")
        return drawings.draw(content, profile, is_part_of_html=True)
    return formulas.draw(drawing.kind, drawing.source, drawing.display)
