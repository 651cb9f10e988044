"""Furniture: what stands round the text of each sheet, and across it. Pure.

That is the printers' word for headers, footers, rules and sheet numbers. Chunks are printed side by
side, and none knows its sheets' numbers, which side they lie on, or the chapter they are under; so
all of it is decided here, once the body is on sheets, and drawn when the parts are joined.

Sheets that are printed on both sides lie as in a book. The first is a right one, and so is the
first of the body: a blank sheet comes before it where the front sheets are odd in number, and the
cover has its back to itself. So odd numbers stand on right sheets, on the screen and in the hand.

Front sheets have no header and no footer. The watermark is on all sheets but the cover, for the
contents tell of a document as its pages do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from addon import logos
from addon.options import ExportOptions
from addon.placeholders import Placeholder
from exports.document import Image
from exports.facts import Facts, fill, fill_text
from exports.paper import POINTS_A_MM, Sheet
from exports.pdf import margins
from exports.pdf.chapters import Chapter
from exports.pdf.compose import has_many_scripts, is_rtl
from exports.pdf.margins import Heights
from exports.pdf.numbering import Numbering
from exports.pdf.placement import Placement
from exports.pdf.rows import NO_LOGO, Line, Logo, Piece, Row, Set, Side, Stencil, set_row

Text = tuple[str | Placeholder, ...]  # with all values but those that sheets give
Texts = tuple[Text, Text, Text]  # left, centre, right

PLAIN = " /"  # may stand between numbers, and is set as they are
_LONGEST, _LONGEST_MARK = 600, 200  # characters; no row has room for more
_ISOLATE, _END = "\u2068", "\u2069"  # what stands between is one thing to the text round it


@dataclass(frozen=True, slots=True)
class Running:
    """What the sheets of one page say at their head and foot."""

    header: Texts
    footer: Texts
    language: str = ""  # BCP 47, empty when unknown

    @classmethod
    def of(cls, options: ExportOptions, facts: Facts, language: str = "") -> Running:
        said = _said(facts)
        header = (options.header_left, options.header_centre, options.header_right)
        footer = (options.footer_left, options.footer_centre, options.footer_right)
        return cls(_filled(header, said), _filled(footer, said), language)


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands in the upper or in the lower margin."""

    heights: Callable[[Sheet], Heights]
    rows: tuple[Row | None, ...] = ()  # by sheet of the body; None: nothing, not even the rule
    logo: Side = "none"
    has_rule: bool = False


@dataclass(frozen=True, slots=True)
class Furniture:
    """All that is drawn when the parts are joined."""

    sheet: Sheet
    numbering: Numbering
    header: Margin = Margin(margins.header)
    footer: Margin = Margin(margins.footer)
    logo: Image | None = field(default=None, repr=False)
    mark: Stencil | None = None  # the watermark
    mark_opacity: float = 1.0
    is_two_sided: bool = False
    covers: int = 0  # the first of the front sheets, which stay as they are
    turned: frozenset[int] = frozenset()  # the sheets of the body that lie on their side

    @property
    def margins(self) -> tuple[Margin, Margin]:
        return self.header, self.footer

    @property
    def stencils(self) -> list[Stencil]:
        """Every text once, as long as it is."""
        rows = dict.fromkeys(row for margin in self.margins for row in margin.rows)
        pieces = (piece for row in rows if row for line in row for piece in line)
        texts = (piece for piece in pieces if isinstance(piece, Stencil))
        return list(dict.fromkeys([*texts, *([self.mark] if self.mark else [])]))

    def blanks(self, front: int) -> tuple[int, int]:
        """How many blank sheets follow the cover, and the other front sheets."""
        covers = min(self.covers, front)
        return (covers % 2, (front - covers) % 2) if self.is_two_sided else (0, 0)

    def arranged(
        self, margin: Margin, at: int, width: Callable[[Piece], float], is_left: bool = False
    ) -> Iterator[Set]:
        """The pieces of a margin of a body's sheet; none where it is empty."""
        row = margin.rows[at] if at < len(margin.rows) else None
        if row is None:
            return iter(())
        sheet = self.sheet_at(at)
        room = sheet.text_width * POINTS_A_MM
        logo = NO_LOGO
        if self.logo and margin.logo != "none":
            logo = Logo(margin.logo, margin.heights(sheet).logo_box(self.logo, room)[0])
        return set_row(row, room, width, logo, is_left)

    def sheet_at(self, at: int) -> Sheet:
        """A sheet of the body, as it is read."""
        return self.sheet.turned if at in self.turned else self.sheet

    def front_sheets(self, printed: int) -> int:
        """How many sheets come before the body when so many front sheets were printed."""
        return printed + sum(self.blanks(printed))

    def is_left(self, at: int) -> bool:
        """Whether a sheet lies on the left; it is counted from 0, and the first is the cover."""
        return self.is_two_sided and at % 2 == 1

    def shift(self, at: int, before: int) -> float:
        """How far to the right, in points, what was printed for a right sheet belongs on this one,
        after so many front sheets.
        """
        sheet = self.sheet_at(at - before)
        return (sheet.outer - sheet.inner) * POINTS_A_MM if self.is_left(at) else 0.0


def furnish(
    options: ExportOptions,
    placement: Placement,
    chapters: Sequence[Chapter],
    running: Sequence[Running],
    facts: Facts,
    language: str = "",
) -> Furniture:
    """Decide what stands on each sheet.

    `running` has one for each chapter; facts and language are those of the whole document.
    """
    sheet = Sheet.of(options)
    owners = placement.under([chapter.ref.anchor for chapter in chapters], sheet)
    names = _names(placement, chapters, sheet)
    headers: list[Row | None] = []
    footers: list[Row | None] = []
    for at, owner in enumerate(owners):
        said = running[owner]
        numbers = {"sheet": placement.numbering.number(at), "sheets": placement.numbering.last(at)}
        headers.append(_row(said.header, names[at], numbers, said.language))
        footers.append(_row(said.footer, names[at], numbers, said.language))
    if options.first_sheet != "same":
        headers[:1] = [None]
    if options.first_sheet == "none":
        footers[:1] = [None]
    return Furniture(
        sheet,
        placement.numbering,
        Margin(margins.header, tuple(headers), options.header_logo, options.header_rule),
        Margin(margins.footer, tuple(footers), options.footer_logo, options.footer_rule),
        _logo(options),
        _mark(options, facts, language),
        options.watermark_opacity / 100,
        options.two_sided,
        int(options.cover != "none"),
        placement.turned,
    )


def numbering(
    options: ExportOptions, placement: Placement, chapters: Sequence[Chapter]
) -> Numbering:
    """The numbers of the body's sheets.

    Where they begin anew, a chapter is a page right below the one that all others stand below, or,
    without such a one, a page of the highest level.
    """
    owners: Sequence[int] = ()
    if options.numbers_restart == "chapter":
        level = int(sum(chapter.ref.depth == 0 for chapter in chapters) == 1)
        anchors = [chapter.ref.anchor for chapter in chapters if chapter.ref.depth <= level]
        owners = placement.under(anchors, Sheet.of(options))
    return Numbering.of(options.sheet_numbers, options.first_number, placement.sheets, owners)


def _filled(texts: tuple[str, str, str], facts: Facts) -> Texts:
    left, centre, right = (tuple(map(_bounded, fill(text, facts))) for text in texts)
    return left, centre, right


def _bounded(piece: str | Placeholder) -> str | Placeholder:
    """A row of Page Properties may hold any number of characters."""
    return piece[: _LONGEST + 1] if isinstance(piece, str) else piece


def _said(facts: Facts) -> Facts:
    return replace(facts, texts=_isolated(facts.texts), properties=_isolated(facts.properties))


def _isolated(texts: Mapping[str, str]) -> dict[str, str]:
    """Values that do not disturb the line they are put into, as words from right to left would."""
    return {name: f"{_ISOLATE}{it}{_END}" if _has_rtl(it) else it for name, it in texts.items()}


def _has_rtl(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(it) in ("R", "AL") for it in text)


def _names(placement: Placement, chapters: Sequence[Chapter], sheet: Sheet) -> list[str]:
    """The first level of headings, or the page's title, that each sheet is under."""
    heads = [
        head
        for chapter in chapters
        for head in (
            (chapter.ref.anchor, chapter.named),
            *((it.anchor, it.named) for it in chapter.headings if it.level == 1),
        )
    ]
    under = placement.under([anchor for anchor, _ in heads], sheet)
    named = _isolated({str(at): heads[at][1] for at in set(under)}) if heads else {}
    return [named.get(str(at), "") for at in under]


def _row(texts: Texts, chapter: str, numbers: Mapping[str, str], language: str) -> Row:
    left, centre, right = (_line(text, chapter, numbers, language) for text in texts)
    return left, centre, right


def _line(text: Text, chapter: str, numbers: Mapping[str, str], language: str) -> Line:
    pieces: list[str | Placeholder] = []
    for piece in text:
        named = piece
        if isinstance(piece, Placeholder) and piece.name == "chapter":
            named = chapter
        if isinstance(named, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += named
        else:
            pieces.append(named)
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    has_numbers, runs_left = len(pieces) > 1 or not words, is_rtl(words)
    line: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Placeholder):
            line.append(numbers[piece.name])
        elif has_numbers and not runs_left and not piece.strip(PLAIN):
            line.append(piece)
        elif piece:
            line.append(_stencil(piece, runs_left, language))
    return _joined(line) if not runs_left else tuple(line)


def _joined(line: Sequence[Piece]) -> Line:
    """Numbers and what stands between them as one: 12 / 400."""
    joined: list[Piece] = []
    for piece in line:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _stencil(text: str, runs_left: bool, language: str) -> Stencil:
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    return Stencil(text, runs_left, language if has_many_scripts(text) else "")


def _logo(options: ExportOptions) -> Image | None:
    if not options.logo or {options.header_logo, options.footer_logo} == {"none"}:
        return None
    content = logos.content(options.logo)
    return Image(content, "image/png", *logos.size(content))


def _mark(options: ExportOptions, facts: Facts, language: str) -> Stencil | None:
    text = fill_text(options.watermark, _said(facts))
    if len(text) > _LONGEST_MARK:
        text = f"{text[:_LONGEST_MARK]}…"
    language = language if has_many_scripts(text) else ""
    return Stencil(text, is_rtl(text), language, is_mark=True) if text else None
