"""Macros: which macro an element is, and what becomes of those we cannot show. Pure."""

from __future__ import annotations

from exports.content.draft import Draft, box
from exports.content.nodes import (
    INLINE,
    Element,
    classes,
    drop,
    find,
    first,
    having,
    is_blank,
    is_within,
    make,
    names,
    plain,
    put_block,
    rename,
    replace,
    unwrap,
)

# Macros that have a step of their own, or whose output is ordinary content.
KNOWN = names("""
    anchor attachments blog-posts children code contentbylabel content-report-table
    decision decisionreport details detailssummary excerpt excerpt-include expand gallery
    include info jira jirachart jiraissues listlabels loremipsum noformat note panel pagetree
    profile recently-updated section column status tip toc view-file viewdoc viewpdf viewppt
    viewxls warning column section multimedia chart widget
    """)
# Made for the screen; nothing of theirs is content.
SCREEN_ONLY = names("livesearch pagetreesearch search create-from-template navmap favpages")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
APP_CLASSES = ("ap-container", "ap-content", "forge-macro", "ap-iframe-container")
ERROR_CLASSES = ("error", "jim-error-message", "macro-error", "errorMessage", "aui-message")
ERROR_WORDS = (
    *("Error formatting macro", "Unknown macro", "Error rendering macro"),
    *("JIRA Issues Macro:", "Jira Issues Macro:", "Unable to locate Jira"),
)


def name_of(element: Element) -> str:
    return (element.get("data-macro-name") or "").strip().lower()


def screen_only(draft: Draft) -> None:
    """Drop search fields and the like (C-101)."""
    for element in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(element) in SCREEN_ONLY:
            drop(element)


def errors(draft: Draft) -> None:
    """Turn the host's own error texts into a small grey line (C-96)."""
    for name in ERROR_CLASSES:
        for element in having(draft.body, name):
            text = plain(element)
            if element.getparent() is None or not _is_error(element, text):
                continue
            draft.note(
                "macro_error",
                f"Confluence could not show a macro on this page: “{text[:200]}”.",
                "A small note stands in its place.",
            )
            line = make("p", "xp-error", f"Confluence could not show a macro here: {text[:200]}")
            put_block(element, line)


def apps(draft: Draft) -> None:
    """Put a labelled box where an app's content would be (C-95)."""
    for name in APP_CLASSES:
        for element in having(draft.body, name):
            if element.getparent() is not None and is_blank(element):
                _label(draft, element, name_of(element))
    for frame in list(draft.body.iter("iframe")):
        address = (frame.get("src") or "").strip()
        if not address.startswith(("http://", "https://")):
            drop(frame)
            continue
        draft.note(
            "embedded_page",
            "Content from another site is shown in a frame on this page.",
            "A box with its address stands in its place.",
        )
        replace(frame, box("Embedded content", address, address))


def unknown(draft: Draft) -> None:
    """Print what an unknown macro holds, or say in a box that nothing of it came (C-100)."""
    for element in find(draft.body, ".//*[@data-macro-name]"):
        name = name_of(element)
        if not name or name in KNOWN or element.getparent() is None:
            continue
        if is_blank(element):
            _label(draft, element, name)
        else:
            _frame(draft, element, element.get("data-xp-title") or name)


def conf_macros(draft: Draft) -> None:
    """Say so where a macro of unknown name left nothing at all."""
    for element in having(draft.body, "conf-macro"):
        if element.getparent() is not None and is_blank(element) and not name_of(element):
            _label(draft, element, "")


def shells(draft: Draft) -> None:
    """Unwrap what only held a macro together."""
    for name in ("plugin-tabmeta-details", "plugin_attachments_table_container"):
        for element in having(draft.body, name):
            unwrap(element)


def _frame(draft: Draft, element: Element, name: str) -> None:
    """Print what the macro holds below its name; in a line there is no room for one."""
    draft.note(
        "unknown_macro",
        f"The macro “{name[:80]}” is not known to us.",
        "What it holds is printed as ordinary text.",
        "info",
    )
    if element.tag not in INLINE and not is_within(element, "p", *HEADINGS):
        rename(element, "div", "xp-macro")
        element.insert(0, _with_text_after(make("p", "xp-macro-name", name[:80]), element))


def _with_text_after(first_line: Element, element: Element) -> Element:
    """The text that the element began with stands after its new first line."""
    first_line.tail, element.text = element.text, None
    return first_line


def _label(draft: Draft, element: Element, name: str) -> None:
    """`data-xp-title` and `data-xp-what` are what the ADF knew about it."""
    name = element.get("data-xp-title") or name
    what = element.get("data-xp-what") or (f"the app or macro “{name[:80]}”" if name else "an app")
    draft.note(
        "unknown_macro",
        f"The content of {what} is not part of what Confluence exports.",
        "A labelled box stands in its place.",
    )
    label = box(f"Content of {what} cannot be exported.")
    label.set("class", "xp-box xp-box-app")
    replace(element, label)


def _is_error(element: Element, text: str) -> bool:
    """Authors' own text may carry the class; the host's wording tells them apart."""
    if "jim-error-message" in classes(element):
        return first(element, "confluenceTable", "table") is None
    return text.startswith(ERROR_WORDS)
