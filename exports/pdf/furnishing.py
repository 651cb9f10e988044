"""Furnishing: headers, footers, numbers and the watermark, drawn on the sheets of a joined PDF.

What sheets have in common stands once in the file; of its own, a sheet has its number. A text of
one font is written as that, others, the logo and the watermark are forms (ISO 32000-2, 8.10).
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from exports.paper import POINTS_A_MM
from exports.pdf.furniture import Furniture, Margin
from exports.pdf.stencils import LOGO_HEIGHT, MARK_SIZE, SHEET_HEIGHT, SIZE, Place, Stencils

_NAME = "/XP"  # begins the names of all that is ours
_GREY = "0.38 0.42 0.48 rg"  # --muted of sheet.css
_RULE = "0.6 w 0.835 0.851 0.878 RG"  # --rule
_MARK_LENGTH, _MARK_SIZE = 0.7, 0.11  # of the sheet's diagonal: the most that a watermark takes
_MIDDLE = 0.36  # of its size: half the height of capitals
_BLEED = 4.0  # points round a text, for glyphs that are larger than their place


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to be written on a sheet, so that it ends at a point."""

    text: str
    right: float  # PDF points from the left edge
    baseline: float  # PDF points from the bottom edge


@dataclass(slots=True)
class _Drawn:
    """Operators, in the order in which they are drawn."""

    shapes: list[str]
    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # all that is of one sheet alone


class Furnisher:
    """Draws on the pages of one PDF, until it is saved; `opened` is closed after that."""

    def __init__(
        self, pdf: pikepdf.Pdf, furniture: Furniture, stencils: Stencils, opened: ExitStack
    ) -> None:
        self._pdf, self._furniture, self._stencils = pdf, furniture, stencils
        self._parts = [
            opened.enter_context(pikepdf.open(io.BytesIO(part))) for part in stencils.parts
        ]
        self._fonts: dict[tuple[int, str], tuple[str, pikepdf.Object]] = {}  # by part and name
        self._forms: dict[Place, tuple[str, pikepdf.Object]] = {}
        self._marks: dict[tuple[float, float], tuple[str, pikepdf.Object]] = {}
        self._streams: dict[str, Stream] = {}
        self._given: set[tuple[tuple[int, int], str]] = set()  # (resources, name)

    def furnish(
        self, page: pikepdf.Page, at: int, is_left: bool, figures: Sequence[Figure]
    ) -> None:
        """Draw all that a sheet of the body has; it is counted from 0."""
        drawn = _Drawn(self._mark(page))
        drawn.numbers = [self._figure(it.text, it.right, it.baseline, ends=True) for it in figures]
        for margin in self._furniture.margins:
            self._draw_margin(page, margin, at, is_left, drawn)
        self._draw(page, drawn)

    def mark(self, page: pikepdf.Page) -> None:
        """Draw the watermark, and nothing else."""
        self._draw(page, _Drawn(self._mark(page)))

    def _draw_margin(
        self, page: pikepdf.Page, margin: Margin, at: int, is_left: bool, drawn: _Drawn
    ) -> None:
        sheet = self._furniture.sheet_at(at)
        heights = margin.heights(sheet)
        left = (sheet.outer if is_left else sheet.inner) * POINTS_A_MM
        for it in self._furniture.arranged(margin, at, self._stencils.width, is_left):
            if it.piece is None:
                drawn.shapes += self._logo(page, margin, at, left + it.x)
            elif isinstance(it.piece, str):
                drawn.numbers.append(self._figure(it.piece, left + it.x, heights.base))
            else:
                place = self._stencils.places[it.piece]
                self._draw_text(page, place, left + it.x - place.left, heights.base, drawn)
        if margin.has_rule and at < len(margin.rows) and margin.rows[at] is not None:
            right = left + sheet.text_width * POINTS_A_MM
            line = f"{left:.2f} {heights.rule:.2f} m {right:.2f} {heights.rule:.2f} l S"
            drawn.shapes.append(f"q {_RULE} {line} Q")

    def _draw_text(
        self, page: pikepdf.Page, place: Place, x: float, y: float, drawn: _Drawn
    ) -> None:
        if place.run is None:
            form = self._form(page, place)
            drawn.shapes.append(f"q 1 0 0 1 {x:.2f} {y - place.base:.2f} cm {form} Do Q")
            return
        font = self._font(page, place.part, place.sheet, place.run.font)
        start = f"1 0 0 1 {x + place.run.x:.2f} {y:.2f} Tm"
        drawn.texts.append(f"{font} {SIZE} Tf {start} {place.run.glyphs} TJ")

    def _draw(self, page: pikepdf.Page, drawn: _Drawn) -> None:
        """Draw over what stands on the page: what saves the state it finds comes before that."""
        texts = [*drawn.texts]
        if drawn.numbers:
            texts.append(f"{self._font(page, 0, 0, self._stencils.figures.name)} {SIZE} Tf")
        if not texts and not drawn.shapes:
            return
        common = "\n".join(["Q", *drawn.shapes, *([f"BT {_GREY}", *texts] if texts else [])])
        contents = [self._stream("q"), *_contents(page)]
        if drawn.numbers:
            own = Stream(self._pdf, "\n".join(drawn.numbers).encode())
            contents += [self._stream(common), own, self._stream("ET")]
        else:
            contents.append(self._stream(f"{common} ET" if texts else common))
        page.Contents = Array(contents)

    def _figure(self, text: str, x: float, y: float, ends: bool = False) -> str:
        glyphs, width = self._stencils.figures.line(text)
        return f"1 0 0 1 {x - width * ends:.2f} {y:.2f} Tm <{glyphs}> Tj"

    def _logo(self, page: pikepdf.Page, margin: Margin, at: int, x: float) -> list[str]:
        logo, place = self._furniture.logo, self._stencils.logo
        if not logo or not place:
            return []
        sheet = self._furniture.sheet_at(at)
        box = margin.heights(sheet).logo_box(logo, sheet.text_width * POINTS_A_MM)
        _, height, foot = box
        scale = height / LOGO_HEIGHT
        y = foot - scale * (SHEET_HEIGHT - LOGO_HEIGHT)
        form = self._form(page, place)
        return [f"q {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm {form} Do Q"]

    def _mark(self, page: pikepdf.Page) -> list[str]:
        mark = self._furniture.mark
        if not mark:
            return []
        left, low, right, high = (float(edge) for edge in page.mediabox)
        size = right - left, high - low
        if size not in self._marks:
            form = self._mark_form(self._stencils.places[mark], *size)
            self._marks[size] = f"{_NAME}w{len(self._marks)}", form
        name, form = self._marks[size]
        self._give(page, Name.XObject, name, form)
        return [f"q {name} Do Q"]

    def _mark_form(self, place: Place, width: float, height: float) -> pikepdf.Object:
        """Along the diagonal from lower left to upper right."""
        diagonal = math.hypot(width, height)
        length = max(place.right - place.left, 1.0)
        scale = min(_MARK_SIZE * diagonal / MARK_SIZE, _MARK_LENGTH * diagonal / length)
        along, up = scale * width / diagonal, scale * height / diagonal
        x, y = (place.left + place.right) / 2, place.base + _MIDDLE * MARK_SIZE
        e, f = width / 2 - along * x + up * y, height / 2 - up * x - along * y
        matrix = f"{along:.5f} {up:.5f} {-up:.5f} {along:.5f} {e:.2f} {f:.2f}"
        opacity = self._furniture.mark_opacity
        text = self._copied(place)
        # As a group, it is as transparent as a whole: letters that touch are not darker there,
        # and what is opaque within it is so to nothing else (ISO 32000-2, 11.4).
        text.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        return Stream(
            self._pdf,
            f"q /XPg gs {matrix} cm /XPt Do Q".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(width, 2), round(height, 2)]),
            Resources=Dictionary(
                ExtGState=Dictionary(XPg=Dictionary(ca=opacity, CA=opacity)),
                XObject=Dictionary(XPt=text),
            ),
        )

    def _font(self, page: pikepdf.Page, part: int, sheet: int, name: str) -> str:
        """The name that the page knows a font of a stencil's sheet by."""
        if (part, name) not in self._fonts:
            font = self._pdf.copy_foreign(self._parts[part].pages[sheet].Resources.Font[name])
            self._fonts[part, name] = f"{_NAME}t{len(self._fonts)}", font
        known, font = self._fonts[part, name]
        self._give(page, Name.Font, known, font)
        return known

    def _form(self, page: pikepdf.Page, place: Place) -> str:
        """The name that the page draws a stencil by."""
        if place not in self._forms:
            self._forms[place] = f"{_NAME}f{len(self._forms)}", self._copied(place)
        name, form = self._forms[place]
        self._give(page, Name.XObject, name, form)
        return name

    def _copied(self, place: Place) -> pikepdf.Object:
        """A stencil's sheet as a form."""
        sheet = self._parts[place.part].pages[place.sheet]
        form = self._pdf.copy_foreign(sheet.Contents)
        form.Type, form.Subtype = Name.XObject, Name.Form
        left, right = round(place.left - _BLEED, 2), round(place.right + _BLEED, 2)
        form.BBox = Array([left, 0, right, SHEET_HEIGHT])
        form.Resources = self._pdf.copy_foreign(sheet.Resources)
        return form

    def _stream(self, content: str) -> Stream:
        """Equal ones are one."""
        if content not in self._streams:
            self._streams[content] = Stream(self._pdf, content.encode())
        return self._streams[content]

    def _give(self, page: pikepdf.Page, kind: Name, name: str, item: pikepdf.Object) -> None:
        """Let a page know an item by a name. Pages of a chunk have their resources in common."""
        resources = page.Resources
        known = resources.objgen, name
        if known not in self._given:
            page.add_resource(item, kind, Name(name))
        if resources.is_indirect:
            self._given.add(known)


def shift(pdf: pikepdf.Pdf, page: pikepdf.Page, by: float) -> None:
    """Move all that stands on a page to the right, in points.

    It becomes a form: patterns go along with that, but not with what a page's content does to its
    own coordinates (ISO 32000-2, 8.7.3.1).
    """
    if not by:
        return
    form = _joined(pdf, _contents(page))
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox, form.Resources = page.mediabox, page.Resources
    content = f"1 0 0 1 {by:.2f} 0 cm {_NAME} Do"
    page.Contents = Stream(pdf, content.encode())
    page.Resources = Dictionary(XObject=Dictionary({_NAME: form}))
    for annotation in page.get("/Annots", []):
        for name in ("/Rect", "/QuadPoints"):
            if name in annotation:
                edges = [float(edge) for edge in annotation[name]]
                annotation[name] = Array(
                    [round(edge + by * (not at % 2), 6) for at, edge in enumerate(edges)]
                )


def _joined(pdf: pikepdf.Pdf, contents: Sequence[pikepdf.Object]) -> pikepdf.Object:
    if len(contents) == 1:
        return contents[0]
    return Stream(pdf, b"\n".join(it.read_bytes() for it in contents))


def _contents(page: pikepdf.Page) -> list[pikepdf.Object]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents.as_list()) if isinstance(contents, Array) else [contents]
