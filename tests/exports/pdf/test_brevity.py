"""What is drawn, said in fewer bytes."""

from __future__ import annotations

import io
from dataclasses import astuple

import pytest
from weasyprint import CSS, HTML

from exports.pdf import brevity
from tests.exports.pdf.joining import STYLE
from tests.pdf_reading import Sheets

PAGES = {
    "text": "<p>AVATAR, Words &amp; <b>more words</b>, fi ffl</p>" * 3,
    "Arabic": '<p dir="rtl">دليل العمل في المكتب</p>',
    "table": "<table border=1><tr><td>one<td>two<tr><td>three<td>four</table>",
    "translucent": '<p style="opacity: 0.333333">Words</p>',
    "tall": "<p>Words</p>" * 30,
}


def printed(html: str, is_short: bool) -> bytes:
    out = io.BytesIO()
    finisher = brevity.shorten if is_short else None
    HTML(string=html).write_pdf(out, stylesheets=[CSS(string=STYLE)], finisher=finisher)
    return out.getvalue()


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_it_says_the_same(html):
    long, short = printed(html, False), printed(html, True)

    assert Sheets(short).text() == Sheets(long).text()
    assert Sheets(short).sizes() == Sheets(long).sizes()
    for sheet in range(1, len(Sheets(long)) + 1):
        assert len(Sheets(short).glyphs(sheet)) == len(Sheets(long).glyphs(sheet))
        for one, other in zip(Sheets(short).glyphs(sheet), Sheets(long).glyphs(sheet), strict=True):
            assert astuple(one) == (
                one.text,
                *(pytest.approx(x, abs=1e-4) for x in astuple(other)[1:]),
            )


def test_it_says_it_in_fewer_bytes():
    short, long = (Sheets(printed(PAGES["text"], is_short)).pdf for is_short in (True, False))

    of_short, of_long = (pdf.pages[0].Contents.read_bytes() for pdf in (short, long))
    assert len(of_short) < 0.85 * len(of_long)
    assert "/TrimBox" not in short.pages[0]


def test_a_box_that_is_not_the_whole_page_stays():
    html = "<style>@page { bleed: 10pt; marks: crop }</style><p>Words</p>"

    pdf = Sheets(printed(html, True)).pdf

    assert "/TrimBox" in pdf.pages[0]
