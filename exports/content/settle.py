"""Settle: the last word on pictures, once it is known which could be had, and their sizes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from exports.content.images import on_paper, tallest, text_width
from exports.content.text import breakable
from exports.document import FORMULA_EM, IMAGE_SCHEME, Image
from exports.paper import Sheet

LEAST_BOX = 110.0  # pt: a narrower box could not hold its words
MOST_WORDS = 600  # characters: more would make a picture's box higher than a sheet

_IMAGE = re.compile(rf'<img (?:[^<>]*? )?src="{IMAGE_SCHEME}([A-Za-z0-9_-]+)"[^<>]*>')
_ATTRIBUTE = re.compile(r' (alt|class|style)="([^"]*)"')
_WIDTH = re.compile(r"(?:^|;)width:(\d+(?:\.\d+)?)pt")


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a picture is not there, and what is known about it."""

    reason: str  # a sentence for people
    ratio: float = 0.0  # its height by its width, 0 when unknown
    words: str = ""  # what could be read in it


def settle(
    html: str, images: Mapping[str, Image], missing: Mapping[str, Missing], sheet: Sheet
) -> str:
    """Give every picture its size, and put a labelled box in place of each missing one.

    Both are by the key in the picture's address. A box is as large as its picture was to be; of a
    formula its source stands there, of an emoji its name.
    """

    def settled(found: re.Match[str]) -> str:
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(found[0])}
        if found[1] in missing:
            return _stand_in(given, missing[found[1]])
        image = images.get(found[1])
        style = _style(given, image, sheet) if image else ""
        if not style:
            return found[0]
        kept = re.sub(r' style="[^"]*"', "", found[0]).removesuffix(">")
        return f'{kept} style="{style}">'

    return _IMAGE.sub(settled, html)


def _style(given: Mapping[str, str], image: Image, sheet: Sheet) -> str:
    """How large the picture is set; empty where nothing is to be said, or all has been."""
    kinds = given.get("class", "").split()
    if "xp-math" in kinds:
        width, depth = image.width / FORMULA_EM, image.depth / FORMULA_EM
        return f"width:{width:.2f}em;vertical-align:{-depth:.2f}em"
    if "xp-emoji" in kinds:
        return ""
    wish = _WIDTH.search(given.get("style", ""))
    natural = image.natural_width or image.width
    width = float(wish[1]) if wish else on_paper(natural, sheet)
    most = min(text_width(sheet), tallest(sheet) * image.width / image.height)
    return "" if wish and width <= most else f"width:{max(1.0, min(width, most)):.0f}pt"


def _stand_in(given: Mapping[str, str], missing: Missing) -> str:
    kinds = given.get("class", "").split()
    name = given.get("alt", "")
    if "xp-emoji" in kinds:
        return escape(name)
    if "xp-math" in kinds:
        return f"<code>{escape(name)}</code>"
    label = f"Image not available{f': {name}' if name else ''}."
    said = missing.words if missing.words != name else ""
    words = f" {escape(breakable(said))}" if said else ""
    shape = f' xp-box-image"{_box_size(given, missing)}' if len(said) <= MOST_WORDS else '"'
    return (
        f'<span class="xp-box{shape}>'
        f'<strong class="xp-box-label">{escape(label)}</strong> {escape(missing.reason)}{words}'
        "</span>"
    )


def _box_size(given: Mapping[str, str], missing: Missing) -> str:
    wish = _WIDTH.search(given.get("style", ""))
    if wish is None:
        return ""
    width = float(wish[1])
    sizes = [f"{'width' if width >= LEAST_BOX else 'min-width'}:{wish[1]}pt"]
    if missing.ratio:
        sizes.append(f"min-height:{width * missing.ratio:.0f}pt")
    return f' style="{";".join(sizes)}"'
