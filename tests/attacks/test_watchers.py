"""The watchers themselves: what would tell an attack that got through does tell one."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import requests
import weasyprint
from pikepdf import Array, Dictionary, Name, String

from tests.attacks.audit import faults
from tests.attacks.canary import HOSTS, SIX
from tests.attacks.families import drawings, markup, sheets

# Of what is known to make WeasyPrint, as it comes, fetch: enough to see that the bait is alive.
CALLERS = {
    "html-style-sheet",
    "html-image",
    "html-objects1",
    "html-attachment-link",
    "html-mathematics4",
    "html-old-image",
    "html-base/a.png",
    "css-imports1",
    "css-fonts1",
    "css-backgrounds1",
    "css-generated-content1",
    "css-lists-and-borders2",
    "css-sheets-of-paper1",
    "css-escapes5",
    "css-variables2",
    "svg-image1",
    "svg-foreign-object1",
}


@pytest.mark.parametrize("host", HOSTS.values())
def test_the_canary_hears_every_spelling_of_its_address(canary, host):
    _call(canary, host)


@pytest.mark.parametrize("host", SIX.values())
def test_the_canary_hears_every_spelling_of_its_newer_address(canary, host):
    if not canary.has_six:
        pytest.skip("this machine has no IPv6")

    _call(canary, host)


def _call(canary: Any, host: str) -> None:
    canary.clear()
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"http://{host}:{canary.port}/spelling", timeout=10)

    assert canary.heard == ["GET /spelling HTTP/1.1"]


def test_a_printer_without_our_care_would_call_the_canary(canary, bait):
    canary.clear()

    for family in (markup, sheets, drawings):
        for attack in family.attacks(bait):
            if not attack.files and attack.name.startswith(("Markup", "Sheet", "Drawing in the")):
                with suppress(Exception):  # nor does it live through all of them
                    weasyprint.HTML(string=attack.body).write_pdf()

    paths = {line.split()[1].removeprefix("/") for line in canary.heard}
    assert CALLERS - paths == set()


def test_a_printer_without_our_care_would_carry_a_file_away(bait):
    link = f'<link rel="attachment" href="{bait.file}">'

    found = faults(weasyprint.HTML(string=link).write_pdf(), [bait.secret.read_bytes()])

    assert "a secret stands in a stream" in found
    assert "the key /EmbeddedFiles" in found


@pytest.mark.parametrize(
    ("fault", "spoil"),
    [
        ("the key /OpenAction", lambda pdf: _action(pdf, S=Name.JavaScript, JS=String("1"))),
        ("the action /JavaScript", lambda pdf: _action(pdf, S=Name.JavaScript)),
        ("the key /JS", lambda pdf: _action(pdf, S=Name.JavaScript, JS=String("1"))),
        ("the action /Launch", lambda pdf: _link(pdf, S=Name.Launch, F=String("calc"))),
        ("the action /GoToR", lambda pdf: _link(pdf, S=Name.GoToR, F=String("a.pdf"))),
        ("the action /SubmitForm", lambda pdf: _link(pdf, S=Name.SubmitForm)),
        ("the key /AcroForm", lambda pdf: pdf.Root.update({"/AcroForm": Dictionary()})),
        ("the key /AA", lambda pdf: pdf.pages[0].obj.update({"/AA": Dictionary()})),
        ("the key /JavaScript", lambda pdf: _named(pdf, JavaScript=Dictionary())),
        ("the key /EmbeddedFiles", lambda pdf: _named(pdf, EmbeddedFiles=Dictionary())),
        ("the annotation /RichMedia", lambda pdf: _annotate(pdf, Subtype=Name.RichMedia)),
        ("the annotation /FileAttachment", lambda pdf: _annotate(pdf, Subtype=Name.FileAttachment)),
        ("the link 'file:///etc/passwd'", lambda pdf: _address(pdf, "file:///etc/passwd")),
        ("the link 'JavaScript:1'", lambda pdf: _address(pdf, "JavaScript:1")),
        ("the link 'https://a:b@c/'", lambda pdf: _address(pdf, "https://a:b@c/")),
        ("a secret stands in a stream", lambda pdf: _stream(pdf, b"the secret words")),
    ],
)
def test_the_audit_finds(fault: str, spoil: Callable[[pikepdf.Pdf], None]):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        spoil(pdf)
        out = io.BytesIO()
        pdf.save(out)

    assert fault in faults(out.getvalue(), [b"secret words"])


def test_the_audit_finds_nothing_in_a_peaceful_document():
    html = '<h1>Title</h1><p id="x">words <a href="https://example.com">a</a><a href="#x">b</a>'

    assert faults(weasyprint.HTML(string=html).write_pdf(), [b"secret words"]) == []


def _action(pdf: pikepdf.Pdf, **action: Any) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(**action))


def _annotate(pdf: pikepdf.Pdf, **annotation: Any) -> None:
    made = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **annotation)
    pdf.pages[0].obj.Annots = Array([made])


def _link(pdf: pikepdf.Pdf, **action: Any) -> None:
    _annotate(pdf, Subtype=Name.Link, A=Dictionary(**action))


def _address(pdf: pikepdf.Pdf, address: str) -> None:
    _link(pdf, S=Name.URI, URI=String(address))


def _named(pdf: pikepdf.Pdf, **names: Any) -> None:
    pdf.Root.Names = Dictionary(**names)


def _stream(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(content)


def test_bait_lies_where_it_is_said_to_lie(bait, secrets):
    assert Path(bait.secret).read_text() == secrets[0]
    assert "Words of a drawing" in Path(bait.drawing).read_text()
