"""Enrich: what the page's HTML has lost is put back from its ADF. Pure.

Every step looks the nodes of one kind up in the twin and marks the elements that show them, with
attributes of ours (`data-xp-…`, which no page can carry in) for the steps of that construct.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from exports.content import adf
from exports.content.adf import Node
from exports.content.adf_text import write_inline
from exports.content.draft import Draft
from exports.content.emoji import from_points
from exports.content.nodes import (
    INLINE,
    Element,
    drop,
    having,
    is_within,
    make,
    put_block,
)
from exports.content.twin import Twin

_ICON = re.compile(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,7}")
_LANGUAGE = re.compile(r"[\w.+# -]{1,40}")


def twin(draft: Draft) -> None:
    """Lay the page's ADF beside its HTML."""
    document = adf.parse(draft.page.adf)
    if document is not None and document.children:
        draft.twin = Twin.of(document, draft.body)


def captions(draft: Draft) -> None:
    """Put pictures and their captions into figures (C-50)."""
    for caption, found in _shown(draft, "caption"):
        single = caption.parent
        media = next((x for x in single.children if x.type == "media"), None) if single else None
        if media is None or not caption.children:
            continue
        picture = found.element_of.get(media)
        if picture is None:
            line = make("p", "xp-caption")
            write_inline(caption, line)
            found.insert(media, line)
        elif not is_within(picture, "figure"):
            _make_figure(picture, caption)


def _make_figure(picture: Element, caption: Node) -> None:
    words = make("figcaption")
    write_inline(caption, words)
    while (outer := picture.getparent()) is not None and outer.tag in INLINE:
        picture = outer
    figure = make("figure")
    put_block(picture, figure)
    figure.extend([picture, words])


def code_languages(draft: Draft) -> None:
    """Tell code blocks the language that was chosen; the HTML says Java for none (C-61)."""
    for node, found in _shown(draft, "codeBlock"):
        block = found.holder(node, "pre")
        language = node.attr("language").strip()
        if block is not None and _LANGUAGE.fullmatch(language):
            block.set("data-xp-language", language)


def panels(draft: Draft) -> None:
    """Tell panels their kind, and the emoji that stands for them (C-67, C-69)."""
    for node, found in _shown(draft, "panel"):
        box = found.holder(node, "div", "confluence-information-macro")
        box = box if box is not None else found.holder(node, "div", "panel")
        if box is None or box.get("data-xp-panel"):
            continue
        box.set("data-xp-panel", node.attr("panelType"))
        if icon := _icon(node):
            box.set("data-xp-icon", icon)


def decisions(draft: Draft) -> None:
    """Mark what is not decided yet (C-79)."""
    for node, found in _shown(draft, "decisionItem"):
        item = found.holder(node, "li")
        if item is not None and node.attr("state") == "UNDECIDED":
            item.set("data-xp-state", "undecided")


def tables(draft: Draft) -> None:
    """Give tables the widths their HTML has lost (C-31, C-33)."""
    for node, found in _shown(draft, "table"):
        table = found.holder(node, "table")
        if table is None or table.get("data-xp-table"):
            continue
        table.set("data-xp-table", "")
        width, layout = node.attr("width"), node.attr("layout")
        if width and not table.get("data-table-width"):
            table.set("data-table-width", width)
        if layout and not table.get("data-layout"):
            table.set("data-layout", layout)
        widths = _column_widths(node)
        if widths and table.find("./colgroup") is None:
            group = make("colgroup")
            group.extend(make("col", style=f"width: {width}px") for width in widths)
            table.insert(0, group)


def layouts(draft: Draft) -> None:
    """Tell layouts how wide their columns are; the HTML leaves it to the style sheet (C-80)."""
    for node, found in _shown(draft, "layoutSection"):
        section = found.holder(node, css_class="columnLayout")
        widths = [child.attr("width") for child in node.children if child.type == "layoutColumn"]
        if section is not None and widths and all(map(_is_number, widths)):
            section.set("data-xp-widths", " ".join(widths))


def cards(draft: Draft) -> None:
    """Mark smart links and live lists, where the HTML has plain links in their place (C-59)."""
    if draft.twin is None:
        return
    by_address: dict[str, list[Element]] = {}
    for link in draft.body.iter("a"):
        if link.get("data-card-appearance") is None:
            by_address.setdefault(link.get("href") or "", []).append(link)
    kinds = {"blockCard": "block", "embedCard": "embed", "inlineCard": "inline"}
    for node in draft.twin.document.walk():
        links = by_address.get(node.attr("url")) if node.type in kinds else None
        if links:
            links[0].set("data-card-appearance", kinds[node.type])
            datasource = node.attrs.get("datasource")
            if isinstance(datasource, dict):
                links[0].set("data-datasource", json.dumps(datasource))
            del links[0]


def contents(draft: Draft) -> None:
    """Drop contents lists that their author wanted on the screen only (C-82)."""
    if draft.twin is None:
        return
    nodes = [
        node
        for node in draft.twin.document.walk()
        if node.type in adf.EXTENSIONS and adf.macro_name(node) == "toc"
    ]
    lists = having(draft.body, "toc-macro")
    if len(nodes) == len(lists):
        for node, shown in zip(nodes, lists, strict=True):
            if adf.parameter(node, "printable").lower() == "false":
                drop(shown)


def _shown(draft: Draft, kind: str) -> Iterator[tuple[Node, Twin]]:
    """The nodes of a kind, outer ones before those inside them."""
    if draft.twin is not None:
        for node in draft.twin.document.walk():
            if node.type == kind:
                yield node, draft.twin


def _icon(panel: Node) -> str:
    """A custom panel's emoji as text."""
    text = panel.attr("panelIconText")
    if text and not text.startswith(":"):
        return text[:16]
    points = panel.attr("panelIconId")
    return from_points(points) if _ICON.fullmatch(points) else ""


def _column_widths(table: Node) -> list[str]:
    """The widths of the first row that has them all, in px."""
    for row in (child for child in table.children if child.type == "tableRow"):
        widths: list[str] = []
        for cell in row.children:
            given = cell.attrs.get("colwidth")
            widths += [str(width) for width in given] if isinstance(given, list) else [""]
        if widths and all(map(_is_number, widths)):
            return widths
    return []


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,5}(?:\.\d{1,20})?", text) is not None
