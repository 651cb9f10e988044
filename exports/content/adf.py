"""ADF: the page's own structure, which its HTML is only a picture of. Pure.

Read for what `export_view` loses: captions, code languages, kinds of panels, states of decisions,
and macros that leave nothing at all. Documents of real sites are not always valid, so whatever has
an unexpected shape is passed over.
https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from exports.content import markup

MAX_CHARACTERS = 8 * 1024 * 1024
MAX_NODES = 200_000
MAX_DEPTH = 120

# What holds a line of text, as a block of the HTML does.
LEAVES = frozenset(
    {"paragraph", "heading", "codeBlock", "taskItem", "decisionItem", "blockTaskItem"}
)
MEDIA = frozenset({"media", "mediaInline"})
EXTENSIONS = frozenset({"extension", "bodiedExtension", "inlineExtension", "multiBodiedExtension"})


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node of the document. Two nodes are equal only when they are the same one."""

    type: str
    attrs: Mapping[str, Any]
    text: str  # of a text node
    parent: Node | None
    children: list[Node] = field(default_factory=list, repr=False)
    marks: tuple[Mapping[str, Any], ...] = ()

    def attr(self, name: str) -> str:
        """A scalar attribute as text, empty when there is none."""
        value = self.attrs.get(name)
        return _plain(value) if isinstance(value, str | int | float) else ""

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def words(self) -> str:
        """The text nodes below, joined: what is written in any rendition alike."""
        return "".join(node.text for node in self.walk())


def parse(text: str) -> Node | None:
    """Read a document; None when there is none that could be read."""
    if not text or len(text) > MAX_CHARACTERS:
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _document(content) if isinstance(content, dict) else None


def _document(content: dict[str, Any]) -> Node | None:
    """Make nodes of dictionaries, without recursion: nesting is the writer's choice."""
    root = _node(content, None)
    pending = [(root, content, 0)]
    count = 0
    while pending:
        node, source, depth = pending.pop()
        rows = source.get("content")
        if not isinstance(rows, list) or depth >= MAX_DEPTH:
            continue
        for row in rows:
            if isinstance(row, dict):
                count += 1
                if count > MAX_NODES:
                    return None
                child = _node(row, node)
                node.children.append(child)
                pending.append((child, row, depth + 1))
    return root


def _node(row: dict[str, Any], parent: Node | None) -> Node:
    attrs, marks, text = row.get("attrs"), row.get("marks"), row.get("text")
    return Node(
        str(row.get("type") or ""),
        attrs if isinstance(attrs, dict) else {},
        _plain(text) if isinstance(text, str) and row.get("type") == "text" else "",
        parent,
        marks=tuple(mark for mark in marks if isinstance(mark, dict))
        if isinstance(marks, list)
        else (),
    )


def parameter(extension: Node, *names: str) -> str:
    """The first of a macro's parameters that is set. They are names of macros' own making.

    Cloud writes `parameters.macroParams.<name>.value`, older editors `parameters.<name>`, Forge
    `parameters.guestParams.<name>`.
    """
    parameters = extension.attrs.get("parameters")
    if not isinstance(parameters, dict):
        return ""
    groups = [parameters.get(name) for name in ("macroParams", "guestParams", "macroparams")]
    for group in [*groups, parameters]:
        for name in names:
            value = group.get(name) if isinstance(group, dict) else None
            value = value.get("value") if isinstance(value, dict) else value
            if isinstance(value, str | int | float) and _plain(value).strip():
                return _plain(value).strip()
    return ""


def _plain(value: str | int | float) -> str:
    """The value as text that a document may hold: JSON can spell every control character."""
    return markup.NOT_XML.sub("", str(value))


def macro_name(extension: Node) -> str:
    """The macro's key, e.g. `drawio`; Forge's keys are paths that end with it."""
    return extension.attr("extensionKey").rsplit("/", 1)[-1].strip().lower()[:80]


def macro_title(extension: Node) -> str:
    """What people call the macro; its key where nothing better is known."""
    parameters = extension.attrs.get("parameters")
    metadata = parameters.get("macroMetadata") if isinstance(parameters, dict) else None
    title = metadata.get("title") if isinstance(metadata, dict) else None
    title = title.get("value") if isinstance(title, dict) else title
    extension_title = parameters.get("extensionTitle") if isinstance(parameters, dict) else None
    for name in (title, extension_title, extension.attr("text")):
        if isinstance(name, str) and _plain(name).strip():
            return _plain(name).strip()[:80]
    return macro_name(extension)
