"""Left out: macros that the options name vanish from the page. Pure.

A macro is known by `data-macro-name`, by the class of what it shows, or by the page's ADF, which
knows those whose content has neither, and those of apps, which often leave an empty frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from exports.content import adf
from exports.content.adf import Node
from exports.content.draft import Draft
from exports.content.nodes import INLINE, Element, classes, drop, find, having, is_blank
from exports.content.twin import Twin, is_placeholder

# Classes of what a macro shows where nothing names it, with those that tell it from others.
_CLASSES: Mapping[str, tuple[str, ...]] = {
    "attachments": ("plugin_attachments_container",),
    "balsamiq": ("balsamiq_mockup",),
    "blog-posts": ("blog-post-list",),
    "children": ("childpages-macro",),
    "code": ("code",),
    "column": ("columnMacro",),
    "contentbylabel": ("content-by-label",),
    "details": ("plugin-tabmeta-details",),
    "detailssummary": ("metadata-summary-macro",),
    "drawio": ("drawio-macro",),
    "expand": ("expand-container",),
    "gallery": ("gallery",),
    "gliffy": ("gliffy-macro-table", "gliffy-macro"),
    "info": ("confluence-information-macro-information",),
    "jira": (
        *("jira-issue", "jira-issues", "jira-table", "jiraWorkItemMacroListViewTable"),
        "jim-error-message",
    ),
    "noformat": ("preformatted",),
    "note": ("confluence-information-macro-note",),
    "pagetree": ("plugin_pagetree", "plugin-pagetree"),
    "panel": ("panel",),
    "recently-updated": ("recently-updated",),
    "roadmap": ("roadmap-macro-view",),
    "section": ("sectionMacro",),
    "status": ("status-macro",),
    "tip": ("confluence-information-macro-tip",),
    "toc": ("toc-macro",),
    "view-file": ("confluence-embedded-file",),
    "warning": ("confluence-information-macro-warning",),
}
# Panels by their class, and yet macros of other names.
_OTHER_PANELS = frozenset({"code", "preformatted"})


def by_markup(draft: Draft) -> None:
    """Drop what names itself a macro of these, or looks like one."""
    for name in _names(draft):
        for element in _shown(draft.body, name):
            if element is not draft.body and draft.body in element.iterancestors():
                draft.left_out[name] += 1
                _drop(element)


def by_structure(draft: Draft) -> None:
    """Drop what only the ADF knows to be a macro of these, and tell how many there were."""
    names, twin = _names(draft), draft.twin
    if names and twin is not None:
        found = Counter(map(adf.macro_name, _extensions(twin, names)))
        draft.left_out |= found  # the larger of both counts: most macros have both marks
        _forget(draft, twin, names)
    _tell(draft)


def _names(draft: Draft) -> frozenset[str]:
    return frozenset(name.lower() for name in draft.options.left_out_macros)


def _shown(body: Element, name: str) -> Iterator[Element]:
    for element in find(body, ".//*[@data-macro-name]"):
        if (element.get("data-macro-name") or "").strip().lower() == name:
            yield element
    for css_class in _CLASSES.get(name, ()):
        for element in having(body, css_class):
            named = element.get("data-macro-name")
            if not named and not (name == "panel" and _OTHER_PANELS & set(classes(element))):
                yield element


def _extensions(twin: Twin, names: frozenset[str]) -> list[Node]:
    return [
        node
        for node in twin.document.walk()
        if node.type in adf.EXTENSIONS and adf.macro_name(node) in names
    ]


def _forget(draft: Draft, twin: Twin, names: frozenset[str]) -> None:
    """Take the macros out of both renditions, which are then laid side by side anew."""
    nodes = _extensions(twin, names)
    if not nodes:
        return
    elements = [element for node in nodes for element in twin.extent(node)]
    elements += _frames(twin, set(nodes))
    for element in elements:
        if element.getparent() is not None:
            _drop(element)
    for node in nodes:
        if node.parent is not None:
            node.parent.children.remove(node)
    draft.twin = Twin.of(twin.document, draft.body)


def _frames(twin: Twin, left_out: set[Node]) -> Iterator[Element]:
    """The empty frames of apps, which say nothing of whose they are: they stand in order."""
    taken: set[Element] = set()
    for node in twin.document.walk():
        if node.type not in adf.EXTENSIONS or any(it in twin.element_of for it in node.walk()):
            continue
        frame = next((it for it in twin.gap(node) if _is_frame(it) and it not in taken), None)
        if frame is not None:
            taken.add(frame)
            if node in left_out:
                yield frame


def _is_frame(element: Element) -> bool:
    return is_placeholder(element) and is_blank(element) and not element.get("data-macro-name")


def _drop(element: Element) -> None:
    """Drop the element, and the line that held nothing else."""
    outer = element.getparent()
    drop(element)
    while outer is not None and (outer.tag == "p" or outer.tag in INLINE) and is_blank(outer):
        element, outer = outer, outer.getparent()
        drop(element)


def _tell(draft: Draft) -> None:
    count = draft.left_out.total()
    if count:
        named = ", ".join(sorted(draft.left_out))
        draft.note(
            "macros_left_out",
            f"{count} macro of this page is left out: {named}."
            if count == 1
            else f"{count} macros of this page are left out: {named}.",
            "Nothing stands in its place." if count == 1 else "Nothing stands in their place.",
            "info",
        )
