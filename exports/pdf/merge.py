"""One PDF out of the printed parts: joined, numbered, linked, with outline and metadata."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from exports.document import ANCHOR_SCHEME, SHEET_SCHEME, Article, Printed, Spot
from exports.pdf import folio, sharing
from exports.pdf.folio import Figure
from exports.pdf.placement import Placement
from exports.pdf.plates import Plates
from exports.tree import PageRef

_BASELINE = 0.3  # of a line's height, from its bottom


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the outline shows of an article: its place in the tree and its headings."""

    ref: PageRef
    headings: tuple[tuple[int, str, str], ...]  # (level from 1, text, anchor)

    @classmethod
    def of(cls, article: Article) -> Chapter:
        headings = ((head.level, head.text, head.anchor) for head in article.headings)
        return cls(article.ref, tuple(headings))


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
    folios: bytes,
    cover: Cover,
    plates: Plates,
) -> bytes:
    """Join front and body, and print the plates. The same input gives the same bytes."""
    with ExitStack() as opened:
        pdf = opened.enter_context(pikepdf.new())
        for part in ([front] if front else []) + list(body):
            source = opened.enter_context(pikepdf.open(io.BytesIO(part.pdf)))
            for page in source.pages:  # and nothing beside them: no names, forms or outline
                pdf.pages.append(page)
        before = front.sheets if front else 0
        pages = list(pdf.pages)
        figures = _resolve_links(pages, before, placement)
        folio.stamp(pdf, pages[before:], folios, figures)
        sharing.share(pdf, plates)
        _write_outline(pdf, before, placement, chapters)
        _label_sheets(pdf, before)
        _describe(pdf, cover)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
        return out.getvalue()


def _resolve_links(
    pages: list[pikepdf.Page], before: int, placement: Placement
) -> dict[int, list[Figure]]:
    """`xpress:` addresses become jumps; one without a target is no link any more.

    Returns the sheet numbers that are to be written, by the index of the body's sheet.
    """
    figures: dict[int, list[Figure]] = {}
    for at, page in enumerate(pages):
        if Name.Annots not in page:
            continue
        kept = []
        for annotation in page.Annots:
            scheme, _, anchor = (_address(annotation) or "").partition(":")
            if f"{scheme}:" not in (ANCHOR_SCHEME, SHEET_SCHEME):
                kept.append(annotation)
                continue
            spot = _spot(placement, anchor)
            if spot is None:
                continue
            del annotation.A
            annotation.Dest = _destination(pages[before + spot.sheet], spot)
            kept.append(annotation)
            if f"{scheme}:" == SHEET_SCHEME:
                figures.setdefault(at - before, []).append(_figure(annotation, spot))
        page.Annots = Array(kept)
    return figures


def _figure(annotation: pikepdf.Object, spot: Spot) -> Figure:
    """The number of a sheet, at the end of the room that was left for it."""
    _, top, right, bottom = (float(edge) for edge in annotation.Rect)
    low, high = sorted((top, bottom))
    return Figure(str(spot.sheet + 1), right, low + _BASELINE * (high - low))


def _spot(placement: Placement, anchor: str) -> Spot | None:
    """Where the anchor is. A heading that is not there any more gives way to its page's start."""
    page, _, _ = anchor.partition("-")
    return placement.spots.get(anchor) or placement.spots.get(page)


def _address(annotation: pikepdf.Object) -> str | None:
    action = annotation.get("/A")
    if annotation.get("/Subtype") != Name.Link or action is None or "/URI" not in action:
        return None
    return str(action.URI)


def _destination(page: pikepdf.Page, spot: Spot) -> Array:
    return Array([page.obj, Name.XYZ, round(spot.x, 2), round(spot.y, 2), 0])


def _write_outline(
    pdf: pikepdf.Pdf, before: int, placement: Placement, chapters: Sequence[Chapter]
) -> None:
    with pdf.open_outline() as outline:
        stack: list[tuple[int, list[OutlineItem]]] = [(-1, outline.root)]
        for depth, text, spot in _outline_rows(placement, chapters):
            item = OutlineItem(
                text, before + spot.sheet, "XYZ", left=round(spot.x, 2), top=round(spot.y, 2)
            )
            item.is_closed = depth >= 1
            while stack[-1][0] >= depth:
                stack.pop()
            stack[-1][1].append(item)
            stack.append((depth, item.children))


def _outline_rows(
    placement: Placement, chapters: Sequence[Chapter]
) -> Iterator[tuple[int, str, Spot]]:
    for chapter in chapters:
        if spot := placement.spots.get(chapter.ref.anchor):
            yield chapter.ref.depth, chapter.ref.title, spot
        for level, text, anchor in chapter.headings:
            if spot := placement.spots.get(anchor):
                yield chapter.ref.depth + level, text, spot


def _label_sheets(pdf: pikepdf.Pdf, before: int) -> None:
    """Front sheets are i, ii, …; the body counts from 1, as its folios do (ISO 32000-2, 12.4.2)."""
    decimal = Dictionary(S=Name.D)
    labels = [0, Dictionary(S=Name.r), before, decimal] if before else [0, decimal]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))


def _describe(pdf: pikepdf.Pdf, cover: Cover) -> None:
    pdf.docinfo[Name.Title] = String(cover.title)
    pdf.docinfo[Name.Producer] = String(cover.producer)
    if cover.language:
        pdf.Root.Lang = String(cover.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
