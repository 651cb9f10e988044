"""A title in, a file name out that every system takes. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # characters, without the ending
LONGEST_BYTES = 240  # of UTF-8, as most file systems count: 255 with the ending
FALLBACK = "export"

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
# Windows means the device whatever ending follows: `aux.notes.pdf` opens none.
_DEVICE = re.compile(r"\A(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?= *(?:\.|\Z))", re.IGNORECASE)


def pdf_file_name(title: str) -> str:
    r"""Keep what a person would recognise the document by; drop what systems trip over.

    >>> pdf_file_name('Q3/Q4: "Plan"'), pdf_file_name(" ..\u202e "), pdf_file_name("con.pdf")
    ('Q3 Q4 Plan.pdf', 'export.pdf', 'con-.pdf')
    """
    text = unicodedata.normalize("NFC", title).strip()
    text = re.sub(r"\.pdf$", "", text, flags=re.IGNORECASE)
    # Cc control, Cf format (bidi controls), Cs lone surrogates, Co private use, Zl/Zp separators;
    # the joiners stay: emoji and several scripts need them inside words.
    kept = "".join(
        character
        if character in "\u200c\u200d"
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else " "
        for character in text
    )
    name = " ".join(_FORBIDDEN.sub(" ", kept).split()).strip(". \u200c\u200d")
    name = name[:LONGEST].encode()[:LONGEST_BYTES].decode(errors="ignore")
    name = name.rstrip(". \u200c\u200d") or FALLBACK
    return _DEVICE.sub(r"\1-", name) + ".pdf"
