"""Gaps: macros that storage only names, since Confluence fills them when it shows the page. Pure.

Later steps fill what the page's own files can fill; the rest stands as a labelled box.
"""

from __future__ import annotations

from exports.content import extensions
from exports.content.draft import Draft, box
from exports.content.macros import name_of
from exports.content.nodes import Element, drop, find, forget, plain, replace

OF_FILES = frozenset({"attachments", "gallery"})
OF_PAGES = frozenset({"children", "pagetree"})
INCLUDED = frozenset({"include", "excerpt-include", "include-page", "multiexcerpt-include"})


def gaps(draft: Draft) -> None:
    """Say in place of each such macro what would stand there, where nothing can."""
    for element in find(draft.body, ".//*[@data-xp-gap]"):
        name, diagram = name_of(element), element.get("data-xp-gap") or ""
        forget(element, "data-xp-gap")
        if diagram:
            _diagram(draft, element, diagram)
        elif name in OF_PAGES:
            draft.note(
                "page_list_left_out",
                "A list of pages is filled in by Confluence only.",
                "It is left out, as none of those pages are in this PDF.",
                "info",
            )
            drop(element)
        elif name not in OF_FILES or not draft.page.attachments:
            _label(draft, element, name)


def _diagram(draft: Draft, element: Element, title: str) -> None:
    """The picture that the app keeps of a diagram, else its name (C-93)."""
    picture = extensions.stored_picture(draft, title)
    if picture is None:
        draft.note(
            "diagram_left_out",
            f"The picture of the diagram “{title[:80]}” is not among the page's files.",
            "A labelled box stands in its place.",
        )
        picture = box(f"Diagram “{title[:80]}”, not exported.")
    replace(element, picture)


def _label(draft: Draft, element: Element, name: str) -> None:
    draft.note(
        "macro_not_filled",
        f"What the macro “{name[:80]}” shows is not part of the page's own text.",
        "A labelled box stands in its place.",
    )
    link = element.find("./a")
    if link is not None and name in INCLUDED:
        replace(element, box("Included from another page:", plain(link), link.get("href") or ""))
    else:
        replace(element, box(f"Content of the macro “{name[:80]}” is not part of this page."))
