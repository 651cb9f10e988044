"""Clean: a page as Confluence gave it in, an article ready to be set out. Pure.

`STEPS` is the whole story, in order; each is a small function over one tree. The order matters:
code is rescued before scripts go, macros are settled before links, ids before the links to them,
and sanitising is last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape

from addon.options import ExportOptions
from exports.content import (
    code,
    code_lines,
    colours,
    datasource,
    emoji,
    enrich,
    extensions,
    files,
    headings,
    images,
    inline,
    jira,
    language,
    layout,
    left_out,
    links,
    listings,
    macros,
    markup,
    math,
    panels,
    room,
    sanitize,
    scroll,
    storage,
    styles,
    tables,
    tasks,
    text,
    toc,
    trim,
)
from exports.content.draft import USUAL, Draft
from exports.content.nodes import make
from exports.document import Article, Note, Page
from exports.paper import A4, Sheet
from exports.tree import PageTree

logger = logging.getLogger(__name__)

MAX_BYTES = 8 * 1024 * 1024  # of a page's HTML

Step = Callable[[Draft], None]

STEPS: tuple[Step, ...] = (
    trim.to_main_content,
    trim.foreign_prefix,
    listings.roots,
    trim.hidden,
    colours.by_id,
    styles.keep_authored,
    colours.legacy,
    # macros, from those that leave nothing to those that only need a frame
    left_out.by_markup,
    macros.screen_only,
    macros.errors,
    # what the ADF knows better
    enrich.twin,
    left_out.by_structure,
    enrich.captions,
    enrich.code_languages,
    enrich.panels,
    enrich.decisions,
    enrich.tables,
    enrich.layouts,
    enrich.cards,
    enrich.contents,
    extensions.extensions,
    scroll.parts,
    storage.gaps,
    math.formulas,
    jira.issues,
    jira.lists,
    datasource.lists,
    files.attachments,
    listings.children,
    listings.by_label,
    listings.updates,
    files.galleries,
    trim.page_furniture,
    trim.controls,
    inline.comment_markers,
    emoji.emoji,
    images.maps,
    files.diagrams,
    files.drawings,
    files.file_cards,
    code.pasted_highlighting,
    code.blocks,
    panels.information,
    panels.coloured,
    panels.expands,
    tasks.tasks,
    tasks.decisions,
    inline.lozenges,
    inline.dates,
    inline.mentions,
    macros.apps,
    macros.shells,
    # what a page is made of
    images.images,
    images.captions,
    headings.anchors,
    headings.levels,
    links.links,
    toc.contents,
    macros.unknown,
    macros.conf_macros,
    headings.anchor_shells,
    colours.cells,
    layout.layouts,
    layout.sections,
    tables.tables,
    code_lines.lines,
    colours.legible,
    room.for_words,
    links.on_paper,
    # words
    text.soft_breaks,
    text.logos,
    text.empty_marks,
    text.plain_spans,
    text.plain_divs,
    text.line_breaks,
    text.empty_paragraphs,
    text.lone_paragraphs,
    text.run_in_heads,
    text.lists,
    text.endless_runs,
    language.languages,
    language.directions,
    language.technical_words,
    toc.sheet_numbers,
)


def clean(
    page: Page, tree: PageTree, site: str, sheet: Sheet = A4, options: ExportOptions = USUAL
) -> Article:
    """Turn a page into an article; `site` is e.g. `https://acme.atlassian.net/wiki`.

    Never raises: a page that cannot be cleaned becomes a placeholder and an error in the report.
    """
    if len(page.html) > MAX_BYTES or len(page.html.encode("utf-8", "replace")) > MAX_BYTES:
        return _placeholder(
            page,
            "page_too_large",
            f"The page's content is larger than {MAX_BYTES // 1024 // 1024} MB.",
        )
    try:
        return _clean(page, tree, site.rstrip("/"), sheet, options)
    except Exception as error:  # a hostile page costs itself only
        logger.warning("page not cleaned page=%s error=%s", page.ref.id, type(error).__name__)
        return _placeholder(page, "page_failed", "The page's content could not be read.")


def _clean(page: Page, tree: PageTree, site: str, sheet: Sheet, options: ExportOptions) -> Article:
    html = page.html.removeprefix("\ufeff")
    if is_storage := storage.is_storage(html):
        html = storage.to_view(html, page.ref, tree)
    source = markup.repair(html)
    body = markup.parse(source.html, is_ours=is_storage)
    draft = Draft(page, tree, site, body, source.styles, source.drawn, sheet=sheet, options=options)
    if source.was_cut:
        draft.note(
            "page_cut",
            f"The page has more than {markup.MAX_TAGS} elements.",
            "It is printed up to there.",
            "error",
        )
        draft.body.append(make("p", "xp-error", "The rest of this page is too long to be printed."))
    if source.was_broken:
        draft.note(
            "markup_broken",
            "A tag in the page's HTML never ends.",
            "What follows it is printed as plain text.",
        )
    for step in STEPS:
        step(draft)
    html = sanitize.html_of(draft)
    images = (ref for key, ref in draft.images.items() if f'xpress-image:{key}"' in html)
    drawings = (it for key, it in draft.drawings.items() if f'xpress-image:{key}"' in html)
    return Article(
        page,
        html,
        tuple(draft.headings),
        tuple(images),
        tuple(drawings),
        tuple(draft.notes),
        draft.language,
    )


def _placeholder(page: Page, code_word: str, what: str) -> Article:
    did = "A note stands in place of the page. Open it in Confluence to read it."
    note = Note(page.ref, code_word, what, did, "error")
    words = f"{what} {did}" if not page.url else f"{what} Read it in Confluence."
    html = f'<p class="xp-error">{escape(words, quote=False)}</p>'
    return Article(page, html, notes=(note,))
