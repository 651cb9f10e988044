"""Articles in, HTML out: the body in chunks. Pure but for the templates.

The front sheets are exports.pdf.front's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from addon import placeholders
from addon.options import ExportOptions
from addon.placeholders import SEPARATOR
from exports.document import Article, Chunk, Illustrated, Image, is_right_to_left
from exports.facts import Facts, fill_text, page_facts
from exports.paper import Sheet
from exports.pdf import footnotes, look
from exports.pdf.page_links import qr_code
from exports.tree import PageRef

CHUNK_WEIGHT = 30_000  # characters of HTML, images counted below: about a third of a second
LONGEST_RUN = 10 * CHUNK_WEIGHT  # of pages that follow one another without a fresh sheet
_IMAGE_WEIGHT = 2_000
_STYLES = ("sheet.css", "content.css")
_TURNED = '<div class="xp-turned">'
# Latin, Greek and Cyrillic, and their punctuation: surely in Noto Sans.
_OTHER_SCRIPT = re.compile("[^\u0000-\u052f\u1d00-\u206f\u2070-\u209f\u20a0-\u20bf]")
_LETTER = re.compile(r"[^\W\d_]")
_USUAL = ExportOptions()


@dataclass(frozen=True, slots=True)
class _Link:
    """The way from a printed page to the live one."""

    address: str
    key: str  # of its code among the chunk's images
    code: Image | None


def style(options: ExportOptions) -> str:
    """The whole print style sheet for these options."""
    parts = [render_to_string(f"pdf/{name}") for name in _STYLES]
    sheet = Sheet.of(options)
    pages = f"@page {_page(sheet)} @page turned {_page(sheet.turned)}"
    return "\n".join([pages, *parts, look.style(options)])


def _page(sheet: Sheet) -> str:
    margins = f"{sheet.top:g}mm {sheet.outer:g}mm {sheet.bottom:g}mm {sheet.inner:g}mm"
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


def body(
    run: Sequence[Illustrated],
    space_name: str,
    options: ExportOptions = _USUAL,
    facts_of: Callable[[Article], Facts] | None = None,
) -> Chunk:
    """A run of articles as one document: it begins on a fresh sheet, and so does each article
    unless the options let them follow one another.

    Without `facts_of`, what is printed about a page is what it says itself.
    """
    if options.links == "footnote" and options.fresh_sheet == "none":
        run = list(footnotes.continued(run))
    facts_of = facts_of or (lambda article: page_facts(Facts({"space": space_name}), article.page))
    links = {it.article.ref.id: _link(it.article, options) for it in run}
    context = {
        "articles": [
            _shown(it.article, options.page_facts, facts_of(it.article))
            | {"link": links[it.article.ref.id]}
            for it in run
        ],
        "fresh_sheet": options.fresh_sheet,
        "language": next((it.article.language for it in run if it.article.language), ""),
    }
    pictures = (pair for illustrated in run for pair in illustrated.images.items())
    # A picture that stands on several pages was made for each size: the sharpest serves for all.
    images = dict(sorted(pictures, key=lambda pair: pair[1].width))
    codes = {link.key: link.code for link in links.values() if link and link.code}
    return Chunk(render_to_string("pdf/body.html", context), images | codes)


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


def _link(article: Article, options: ExportOptions) -> _Link | None:
    """The way back to the live page; the address itself, where it is too long for a code."""
    address = article.page.short_url or article.page.url
    if options.page_link == "none" or not address:
        return None
    code = qr_code(address) if options.page_link == "qr" else None
    return _Link(address, f"page-link-{article.ref.id}", code)


def _shown(article: Article, line: str, facts: Facts) -> dict[str, object]:
    ref: PageRef = article.ref
    # Folders, and pages that failed, are nowhere to be read: there is nothing to say of them.
    told = fill_text(line, facts) if article.page.url else ""
    first, separator, others = told.partition(SEPARATOR)
    return {
        "ref": ref,
        "number": article.number,
        "html": article.html,
        "language": article.language,
        "is_rtl": is_right_to_left(article.language),
        "has_rtl_title": is_rtl(ref.title),
        "url": article.page.url,
        "first_fact": first,
        "other_facts": separator + others,
        "has_rtl_facts": _has_rtl_words(line, told),
        "has_many_scripts": has_many_scripts(ref.title + told + article.html),
        "is_bare": not article.html.strip(),
        "opens_turned": article.html.lstrip().startswith(_TURNED),
    }


def _has_rtl_words(line: str, told: str) -> bool:
    """By the words of the template; where it has none, by what stands for its placeholders."""
    words = "".join(it for it in placeholders.parse(line) if isinstance(it, str))
    return is_rtl(words if _LETTER.search(words) else told)


def _weight(article: Article) -> int:
    return len(article.html) + _IMAGE_WEIGHT * len(article.images)
