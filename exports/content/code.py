"""Code: code blocks and preformatted text. Pure.

Confluence says `brush: java` when no language was chosen (C-61), so Java is never highlighted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Token  # type: ignore[import-untyped]

from exports.content.draft import Draft
from exports.content.nodes import (
    Element,
    add_text,
    classes,
    drop,
    first,
    having,
    make,
    plain,
    put_block,
    text_of,
    unwrap,
)

PART_LINES = 60  # a block is printed in parts: laying out one paragraph is worse than linear
HIGHLIGHT_CHARACTERS = 20_000  # a block longer than this stays plain
HIGHLIGHT_PAGE_CHARACTERS = 100_000

# Brushes as Confluence names them → lexers as Pygments does. A closed list: other lexers are slow
# on hostile text or guess too much.
LEXERS = {
    "actionscript3": "as3",
    "bash": "bash",
    "sh": "bash",
    "shell": "bash",
    "powershell": "powershell",
    "c#": "csharp",
    "csharp": "csharp",
    "cpp": "cpp",
    "c": "c",
    "css": "css",
    "delphi": "delphi",
    "diff": "diff",
    "erl": "erlang",
    "erlang": "erlang",
    "go": "go",
    "groovy": "groovy",
    "html": "html",
    "javascript": "javascript",
    "js": "javascript",
    "typescript": "typescript",
    "ts": "typescript",
    "json": "json",
    "kotlin": "kotlin",
    "perl": "perl",
    "php": "php",
    "python": "python",
    "py": "python",
    "ruby": "ruby",
    "rust": "rust",
    "scala": "scala",
    "sql": "sql",
    "swift": "swift",
    "vb": "vb.net",
    "xml": "xml",
    "xhtml": "html",
    "yaml": "yaml",
    "yml": "yaml",
}

KINDS: tuple[tuple[Any, str], ...] = (
    (Token.Comment, "xp-c"),
    (Token.Keyword, "xp-k"),
    (Token.Literal.String, "xp-s"),
    (Token.Literal.Number, "xp-n"),
    (Token.Name.Tag, "xp-k"),
    (Token.Name.Attribute, "xp-a"),
    (Token.Name.Decorator, "xp-a"),
    (Token.Name.Function, "xp-f"),
    (Token.Name.Class, "xp-f"),
)

_BRUSH = re.compile(r"brush:\s*([^;\s]+)", re.IGNORECASE)
_FIRST_LINE = re.compile(r"first-?line:\s*(\d{1,6})", re.IGNORECASE)


def pasted_highlighting(draft: Draft) -> None:
    """Collapse a rendering of SyntaxHighlighter that was pasted as content (C-65)."""
    for shell in having(draft.body, "syntaxhighlighter", "div"):
        lines = [text_of(line).replace("\u00a0", " ") for line in having(shell, "line")]
        if lines and shell.getparent() is not None:
            pre = make("pre", text="\n".join(lines))
            pre.set("data-syntaxhighlighter-params", " ".join(classes(shell)))
            put_block(shell, pre)


def blocks(draft: Draft) -> None:
    """Set every `pre` as a code block, with its title (C-61 – C-64, C-66)."""
    budget = HIGHLIGHT_PAGE_CHARACTERS
    for pre in list(draft.body.iter("pre")):
        if pre.getparent() is None or any(True for _ in pre.iterancestors("pre")):
            continue
        _lift_blocks(pre)
        parameters = pre.get("data-syntaxhighlighter-params") or pre.get("class") or ""
        shell = next(
            (x for x in pre.iterancestors("div") if {"code", "preformatted"} & {*classes(x)}), None
        )
        code = make("div", "xp-code")
        if shell is not None and len(list(shell.iter("pre"))) == 1:
            header = first(shell, "panelHeader")
            title = plain(header) if header is not None else ""
        else:
            shell, title = None, ""
        if title:
            code.append(make("p", "xp-code-title", title))
        text = text_of(pre).expandtabs(4).rstrip()
        lexer = _lexer(parameters) if len(text) <= min(budget, HIGHLIGHT_CHARACTERS) else None
        if lexer is not None:
            budget -= len(text)
            lines = _highlighted(text, lexer)
        elif any(True for _ in pre.iter("a", "b", "strong", "em", "i", "u", "del", "span", "img")):
            # Marks of the author: kept as they are, in one part.
            pre.attrib.clear()
            put_block(shell if shell is not None else pre, code)
            pre.tail = None
            pre.set("class", "xp-pre")
            code.append(pre)
            continue
        else:
            lines = [[("", line)] for line in text.split("\n")]
        number = _first_number(parameters)
        code.extend(_parts(lines, number))
        put_block(shell if shell is not None else pre, code)


def _lift_blocks(pre: Element) -> None:
    """Authored blocks inside `pre` (C-66): their lines stay, their boxes go."""
    for element in list(pre.iter("p", "div", "li", "tr")):
        add_text(element, "\n")
    for element in list(pre.iter("br")):
        element.tail = "\n" + (element.tail or "")
        drop(element)
    for element in list(pre.iterdescendants()):
        if element.tag not in {
            "a",
            "b",
            "strong",
            "em",
            "i",
            "u",
            "del",
            "span",
            "img",
            "sub",
            "sup",
        }:
            unwrap(element)


def _lexer(parameters: str) -> Any:
    """Pygments' lexer for the language that was chosen, if any."""
    brush = _BRUSH.search(parameters)
    name = LEXERS.get(brush[1].lower() if brush else "")
    return get_lexer_by_name(name, ensurenl=False, stripnl=False) if name else None


def _highlighted(text: str, lexer: Any) -> list[list[tuple[str, str]]]:
    """Lines of (class, text); neighbours of one class are one."""
    lines: list[list[tuple[str, str]]] = [[]]
    for token, value in lexer.get_tokens(text):
        kind = next((name for parent, name in KINDS if token in parent), "")
        for count, piece in enumerate(value.split("\n")):
            if count:
                lines.append([])
            line = lines[-1]
            if line and (line[-1][0] == kind or not piece.strip()):
                line[-1] = (line[-1][0], line[-1][1] + piece)
            elif piece:
                line.append((kind, piece))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _first_number(parameters: str) -> int | None:
    """The number of the first line, where lines are numbered."""
    if "gutter: true" not in parameters.lower():
        return None
    start = _FIRST_LINE.search(parameters)
    return int(start[1]) if start else 1


def _parts(lines: list[list[tuple[str, str]]], number: int | None) -> Iterator[Element]:
    """`pre` elements of at most PART_LINES lines."""
    width = len(str((number or 1) + len(lines)))
    for start in range(0, len(lines), PART_LINES):
        pre = make("pre", "xp-pre")
        for offset, line in enumerate(lines[start : start + PART_LINES], start):
            if offset > start:
                add_text(pre, "\n")
            if number is not None:
                pre.append(make("span", "xp-line", f"{number + offset:>{width}}  "))
            for kind, text in line:
                if kind:
                    pre.append(make("span", kind, text))
                else:
                    add_text(pre, text)
        if (pre.text or "").startswith("\n"):
            pre.text = f" {pre.text}"  # a parser takes away a newline that comes first
        yield pre
