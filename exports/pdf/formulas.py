"""A formula in TeX or MathML in, a drawing of it out, in outlines rather than text. CPU only.

Set by ziamath in STIX Two Math, which it carries with it: nothing is looked up on the machine.
What it would set wrongly — unknown commands, characters without a glyph — is refused, so that the
source is printed instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from lxml import etree
from ziafont.config import config as ziafont_config
from ziamath.tex import tex2mml
from ziamath.zmath import Math

from exports.document import FORMULA_EM, Image
from exports.pdf import drawings
from exports.pdf.drawing_source import Element, as_xml, elements, name_of
from exports.pdf.pictures import PictureUnreadable

MOST_CHARACTERS = 4000
MOST_DEPTH = 60
MOST_WORK = 10_000  # elements to be measured: a second or two
MOST_WIDTH = 100  # em: at this width it would be set at half its size

_SIZE = FORMULA_EM * 1.06  # its small letters are lower than those of the text round it
_MARGIN = 0.04 * FORMULA_EM  # so that no edge is cut
_UNREADABLE = "it cannot be read"
_TOO_LONG = "it is too long"

# MathML Core (https://www.w3.org/TR/mathml-core/), without what runs, links or loads.
_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_ELEMENTS = _TOKENS | {
    "math", "menclose", "mfenced", "mfrac", "mmultiscripts", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtr", "munder", "munderover", "none",
}  # fmt: skip
_NOT_ROWS = frozenset({
    "mfrac", "mmultiscripts", "mover", "mroot", "msub", "msubsup", "msup", "mtable", "mtr",
    "munder", "munderover",
})  # fmt: skip
_FIRST_ONLY = frozenset({"semantics", "maction"})  # the rest says the same in other words
_DROPPED = frozenset({"annotation", "annotation-xml", "script", "style"})
_ATTRIBUTES = frozenset({
    "accent", "accentunder", "bevelled", "close", "columnalign", "columnlines", "columnspacing",
    "depth", "displaystyle", "fence", "form", "frame", "height", "largeop", "linebreak",
    "linethickness", "lspace", "mathcolor", "mathsize", "mathvariant",
    "maxsize", "minsize", "movablelimits", "notation", "open", "rowalign", "rowlines",
    "rowspacing", "rspace", "scriptlevel", "separator", "separators", "stretchy", "symmetric",
    "voffset", "width",
})  # fmt: skip
_VALUE = re.compile(r"[#\w .,%+|()\[\]{}/-]{0,60}")
_COMMAND = re.compile(r"\\[A-Za-z]")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]{0,40})\}")

# Outlines in place of symbols that stand elsewhere in the drawing.
ziafont_config.svg2 = False


def draw(kind: str, source: str, display: bool) -> Image:
    """The formula, FORMULA_EM pixels to the em; `kind` is "tex" or "mathml".

    Raises PictureUnreadable.
    """
    if len(source) > MOST_CHARACTERS * (1 if kind == "tex" else 20):
        raise PictureUnreadable(_TOO_LONG)
    try:
        markup = _as_mathml(source, display) if kind == "tex" else source
        formula = _set(_cleaned(markup, display))
        if formula.getsize()[0] > MOST_WIDTH * FORMULA_EM:
            raise PictureUnreadable("it is wider than a sheet")
        drawing = drawings.written(formula.svg().encode())
        depth = round(_MARGIN - formula.node.bbox.ymin)
    except PictureUnreadable:
        raise
    except Exception as error:  # the source is whatever an author wrote
        raise PictureUnreadable(_UNREADABLE) from error
    return replace(drawing, depth=depth)


def _as_mathml(tex: str, display: bool) -> str:
    # A number of its own would push the formula to the edge of a sheet of another size.
    return tex2mml(_TAG.sub(r"\\qquad (\1)", tex), inline=not display)


def _set(math: Element) -> Math:
    text = "".join(map(str, math.itertext()))
    if _COMMAND.search(text):
        raise PictureUnreadable("it uses commands that are not known")
    if not text.strip():
        raise PictureUnreadable("it is empty")
    formula = Math(etree.tostring(math, encoding="unicode"), size=_SIZE, margin=_MARGIN)
    for character in set(text):
        is_seen = not character.isspace() and unicodedata.category(character) != "Cf"
        if is_seen and not formula.font.glyphindex(character):
            raise PictureUnreadable("it has characters that its font does not have")
    return formula


def _cleaned(mathml: str, display: bool) -> Element:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    root = etree.fromstring(as_xml(mathml).encode("utf-8", "replace"), parser)
    if root is None or name_of(root) != "math":
        raise PictureUnreadable(_UNREADABLE)
    math = etree.Element("math", display="block" if display else "inline")
    _Cleaner().fill(math, root, _Level(doubled=2))
    return math


@dataclass(frozen=True, slots=True)
class _Level:
    depth: int = 0
    doubled: int = 1  # how often what stands here is measured


class _Cleaner:
    """Copies what is on the lists, and adds up the work that setting it will be.

    Rows are measured once without what stretches in them, and then once more: in rows within rows
    that is twice as often with each, so rows of one are taken away.
    """

    def __init__(self) -> None:
        self._work = 0

    def fill(self, target: Element, source: Element, level: _Level) -> None:
        if level.depth > MOST_DEPTH:
            raise PictureUnreadable(_TOO_LONG)
        for child in elements(source):
            if name_of(child) in _DROPPED:
                continue
            target.append(self._copied(child, level))
            if name_of(source) in _FIRST_ONLY:
                break

    def _copied(self, source: Element, level: _Level) -> Element:
        name = name_of(source)
        made = etree.Element(name if name in _ELEMENTS else "mrow")
        for attribute, value in source.attrib.items():
            if str(attribute) in _ATTRIBUTES and _VALUE.fullmatch(str(value)):
                made.set(str(attribute), str(value))
        self._work += level.doubled
        if self._work > MOST_WORK:
            raise PictureUnreadable(_TOO_LONG)
        if name in _TOKENS:
            made.text = " ".join("".join(map(str, source.itertext())).split())
            return made
        is_row = len(source) > 1 and name not in _NOT_ROWS
        below = _Level(level.depth + 1, level.doubled * 2 if is_row else level.doubled)
        self.fill(made, source, below)
        return made[0] if made.tag == "mrow" and len(made) == 1 and not made.attrib else made
