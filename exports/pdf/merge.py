"""One PDF out of the printed parts: joined, numbered, linked, with outline and metadata."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from addon.options import Numerals
from exports.document import ANCHOR_SCHEME, SHEET_SCHEME, Printed, Spot
from exports.pdf import furnishing, sharing
from exports.pdf.chapters import Chapter
from exports.pdf.furnishing import Figure, Furnisher
from exports.pdf.furniture import Furniture
from exports.pdf.numbering import Numbering
from exports.pdf.placement import Placement
from exports.pdf.plates import Plates
from exports.pdf.stencils import Stencils

_BASELINE = 0.3  # of a line's height, from its bottom
_LABELS: Mapping[Numerals, Name] = {
    "decimal": Name.D,
    "lower-roman": Name.r,
    "upper-roman": Name.R,
    "lower-alpha": Name.a,
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What the file says about itself."""

    title: str
    language: str  # BCP 47, may be empty
    producer: str


def merge(
    front: Printed | None,
    body: Sequence[Printed],
    placement: Placement,
    chapters: Sequence[Chapter],
    furniture: Furniture,
    stencils: Stencils,
    cover: Cover,
    plates: Plates,
) -> bytes:
    """Join front and body, furnish them, and print the plates.

    The same input gives the same bytes.
    """
    with ExitStack() as opened:
        pdf = opened.enter_context(pikepdf.new())
        marked = _add_front(pdf, _opened(front, opened), furniture) if front else []
        before = len(pdf.pages)
        for part in body:
            for page in _opened(part, opened).pages:
                pdf.pages.append(page)
        sheets = _Sheets(list(pdf.pages), before, placement, furniture)
        for at, page in enumerate(sheets.pages):
            furnishing.shift(pdf, page, sheets.shift(at))
        figures = _resolve_links(sheets)
        furnisher = Furnisher(pdf, furniture, stencils, opened)
        for at in marked:
            furnisher.mark(sheets.pages[at])
        for at, page in enumerate(sheets.pages[before:]):
            furnisher.furnish(page, at, furniture.is_left(before + at), figures.get(at, ()))
        sharing.share(pdf, plates)
        _write_outline(pdf, sheets, chapters)
        _label_sheets(pdf, before, furniture.numbering)
        _describe(pdf, cover)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Sheets:
    """All sheets of the document, and where in it the anchors of the body are."""

    pages: list[pikepdf.Page]
    before: int  # front sheets
    placement: Placement
    furniture: Furniture

    def shift(self, at: int) -> float:
        return self.furniture.shift(at, self.before)

    def exact_spot(self, anchor: str) -> Spot | None:
        """Where the anchor is in the whole document."""
        spot = self.placement.spots.get(anchor)
        if spot is None:
            return None
        at = self.before + spot.sheet
        return Spot(at, round(spot.x + self.shift(at), 2), round(spot.y, 2))

    def spot(self, anchor: str) -> Spot | None:
        """The same; a heading that is not there any more gives way to its page's start."""
        return self.exact_spot(anchor) or self.exact_spot(anchor.partition("-")[0])


def _opened(part: Printed, opened: ExitStack) -> pikepdf.Pdf:
    """Only its pages are taken over: no names, forms or outline."""
    return opened.enter_context(pikepdf.open(io.BytesIO(part.pdf)))


def _add_front(pdf: pikepdf.Pdf, front: pikepdf.Pdf, furniture: Furniture) -> list[int]:
    """Add the front sheets, and blank ones where they belong. Returns those beyond the cover."""
    after_cover, after_all = furniture.blanks(len(front.pages))
    covers = min(furniture.covers, len(front.pages))
    for page in front.pages[:covers]:
        pdf.pages.append(page)
    _add_blank(pdf, after_cover)
    first = len(pdf.pages)
    for page in front.pages[covers:]:
        pdf.pages.append(page)
    found = list(range(first, len(pdf.pages)))
    _add_blank(pdf, after_all)
    return found


def _add_blank(pdf: pikepdf.Pdf, count: int) -> None:
    for _ in range(count):
        left, low, right, high = (float(edge) for edge in pdf.pages[-1].mediabox)
        pdf.add_blank_page(page_size=(right - left, high - low))


def _resolve_links(sheets: _Sheets) -> dict[int, list[Figure]]:
    """`xpress:` addresses become jumps; one without a target is no link any more.

    Returns the sheet numbers that are to be written, by the index of the body's sheet.
    """
    figures: dict[int, list[Figure]] = {}
    for at, page in enumerate(sheets.pages):
        if Name.Annots not in page:
            continue
        kept = []
        for annotation in page.Annots:
            scheme, _, anchor = (_address(annotation) or "").partition(":")
            if f"{scheme}:" not in (ANCHOR_SCHEME, SHEET_SCHEME):
                kept.append(annotation)
                continue
            spot = sheets.spot(anchor)
            if spot is None:
                continue
            del annotation.A
            annotation.Dest = Array([sheets.pages[spot.sheet].obj, Name.XYZ, spot.x, spot.y, 0])
            kept.append(annotation)
            if f"{scheme}:" == SHEET_SCHEME:
                number = sheets.placement.numbering.number(spot.sheet - sheets.before)
                figures.setdefault(at - sheets.before, []).append(_figure(annotation, number))
        page.Annots = Array(kept)
    return figures


def _figure(annotation: pikepdf.Object, number: str) -> Figure:
    """The number of a sheet, at the end of the room that was left for it."""
    _, top, right, bottom = (float(edge) for edge in annotation.Rect)
    low, high = sorted((top, bottom))
    return Figure(number, right, low + _BASELINE * (high - low))


def _address(annotation: pikepdf.Object) -> str | None:
    action = annotation.get("/A")
    if annotation.get("/Subtype") != Name.Link or action is None or "/URI" not in action:
        return None
    return str(action.URI)


def _write_outline(pdf: pikepdf.Pdf, sheets: _Sheets, chapters: Sequence[Chapter]) -> None:
    with pdf.open_outline() as outline:
        stack: list[tuple[int, list[OutlineItem]]] = [(-1, outline.root)]
        for depth, text, spot in _outline_rows(sheets, chapters):
            item = OutlineItem(text, spot.sheet, "XYZ", left=spot.x, top=spot.y)
            item.is_closed = depth >= 1
            while stack[-1][0] >= depth:
                stack.pop()
            stack[-1][1].append(item)
            stack.append((depth, item.children))


def _outline_rows(sheets: _Sheets, chapters: Sequence[Chapter]) -> Iterator[tuple[int, str, Spot]]:
    for chapter in chapters:
        if spot := sheets.exact_spot(chapter.ref.anchor):
            yield chapter.ref.depth, chapter.named, spot
        for heading in chapter.headings:
            if spot := sheets.exact_spot(heading.anchor):
                yield chapter.ref.depth + heading.level, heading.named, spot


def _label_sheets(pdf: pikepdf.Pdf, before: int, numbering: Numbering) -> None:
    """Front sheets are i, ii, … – or I, II, … where the body is i, ii, … itself; the body is
    labelled as it is numbered (ISO 32000-2, 12.4.2).
    """
    labels: list[int | Dictionary] = []
    if before:
        labels += [0, Dictionary(S=Name.R if numbering.numerals == "lower-roman" else Name.r)]
    for section in numbering.sections:
        labels += [
            before + section.start,
            Dictionary(S=_LABELS[numbering.numerals], St=section.first),
        ]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))


def _describe(pdf: pikepdf.Pdf, cover: Cover) -> None:
    pdf.docinfo[Name.Title] = String(cover.title)
    pdf.docinfo[Name.Producer] = String(cover.producer)
    if cover.language:
        pdf.Root.Lang = String(cover.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
