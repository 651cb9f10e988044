"""Code: code blocks and preformatted text. Pure.

Confluence's HTML says `brush: java` when no language was chosen (C-61), so that is no language.
What the ADF or the storage format knows stands in `data-xp-language` and comes first.
"""

from __future__ import annotations

import re
import time
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

FIRST = "data-xp-first"  # the number of a block's first line, for code_lines.py
MARKS = ("a", "b", "strong", "em", "i", "u", "del", "span", "img", "sub", "sup")

HIGHLIGHT_CHARACTERS = 20_000  # a block longer than this stays plain
HIGHLIGHT_PAGE_CHARACTERS = 100_000
# Of work on one page. Some lexers take the square of hostile text, e.g. a thousand empty lines of
# Java; real code of all these characters takes half of it.
HIGHLIGHT_SECONDS = 3.0

# Languages as Confluence's editors name them → lexers as Pygments does. A closed list: other lexers
# are slow on hostile text or guess too much.
LEXERS = {
    "actionscript": "as3",
    "actionscript3": "as3",
    "bash": "bash",
    "c": "c",
    "c#": "csharp",
    "c++": "cpp",
    "clojure": "clojure",
    "cpp": "cpp",
    "csharp": "csharp",
    "css": "css",
    "dart": "dart",
    "delphi": "delphi",
    "diff": "diff",
    "docker": "docker",
    "dockerfile": "docker",
    "elixir": "elixir",
    "erl": "erlang",
    "erlang": "erlang",
    "go": "go",
    "golang": "go",
    "graphql": "graphql",
    "groovy": "groovy",
    "haskell": "haskell",
    "hcl": "terraform",
    "html": "html",
    "ini": "ini",
    "java": "java",
    "javascript": "javascript",
    "js": "javascript",
    "json": "json",
    "jsx": "javascript",
    "julia": "julia",
    "kotlin": "kotlin",
    "lua": "lua",
    "makefile": "make",
    "matlab": "matlab",
    "objc": "objective-c",
    "objective-c": "objective-c",
    "objectivec": "objective-c",
    "perl": "perl",
    "php": "php",
    "powershell": "powershell",
    "properties": "properties",
    "protobuf": "protobuf",
    "py": "python",
    "python": "python",
    "r": "r",
    "ruby": "ruby",
    "rust": "rust",
    "sass": "scss",
    "scala": "scala",
    "scss": "scss",
    "sh": "bash",
    "shell": "bash",
    "sql": "sql",
    "swift": "swift",
    "terraform": "terraform",
    "toml": "toml",
    "ts": "typescript",
    "tsx": "typescript",
    "typescript": "typescript",
    "vb": "vb.net",
    "vbnet": "vb.net",
    "visualbasic": "vb.net",
    "xhtml": "html",
    "xml": "xml",
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
_NUMBERED = re.compile(r"(?:gutter|linenumbers)\s*:\s*true", re.IGNORECASE)
_FIRST_LINE = re.compile(r"first-?line\s*:\s*(\d{1,6})", re.IGNORECASE)


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
    deadline = time.thread_time() + HIGHLIGHT_SECONDS
    for pre in list(draft.body.iter("pre")):
        if pre.getparent() is None or any(True for _ in pre.iterancestors("pre")):
            continue
        _lift_blocks(pre)
        parameters = pre.get("data-syntaxhighlighter-params") or pre.get("class") or ""
        language = pre.get("data-xp-language") or _brush(parameters)
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
        lexer = _lexer(language) if len(text) <= min(budget, HIGHLIGHT_CHARACTERS) else None
        coloured = _highlighted(text, lexer, deadline) if lexer is not None else None
        put_block(shell if shell is not None else pre, code)
        if coloured is not None:
            budget -= len(text)
            pre = coloured
        elif any(True for _ in pre.iter(*MARKS)):
            pre.attrib.clear()  # marks of the author are kept
            pre.tail = None
        else:
            pre = make("pre", text=text)
        pre.set("class", "xp-pre")
        number = _first_number(parameters)
        if number is not None:
            pre.set(FIRST, str(number))
        code.append(pre)


def _lift_blocks(pre: Element) -> None:
    """Authored blocks inside `pre` (C-66): their lines stay, their boxes go."""
    for element in list(pre.iter("p", "div", "li", "tr")):
        add_text(element, "\n")
    for element in list(pre.iter("br")):
        element.tail = "\n" + (element.tail or "")
        drop(element)
    for element in list(pre.iterdescendants()):
        if element.tag not in MARKS:
            unwrap(element)


def _brush(parameters: str) -> str:
    """The language the HTML names. Java is what it says when none was chosen."""
    brush = _BRUSH.search(parameters)
    return brush[1] if brush and brush[1].lower() != "java" else ""


def _lexer(language: str) -> Any:
    """Pygments' lexer for the language, if we know it."""
    name = LEXERS.get(language.strip().lower())
    return get_lexer_by_name(name, ensurenl=False, stripnl=False) if name else None


def _highlighted(text: str, lexer: Any, deadline: float) -> Element | None:
    """A `pre` whose spans end with their lines; neighbours of one kind are one.

    None when it is not ready by `deadline`, on the clock of this thread's work.
    """
    pre = make("pre")
    last = ""
    for token, value in lexer.get_tokens(text):
        if time.thread_time() > deadline:
            return None
        kind = next((name for parent, name in KINDS if token in parent), "")
        for count, piece in enumerate(value.split("\n")):
            if count:
                add_text(pre, "\n")
                last = ""
            if last and (kind == last or not piece.strip()):
                pre[-1].text = (pre[-1].text or "") + piece
            elif kind and piece.strip():
                pre.append(make("span", kind, piece))
                last = kind
            elif piece:
                add_text(pre, piece)
                last = ""
    return pre


def _first_number(parameters: str) -> int | None:
    """The number of the first line, where lines are numbered."""
    if not _NUMBERED.search(parameters):
        return None
    start = _FIRST_LINE.search(parameters)
    return int(start[1]) if start else 1
