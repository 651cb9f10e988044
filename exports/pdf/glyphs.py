"""Glyphs: the characters that were printed as empty boxes, because no installed font has them.

Pango tries every font that fontconfig knows before it gives a character up, and WeasyPrint writes
down what was given up beside the font that lent its empty box. So this is what stands on the sheet,
not what a list of fonts promises, and it costs nothing where nothing is missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Protocol

# Control and format characters, separators of lines, halves of surrogates: never to be seen.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


class PrintedFont(Protocol):
    """What WeasyPrint keeps of a font: here, code points it lacks → stand-in glyphs."""

    missing: Mapping[int, int]


def unset(fonts: Mapping[object, PrintedFont]) -> str:
    """The characters that have no glyph in any font, each once, in the order of Unicode.

    Private-use characters are among them: whoever wrote them saw a sign of some font.
    """
    codes = {code for font in fonts.values() for code in font.missing}
    return "".join(
        character
        for character in map(chr, sorted(codes))
        if unicodedata.category(character) not in _UNSEEN
    )
