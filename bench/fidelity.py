"""Fidelity: what a page held, what was made of it and what was printed, compared. Pure.

Three readings of one page: the body Confluence gave, the article the product cleaned, the sheets
of the PDF. What the next one lacks is a loss; a line of the page's report may account for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from unicodedata import normalize
from urllib.parse import unquote

from bench.content import ADDRESS, WHOLE_PAGE, Content, Link, Word
from bench.sheets import Sheet
from bench.words import CUT, SHEET, lacking, words, words_of_lines
from exports.document import ANCHOR_SCHEME

Kind = Literal["word", "picture", "link", "cell"]
Step = Literal["cleaning", "printing"]
KINDS: tuple[Kind, ...] = ("word", "picture", "link", "cell")

_AROUND = 6  # words shown on either side of a lost one
_SHOWN = 160  # characters of what was lost
_LEAST_PIECE = 6  # characters of a cell that stand together
_LINK_NOTES = frozenset({"link_as_text"})


@dataclass(frozen=True, slots=True)
class Loss:
    """What one reading has and the next has not."""

    kind: Kind
    step: Step
    what: str
    count: int = 1
    around: str = ""  # to find it by
    explained: str = ""  # the code of the report line that accounts for it


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the report about a page."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is known of an article's pictures, by their keys."""

    boxed: Mapping[str, str] = field(default_factory=dict)  # not to be had → code of its line
    vectors: frozenset[str] = frozenset()  # printed as lines


def sizes(content: Content) -> dict[Kind, int]:
    """How much of each kind there is."""
    return {
        "word": sum(word.excuse != ADDRESS for word in content.words),
        "picture": len(content.images),
        "link": len(content.links),
        "cell": len(content.cells),
    }


def lost_in_cleaning(source: Content, article: Content, notes: Sequence[Noted]) -> Iterator[Loss]:
    """What the page held and the article made of it does not."""
    whole = next((note.code for note in notes if note.code in WHOLE_PAGE), "")
    yield from _words_not_kept(source, article, notes, whole)
    yield from _pictures_not_kept(source, article, notes, whole)
    yield from _links_not_kept(source, article, notes, whole)
    yield from _cells_not_kept(source, article, whole)


def lost_in_printing(
    article: Content,
    pictures: Pictures,
    sheets: Sequence[Sheet],
    on_sheet: Mapping[int, frozenset[str]],
    notes: Sequence[Noted],
) -> Iterator[Loss]:
    """What was to be printed and is not on the sheets.

    `on_sheet` tells which pages of the export are on a sheet, counted over the PDF.
    """
    whole = next((note.code for note in notes if note.code in WHOLE_PAGE), "")
    for loss in _not_printed(article, pictures, sheets, on_sheet):
        yield replace(loss, explained=loss.explained or whole)


def _not_printed(
    article: Content,
    pictures: Pictures,
    sheets: Sequence[Sheet],
    on_sheet: Mapping[int, frozenset[str]],
) -> Iterator[Loss]:
    printed = [[*words_of_lines(sheet.text), SHEET] for sheet in sheets]
    spoken = [word for sheet in printed for word in sheet]
    lost = lacking((word.text for word in article.words), spoken)
    for text, count in lost.items():
        yield Loss("word", "printing", text, count, _around(article, text))
    yield from _pictures_not_printed(article, pictures, sheets)
    yield from _links_not_printed(article.links, sheets, on_sheet)
    yield from _cells_not_printed(article.cells, printed)


def _words_not_kept(
    source: Content, article: Content, notes: Sequence[Noted], whole: str
) -> Iterator[Loss]:
    lost = lacking((word.text for word in source.words), [word.text for word in article.words])
    codes = {note.code for note in notes}
    excuses: dict[str, Counter[str]] = {}
    for word in source.words:
        if word.excuse in codes or word.excuse == ADDRESS:
            excuses.setdefault(word.text, Counter())[word.excuse] += 1
    for text, count in lost.items():
        around, left = _around(source, text), count
        for code, excused in ({whole: count} if whole else excuses.get(text, {})).items():
            told = min(left, excused)
            if told and code != ADDRESS:
                yield Loss("word", "cleaning", text, told, around, code)
            left -= told
        if left:
            yield Loss("word", "cleaning", text, left, around)


def _around(content: Content, text: str) -> str:
    """The words about the first place where it stands."""
    spoken = [word.text for word in content.words]
    at = spoken.index(text) if text in spoken else 0
    return " ".join(spoken[max(0, at - _AROUND) : at + _AROUND + 1])


def _pictures_not_kept(
    source: Content, article: Content, notes: Sequence[Noted], whole: str
) -> Iterator[Loss]:
    """A picture that became a box has a line of its own in the report."""
    count = len(source.images) - len(article.images)
    told = sum(note.code in {"external_image", "image_missing"} for note in notes)
    shown = ", ".join(sorted(set(source.images)))[:_SHOWN]
    explained = count if whole else min(count, told)
    if explained > 0:
        code = whole or "external_image or image_missing"
        yield Loss("picture", "cleaning", shown, explained, explained=code)
    if count > explained:
        yield Loss("picture", "cleaning", shown, count - explained)


def _links_not_kept(
    source: Content, article: Content, notes: Sequence[Noted], whole: str
) -> Iterator[Loss]:
    """Links are found again by their words, or by their address where that is all they say."""
    spare = list(article.links)
    unfound = list(_unmatched(source.links, spare, lambda link: link.text))
    unfound = list(_unmatched(unfound, spare, lambda link: address_of(link.address)))
    inside = sum(link.address.startswith(ANCHOR_SCHEME) for link in spare)
    for link in unfound:
        if not link.text and inside > 0:
            inside -= 1  # it led to a page of this export, and has its title now
            continue
        shown = link.address[:_SHOWN]
        lines = ((n.code, n.what) for n in notes if n.code in _LINK_NOTES)
        told = (code for code, what in lines if shown in what or _says(what, link.text))
        yield Loss("link", "cleaning", shown, 1, link.text[:_SHOWN], whole or next(told, ""))


def _says(line: str, text: str) -> bool:
    """Say whether a line of the report names a link by its words."""
    spoken = "".join(word for word in words(line) if word.isalnum())
    return bool(text) and spoken.endswith(text)


def _unmatched(
    links: Iterable[Link], spare: list[Link], key: Callable[[Link], str]
) -> Iterator[Link]:
    """The links without a partner of the same key; partners found are taken out of `spare`."""
    partners: dict[str, list[Link]] = {}
    for link in spare:
        partners.setdefault(key(link), []).append(link)
    taken: set[int] = set()
    for link in links:
        found = partners.get(key(link)) if key(link) else None
        if found:
            taken.add(id(found.pop()))
        else:
            yield link
    spare[:] = [link for link in spare if id(link) not in taken]


def _cells_not_kept(source: Content, article: Content, whole: str) -> Iterator[Loss]:
    """Cells whose words are not together any more.

    A table may be taken apart, and then its cells' words stand together elsewhere.
    """
    spare = Counter(map(_spoken, article.cells))
    changed: list[tuple[Word, ...]] = []
    for cell in source.cells:
        if spare[_spoken(cell)] > 0:
            spare[_spoken(cell)] -= 1
        else:
            changed.append(cell)
    left = sorted(spare.elements(), key=len)  # the nearest fit comes first
    everything = "".join(word.text for word in article.words)
    for cell in changed:
        partner = next((other for other in left if _holds(other, cell)), None)
        if partner is not None:
            left.remove(partner)
        elif "".join(_spoken(cell)) not in everything:
            yield Loss("cell", "cleaning", " ".join(_spoken(cell))[:_SHOWN], explained=whole)


def _spoken(cell: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in cell)


def _holds(other: Sequence[str], cell: Sequence[Word]) -> bool:
    """Say whether a cell has all words of another, addresses aside."""
    lost = lacking(_spoken(cell), other)
    return not lost - Counter(word.text for word in cell if word.excuse == ADDRESS)


def _pictures_not_printed(
    article: Content, pictures: Pictures, sheets: Sequence[Sheet]
) -> Iterator[Loss]:
    awaited: Counter[str] = Counter()
    for key in article.images:
        if key in pictures.boxed:
            yield Loss("picture", "printing", key, explained=pictures.boxed[key])
        else:
            awaited["as lines" if key in pictures.vectors else "as points"] += 1
    drawn = {
        "as points": sum(sheet.pictures for sheet in sheets),
        "as lines": sum(sheet.drawings for sheet in sheets),
    }
    for how, count in awaited.items():
        if drawn[how] < count:
            shown = f"{drawn[how]} of {count} are drawn {how}"
            yield Loss("picture", "printing", shown, count - drawn[how])


def _links_not_printed(
    links: Sequence[Link], sheets: Sequence[Sheet], on_sheet: Mapping[int, frozenset[str]]
) -> Iterator[Loss]:
    """Each link needs a place to click that leads to its address, or to a sheet of its page."""
    addresses = Counter(address_of(x) for sheet in sheets for x in sheet.addresses)
    jumps = Counter(
        page
        for sheet in sheets
        for jump in sheet.jumps
        for page in on_sheet.get(jump.target, frozenset())
    )
    for target, count in Counter(address_of(link.address) for link in links).items():
        if target.startswith(ANCHOR_SCHEME):
            found = jumps[target.removeprefix(f"{ANCHOR_SCHEME}p").partition("-")[0]]
        else:
            found = addresses[target]
        if found < count:
            yield Loss("link", "printing", target[:_SHOWN], count - found)


def address_of(address: str) -> str:
    """How addresses are compared: their escapes, their Unicode and their last slash may differ.

    >>> address_of("https://example.com/%C3%BC/"), address_of("xpress:p12-Setup")
    ('https://example.com/ü', 'xpress:p12')
    """
    if address.startswith(ANCHOR_SCHEME):
        return address.partition("-")[0]
    return normalize("NFC", unquote(address)).strip().rstrip("/")


def _cells_not_printed(
    cells: Sequence[Sequence[Word]], sheets: Sequence[Sequence[str]]
) -> Iterator[Loss]:
    """The words of a cell stand together, or go on at the next sheet."""
    texts = ["".join(sheet).replace(CUT, "") for sheet in sheets]
    for cell in map(_spoken, cells):
        text = "".join(cell)
        if not any(text in sheet for sheet in texts) and not _goes_on(text, texts):
            yield Loss("cell", "printing", " ".join(cell)[:_SHOWN])


def _goes_on(text: str, sheets: Sequence[str]) -> bool:
    """Say whether a text is on sheets that follow one another, in pieces of some length.

    Within a sheet blocks may be drawn in another order; where it ends a piece may be short.
    """
    for first in range(len(sheets)):
        rest = text
        for sheet in sheets[first:]:
            before = rest
            while rest and (length := _longest_start(rest, sheet)):
                rest = rest[length:]
                if length < _LEAST_PIECE:
                    break
            if not rest:
                return True
            if rest == before:
                break
    return False


def _longest_start(text: str, sheet: str) -> int:
    """How many characters from its start on stand together on the sheet."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text[:middle] in sheet:
            low = middle
        else:
            high = middle - 1
    return low
