"""Macros that frame what they hold: panels, expands, code. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exports.content import emoji, styles
from exports.content.nodes import Element, make, move_content
from exports.content.storage.macro import NUMBER, Macro, body_text, other

INFORMATION = {"info": "information", "note": "note", "tip": "tip", "warning": "warning"}
NOTE_COLOURS = ("#eae6ff", "#998dd9")  # the editor's purple panel, C-67
EXPAND_TITLE = "Click here to expand…"  # Confluence's own, where the author chose none
_LANGUAGE = re.compile(r"[A-Za-z0-9_.+# -]{1,40}")
_POINTS = re.compile(r"[0-9a-f]{2,6}(?:-[0-9a-f]{2,6}){0,7}")


def panel(body: Element, title: str, style: Mapping[str, str]) -> Element:
    """The panel macro; of the style as authored only plain values are kept."""
    shell = make("div", "panel")
    kept = (styles.declarations(f"{name}:{value}") for name, value in style.items())
    styles.write(shell, {name: value for item in kept for name, value in item if name in style})
    if title:
        head = make("div", "panelHeader")
        head.append(make("b", text=title))
        shell.append(head)
    content = make("div", "panelContent")
    move_content(body, content)
    shell.append(content)
    return shell


def expand(body: Element, title: str) -> Element:
    shell, control = make("div", "expand-container"), make("div", "expand-control")
    control.append(make("span", "expand-control-text", title or EXPAND_TITLE))
    shell.append(control)
    content = make("div", "expand-content")
    move_content(body, content)
    shell.append(content)
    return shell


def icon(emoji_id: str, short_name: str, text: str) -> str:
    """A custom panel's emoji as characters; empty when it is the site's own picture."""
    if text and not text.startswith(":"):
        return text[:16]
    if not _POINTS.fullmatch(emoji_id.lower()):
        return ""
    image = make("img")
    image.set("data-emoji-id", emoji_id)
    found = emoji.character(image)
    return found if found != short_name else ""


def information(macro: Macro) -> Element:
    prefix = "confluence-information-macro"
    has_icon = macro.setting("icon").lower() != "false"
    bare = "" if has_icon else " has-no-icon"
    shell = make("div", f"{prefix}{bare} {prefix}-{INFORMATION[macro.name]}")
    if title := macro.setting("title"):
        shell.append(make("p", "title", title))
    body = make("div", f"{prefix}-body")
    move_content(macro.body, body)
    shell.append(body)
    return shell


def panel_macro(macro: Macro) -> Element:
    style = {
        "background-color": macro.setting("bgcolor"),
        "border-color": macro.setting("bordercolor"),
        "border-style": macro.setting("borderstyle"),
    }
    shell = panel(macro.body, macro.setting("title"), style)
    given = (macro.setting(name) for name in ("paneliconid", "panelicon", "panelicontext"))
    if found := icon(*given):
        shell.set("data-xp-icon", found)
    return shell


def expand_macro(macro: Macro) -> Element:
    return expand(macro.body, macro.setting("title", ""))


def code(macro: Macro) -> Element:
    if _holds_elements(macro):
        return other(macro)
    shell = make("div", "code panel")
    _title(shell, macro, "codeHeader")
    content, pre = make("div", "codeContent panelContent"), make("pre", "syntaxhighlighter-pre")
    pre.text = body_text(macro)
    language = macro.setting("language", "lang", "")
    if _LANGUAGE.fullmatch(language):
        pre.set("data-xp-language", language)
    if macro.setting("linenumbers").lower() == "true":
        first = NUMBER.fullmatch(macro.setting("firstline"))
        start = f"; first-line: {first[0]}" if first else ""
        pre.set("data-syntaxhighlighter-params", f"gutter: true{start}")
    content.append(pre)
    shell.append(content)
    return shell


def noformat(macro: Macro) -> Element:
    if _holds_elements(macro):
        return other(macro)
    shell = make("div", "preformatted panel")
    _title(shell, macro, "preformattedHeader")
    content = make("div", "preformattedContent panelContent")
    content.append(make("pre", text=body_text(macro)))
    shell.append(content)
    return shell


def _holds_elements(macro: Macro) -> bool:
    """Say whether the text that the macro is for is missing, and other content in its place."""
    return macro.text is None and len(macro.body) > 0


def _title(shell: Element, macro: Macro, css_class: str) -> None:
    if title := macro.setting("title"):
        head = make("div", f"{css_class} panelHeader")
        head.append(make("b", text=title))
        shell.append(head)
