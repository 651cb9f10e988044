"""Articles: a page of a site in, the article with its pictures out, as the product reads it.

The playground's folder stands for Confluence, and this process for a printer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from unicodedata import normalize

from exports.content import wants
from exports.content.clean import clean
from exports.content.images import text_width
from exports.content.settle import Missing, settle
from exports.document import Article, Attachment, Illustrated, Image, ImageRef, Page
from exports.paper import A4
from exports.pdf import illustrations
from exports.pdf.pictures import PictureUnreadable
from exports.tree import Node, PageRef, PageTree, PageType, Space, in_reading_order
from playground.bodies import served
from playground.site import Attachment as Served
from playground.site import Site

_NOT_THERE = "It is not in the site's folder."


def tree_of(site: Site) -> PageTree:
    """All pages of the site's first space, in reading order."""
    space = next(iter(site.spaces.values()))
    nodes = [
        Node(page.id, page.title, cast(PageType, page.type), page.parent_id, page.position)
        for page in site.pages.values()
        if page.space_id == space.id
    ]
    pages = in_reading_order(nodes, [None])
    return PageTree(Space(space.id, space.key, space.name, space.homepage_id), pages)


def read(site: Site, tree: PageTree, ref: PageRef, site_url: str) -> Illustrated:
    """Clean a page and make its pictures ready; those that cannot be had become labelled boxes."""
    article = clean(page_of(site, ref, site_url), tree, site_url)
    images, lost = pictures_of(site, article)
    ratios = {image.key: image.ratio for image in article.images}
    missing = {key: Missing(reason, ratios.get(key, 0.0)) for key, reason in lost.items()}
    return Illustrated(replace(article, html=settle(article.html, images, missing, A4)), images)


def page_of(site: Site, ref: PageRef, site_url: str) -> Page:
    """The page as the product reads it, with what it reads beside it."""
    made = site.pages[ref.id]
    adf = made.bodies.get("atlas_doc_format")
    page = Page(
        ref,
        "" if made.type == "folder" else served(site, made, site_url),
        version=made.version.number,
        url=site_url + site.web_path(made) if made.type != "folder" else "",
        modified_at=made.version.created_at,
        adf=adf.read_text("utf-8") if adf else "",
        titles={page.id: page.title for page in site.pages.values()},
    )
    if not wants.attachments(page):
        return page
    files = (
        Attachment(x.number, x.title, x.media_type, x.path.stat().st_size, file_id=x.media_id)
        for x in made.attachments
    )
    return replace(page, attachments=tuple(files))


def pictures_of(site: Site, article: Article) -> tuple[dict[str, Image], dict[str, str]]:
    """The article's pictures made ready as printers do it, and why the others are not there."""
    ready: dict[str, Image] = {}
    lost: dict[str, str] = {}
    for image in article.images:
        file = _attachment(site, image, article.ref.id)
        if file is None:
            lost[image.key] = _NOT_THERE
            continue
        try:
            width = image.width or text_width(A4)
            ready[image.key] = illustrations.picture(file.path.read_bytes(), width=width)
        except PictureUnreadable as reason:
            lost[image.key] = str(reason)
    for key, drawn in illustrations.drawn(article.drawings).items():
        if isinstance(drawn, Image):
            ready[key] = drawn
        else:
            lost[key] = drawn
    return ready, lost


def _attachment(site: Site, image: ImageRef, page_id: str) -> Served | None:
    if image.attachment_id:
        return site.attachment(image.attachment_id)
    page = site.pages.get(image.container_id or page_id)
    wanted = normalize("NFC", image.file_name)
    files = page.attachments if page else ()
    return next((x for x in files if normalize("NFC", x.title) == wanted), None)
