"""Front sheets: the cover, the contents, the table of versions. Pure but for the template.

They are printed last, when the numbers of all sheets are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from addon.options import ExportOptions
from exports.document import ANCHOR_SCHEME, Chunk, Heading, Revision, is_right_to_left
from exports.facts import Facts, fill_text
from exports.paper import Sheet
from exports.pdf import covers
from exports.pdf.chapters import Chapter
from exports.pdf.compose import has_many_scripts, is_rtl
from exports.tree import Space

_DEEPEST = 5  # level of the contents that looks different from the one above
_DAY = "{modified}"
_SMALL = 170.0  # mm: A5


@dataclass(frozen=True, slots=True)
class Front:
    """What the front sheets are made from."""

    title: str
    space: Space
    chapters: Sequence[Chapter]  # those that were printed, in reading order
    number_of: Callable[[str], str]  # of an anchor's sheet as it is printed; empty: not there
    options: ExportOptions
    facts: Facts  # of the document
    sheet: Sheet
    language: str = ""  # BCP 47, empty when unknown
    revisions: tuple[Revision, ...] = ()  # the newest first

    @property
    def has_contents(self) -> bool:
        return self.options.contents and _page_count(self.chapters) > 1

    @property
    def has_cover(self) -> bool:
        """The cover is always the first sheet, and one."""
        return self.options.cover != "none"

    @property
    def logo_words(self) -> str:
        return covers.logo_words(self.options, self.facts)

    def __bool__(self) -> bool:
        return self.has_cover or self.has_contents or bool(self.revisions)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the contents."""

    kind: str  # a class of the style sheet
    number: str
    title: str
    href: str
    sheet: str
    is_rtl: bool
    language: str  # BCP 47, may be empty


@dataclass(frozen=True, slots=True)
class _Told:
    """A text that may run another way than the table it stands in."""

    text: str

    @property
    def direction(self) -> str:
        return "rtl" if is_rtl(self.text) else "ltr"


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of versions."""

    number: int
    day: _Told
    who: _Told
    message: _Told


def compose(front: Front) -> Chunk:
    """The front sheets as one document."""
    cover = covers.cover(front.options, front.facts, front.sheet)
    entries = list(_entries(front)) if front.has_contents else []
    rows = [_row(it, front.facts) for it in front.revisions]
    texts = [front.title, front.space.name, *(it.title for it in entries)]
    texts += [*(cover.texts if cover else ()), *(it.who.text + it.message.text for it in rows)]
    context = {
        "cover": cover,
        "logo": covers.LOGO,
        "is_small": min(front.sheet.width, front.sheet.height) < _SMALL,
        "title": front.title,
        "language": front.language,
        "is_rtl": is_right_to_left(front.language),
        "has_rtl_title": is_rtl(front.title),
        "has_many_scripts": any(map(has_many_scripts, texts)),
        "space": front.space,
        "entries": entries,
        "has_numbers": any(it.number for it in entries),
        "rows": rows,
        "has_names": any(it.who.text for it in rows),
        "has_messages": any(it.message.text for it in rows),
        "day": fill_text("{date}", front.facts),
        "count": _page_count(front.chapters),
    }
    return Chunk(render_to_string("pdf/front.html", context), covers.logo(front.options))


def _entries(front: Front) -> Iterator[_Entry]:
    """Pages by the levels of the tree, not counting the one that all others stand below."""
    options = front.options
    has_one_root = sum(it.ref.depth == 0 for it in front.chapters) == 1
    deepest = options.contents_depth if has_one_root else options.contents_depth - 1
    for chapter in front.chapters:
        if chapter.ref.depth > deepest or not front.number_of(chapter.ref.anchor):
            continue
        kind = f"depth-{min(chapter.ref.depth, _DEEPEST)}"
        anchor, language = chapter.ref.anchor, chapter.language
        yield _entry(front, kind, chapter.number, chapter.ref.title, anchor, language)
        for heading in _headings(front, chapter):
            kind = f"depth-{min(chapter.ref.depth + heading.level, _DEEPEST)} of-heading"
            yield _entry(front, kind, heading.number, heading.text, heading.anchor, language)


def _headings(front: Front, chapter: Chapter) -> Iterator[Heading]:
    for heading in chapter.headings:
        if heading.level <= front.options.contents_headings and front.number_of(heading.anchor):
            yield heading


def _entry(front: Front, kind: str, number: str, title: str, anchor: str, language: str) -> _Entry:
    href, sheet = ANCHOR_SCHEME + anchor, front.number_of(anchor)
    return _Entry(kind, number, title, href, sheet, is_rtl(title), language)


def _row(revision: Revision, facts: Facts) -> _Row:
    moments = {**facts.moments, "modified": revision.when}
    day = fill_text(_DAY, replace(facts, moments=moments))
    return _Row(revision.number, _Told(day), _Told(revision.who), _Told(revision.message))


def _page_count(chapters: Sequence[Chapter]) -> int:
    """How many are pages; folders are chapters without a body."""
    return sum(chapter.ref.type != "folder" for chapter in chapters)
