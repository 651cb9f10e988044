"""A drawing inside the page's HTML: what can be told about it without drawing it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Self

LARGEST_SIGN = 32.0  # px: icons of the screen are no larger
USUAL_SIZE = (300.0, 150.0)  # px, as browsers have it (CSS 2.2, 10.3.2)
MAX_WORDS = 20_000  # characters
MAX_LINKS = 200
SILENT = ("script", "style")
IN_WORDS = ("tspan", "b", "i", "span")  # may stand in the middle of one
UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "ex": 8.0, "em": 16.0, "mm": 96 / 25.4, "in": 96.0}

_ATTRIBUTE = re.compile(r"\s([A-Za-z:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*(px|pt|ex|em|mm|in)?\s*")
_ELEMENT = re.compile(r"<[A-Za-z]")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[\w:-]*)[^<>]*+>")


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a drawing is, and what it says."""

    source: str
    width: float  # px on the screen
    height: float  # px on the screen
    words: str  # all its text on one line
    label: str  # for those who cannot see it
    links: dict[str, str] = field(default_factory=dict)  # address → words

    @property
    def is_sign(self) -> bool:
        """Whether it is one of the screen's small signs, which say nothing on paper."""
        return max(self.width, self.height) <= LARGEST_SIGN and not self.words

    @classmethod
    def of(cls, source: str) -> Self | None:
        """Read the source of an `svg` element; None when there is nothing in it."""
        end = source.find(">") + 1
        if not end or source[:end].endswith("/>") or not _ELEMENT.search(source, end):
            return None
        given = _attributes(source[:end])
        box = [float(x) for x in re.findall(r"-?\d{1,7}(?:\.\d{1,9})?", given.get("viewbox", ""))]
        box_width, box_height = box[2:] if len(box) == 4 and min(box[2:]) > 0 else USUAL_SIZE
        width, height = _pixels(given.get("width", "")), _pixels(given.get("height", ""))
        width = width or (height * box_width / box_height if height else box_width)
        height = height or width * box_height / box_width
        words, links = _read(source[end:])
        return cls(source, width, height, words, given.get("aria-label") or words[:300], links)


def _read(markup: str) -> tuple[str, dict[str, str]]:
    """The words between the tags, and the links among them: address → words. One walk."""
    words: list[str] = []
    links: dict[str, str] = {}
    at, silent, address, linked = 0, "", "", 0
    for tag in _TAG.finditer(markup):
        name, is_end = tag["name"].lower(), bool(tag["end"])
        if not silent:
            words += [markup[at : tag.start()], "" if name in IN_WORDS else " "]
        at = tag.end()
        if silent:
            silent = "" if is_end and name == silent else silent
        elif name in SILENT and not is_end and not tag[0].endswith("/>"):
            silent = name
        elif name == "a" and not is_end:
            given = _attributes(tag[0])
            address, linked = (
                (given.get("href") or given.get("xlink:href") or "").strip(),
                len(words),
            )
        elif name == "a" and address and len(links) < MAX_LINKS:
            if not address.startswith("#"):
                links.setdefault(address, _line(words[linked:])[:300] or address)
            address = ""
    return _line(words)[:MAX_WORDS], links


def _line(pieces: list[str]) -> str:
    return " ".join(unescape("".join(pieces)).split())


def _attributes(tag: str) -> dict[str, str]:
    return {name.lower(): unescape(a or b) for name, a, b in _ATTRIBUTE.findall(tag)}


def _pixels(text: str) -> float:
    """A length in px; 0 for a percentage and for what is none."""
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * UNITS[match[2] or ""] if match else 0.0
