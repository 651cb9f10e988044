"""Wants: what a page's content asks to be read beside it, before it is cleaned. Pure.

Looked for with plain searches over the source: a false yes costs one request, a no costs nothing.
"""

from __future__ import annotations

import re
from html import unescape

from exports.document import Page
from exports.tree import PageTree

MAX_ROOTS = 3  # branches that are listed for one page
MAX_LINKED = 200  # pages whose titles are looked up for one page

# Words of the source, HTML or ADF, that stand for files of the page.
_FILES = re.compile(
    r"plugin_attachments|class=[\"'][^\"'>]{0,80}gallery|embedded-file|view-?file|viewpdf|viewdoc"
    r"|viewxls|viewppt|multimedia|drawio|gliffy|balsamiq|mermaid|plantuml"
    r"|\"mediaGroup\"|\"extensionKey\":\s{0,3}\"(?:attachments|gallery)"
)
_TREE = re.compile(r"plugin[_-]pagetree|data-macro-name=[\"'](?:pagetree|children)[\"']")
_ROOT = re.compile(
    r"<input[^>]{0,200}?name=[\"']rootPageId[\"'][^>]{0,200}?value=[\"'](\d{1,20})[\"']"
)
_CARD = re.compile(r"<a\s[^>]{0,4000}?data-card-appearance[^>]{0,4000}>")
_HREF = re.compile(r"href=[\"']([^\"'>]{1,2000})[\"']")
_ADF_CARD = re.compile(r"\"url\":\s{0,3}\"([^\"\\]{1,2000})\"")
_PAGE = re.compile(
    r"/wiki/spaces/[^/?#]{1,255}/(?:pages|blog/\d{4}/\d\d/\d\d)/(\d{1,20})(?:[/?#]|$)"
)


def attachments(page: Page) -> bool:
    """Whether the names and sizes of the page's files are needed."""
    return bool(_FILES.search(page.html) or _FILES.search(page.adf))


def roots(page: Page, tree: PageTree) -> tuple[str, ...]:
    """Ids of pages whose branch a page tree shows that a browser would have filled in.

    Branches that are part of the export are known already.
    """
    if not _TREE.search(page.html):
        return ()
    named = dict.fromkeys([page.ref.id, *_ROOT.findall(page.html)])
    parents = {ref.parent_id for ref in tree}
    return tuple(root for root in named if root not in parents)[:MAX_ROOTS]


def titles(page: Page, tree: PageTree, origin: str) -> frozenset[str]:
    """Ids of pages of this site that smart links lead to and that are not in the export."""
    addresses = [
        unescape(found) for tag in _CARD.findall(page.html) for found in _HREF.findall(tag)
    ]
    addresses += _ADF_CARD.findall(page.adf)
    within = (x for x in addresses if x.startswith(("/", f"{origin}/")))
    ids = (found[1] for address in within if (found := _PAGE.search(address)))
    known = {page.id for page in tree}
    return frozenset(
        [page_id for page_id in dict.fromkeys(ids) if page_id not in known][:MAX_LINKED]
    )
