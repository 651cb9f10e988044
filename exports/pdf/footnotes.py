"""Footnotes: their numbers, where pages share sheets. Pure.

Each page numbers its own from 1 (exports.content.links). Two pages on one sheet would have two
footnotes of one number at its foot, so there the numbers go on from page to page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from exports.document import Illustrated

_NUMBER = re.compile(r'(<sup class="xp-call">|<span class="xp-footnote" dir="ltr">)(\d+)')


def continued(run: Iterable[Illustrated]) -> Iterator[Illustrated]:
    """The articles, numbered through."""
    count = 0
    for illustrated in run:
        article = illustrated.article
        html, count = _counted_on(article.html, count)
        yield replace(illustrated, article=replace(article, html=html))


def _counted_on(html: str, count: int) -> tuple[str, int]:
    """The HTML with `count` added to its numbers, and the largest of them, or `count`.

    >>> _counted_on('<sup class="xp-call">1</sup>', 4)
    ('<sup class="xp-call">5</sup>', 5)
    """
    counted = _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) + count}", html)
    numbers = (int(found[2]) for found in _NUMBER.finditer(counted))
    return counted, max(numbers, default=count)
