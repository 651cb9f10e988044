"""Articles in, HTML out: the body in chunks, and the front sheets. Pure but for the templates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.template.loader import render_to_string

from addon.options import ExportOptions
from exports.document import ANCHOR_SCHEME, Article, Chunk, Illustrated, is_right_to_left
from exports.paper import BOTTOM, SHEETS, SIDE, TOP, Sheet
from exports.pdf.placement import Placement
from exports.tree import PageRef, PageTree, page_count

CHUNK_WEIGHT = 60_000  # characters of HTML, images counted below
_IMAGE_WEIGHT = 2_000
_STYLES = ("sheet.css", "content.css")
_TURNED = '<div class="xp-turned">'
_NO_LANGUAGES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    title: str
    href: str
    depth: int
    sheet: int | None
    is_rtl: bool
    language: str  # BCP 47, may be empty


def style(options: ExportOptions) -> str:
    """The whole print style sheet for these options."""
    parts = [render_to_string(f"pdf/{name}") for name in _STYLES]
    sheet = SHEETS[options.paper]
    return "\n".join([f"@page {_page(sheet)} @page turned {_page(sheet.turned)}", *parts])


def _page(sheet: Sheet) -> str:
    margins = f"{TOP}mm {SIDE}mm {BOTTOM}mm"
    return f"{{ size: {sheet.width}mm {sheet.height}mm; margin: {margins} }}"


def split(
    articles: Iterable[Illustrated], weight: int = CHUNK_WEIGHT
) -> Iterator[tuple[Illustrated, ...]]:
    """Cut into runs of about `weight`, in reading order, as the articles come.

    An article is never cut, and a bare title stays with the article it stands above.
    """
    run: list[Illustrated] = []
    heaped = 0
    for illustrated in articles:
        article = illustrated.article
        if run and run[-1].article.html and heaped + _weight(article) > weight:
            yield tuple(run)
            run, heaped = [], 0
        run.append(illustrated)
        heaped += _weight(article)
    if run:
        yield tuple(run)


def body(run: Sequence[Illustrated], space_name: str) -> Chunk:
    """A run of articles, each beginning on a fresh sheet, as one document."""
    context = {
        "articles": [_shown(illustrated.article, space_name) for illustrated in run],
        "language": next((it.article.language for it in run if it.article.language), ""),
    }
    images = {key: image for illustrated in run for key, image in illustrated.images.items()}
    return Chunk(render_to_string("pdf/body.html", context), images)


def front(
    tree: PageTree,
    title: str,
    placement: Placement,
    when: datetime,
    language: str = "",
    languages: Mapping[str, str] = _NO_LANGUAGES,
) -> Chunk:
    """Title and contents with the sheet numbers that the body turned out to have.

    `languages` are those of the pages, by id; a title is set in the letter shapes of its page.
    """
    printed = PageTree(tree.space, tuple(page for page in tree if page.anchor in placement.spots))
    entries = [
        Entry(
            page.title,
            ANCHOR_SCHEME + page.anchor,
            min(page.depth, 5),
            placement.sheet_number(page.anchor),
            is_rtl(page.title),
            languages.get(page.id, ""),
        )
        for page in printed
    ]
    context = {
        "title": title,
        "language": language,
        "is_rtl": is_right_to_left(language),
        "has_rtl_title": is_rtl(title),
        "space": tree.space,
        "entries": entries,
        "when": when,
        "count": page_count(printed),
    }
    return Chunk(render_to_string("pdf/front.html", context), {})


def is_rtl(text: str) -> bool:
    """Whether the first character that has a direction runs right to left (Unicode rule P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _shown(article: Article, space_name: str) -> dict[str, object]:
    ref: PageRef = article.ref
    return {
        "ref": ref,
        "html": article.html,
        "language": article.language,
        "is_rtl": is_right_to_left(article.language),
        "has_rtl_title": is_rtl(ref.title),
        "head": f"\u2067{ref.title}\u2069" if is_rtl(ref.title) else ref.title,
        "space_name": space_name,
        "url": article.page.url,
        "modified": _day(article.page.modified_at),
        "is_bare": not article.html.strip(),
        "opens_turned": article.html.lstrip().startswith(_TURNED),
    }


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _weight(article: Article) -> int:
    return len(article.html) + _IMAGE_WEIGHT * len(article.images)
