"""Sheets: a PDF in; what can be read on each sheet out, and what stands outside of it.

PDFium tells where every glyph, picture and line is drawn; Poppler's pdftotext what is written,
for it also reads the pictures that emoji are. Lengths are PDF points, from the lower left corner
of the sheet.
"""

from __future__ import annotations

import ctypes
import io
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from exports.paper import BOTTOM, TOP

POINTS_A_MM = 72 / 25.4
TOLERANCE = 1.0  # points: half of a thick line, and what rounding adds
# Within the margins, between the running heads and the text.
_HEAD = (TOP - 2.5) * POINTS_A_MM
_FOOT = (BOTTOM - 2.5) * POINTS_A_MM
_DEEPEST = 12  # forms within forms
_KINDS = {
    pdfium.FPDF_PAGEOBJ_TEXT: "text",
    pdfium.FPDF_PAGEOBJ_PATH: "line",
    pdfium.FPDF_PAGEOBJ_IMAGE: "picture",
    pdfium.FPDF_PAGEOBJ_SHADING: "shading",
}

Box = tuple[float, float, float, float]  # left, bottom, right, top
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that is drawn outside of its sheet, or cut off."""

    sheet: int  # counted from 0
    kind: str
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True)
class Jump:
    """A link inside the PDF."""

    sheet: int
    target: int
    top: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on a sheet, without its running heads."""

    text: str
    pictures: int
    drawings: int  # places of their own that lines are drawn at: one or more a vector picture
    addresses: tuple[str, ...]
    jumps: tuple[Jump, ...]
    strays: tuple[Stray, ...]
    width: float
    height: float


def read(pdf: bytes) -> list[Sheet]:
    """Read a whole PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as links, pypdfium2.PdfDocument(pdf) as document:
        numbers = {page.obj.objgen: number for number, page in enumerate(links.pages)}
        written = texts(pdf)
        sheets = []
        for number, annotated in enumerate(links.pages):
            page = document[number]
            sheets.append(_sheet(page, number, written[number], annotated, numbers))
            page.close()
        return sheets


def texts(pdf: bytes) -> list[str]:
    """What is written on each sheet, without its running heads, in the order it was drawn."""
    with pypdfium2.PdfDocument(pdf) as document:
        heights = [document.get_page_size(number)[1] for number in range(len(document))]
    # By height, for the running heads stand elsewhere then.
    written = {height: _texts(pdf, height) for height in set(heights)}
    return [written[height][number] for number, height in enumerate(heights)]


def picture_counts(pdf: bytes) -> list[int]:
    """How many pictures of pixels are drawn on each sheet, whatever they are kept in."""
    with pypdfium2.PdfDocument(pdf) as document:
        counts = [0] * len(document)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:  # pdfimages does not read a pipe
        file.write(pdf)
        file.flush()
        command = ["pdfimages", "-list", file.name]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    for line in told.splitlines()[2:]:  # below the head
        sheet, _, kind, *_ = line.split()
        counts[int(sheet) - 1] += kind == "image"  # and no mask of one
    return counts


def _texts(pdf: bytes, height: float) -> list[str]:
    """What is written on each sheet, in the order it was drawn, if all were of this height."""
    area = ["-x", "0", "-y", f"{_HEAD:.0f}", "-W", "20000", "-H", f"{height - _HEAD - _FOOT:.0f}"]
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-r", "72", *area, "-", "-"]
    read = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return read.stdout.decode("utf-8", "replace").split("\f")


def _sheet(
    page: pypdfium2.PdfPage,
    number: int,
    text: str,
    annotated: pikepdf.Page,
    numbers: dict[tuple[int, int], int],
) -> Sheet:
    width, height = page.get_size()
    reader = page.get_textpage()
    drawn = list(_drawn(page.raw))
    strays = [
        Stray(number, kind, box, _text_of(handle, reader) if kind == "text" else "")
        for handle, kind, box in drawn
        if _is_outside(box, width, height)
    ]
    places = {_matrix(handle) for handle, kind, _ in drawn if kind == "line"}
    reader.close()
    addresses, jumps = _links(annotated, number, numbers)
    return Sheet(
        text,
        sum(kind == "picture" for _, kind, _ in drawn),
        sum(not _is_the_sheets_own(place, height) for place in places),
        tuple(addresses),
        tuple(jumps),
        tuple(stray for stray in strays if stray.kind != "text" or stray.text.strip()),
        width,
        height,
    )


def _drawn(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, str, Box]]:
    """All that is drawn on a page, inside forms too, with what its clip leaves of its box."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        handle = pdfium.FPDFPage_GetObject(page, index)
        yield from _within(handle, (1, 0, 0, 1, 0, 0), None, 0)


def _within(
    handle: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, clip: Box | None, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, str, Box]]:
    own = _clip(handle)
    if own is not None:
        clip = _common(_moved(own, matrix), clip)
    kind = pdfium.FPDFPageObj_GetType(handle)
    if kind != pdfium.FPDF_PAGEOBJ_FORM:
        box = _common(_moved(_bounds(handle), matrix), clip)
        if box[0] < box[2] or box[1] < box[3]:
            yield handle, _KINDS.get(kind, "other"), box
        return
    if depth < _DEEPEST:
        inner = _times(_matrix(handle), matrix)
        for index in range(pdfium.FPDFFormObj_CountObjects(handle)):
            part = pdfium.FPDFFormObj_GetObject(handle, index)
            yield from _within(part, inner, clip, depth + 1)


def _bounds(handle: pdfium.FPDF_PAGEOBJECT) -> Box:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *edges):
        return (0, 0, 0, 0)  # nothing is drawn, as by a path without segments
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _matrix(handle: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _clip(handle: pdfium.FPDF_PAGEOBJECT) -> Box | None:
    """The box around what the object's clip paths have in common; None when it has none."""
    path = pdfium.FPDFPageObj_GetClipPath(handle)
    clip: Box | None = None
    for index in range(max(0, pdfium.FPDFClipPath_CountPaths(path) if path else 0)):
        points = []
        for segment in range(max(0, pdfium.FPDFClipPath_CountPathSegments(path, index))):
            x, y = ctypes.c_float(), ctypes.c_float()
            at = pdfium.FPDFClipPath_GetPathSegment(path, index, segment)
            if pdfium.FPDFPathSegment_GetPoint(at, x, y):
                points.append((x.value, y.value))
        if points:
            across, up = [x for x, _ in points], [y for _, y in points]
            clip = _common((min(across), min(up), max(across), max(up)), clip)
    return clip


def _common(box: Box, clip: Box | None) -> Box:
    if clip is None:
        return box
    left, bottom = max(box[0], clip[0]), max(box[1], clip[1])
    right, top = min(box[2], clip[2]), min(box[3], clip[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else (0, 0, 0, 0)


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix == (1, 0, 0, 1, 0, 0):
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return min(across), min(up), max(across), max(up)


def _times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other` (ISO 32000-2, 8.3.3)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        (e * h + f * j + m),
    )


def _is_the_sheets_own(place: Matrix, height: float) -> bool:
    """Say whether lines are drawn from the sheet's corner, as all are outside of pictures."""
    return place[4] == 0 and abs(place[5] - height) < TOLERANCE


def _is_outside(box: Box, width: float, height: float) -> bool:
    left, bottom, right, top = box
    return (
        left < -TOLERANCE
        or bottom < -TOLERANCE
        or right > width + TOLERANCE
        or top > height + TOLERANCE
    )


def _text_of(handle: pdfium.FPDF_PAGEOBJECT, reader: pypdfium2.PdfTextPage) -> str:
    length = pdfium.FPDFTextObj_GetText(handle, reader.raw, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFTextObj_GetText(handle, reader.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")


def _links(
    page: pikepdf.Page, number: int, numbers: dict[tuple[int, int], int]
) -> tuple[list[str], list[Jump]]:
    addresses: list[str] = []
    jumps: list[Jump] = []
    for link in page.get("/Annots", []):
        if "/Dest" in link and (target := numbers.get(link.Dest[0].objgen)) is not None:
            jumps.append(Jump(number, target, float(link.Dest[3])))
        elif "/A" in link and "/URI" in link.A:
            addresses.append(str(link.A.URI))
    return addresses, jumps
