"""Margins: at which heights furniture stands in them. Pure. Points from the sheet's lower edge.

Header and footer keep their distance from the text, and come nearer to it where a margin is narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

from exports.document import Image
from exports.paper import POINTS_A_MM, Sheet

_ABOVE_TEXT, _BELOW_TEXT = 13.536, 26.693  # from the text to the line of header and of footer
_MOST_ABOVE, _MOST_BELOW = 0.45, 0.475  # of the margin, that these are
_CAPITALS, _CLEAR = 5.4, 2.2  # the height of capitals; what is free between them and a rule
_HEADER_RULE, _FOOTER_RULE = 0.45, 0.43  # where the rule is: from the text up, from the line up
_HEADER_LOGO, _FOOTER_LOGO = 28.0, 23.0  # the height of the logo
_EDGE, _LEAST_EDGE = 8.5, 0.3  # from logo to edge; of what there is, where that is little
_WIDEST = 1 / 3  # of the text's width, that the logo takes


@dataclass(frozen=True, slots=True)
class Heights:
    """Of what stands in one margin."""

    base: float  # the line that texts and numbers stand on
    rule: float
    logo_foot: float  # lower edge of a logo as high as this
    logo: float
    hangs: bool  # a logo that is less high keeps its upper edge

    def logo_box(self, logo: Image, room: float) -> tuple[float, float, float]:
        """Width, height and lower edge of the logo beside text that has so much room."""
        width = min(self.logo * logo.width / logo.height, room * _WIDEST)
        height = width * logo.height / logo.width
        return width, height, self.logo_foot + (self.logo - height) * self.hangs


def header(sheet: Sheet) -> Heights:
    text = (sheet.height - sheet.top) * POINTS_A_MM
    gap = min(_ABOVE_TEXT, _MOST_ABOVE * sheet.top * POINTS_A_MM)
    base = text + gap
    above = sheet.height * POINTS_A_MM - base
    logo = min(_HEADER_LOGO, above - min(_EDGE, _LEAST_EDGE * above))
    return Heights(base, text + _HEADER_RULE * gap, base, logo, hangs=False)


def footer(sheet: Sheet) -> Heights:
    text = sheet.bottom * POINTS_A_MM
    gap = min(_BELOW_TEXT, _MOST_BELOW * text)
    base = text - gap
    top = base + _CAPITALS
    logo = min(_FOOTER_LOGO, top - min(_EDGE, _LEAST_EDGE * top))
    rule = max(base + _FOOTER_RULE * gap, top + _CLEAR)
    return Heights(base, rule, top - logo, logo, hangs=True)
