"""Values for tests. A builder fills in what a test does not mention."""

from __future__ import annotations

from exports.document import Page
from exports.tree import PageRef, PageTree, Space

SITE = "https://acme.atlassian.net/wiki"


def a_page(html: str = "", title: str = "Guide", id: str = "65537") -> Page:
    return Page(PageRef(id, title), html, url=f"{SITE}/spaces/DOC/pages/{id}")


def a_tree(*pages: str) -> PageTree:
    """A tree of pages given as "65537 Guide"; two spaces before a page hang it one level deeper."""
    refs: list[PageRef] = []
    branch: list[str] = []
    for page in pages or ("65537 Guide",):
        depth = (len(page) - len(page.lstrip())) // 2
        page_id, _, title = page.strip().partition(" ")
        branch[depth:] = [page_id]
        refs.append(PageRef(page_id, title, depth, parent_id=branch[depth - 1] if depth else None))
    return PageTree(Space("1", "DOC", "Documentation", homepage_id=refs[0].id), tuple(refs))
