"""Sheets are compared word by word, bar what XPress alone has."""

from __future__ import annotations

import io
from base64 import b64encode

from weasyprint import CSS, HTML

from bench.same_sheets import different
from tests.exports.pdf.pictures import a_png

LAMP = f'<img src="data:image/png;base64,{b64encode(a_png()).decode()}">'
STYLE = """
@page { size: A4; margin: 22mm 20mm 20mm; @bottom-center { content: counter(page) } }
p { break-after: page }
"""


def a_pdf(*sheets: str, foot: str = "") -> bytes:
    """`{lamp}` in a text stands for a picture."""
    html = "".join(f"<p>{text}</p>" for text in sheets)
    style = STYLE + (f"@page {{ @bottom-left {{ content: '{foot}' }} }}" if foot else "")
    whole = f"<!doctype html><title></title>{html.replace('{lamp}', LAMP)}"
    out = io.BytesIO()
    HTML(string=whole).write_pdf(out, stylesheets=[CSS(string=style)])
    return out.getvalue()


def test_the_same_words_are_the_same_sheets_whatever_their_feet_say():
    ours = a_pdf("Low tide at noon", "High tide at six", foot="page")

    assert different(ours, 0, a_pdf("Low tide at noon", "High tide at six")) == []


def test_front_sheets_are_passed_over():
    ours = a_pdf("Contents", "Low tide at noon")

    assert different(ours, 1, a_pdf("Low tide at noon")) == []


def test_another_word_or_another_order_makes_a_sheet_different():
    theirs = a_pdf("Low tide at noon", "High tide at six", "Slack water")

    assert different(a_pdf("Low tide at noon", "High tide at ten", "Slack water"), 0, theirs) == [1]
    assert different(a_pdf("tide Low at noon", "High tide at six", "Slack"), 0, theirs) == [0, 2]


def test_a_sheet_that_only_one_of_them_has_is_different():
    assert different(a_pdf("Low tide"), 0, a_pdf("Low tide", "High tide")) == [1]
    assert different(a_pdf("Low tide", "High tide"), 0, a_pdf("Low tide")) == [1]


def test_sheet_numbers_in_a_list_of_contents_are_ours_alone():
    assert different(a_pdf("Tides 12 Lamps 31"), 0, a_pdf("Tides Lamps")) == []
    assert different(a_pdf("Tides Lamps"), 0, a_pdf("Tides 12 Lamps 31")) == [0]


def test_a_picture_that_is_missing_makes_a_sheet_different():
    theirs = a_pdf("Low tide", "High tide {lamp} and {lamp}")

    assert different(theirs, 0, theirs) == []
    assert different(a_pdf("Low tide", "High tide {lamp} and"), 0, theirs) == [1]
