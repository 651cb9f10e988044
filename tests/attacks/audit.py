"""Audit: what a PDF must not hold, looked for in every object of it, whatever it hangs on."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from exports.content.nodes import names

# What acts, carries files or leads to other documents (ISO 32000-2, 12.6, 7.11.4, 12.7, 13.6).
FORBIDDEN_KEYS = names(
    """
    /AA /AcroForm /AF /Collection /EF /EmbeddedFile /EmbeddedFiles /JavaScript /JS /OpenAction
    /RichMediaContent /XFA /Win /Unix /Mac
    """
)
FORBIDDEN_ACTIONS = names(
    """
    /GoTo3DView /GoToE /GoToR /Hide /ImportData /JavaScript /Launch /Movie /Named /Rendition
    /ResetForm /RichMediaExecute /SetOCGState /Sound /SubmitForm /Thread /Trans
    """
)
ANNOTATIONS = frozenset({"/Link"})
SCHEMES = ("http://", "https://", "mailto:", "tel:")


def faults(pdf: bytes, secrets: Sequence[bytes] = ()) -> list[str]:
    """Everything in the file that should not be there, in words."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = [fault for item in document.objects for fault in _faults(item, secrets)]
        trailer = list(_faults(document.trailer, secrets))
    return sorted({*found, *trailer})


def addresses(pdf: bytes) -> list[str]:
    """The web addresses of all links."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            str(item["/URI"]) for top in document.objects for item in _all(top) if "/URI" in item
        ]


def _faults(item: Any, secrets: Sequence[bytes]) -> Iterator[str]:
    if isinstance(item, pikepdf.Stream):
        content = item.read_bytes() if _can_be_unpacked(item) else item.read_raw_bytes()
        yield from ("a secret stands in a stream" for secret in secrets if secret in content)
    for inner in _all(item):
        yield from (f"the key {key}" for key in inner if key in FORBIDDEN_KEYS)
        action = str(inner.get("/S", ""))
        if action in FORBIDDEN_ACTIONS and ("/Type" not in inner or inner.Type == "/Action"):
            yield f"the action {action}"
        kind = str(inner.get("/Subtype", ""))
        if "/Rect" in inner and kind not in ANNOTATIONS:
            yield f"the annotation {kind}"
        if "/URI" in inner and not isinstance(inner["/URI"], pikepdf.Dictionary):
            address = str(inner["/URI"])
            host = address.partition("//")[2].partition("/")[0]
            if not address.lower().startswith(SCHEMES) or "@" in host or not address.isprintable():
                yield f"the link {address[:120]!r}"
        if inner.get("/Type") == "/Filespec":
            yield "a file specification"


def _can_be_unpacked(stream: pikepdf.Stream) -> bool:
    filters = stream.get("/Filter", pikepdf.Array())
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
    return all(name == "/FlateDecode" for name in names)


def _all(item: Any) -> Iterator[Any]:
    """The dictionaries of an object; those it points to are objects of their own."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            values = [one[key] for key in one.keys()]  # noqa: SIM118 - a PDF's keys, not Python's
        elif isinstance(one, pikepdf.Array):
            values = list(one)
        else:
            continue
        waiting.extend(value for value in values if not _is_elsewhere(value))


def _is_elsewhere(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect
