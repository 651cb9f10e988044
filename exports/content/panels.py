"""Panels: info, note, tip, warning, coloured panels and expands. Pure.

The names are crossed between Confluence's editors; C-67 has the table.
"""

from __future__ import annotations

from exports.content import styles
from exports.content.draft import Draft
from exports.content.nodes import (
    Element,
    add_class,
    classes,
    drop,
    find,
    first,
    forget,
    having,
    is_blank,
    make,
    move_content,
    plain,
    rename,
    unwrap,
)

KINDS = ("information", "tip", "note", "warning")
NAMES = {"information": "info", "tip": "tip", "note": "note", "warning": "warning"}

# What the ADF calls them; its "note" is purple, and no information macro in the HTML.
ADF_NAMES = {
    "info": "info",
    "note": "memo",
    "tip": "tip",
    "success": "tip",
    "warning": "note",
    "error": "warning",
}

MACRO = "confluence-information-macro"


def information(draft: Draft) -> None:
    """Info, note, tip, warning: a box with a coloured bar (C-67, C-68)."""
    for macro in having(draft.body, MACRO):
        kind = next((kind for kind in KINDS if f"{MACRO}-{kind}" in classes(macro)), "information")
        name = ADF_NAMES.get(macro.get("data-xp-panel") or "") or NAMES[kind]
        icon = "" if "has-no-icon" in classes(macro) else f" xp-icon xp-icon-{name}"
        for title in find(macro, "./*[contains(@class, 'title')]"):
            rename(title, "p", "xp-panel-title")
        for body in find(macro, f"./*[contains(@class, '{MACRO}-body')]"):
            _release(body)
        rename(macro, "div", f"xp-panel xp-{name}{icon}")


def coloured(draft: Draft) -> None:
    """The panel macro and the editor's own panels keep their colours (C-69)."""
    for panel in having(draft.body, "panel", "div"):
        kept = styles.of(panel)
        content = first(panel, "panelContent")
        header = first(panel, "panelHeader")
        if content is None and header is None:
            continue
        if header is not None and header.getparent() is panel:
            title = make("p", "xp-panel-title")
            move_content(header, title)
            for bold in list(title.iter("b")):
                unwrap(bold)
            if is_blank(title):
                drop(header)
            else:
                panel.replace(header, title)
        background = kept.get("background-color", "")
        if content is not None and content.getparent() is panel:
            background = background or styles.of(content).get("background-color", "")
            _release(content)
        kind, emoji = ADF_NAMES.get(panel.get("data-xp-panel") or ""), panel.get("data-xp-icon")
        looks = f"xp-panel xp-{kind} xp-icon xp-icon-{kind}" if kind else "xp-panel"
        rename(panel, "div", looks)
        if emoji and not kind:
            add_class(panel, "xp-icon")
            panel.insert(0, make("span", "xp-panel-emoji", emoji))
        styles.write(
            panel,
            {
                "background-color": background,
                "border-color": kept.get("border-color", ""),
                "border-style": kept.get("border-style", ""),
            },
        )


def expands(draft: Draft) -> None:
    """An expand is printed open, its title as a head (C-70)."""
    for macro in having(draft.body, "expand-container"):
        control = first(macro, "expand-control")
        if control is not None:
            words = first(control, "expand-control-text")
            title = plain(control if words is None else words)
            parent = control.getparent()
            if title and parent is not None:
                head = make("p", "xp-expand-title", title)
                head.tail = control.tail
                parent.replace(control, head)
            else:
                drop(control)
        for content in having(macro, "expand-content"):
            _release(content)
        rename(macro, "div", "xp-expand")
    for content in having(draft.body, "expand-hidden"):
        forget(content, "style")


def _release(body: Element) -> None:
    """Unwrap a macro's body; bare text in it becomes a paragraph."""
    if (body.text or "").strip() and not len(body):
        rename(body, "p")
    else:
        unwrap(body)
