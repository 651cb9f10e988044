"""Trim: what belongs to the screen and not to the page. Pure.

Hidden material (C-09), controls (C-99), and what a template was still to fill in (C-76).
"""

from __future__ import annotations

import re

from exports.content.draft import Draft
from exports.content.nodes import (
    Element,
    classes,
    drop,
    find,
    first,
    having,
    is_blank,
    rename,
    unwrap,
)

PREFIX = "xp-"  # our own classes; an author's class of that name would imitate the product

# Hidden on the screen until clicked, content all the same.
COLLAPSED = frozenset({"expand-hidden", "expand-content", "codeContent", "panelContent"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)

CONTROLS = frozenset({"button", "input", "select"})
CONTROL_CLASSES = (
    "aui-button",
    "collapse-source",
    "download-all-link",
    "expand-control-icon",
    "labels-edit-container",
    "macro-blank-experience",
    "no-labels-message",
    "plugin_attachments_upload_container",
    "plugin_attachments_uploadform",
    "show-labels-editor",
    "text-placeholder",
)
ICON_CLASSES = ("aui-icon", "icon", "confluence-information-macro-icon")


def to_main_content(draft: Draft) -> None:
    """Keep the content only, where a whole page of an HTML export is given (C-01)."""
    main = find(draft.body, ".//*[@id='main-content']")
    if main and not find(main[0], "ancestor::*[@id='main-content']"):
        main[0].tail = None
        parent = main[0].getparent()
        if parent is not None:
            parent.remove(main[0])
        rename(main[0], "div")
        main[0].attrib.clear()
        draft.body = main[0]


def foreign_prefix(draft: Draft) -> None:
    """Take away author classes that look like ours."""
    for element in find(draft.body, f".//*[contains(@class, '{PREFIX}')]"):
        element.set("class", " ".join(x for x in classes(element) if not x.startswith(PREFIX)))


def hidden(draft: Draft) -> None:
    """Drop what is hidden, except what a click would have opened (C-09, C-70, C-64)."""
    for element in find(draft.body, ".//*[@hidden or contains(@style, 'display')]"):
        is_hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(
            element.get("style") or ""
        )
        if is_hidden and not COLLAPSED.intersection(classes(element)):
            drop(element)
    for element in having(draft.body, "hidden"):
        drop(element)


def controls(draft: Draft) -> None:
    """Drop buttons and forms' parts, and icons that carry no text of the author (C-99)."""
    for element in list(draft.body.iter(*CONTROLS)):
        drop(element)
    for name in CONTROL_CLASSES:
        for element in having(draft.body, name):
            drop(element)
    for name in ICON_CLASSES:
        for element in having(draft.body, name):
            if is_blank(element) or (name == "icon" and _is_caption_of_an_icon(element)):
                drop(element)
    for element in list(draft.body.iter("form", "label")):
        unwrap(element)


def _is_caption_of_an_icon(element: Element) -> bool:
    """The "Page:" before an entry of a list by label (C-87), which the screen hides."""
    return element.tag == "span" and any(x.startswith("content-type-") for x in classes(element))


def page_furniture(draft: Draft) -> None:
    """Drop the label list below a page (C-98); the labels are no part of the text."""
    for section in having(draft.body, "labels-section-content"):
        if first(section, "label-list") is not None:
            drop(section)
