"""Scroll: the marks of Scroll Exporter, which people who come from there have in their pages. Pure.

Parts only for paper or only for the screen, fresh sheets, turned sheets.
https://help.k15t.com/scroll-pdf-exporter
"""

from __future__ import annotations

from exports.content.draft import Draft
from exports.content.macros import name_of
from exports.content.nodes import (
    Element,
    classes,
    drop,
    find,
    having,
    is_blank,
    is_within,
    rename,
    unwrap,
)

LEFT_OUT = frozenset({"scroll-ignore", "scroll-pdf-ignore"})
EVERYWHERE = frozenset({"", "all", "any"})


def parts(draft: Draft) -> None:
    for element in find(draft.body, ".//*[starts-with(@data-macro-name, 'scroll-')]"):
        if element.getparent() is None:
            continue
        name = name_of(element)
        if name in LEFT_OUT or name == "scroll-only":
            if _is_for_paper(element) == (name == "scroll-only"):
                unwrap(element)
            else:
                _leave_out(draft, element)
        elif name == "scroll-pagebreak":
            rename(element, "div", "xp-break")
        elif name == "scroll-landscape" and not is_blank(element):
            rename(element, "div", "" if is_within(element, "table", "li") else "xp-turned")
        else:
            unwrap(element)
    for sheet in having(draft.body, "xp-break"):
        following = sheet.getnext()
        if following is None or {"xp-break", "xp-turned"}.intersection(classes(following)):
            drop(sheet)  # what follows stands on a fresh sheet anyway


def _is_for_paper(element: Element) -> bool:
    """Whether the macro means this exporter, as it does unless it names others."""
    exporters = (element.get("data-xp-exporters") or "").strip().lower()
    return exporters in EVERYWHERE or "pdf" in exporters


def _leave_out(draft: Draft, element: Element) -> None:
    if not is_blank(element):
        draft.note(
            "left_out_by_author",
            "A part of this page is marked to stay out of PDFs.",
            "It was left out.",
            "info",
        )
    drop(element)
