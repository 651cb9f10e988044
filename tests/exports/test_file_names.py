"""Titles into file names."""

from __future__ import annotations

import unicodedata

import pytest
from django.utils.http import content_disposition_header

from exports.file_names import LONGEST, pdf_file_name

TITLES = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "..\\..\\windows",
    "/",
    "\\",
    'a/b\\c:d*e?f"g<h>i|j',
    "C:\\a",
    "a\0b",
    "a\r\nSet-Cookie: b=c",
    "a\tb",
    "a\x7fb\x85c",
    "a\u202egpj.exe",
    "\u2066a\u2069",
    "a\u2028b\u2029c",
    "\ufeffa",
    "half \ud800",
    "\ue000private",
    "\u200d",
    "con",
    "CON",
    "con.pdf",
    "aux.notes",
    "nul .txt",
    "COM1",
    "com¹",
    "lpt9.a.b",
    "prn.",
    ".hidden",
    "trailing.",
    "trailing ",
    "a.pdf.pdf",
    "x" * 1000,
    "日本語" * 100,
    "🏳️‍🌈" * 100,
    "é" * 500,
    "'; filename=evil.exe",
    'a"; filename="evil.exe',
    "50% off; a=b, c",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Lighthouse handbook", "Lighthouse handbook.pdf"),
        ("Q3/Q4: “Plan”", "Q3 Q4 “Plan”.pdf"),
        ("Handbook.pdf", "Handbook.pdf"),
        ("Handbook.PDF", "Handbook.pdf"),
        ("Version 1.2", "Version 1.2.pdf"),
        ("灯台の手引き", "灯台の手引き.pdf"),
        ("دليل المنارة", "دليل المنارة.pdf"),
        ("🚀 Launch", "🚀 Launch.pdf"),
        ("👩‍🚀", "👩‍🚀.pdf"),
        ("Cafe\u0301", "Café.pdf"),
        ("a\u202egpj.exe", "a gpj.exe.pdf"),
        ("  a \n b  ", "a b.pdf"),
        ("..", "export.pdf"),
        ("", "export.pdf"),
        ("???", "export.pdf"),
        ("con", "con-.pdf"),
        ("Aux.notes", "Aux-.notes.pdf"),
        ("nul .txt", "nul- .txt.pdf"),
        ("console", "console.pdf"),
        ("a con", "a con.pdf"),
        ("com10", "com10.pdf"),
    ],
)
def test_a_title_stays_what_a_person_would_recognise(title, name):
    assert pdf_file_name(title) == name


@pytest.mark.parametrize("title", TITLES)
def test_every_name_is_one_that_every_system_takes(title):
    name = pdf_file_name(title)
    stem = name.removesuffix(".pdf")
    categories = {unicodedata.category(c) for c in name if c not in "\u200c\u200d"}

    assert name.endswith(".pdf")
    assert 0 < len(stem) <= LONGEST + 1
    assert len(name.encode()) <= 255
    assert not set(name) & set('\\/:*?"<>|')
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert stem == stem.strip(" .")
    assert stem.partition(".")[0].strip().lower() not in {"con", "prn", "aux", "nul", "com1"}
    assert name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("title", TITLES)
def test_a_name_fits_into_the_header_and_adds_nothing_to_it(title):
    header = content_disposition_header(True, pdf_file_name(title))

    assert header is not None
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.isprintable()
    assert header.count(";") == pdf_file_name(title).isascii() * pdf_file_name(title).count(";") + 1


@pytest.mark.parametrize("title", TITLES)
def test_a_name_that_was_cleaned_stays_as_it_is(title):
    name = pdf_file_name(title)

    assert pdf_file_name(name) == name
