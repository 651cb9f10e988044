"""Brevity: what WeasyPrint draws, said in fewer bytes before they are packed.

It writes every adjustment between two glyphs, nearly all of which are 0, coordinates to a millionth
of a pixel, and boxes of a page that are the same as its whole. Without them there is half as much
to pack: a printer is done sooner, and the file is a twentieth smaller.
"""

from __future__ import annotations

import re

import pydyf
from weasyprint.pdf.stream import Stream

# Between two strings of a TJ array, which thereby become one, and behind the last.
_NO_ADJUSTMENT = ((b">0<", b""), (b">0]", b">]"))
# Only in numbers of 10 and more, which are coordinates; matrices and colours are smaller. A tenth
# of a thousandth of a pixel is seen nowhere, even where a drawing is made as large as the sheet.
# One digit less, and programs that guess at columns read single lines in another order.
_TOO_EXACT = re.compile(rb"(\d\d\.\d\d\d\d)\d+")
_BOXES = ("BleedBox", "TrimBox")


def shorten(document: object, pdf: pydyf.PDF) -> None:
    """Shorten all that is drawn in the PDF; a `finisher` of WeasyPrint, called before packing."""
    for item in pdf.objects:
        if isinstance(item, Stream):
            item.stream = [_shortened(b"\n".join(map(_bytes, item.stream)))]
        elif isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Page":
            for name in _BOXES:
                # Without it, the MediaBox holds (ISO 32000-2, table 31).
                if list(item.get(name, ())) == list(item["MediaBox"]):
                    del item[name]


def _shortened(drawn: bytes) -> bytes:
    """
    >>> _shortened(b"1 0 0 -1 75.590551 0.123456 Tm [<0044>0<0046>-20<004b>0] TJ")
    b'1 0 0 -1 75.5905 0.123456 Tm [<00440046>-20<004b>] TJ'
    """
    for long, short in _NO_ADJUSTMENT:
        drawn = drawn.replace(long, short)
    return _TOO_EXACT.sub(rb"\1", drawn)


def _bytes(item: object) -> bytes:
    """As pydyf writes it."""
    if isinstance(item, bytes):
        return item
    if isinstance(item, float):
        return f"{item:f}".encode("ascii")
    data = item.data if isinstance(item, pydyf.Object) else str(item).encode("ascii")
    return bytes(data)
