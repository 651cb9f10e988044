"""Macros that show files, diagrams and what stands on other sites. Pure."""

from __future__ import annotations

from exports.content import extensions
from exports.content.nodes import Element, make
from exports.content.storage.links import address
from exports.content.storage.macro import Macro, other, shell_of


def of_page(macro: Macro) -> Element:
    """The attachments of the page, or its pictures (C-89, C-90)."""
    is_list = macro.is_empty and macro.name == "attachments"
    shell = other(macro)
    if is_list:
        shell.set("class", "plugin_attachments_container")
    return shell


def file(macro: Macro) -> Element:
    """A file shown in the page: a link to it, which becomes a card (C-51, C-52)."""
    resource = macro.resource("name", "", "file", "attachment")
    if resource is None:
        resource = make("ri-attachment")
        resource.set("ri-filename", macro.setting("name", "", "file", "attachment"))
        if (page := macro.resource("page")) is not None:
            resource.append(page)
    name = resource.get("ri-filename") or "A file"
    shell = make("span", "confluence-embedded-file-wrapper conf-macro")
    shell.set("data-macro-name", macro.name)
    link = make("a", "confluence-embedded-file", name)
    link.set("href", address(resource, macro.place))
    link.set("data-linked-resource-type", "attachment")
    link.set("data-linked-resource-default-alias", name)
    shell.append(link)
    return shell


def widget(macro: Macro) -> Element:
    """Something of another site's, shown large: a card that leads to it (C-101)."""
    resource = macro.resource("url", "src", "")
    target = resource.get("ri-value") if resource is not None else macro.setting("url", "src", "")
    if not target:
        return other(macro)
    link = make("a", "external-link", target, href=target)
    link.set("data-card-appearance", "embed")
    return link


def diagram(macro: Macro) -> Element:
    """An app's diagram; its name leads to the picture the app keeps of it (C-93)."""
    title = macro.setting(*(name.lower() for name in extensions.DIAGRAM_NAMES))
    is_gap = macro.is_empty and bool(title)
    shell = shell_of(macro, "conf-macro")
    if is_gap:
        shell.set("data-xp-gap", title)
    return shell
