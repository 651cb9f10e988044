"""Files: videos, documents and drawings, which stand on paper as cards and boxes. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

from exports.content.draft import Draft, box
from exports.content.macros import name_of
from exports.content.nodes import Element, find, having, is_blank, make, plain, replace, unwrap

FILE_MACROS = frozenset({"view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia"})

_EXTENSION = re.compile(r"\.(\w{1,8})$")


def file_cards(draft: Draft) -> None:
    """A file is a card with its name and a link to it (C-49, C-51, C-52)."""
    for link in having(draft.body, "confluence-embedded-file", "a"):
        replace(link, _card(_name(link), link.get("href") or link.get("data-file-src") or ""))
    for wrapper in having(draft.body, "confluence-embedded-file-wrapper"):
        named = wrapper.find("./a")
        if named is not None and named.find(".//img") is None and plain(named):
            replace(named, _card(plain(named), named.get("href") or ""))
            unwrap(wrapper)
    for macro in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(macro) in FILE_MACROS and is_blank(macro):
            name = macro.get("data-attachment-filename") or macro.get("data-filename") or ""
            replace(macro, _card(name or "A file", ""))
    for player in list(draft.body.iter("video", "audio", "object", "embed")):
        address = player.get("src") or ""
        draft.note(
            "media_left_out",
            "A video or another playable file stands on this page.",
            "A card with its name stands in its place.",
            "info",
        )
        replace(player, _card(unquote(address.rsplit("/", 1)[-1]) or "A playable file", address))


def drawings(draft: Draft) -> None:
    """A drawing inside the page (SVG) cannot be printed safely yet (C-94)."""
    for drawing in list(draft.body.iter("svg")):
        words = plain(drawing)
        draft.note(
            "drawing_left_out",
            "A drawing that is part of the page's own text is not printed.",
            "A labelled box with its words stands in its place.",
        )
        replace(drawing, box("Drawing not printed.", words[:20_000]))


def diagrams(draft: Draft) -> None:
    """An app's diagram that left nothing behind is named (C-93)."""
    for name in ("balsamiq_mockup", "gliffy-macro", "drawio-macro"):
        for element in having(draft.body, name):
            if is_blank(element) and element.getparent() is not None:
                draft.note(
                    "diagram_left_out",
                    "A diagram of an app is not part of what Confluence exports.",
                    "A labelled box stands in its place.",
                )
                replace(element, box("Diagram of an app, not exported."))
    for table in having(draft.body, "gliffy-macro-table"):
        for picture in list(table.iter("img")):
            picture.set("class", "confluence-embedded-image")


def _card(name: str, href: str) -> Element:
    extension = _EXTENSION.search(name)
    card = make("span", "xp-file")
    card.append(make("span", "xp-file-kind", extension[1].upper() if extension else "FILE"))
    card[0].tail = " "
    card.append(make("a", "", name, href=href) if href else make("span", "", name))
    return card


def _name(link: Element) -> str:
    return (
        link.get("data-linked-resource-default-alias")
        or plain(link)
        or unquote((link.get("href") or "").rsplit("/", 1)[-1].split("?")[0])
        or "A file"
    )
