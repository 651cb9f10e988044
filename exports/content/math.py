"""Math: formulas, kept as their source until a printer draws them. Pure.

They come as MathML, as what KaTeX and MathJax left behind, or as the TeX in a macro's body (C-77).
"""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from typing import Literal

from exports.content.draft import Draft
from exports.content.macros import name_of
from exports.content.nodes import (
    Element,
    add_text,
    classes,
    drop,
    find,
    having,
    is_within,
    make,
    names,
    put_block,
    replace,
    text_of,
)
from exports.document import IMAGE_SCHEME, Drawing

# Macros whose body is LaTeX, or text with LaTeX in it.
MACROS = names(
    """
    mathblock mathblock-ref mathinline mathdisplay latex latex-formatting latexmathblock
    latexmathinline easy-math-block easy-math-inline eazy-math-block eazy-math-inline
    """
)
# Outermost first: one shell of MathJax stands in another.
SHELLS = ("MathJax_Display", "MathJax_SVG_Display", "MathJax_CHTML", "MathJax_SVG", "MathJax")

MAX_SOURCE = 200_000  # characters of one formula
MAX_MIXED = 10_000  # characters of text with formulas in it

_TEX = re.compile(r"<annotation\s[^<>]*?application/x-tex[^<>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script([^<>]*)>(.*)</script>", re.IGNORECASE | re.DOTALL)
_DISPLAY = re.compile(r"display\s*=\s*[\"']?(?:block|true)|mode\s*=\s*display", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
# How TeX is set apart from text; what stands between is the formula.
_PIECE = re.compile(
    r"\$\$(?P<block>[^$]+)\$\$|\$(?P<line>[^$]+)\$"
    r"|\\\((?P<round>(?:(?!\\\)).)+)\\\)|\\\[(?P<square>(?:(?!\\\]).)+)\\\]",
    re.DOTALL,
)


def formula(draft: Draft, tex: str, display: bool) -> Element:
    """A LaTeX formula as a picture: in a line, or as a block of its own."""
    whole = _PIECE.fullmatch(tex.strip()) if len(tex) < MAX_MIXED else None
    bare = next((it for it in whole.groups() if it), "") if whole else tex
    return _picture(draft, "tex", bare.strip(), bare.strip(), display)


def formulas(draft: Draft) -> None:
    """Turn every formula of the page into a picture to be drawn."""
    _katex(draft)
    _mathjax(draft)
    for mark in list(draft.body.iter("svg")):
        source = draft.taken_out(mark)
        if not source[:5].lower().startswith("<svg"):
            _put(mark, _of_source(draft, source, display=False))
    for macro in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(macro) in MACROS and macro.getparent() is not None:
            _macro(draft, macro)


def _katex(draft: Draft) -> None:
    """KaTeX writes each formula twice, for the eye and as MathML."""
    for shell in having(draft.body, "katex"):
        mathml = _mathml_in(draft, shell)
        if not mathml:
            continue
        outer = shell.getparent()
        display = outer is not None and "katex-display" in classes(outer)
        place = outer if display and outer is not None else shell
        _put(place, _of_source(draft, mathml, display))


def _mathjax(draft: Draft) -> None:
    """MathJax 2 leaves what it drew, with MathML in it or the TeX in a script after it."""
    for element in having(draft.body, "MathJax_Preview"):
        drop(element)
    for name in SHELLS:
        for shell in having(draft.body, name):
            if shell.getparent() is None:
                continue
            script = shell.getnext()
            if script is not None and draft.taken_out(script).lower().startswith("<script"):
                drop(shell)
            elif mathml := _mathml_in(draft, shell):
                _put(shell, _of_source(draft, mathml, "Display" in name))


def _mathml_in(draft: Draft, shell: Element) -> str:
    """The first MathML that stands in a shell, empty when there is none."""
    sources = (draft.taken_out(mark) for mark in shell.iter("svg"))
    return next((source for source in sources if source[:5].lower() == "<math"), "")


def _of_source(draft: Draft, source: str, display: bool) -> Element | None:
    """The picture for what was taken out of the page; None when there is nothing in it."""
    source = source[:MAX_SOURCE]
    display = display or _is_display(source)
    script = _SCRIPT.fullmatch(source)
    if script and "math/tex" in script[1].lower():
        tex = script[2].strip().removeprefix("<![CDATA[").removesuffix("]]>")
        return formula(draft, tex, display) if tex.strip() else None
    mathml = _part(source, "math")
    if mathml:
        label = _tex_in(mathml) or _words(mathml)
        if not label:
            return None
        return _picture(draft, "mathml", mathml, label, display or _is_display(mathml))
    if drawn := _part(source, "svg"):  # what MathJax 3 drew, without the words for it
        draft.drawn.append(drawn)
        return make("svg", **{"data-type": str(len(draft.drawn) - 1)})
    words = _words(source)
    return make("code", "", words) if words else None


def _is_display(source: str) -> bool:
    """Whether the tag that a source begins with asks for a line of its own."""
    return _DISPLAY.search(source[: source.find(">") + 1]) is not None


def _part(source: str, name: str) -> str:
    """From the first start of an element of that name to the last end of one."""
    lower = source.lower()
    start, end = lower.find(f"<{name}"), lower.rfind(f"</{name}")
    return source[start : source.find(">", end) + 1] if 0 <= start < end else ""


def _tex_in(mathml: str) -> str:
    """The TeX that the MathML was made from, where it says so."""
    found = _TEX.search(mathml)
    end = mathml.find("</annotation", found.end()) if found else -1
    return unescape(mathml[found.end() : end]).strip() if found and end > 0 else ""


def _macro(draft: Draft, macro: Element) -> None:
    tex = text_of(macro).strip()
    if not tex:
        return  # whoever knows more of it, or nobody: `macros.unknown` labels it
    display = "inline" not in name_of(macro)
    is_short = len(tex) < MAX_MIXED
    if is_short and _PIECE.search(tex) and not _PIECE.fullmatch(tex):
        _put(macro, _mixed(draft, tex, "div" if display else "span"))
    else:
        _put(macro, formula(draft, tex, display))


def _mixed(draft: Draft, text: str, tag: str) -> Element:
    """Text with formulas in it, set apart by dollars or brackets."""
    shell = make(tag)
    at = 0
    for piece in _PIECE.finditer(text):
        add_text(shell, text[at : piece.start()])
        inside = piece["block"] or piece["line"] or piece["round"] or piece["square"]
        is_block = bool(piece["block"] or piece["square"])
        shell.append(_picture(draft, "tex", inside.strip(), inside.strip(), is_block))
        at = piece.end()
    add_text(shell, text[at:])
    return shell


def _picture(
    draft: Draft, kind: Literal["tex", "mathml"], source: str, label: str, display: bool
) -> Element:
    digest = sha256(f"{kind} {display} {source}".encode("utf-8", "replace"))
    key = f"math-{digest.hexdigest()[:24]}"
    draft.drawings.setdefault(key, Drawing(key, kind, source, label, display))
    image = make("img", "xp-math", src=f"{IMAGE_SCHEME}{key}", alt=label)
    if not display:
        return image
    shell = make("span", "xp-formula")
    shell.append(image)
    return shell


def _put(place: Element, picture: Element | None) -> None:
    if picture is None:
        drop(place)
    elif picture.tag == "div" and is_within(place, "p"):
        put_block(place, picture)
    else:
        replace(place, picture)


def _words(markup: str) -> str:
    return " ".join(unescape(_MARKUP.sub(" ", markup)).split())
