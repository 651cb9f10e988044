"""Numbering: the number of each sheet of the body, and how it is written. Pure.

The same numbers stand on the sheets, in the contents, and in the PDF's own page labels
(ISO 32000-2, 12.4.2), whose ways of writing these are: letters are doubled after z, tripled after
zz.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from addon.options import Numerals

# The last number that is written this way: after 9 times z, and where Romans had no sign.
_LAST: Mapping[Numerals, int] = {"lower-alpha": 234, "lower-roman": 3999, "upper-roman": 3999}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """Sheets that are counted together."""

    start: int  # its first sheet, counted from 0
    first: int  # the number of that sheet


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of so many sheets; without more, 1, 2, 3."""

    sheets: int = 0
    sections: tuple[Section, ...] = (Section(0, 1),)
    numerals: Numerals = "decimal"

    @classmethod
    def of(
        cls, numerals: Numerals, first: int, sheets: int, chapters: Sequence[int] = ()
    ) -> Numbering:
        """Count from `first`, and from 1 again wherever the chapter of a sheet is another.

        `chapters` says for each sheet which chapter it belongs to; empty: none begins anew. Numbers
        too high for the numerals are written in figures, all of them.
        """
        starts = [at for at in range(1, len(chapters)) if chapters[at] != chapters[at - 1]]
        sections = (Section(0, first), *(Section(at, 1) for at in starts))
        found = cls(sheets, sections, numerals)
        highest = max(found._last_of(section) for section in range(len(sections)))
        return cls(sheets, sections) if highest > _LAST.get(numerals, highest) else found

    def number(self, sheet: int) -> str:
        """What is printed on a sheet, counted from 0."""
        section = self.sections[self._section(sheet)]
        return written(section.first + sheet - section.start, self.numerals)

    def last(self, sheet: int) -> str:
        """The number of the last sheet that is counted together with this one."""
        return written(self._last_of(self._section(sheet)), self.numerals)

    def _section(self, sheet: int) -> int:
        return bisect_right(self.sections, sheet, key=lambda section: section.start) - 1

    def _last_of(self, at: int) -> int:
        section = self.sections[at]
        end = self.sections[at + 1].start if at + 1 < len(self.sections) else self.sheets
        return section.first + max(end - section.start, 1) - 1


def written(number: int, numerals: Numerals) -> str:
    """
    >>> written(28, "decimal"), written(28, "lower-alpha"), written(28, "upper-roman")
    ('28', 'bb', 'XXVIII')
    """
    if numerals == "decimal":
        return str(number)
    if numerals == "lower-alpha":
        times, letter = divmod(number - 1, 26)
        return chr(ord("a") + letter) * (times + 1)
    roman = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        roman += sign * times
    return roman.upper() if numerals == "upper-roman" else roman
