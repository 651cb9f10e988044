"""Words that a drawing keeps in HTML: drawing programs set their labels so. Pure.

What else the HTML says is lost; its words, their size and their colour are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap

from lxml import etree

MOST_CHARACTERS = 2000  # of one label
_BREAKS = frozenset({"br", "div", "p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SIZE = re.compile(r"font-size:\s*(\d{1,3}(?:\.\d{1,4})?)px")
_COLOUR = re.compile(r"(?:^|[;\s])color:\s*([^;]{1,80})")
_WIDTH = re.compile(r"(?:^|[;\s])(?:max-)?width:\s*(\d{1,5}(?:\.\d{1,4})?)px")
_GLYPH = 0.55  # of the size: an average character's width


@dataclass(frozen=True, slots=True)
class Words:
    """A label."""

    lines: tuple[str, ...]
    size: float  # pixels, 0 when not said
    colour: str  # as written, empty when not said
    width: float  # pixels that its lines have, 0 when not said

    def within(self, width: float, size: float) -> list[str]:
        """The lines, broken where they would be wider than `width`; 1 and less is no width."""
        if width <= 1:
            return list(self.lines)
        most = max(4, int(width / (size * _GLYPH)))
        return [part for line in self.lines for part in wrap(line, most, break_long_words=False)]


def words_of(foreign: etree._Element) -> Words:
    pieces: list[str] = []
    styles: list[str] = []
    for event, element in etree.iterwalk(foreign, events=("start", "end")):
        is_break = str(element.tag).rpartition("}")[2].lower() in _BREAKS
        if is_break:
            pieces.append("\n")
        if event == "start":
            styles.append(element.get("style") or "")
            pieces.append(element.text or "")
        elif element is not foreign:
            pieces.append(element.tail or "")
    text = "".join(" ".join(it.split()) if it.isspace() and it != "\n" else it for it in pieces)
    lines = (" ".join(line.split()) for line in text[:MOST_CHARACTERS].split("\n"))
    style = ";".join(styles)[:20_000]
    size, colour, width = (found.search(style) for found in (_SIZE, _COLOUR, _WIDTH))
    return Words(
        tuple(line for line in lines if line),
        float(size[1]) if size else 0.0,
        colour[1].strip() if colour else "",
        float(width[1]) if width else 0.0,
    )
