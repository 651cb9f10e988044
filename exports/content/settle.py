"""Settle: the last word on images, once it is known which could be had. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from exports.document import IMAGE_SCHEME

_IMAGE = re.compile(rf'<img (?:[^<>]*? )?src="{IMAGE_SCHEME}([A-Za-z0-9_-]+)"[^<>]*>')
_ALT = re.compile(r' alt="([^"]*)"')
_WIDTH = re.compile(r"width:(\d+(?:\.\d+)?)pt")


def settle(html: str, missing: Mapping[str, str]) -> str:
    """Put a labelled box in place of each missing image.

    `missing` is the reason for people, by ImageRef.key, e.g. "It was not found in Confluence."
    The box is as wide as the image was to be, and never wider than the text.
    """
    if not missing:
        return html

    def stand_in(image: re.Match[str]) -> str:
        if image[1] not in missing:
            return image[0]
        alt, width = _ALT.search(image[0]), _WIDTH.search(image[0])
        name = unescape(alt[1]) if alt else ""
        size = f' style="width:{width[1]}pt"' if width else ""
        label = f"Image not available{f': {name}' if name else ''}."
        return (
            f'<span class="xp-box xp-box-image"{size}><strong class="xp-box-label">'
            f"{escape(label)}</strong> {escape(missing[image[1]])}</span>"
        )

    return _IMAGE.sub(stand_in, html)
