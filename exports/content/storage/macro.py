"""A macro as it is read: its name, its parameters, and what stands inside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from exports.content.macros import KNOWN
from exports.content.nodes import (
    INLINE,
    Element,
    add_text,
    is_blank,
    make,
    move_content,
    names,
    plain,
    text_of,
)
from exports.content.storage.links import Place, resource_of

BLOCKS = names(
    """
    address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4
    h5 h6 header hr li main nav ol p pre section table tbody td th tr ul
    """
)
CONFLUENCE_BLOCKS = names("ac-layout ac-task-list ac-adf-extension")
HEADINGS = names("h1 h2 h3 h4 h5 h6")

NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro, read: its parameters, and what stands inside it."""

    name: str  # in lower case
    parameters: Mapping[str, Element]  # by name in lower case; the unnamed one's is empty
    body: Element  # rich text, and all else that is no parameter; shapes take out what they show
    text: str | None  # of a plain-text body
    is_inline: bool  # whether it stands in a line, as what it holds may
    place: Place

    def setting(self, *wanted: str) -> str:
        """The text of the first of these parameters that has any."""
        for name in wanted:
            parameter = self.parameters.get(name)
            if parameter is not None and (words := plain(parameter)):
                return words
        return ""

    def resource(self, *wanted: str) -> Element | None:
        found = (resource_of(self.parameters.get(name)) for name in wanted)
        return next((resource for resource in found if resource is not None), None)

    @property
    def is_empty(self) -> bool:
        return self.text is None and not len(self.body) and is_blank(self.body)

    @classmethod
    def read(cls, element: Element, place: Place) -> Macro:
        parameters: dict[str, Element] = {}
        body, text = make("div"), None
        strays = [(element.text or "").strip()]
        for child in list(element):
            tail = (child.tail or "").strip()
            if child.tag in {"ac-parameter", "ac-default-parameter"}:
                name = child.get("ac-name") or child.get("name") or ""
                parameters.setdefault(name.strip().lower(), child)
            elif child.tag == "ac-rich-text-body":
                add_text(body, " ".join(strays))
                strays.clear()
                move_content(child, body)
            elif child.tag == "ac-plain-text-body":
                text = (text or "") + text_of(child)
            else:
                add_text(body, " ".join(strays))
                strays.clear()
                body.append(child)  # with the text after it
                continue
            if tail:
                strays.append(tail)
        add_text(body, " ".join(strays))
        name = (element.get("ac-name") or "").strip().lower()
        macro = cls(name, parameters, body, text, False, place)
        return replace(macro, is_inline=_is_inline(element, macro))


def shell_of(macro: Macro, css_class: str = "") -> Element:
    """An element of the macro's name around what it holds."""
    shell = make("span" if macro.is_inline else "div", css_class)
    shell.set("data-macro-name", macro.name)
    move_content(macro.body, shell)
    if macro.text is not None:
        shell.append(make("pre", text=macro.text))
    return shell


def other(macro: Macro) -> Element:
    """A macro without a shape of its own; one known to Confluence but empty here is a gap."""
    is_gap = macro.is_empty and macro.name in KNOWN
    shell = shell_of(macro, "conf-macro")
    if is_gap:
        shell.set("data-xp-gap", "")
    return shell


def body_text(macro: Macro) -> str:
    """The text of the plain-text body, as written, or text that stands in its place."""
    if macro.text is not None or len(macro.body):
        return macro.text or ""
    text, macro.body.text = macro.body.text or "", None
    return text


def number(macro: Macro, name: str, otherwise: int) -> int:
    found = NUMBER.fullmatch(macro.setting(name))
    return int(found[0]) if found else otherwise


def _is_inline(element: Element, macro: Macro) -> bool:
    holder = element.getparent()
    stands_in_line = holder is not None and holder.tag in INLINE | HEADINGS | {"p", "figcaption"}
    is_meant_so = macro.setting("atlassian-macro-output-type").lower() == "inline"
    holds_blocks = any(x.tag in BLOCKS | CONFLUENCE_BLOCKS for x in macro.body)
    return (stands_in_line or is_meant_so) and not holds_blocks and macro.text is None
