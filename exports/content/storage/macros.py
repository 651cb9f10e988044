"""Macros of storage format: what each stands for, in the markup of `view`. Pure.

A parameter is a setting and never printed, unless people see it on the page: titles, formulas, the
names of files. A macro of which storage has only the name becomes an empty element of that name,
for the steps that can fill or label it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from exports.content import extensions, math
from exports.content.nodes import Element, is_blank, make, move_content, text_of
from exports.content.storage import files, pages, panels
from exports.content.storage.links import SOMEBODY, Place
from exports.content.storage.macro import Macro, body_text, number, other, shell_of

# C-71; grey has no class.
LOZENGES = {
    "blue": "complete",
    "green": "success",
    "yellow": "current",
    "red": "error",
    "purple": "progress",
}
# The content of a formula is the first of these parameters that has any.
FORMULAS = ("body", "equation", "latex", "formula", "math", "")
ENCODED = "--uriencoded--"  # before a parameter that old wiki markup could not have held
MAX_LEVEL = 6

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}-\d{1,12}")
_WIDTH = re.compile(r"(\d{1,4}(?:\.\d{1,9})?)(%|px)?")


Shape = Callable[[Macro], Element | None]


def view_of(element: Element, place: Place) -> list[Element]:
    """What the macro looks like in `view`, and after it what its shape has no room for.

    A macro that was never closed holds the rest of the page, which is not to go with it.
    """
    macro = Macro.read(element, place)
    made = _shape_of(macro)(macro)
    seen = [] if made is None else [made]
    return seen if is_blank(macro.body) and not len(macro.body) else [*seen, macro.body]


def _shape_of(macro: Macro) -> Shape:
    if macro.name in math.MACROS:
        return _formula
    if macro.name in extensions.DIAGRAMS:
        return files.diagram
    return _scroll if macro.name.startswith("scroll-") else SHAPES.get(macro.name, other)


def _status(macro: Macro) -> Element:
    colour = LOZENGES.get(macro.setting("colour", "color").lower())
    on_colour = f" aui-lozenge-{colour}" if colour else ""
    # Confluence's HTML has the words in capitals, not its style sheet.
    title = macro.setting("title", "").upper()
    return make("span", f"status-macro aui-lozenge{on_colour}", title)


def _contents(macro: Macro) -> Element | None:
    """The contents macro; one that is not to be printed is not (C-82)."""
    if macro.setting("printable").lower() == "false":
        return None
    shell = make("div", "toc-macro client-side-toc-macro")
    levels = [number(macro, name, n) for name, n in (("minlevel", 1), ("maxlevel", MAX_LEVEL))]
    wanted = [f"H{n}" for n in range(max(1, levels[0]), min(MAX_LEVEL, levels[1]) + 1)]
    if wanted and len(wanted) < MAX_LEVEL:
        shell.set("data-headerelements", ",".join(wanted))
    if macro.setting("outline").lower() == "true":
        shell.set("data-numberedoutline", "true")
    for name in ("include", "exclude"):
        if pattern := macro.setting(name):
            shell.set(f"data-{name}headerregex", pattern)
    return shell


def _anchor(macro: Macro) -> Element:
    name = macro.setting("", "anchor", "name")
    shell = make("span", "confluence-anchor-link")
    if name:
        shell.set("id", name)
    return shell


def _excerpt(macro: Macro) -> Element | None:
    """Excerpts and page properties stand like other text, unless their author hid them."""
    if macro.setting("hidden").lower() == "true":
        macro.body.clear()
        return None
    return shell_of(macro)


def _details(macro: Macro) -> Element | None:
    shell = _excerpt(macro)
    if shell is not None:
        shell.set("class", "plugin-tabmeta-details")
    return shell


def _zone(macro: Macro) -> Element:
    """A part of the page that a contents list may be limited to: the part itself."""
    shell = make("div")
    move_content(macro.body, shell)
    return shell


def _section(macro: Macro) -> Element:
    shell, row = make("div", "sectionMacro"), make("div", "sectionMacroRow")
    move_content(macro.body, row)
    shell.append(row)
    return shell


def _column(macro: Macro) -> Element:
    shell = make("div", "columnMacro")
    if width := _WIDTH.fullmatch(macro.setting("width")):
        shell.set("style", f"width:{width[1]}{width[2] or 'px'}")
    move_content(macro.body, shell)
    return shell


def _jira(macro: Macro) -> Element:
    """One issue by its key; a list of issues is not in storage, only the question (C-91, C-92)."""
    key = macro.setting("key", "")
    if not _KEY.fullmatch(key):
        return make("span" if macro.is_inline else "div", "jira-issues")
    issue = make("span", "confluence-jim-macro jira-issue")
    issue.set("data-jira-key", key)
    link = make("a", "jira-issue-key", key)
    # Only the site's own Jira is at an address we know.
    if macro.setting("server").lower() == "system jira":
        link.set("href", f"/browse/{key}")
    issue.append(link)
    return issue


def _profile(macro: Macro) -> Element:
    resource = macro.resource("user", "")
    person = make("a", "confluence-userlink user-mention", SOMEBODY)
    if account := resource.get("ri-account-id") if resource is not None else "":
        person.set("data-account-id", account)
    return person


def _formula(macro: Macro) -> Element:
    """LaTeX, in the parameter or the body where the app keeps it (C-77)."""
    given = (macro.parameters.get(name) for name in FORMULAS)
    tex = next((text for x in given if x is not None and (text := text_of(x).strip())), "")
    shell = make("span" if macro.is_inline or "inline" in macro.name else "div")
    tex = tex or body_text(macro).strip()
    shell.text = unquote(tex.removeprefix(ENCODED)) if tex.startswith(ENCODED) else tex
    shell.set("data-macro-name", macro.name)
    return shell


def _scroll(macro: Macro) -> Element:
    """Marks for paper and screen; those within a line mean the same as those around blocks."""
    shell = shell_of(macro)
    shell.set("data-macro-name", macro.name.removesuffix("-inline"))
    if exporters := macro.setting("exporter", "exporters", "includescope"):
        shell.set("data-xp-exporters", exporters)
    return shell


SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys(panels.INFORMATION, panels.information),
    "panel": panels.panel_macro,
    "expand": panels.expand_macro,
    "ui-expand": panels.expand_macro,
    "code": panels.code,
    "noformat": panels.noformat,
    "status": _status,
    "toc": _contents,
    "anchor": _anchor,
    "excerpt": _excerpt,
    "details": _details,
    "toc-zone": _zone,
    "section": _section,
    "column": _column,
    "jira": _jira,
    "jiraissues": _jira,
    **dict.fromkeys(pages.PAGE_LISTS, pages.page_list),
    "attachments": files.of_page,
    "gallery": files.of_page,
    **dict.fromkeys(
        ("view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia"), files.file
    ),
    **dict.fromkeys(
        ("include", "excerpt-include", "include-page", "multiexcerpt-include"), pages.included
    ),
    "widget": files.widget,
    "iframe": files.widget,
    "profile": _profile,
    "profile-picture": _profile,
}
