"""Emoji: pictures of emoji become characters, so nothing has to be fetched. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from exports.content import images, nodes
from exports.content.draft import Draft
from exports.content.nodes import Element, having, make, turn_into_text
from exports.document import IMAGE_SCHEME

# Confluence's classic emoticons by name, and Atlassian's own emoji by id (C-74, C-75).
NAMES = {
    "smile": "🙂",
    "sad": "🙁",
    "cheeky": "😛",
    "laugh": "😀",
    "biggrin": "😀",
    "wink": "😉",
    "tongue": "😛",
    "thumbs-up": "👍",
    "thumbs_up": "👍",
    "thumbs-down": "👎",
    "thumbs_down": "👎",
    "tick": "✅",
    "check": "✅",
    "check_mark": "✅",
    "cross": "❌",
    "cross_mark": "❌",
    "error": "❌",
    "warning": "⚠️",
    "information": "ℹ️",
    "info": "ℹ️",
    "question": "❓",
    "question_mark": "❓",
    "help_16": "❓",
    "plus": "➕",
    "add": "➕",
    "minus": "➖",
    "forbidden": "➖",
    "light-on": "💡",
    "light_bulb_on": "💡",
    "lightbulb_on": "💡",
    "light-off": "💡",
    "light_bulb_off": "💡",
    "lightbulb": "💡",
    "yellow-star": "⭐",
    "star_yellow": "⭐",
    "star": "⭐",
    "yellow_star": "⭐",
    "red-star": "⭐",
    "red_star": "⭐",
    "star_red": "⭐",
    "green-star": "⭐",
    "green_star": "⭐",
    "star_green": "⭐",
    "blue-star": "⭐",
    "blue_star": "⭐",
    "star_blue": "⭐",
    "heart": "❤️",
    "broken-heart": "💔",
    "broken_heart": "💔",
}

WIDTH = 15.0  # pt: 1.2 em of the largest text that is not a heading

_SHORT_NAME = re.compile(r":[\w+-]{1,100}:")
_CODE_POINTS = re.compile(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,11}", re.IGNORECASE)
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_FILE_NAME = re.compile(r"/([\w-]+)\.(?:png|gif|svg)(?:\?|$)")


def emoji(draft: Draft) -> None:
    """Set each emoji as text; one that a site has made for itself, as its picture (C-74)."""
    for image in having(draft.body, "emoticon"):
        source = image.get("data-image-src") or image.get("src") or ""
        reference = images.reference_of(draft, image, source)
        text = character(image)
        if reference is not None and not _is_text(text):
            images.want(draft, replace(reference, width=WIDTH, ratio=1.0))
            picture = make("img", "xp-emoji", src=f"{IMAGE_SCHEME}{reference.key}", alt=text)
            nodes.replace(image, picture)
            continue
        if _SHORT_NAME.fullmatch(text):
            draft.note(
                "emoji_as_name",
                f"The emoji {text} is one of this site's own, and Confluence does not send its"
                " picture.",
                "Its name is printed.",
                "info",
            )
        turn_into_text(image, text)


def _is_text(text: str) -> bool:
    """Whether an emoji is known as characters, not only by a name."""
    return bool(text) and not text.isascii()


def character(image: Element) -> str:
    """Find the emoji as text; a custom one stays its short name, e.g. `:copy:`."""
    emoji_id = (image.get("data-emoji-id") or "").removeprefix("atlassian-")
    fallback = _ESCAPE.sub(_decode, image.get("data-emoji-fallback") or "")
    short_name = image.get("data-emoji-shortname") or ""
    named = NAMES.get(emoji_id) or NAMES.get(fallback.strip(":"))
    if named:
        return named
    if _CODE_POINTS.fullmatch(emoji_id) and (written := from_points(emoji_id)):
        return written
    if fallback or short_name:
        return fallback or short_name
    file_name = _FILE_NAME.search(image.get("src") or "")
    return (
        NAMES.get(image.get("data-emoticon-name") or "")
        or NAMES.get(file_name[1] if file_name else "")
        or image.get("alt")
        or ""
    )


def from_points(points: str) -> str:
    """Read hexadecimal code points joined by hyphens; empty when one is no character."""
    numbers = [int(point, 16) for point in points.split("-")]
    if all(0x20 <= number < 0x110000 and not 0xD800 <= number < 0xE000 for number in numbers):
        return "".join(map(chr, numbers))
    return ""


def _decode(escaped: re.Match[str]) -> str:
    """Read `\\uD83D\\uDCD8`, which some writers leave as twelve characters."""
    units = [int(unit, 16) for unit in escaped[0].split("\\u")[1:]]
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "ignore")
