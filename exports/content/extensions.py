"""Extensions: macros that only the ADF still knows of. Pure.

Apps of the Forge and Connect kind often leave nothing in an export, not even a gap. Each gets the
place it had: its stored picture, its formula, or an empty macro of its name, which
`macros.unknown` turns into a labelled box.
"""

from __future__ import annotations

import json
import unicodedata

from exports.content import adf, math
from exports.content.adf import Node
from exports.content.draft import Draft
from exports.content.files import attached_picture
from exports.content.macros import KNOWN, SCREEN_ONLY
from exports.content.nodes import Element, find, is_blank, make, names, replace
from exports.content.twin import Twin, is_placeholder

MAX_EXTENSIONS = 300  # a page

# Rightly without a trace where there is nothing to list, or on paper at all.
SILENT = (
    KNOWN
    | SCREEN_ONLY
    | names("""
    blog-posts contributors contributors-summary favpages global-reports index labels-list
    popular-labels related-labels space-attachments spaces tasks-report-macro toc-zone
    excerpt-include-macro include-page hidden-data metadata metadata-list
    """)
)
DIAGRAMS = names(
    "drawio drawio-sketch inc-drawio gliffy balsamiq lucidchart mockup plantuml mermaid"
)
DIAGRAM_NAMES = (
    "diagramName",
    "diagramDisplayName",
    "name",
    "filename",
    "fileName",
    "imageAttachment",
)
PICTURES = (".png", ".svg", "", ".drawio.png", ".drawio.svg", ".jpg", ".gif")
CARDS = frozenset({"blockCard", "embedCard"})
WIDGET = "widget"  # shows an address of another site in a frame (C-101)
PAGE_BREAK = "scroll-pagebreak"
SCREEN_PARTS = names("scroll-ignore scroll-pdf-ignore scroll-only scroll-landscape scroll-portrait")


def extensions(draft: Draft) -> None:
    """Give each macro of the ADF its place in the HTML, where it has none."""
    if draft.twin is None:
        return
    nodes = (node for node in draft.twin.document.walk() if _stands_for_a_macro(node))
    named = {x.get("data-macro-name") for x in find(draft.body, ".//*[@data-macro-name]")}
    for _, node in zip(range(MAX_EXTENSIONS), nodes, strict=False):
        name = adf.macro_name(node)
        if name == PAGE_BREAK or name in SCREEN_PARTS:
            if name not in named:
                _part(draft, draft.twin, node, name)
        elif name in math.MACROS:
            _formula(draft, draft.twin, node)
        elif name in DIAGRAMS:
            _diagram(draft, draft.twin, node, name)
        elif name not in SILENT and node.children:
            _framed(draft.twin, node, name)
        elif name not in SILENT or (name == WIDGET and adf.parameter(node, "url")):
            _missing(draft.twin, node, name)


def _stands_for_a_macro(node: Node) -> bool:
    if node.type in CARDS:
        return bool(node.attr("url"))
    return node.type in adf.EXTENSIONS or node.type in {
        "syncBlock",
        "bodiedSyncBlock",
        "unsupportedBlock",
    }


def _part(draft: Draft, twin: Twin, node: Node, name: str) -> None:
    """A part of the page that is meant for the screen, for paper, or for a turned sheet."""
    part = _macro(name, adf.parameter(node, "exporter", "exporters", "includeScope"))
    if name == PAGE_BREAK:
        twin.insert(node, part)
        return
    shown = twin.extent(node)
    if shown:
        shown[0].addprevious(part)
        part.extend(shown)
    elif node.children:
        draft.note(
            "part_not_found",
            f"A part of this page is marked “{name}”, but where it ends cannot be told.",
            "It is printed like the rest of the page.",
        )


def _formula(draft: Draft, twin: Twin, node: Node) -> None:
    tex = adf.parameter(node, "body", "__bodyContent", "equation", "latex", "formula", "math")
    tex = tex or node.words().strip()
    if not tex or not _is_missing(twin, node):
        return
    inline = node.type == "inlineExtension"
    formula = math.formula(draft, tex, not inline)
    if not inline or not twin.insert_inline(node, formula):
        twin.insert(node, formula)


def _diagram(draft: Draft, twin: Twin, node: Node, name: str) -> None:
    """An app's diagram is kept as a picture beside its source (C-93)."""
    gap = twin.gap(node)
    if any(element.tag in {"img", "svg"} for element in gap):
        return
    title = adf.parameter(node, *DIAGRAM_NAMES)
    picture = stored_picture(draft, title)
    place = next((element for element in gap if is_placeholder(element)), None)
    if picture is None and place is not None:
        place.set("data-xp-title", adf.macro_title(node))
    elif picture is None:
        _missing(twin, node, name)
    elif place is None:
        twin.insert(node, picture)
    else:
        replace(place, picture)


def stored_picture(draft: Draft, title: str) -> Element | None:
    """The attachment that shows a diagram of this name, as a picture of the page."""
    if not title:
        return None
    by_name = {unicodedata.normalize("NFC", x.title): x for x in draft.page.attachments}
    wanted = unicodedata.normalize("NFC", title)
    for ending in PICTURES:
        found = by_name.get(f"{wanted}{ending}")
        if found is not None and found.media_type.startswith("image/"):
            return attached_picture(draft, found, title)
    return None


def _framed(twin: Twin, node: Node, name: str) -> None:
    """What a macro of its own kind holds stands in a frame with its name, if it can be told."""
    shown = twin.extent(node)
    if shown and not any(outer.get("data-macro-name") for outer in shown):
        frame = _macro(name, "")
        frame.set("data-xp-title", adf.macro_title(node))
        shown[0].addprevious(frame)
        frame.extend(shown)
    elif not shown:
        _missing(twin, node, name)


def _missing(twin: Twin, node: Node, name: str) -> None:
    """An empty macro stands where nothing does."""
    if not _is_missing(twin, node):
        _name_frame(twin, node)
        return
    if node.type in CARDS or name == WIDGET:
        twin.insert(node, _card(node, node.attr("url") or adf.parameter(node, "url")))
        return
    macro = _macro(name or node.type.lower(), "")
    if node.type in {"syncBlock", "bodiedSyncBlock"}:
        macro.set("data-xp-what", "a synced block")
    else:
        macro.set("data-xp-title", adf.macro_title(node))
    twin.insert(node, macro)


def _name_frame(twin: Twin, node: Node) -> None:
    """Tell the empty frame of an app whose it is; its markup does not say."""
    for element in twin.gap(node):
        if is_placeholder(element) and is_blank(element) and not element.get("data-macro-name"):
            element.set("data-xp-title", adf.macro_title(node))
            return


def _is_missing(twin: Twin, node: Node) -> bool:
    if any(below in twin.element_of for below in node.walk()):
        return False
    if node.type == "inlineExtension":
        line = twin.line_of(node)
        if line is not None:
            return not any(x.tag == "img" or is_placeholder(x) for x in line.iterdescendants())
    return not twin.gap(node)


def _card(node: Node, address: str) -> Element:
    link = make("a", "", address, href=address)
    link.set("data-card-appearance", "block")
    datasource = node.attrs.get("datasource")
    if isinstance(datasource, dict):
        link.set("data-datasource", json.dumps(datasource))
    shell = make("p")
    shell.append(link)
    return shell


def _macro(name: str, exporters: str) -> Element:
    element = make("div")
    element.set("data-macro-name", name)
    if exporters:
        element.set("data-xp-exporters", exporters)
    return element
