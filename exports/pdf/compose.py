"""Articles in, HTML out: the body in chunks, and the front sheets. Pure but for the templates."""

from __future__ import annotations

import re
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

CHUNK_WEIGHT = 30_000  # characters of HTML, images counted below: about a third of a second
_IMAGE_WEIGHT = 2_000
_STYLES = ("sheet.css", "content.css")
_TURNED = '<div class="xp-turned">'
# Latin, Greek and Cyrillic, and their punctuation: surely in Noto Sans.
_OTHER_SCRIPT = re.compile("[^\u0000-\u052f\u1d00-\u206f\u2070-\u209f\u20a0-\u20bf]")
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
    pictures = (pair for illustrated in run for pair in illustrated.images.items())
    # A picture that stands on several pages was made for each size: the sharpest serves for all.
    images = dict(sorted(pictures, key=lambda pair: pair[1].width))
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
    titles = [page.title for page in printed]
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
        "has_many_scripts": any(map(has_many_scripts, (title, tree.space.name, *titles))),
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


def has_many_scripts(text: str) -> bool:
    """Whether fonts beyond the first may be needed: most text needs none (sheet.css)."""
    return _OTHER_SCRIPT.search(text) is not None


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
        "has_many_scripts": has_many_scripts(ref.title + space_name + article.html),
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
