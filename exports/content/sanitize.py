"""Sanitise: a closed list of elements, attributes, classes, styles and schemes. Pure.

Whatever the steps before did or overlooked, nothing gets past this last one. nh3 parses the text
anew, so the result is what a parser makes of it, not what we meant. No `svg` or `math`: every known
way around such a list went through them.
"""

from __future__ import annotations

import re

import nh3
from lxml import etree

from exports.content import styles
from exports.content.draft import Draft
from exports.content.links import SCHEMES
from exports.content.nodes import Element, classes, drop, find, flatten, forget, names
from exports.document import ANCHOR_SCHEME, IMAGE_SCHEME, SHEET_SCHEME

MAX_DEPTH = 90
KEPT_WHEN_DEEP = frozenset({"img", "br", "hr"})

TAGS = names("""
    a abbr blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure
    h2 h3 h4 h5 h6 hr img ins kbd li mark ol p pre q samp small span strong sub sup table tbody td
    tfoot th thead tr u ul var
    """)
CLASSES = names("""
    xp-left xp-center xp-right xp-indent-1 xp-indent-2 xp-indent-3 xp-indent-4 xp-indent-5
    xp-indent-6 xp-gap xp-run-in xp-heading xp-square
    xp-panel xp-info xp-tip xp-note xp-warning xp-panel-title xp-icon xp-icon-info xp-icon-tip
    xp-icon-note xp-icon-warning xp-icon-memo xp-memo xp-panel-emoji xp-expand xp-expand-title
    xp-code xp-code-title xp-pre xp-tight xp-more xp-gutter-4 xp-gutter-7
    xp-line xp-c xp-k xp-s xp-n xp-a xp-f
    xp-tasks xp-done xp-todo xp-decisions xp-undecided xp-break xp-caption
    xp-status xp-grey xp-blue xp-green xp-yellow xp-red xp-purple xp-long
    xp-verbatim xp-date xp-mention xp-issue xp-label xp-small xp-error
    xp-macro xp-macro-name xp-box xp-box-label xp-box-app xp-box-list xp-card xp-file xp-file-kind
    xp-image xp-in-cell xp-low xp-math xp-formula xp-emoji xp-float-left xp-float-right xp-border
    xp-figure xp-gallery
    xp-table xp-wide xp-wider xp-tall xp-middle xp-number xp-stack xp-cell xp-turned xp-whole
    xp-part xp-flush xp-stripe
    xp-call xp-footnote
    xp-columns xp-column xp-toc xp-toc-number xp-sheet-number xp-sheet-left xp-children xp-pages
    xp-list-title
    """)
ATTRIBUTES = {
    "*": {"id", "style", "dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}

# The printer writes it into a declaration of CSS.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")
OUR_SCHEMES = (ANCHOR_SCHEME, SHEET_SCHEME, IMAGE_SCHEME)

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "title"},
    attributes=ATTRIBUTES,
    allowed_classes={tag: set(CLASSES) for tag in TAGS},
    url_schemes={*SCHEMES, *(x.rstrip(":") for x in OUR_SCHEMES)},
    url_relative="deny",
    link_rel=None,
)


def html_of(draft: Draft) -> str:
    """Write the draft as HTML that is safe to print."""
    _cap_depth(draft)
    for element in draft.body.iter():
        if element.get("style") is not None:
            styles.write(element, styles.of(element))
        if element.get("class") is not None:
            ours = " ".join(name for name in classes(element) if name in CLASSES)
            element.set("class", ours)
            if not ours:
                forget(element, "class")
        if not _LANGUAGE.fullmatch(element.get("lang", "en")):
            forget(element, "lang")
        if element.tag == "a":
            _check_link(element)
    for image in list(draft.body.iter("img")):
        key = (image.get("src") or "").removeprefix(IMAGE_SCHEME)
        if key not in draft.images and key not in draft.drawings:
            drop(image)
    inner = etree.tostring(draft.body, method="html", encoding="unicode", with_tail=False)
    return _CLEANER.clean(inner.removeprefix("<div>").removesuffix("</div>"))


def _check_link(link: Element) -> None:
    """An image address is no link target."""
    if (link.get("href") or "").startswith(IMAGE_SCHEME):
        forget(link, "href")


def _cap_depth(draft: Draft) -> None:
    """Flatten what stands deeper than any layout needs; its text stays."""
    deep = find(draft.body, f".//*[count(ancestor::*) >= {MAX_DEPTH}]")
    if not deep:
        return
    draft.note(
        "nested_too_deep",
        f"Content on this page is nested more than {MAX_DEPTH} levels deep.",
        "What stands deeper is printed as plain text.",
    )
    for element in deep:
        if element.tag not in KEPT_WHEN_DEEP:
            flatten(element)
