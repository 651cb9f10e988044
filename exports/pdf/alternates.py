"""Alternates: what a picture of the cover is in words, for those who cannot see it.

They stand round the drawing itself, as a marked-content sequence (ISO 32000-2, 14.9.3), for the
printed sheets have no structure that could carry them.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Operator, String


def described(pdf: bytes, words: str) -> bytes:
    """The same PDF, with words for each picture of its first sheet."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        pictures = set(page.get_images())
        begin = ContentStreamInstruction(
            [Name.Span, Dictionary(Alt=String(words))], Operator("BDC")
        )
        end = ContentStreamInstruction([], Operator("EMC"))
        drawn: list[ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
        for step in pikepdf.parse_content_stream(page):
            is_picture = step.operator == Operator("Do") and str(step.operands[0]) in pictures
            drawn += [begin, step, end] if is_picture else [step]
        page.Contents = opened.make_stream(pikepdf.unparse_content_stream(drawn))
        out = io.BytesIO()
        opened.save(out, deterministic_id=True)
        return out.getvalue()
