"""Style rules of an administrator: what may stand in them, and how they are printed. Pure.

A closed grammar: our own class names and elements in a few short selectors; known properties, each
with known words, colours, and lengths within bounds; no functions but colours, no at-rules, no
strings, no escapes. So nothing can be fetched, laid over other text or moved off the sheet, and no
rule makes printing slow. What is refused is refused whole, with a sentence.

What is printed is not the text but what was read in it, written anew (`scoped`), so that nothing
depends on two parsers reading the same. https://www.w3.org/TR/css-syntax-3/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tinycss2
from tinycss2 import ast, color4

MOST_CHARACTERS = 20_000
MOST_RULES = 200
MOST_SELECTORS = 300  # in all rules; each is tried on the elements it may be meant for
MOST_COMPOUNDS = 3  # in a selector; trying them can take the product of the depths
MOST_DECLARATIONS = 40  # in a rule
SCOPE = ".article"  # what is printed of a page; covers, contents and running heads are outside


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _words(
    """
    a abbr blockquote caption cite code col colgroup dd del dfn div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 header hr img ins kbd li mark ol p pre q samp small span strong sub sup table
    tbody td tfoot th thead tr u ul var
    """
)
# What costs the same on every element; not `:nth-of-type`, which counts all siblings each time.
PSEUDO_CLASSES = frozenset({"first-child", "last-child", "only-child"})
PSEUDO_ELEMENTS = frozenset({"before", "after", "marker"})
_NTH = frozenset({"nth-child", "nth-last-child"})
_CLASS = re.compile(r"(?:xp|article)(?:-[a-z0-9]+){1,4}|heading-number")
_NTH_ARGUMENT = re.compile(r"even|odd|\d{1,3}|\d{0,2}n(?:\+\d{1,2})?")

_POINTS = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
_EM = 14.0  # pt that an em or rem is taken for: the largest text
_GLOBAL = frozenset({"inherit", "initial", "unset"})
_COLOUR_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla"})
_LINES = frozenset({"none", "solid", "dashed", "double"})  # dots are drawn one by one, slowly
_WIDTHS = frozenset({"thin", "medium", "thick"})


@dataclass(frozen=True, slots=True)
class Values:
    """What may stand in a declaration of a property: up to `most` of these, in any order."""

    words: frozenset[str] = frozenset()
    colours: bool = False
    lengths: tuple[float, float] | None = None  # least and most, in points
    percents: tuple[float, float] | None = None
    numbers: tuple[float, float] | None = None
    most: int = 1


_SPACE = Values(_words("auto"), lengths=(0, 150), percents=(0, 50))  # 150 pt: about 5 cm
_ROOM = Values(lengths=(0, 150), percents=(0, 50))
_LINE = Values(_LINES | _WIDTHS, colours=True, lengths=(0, 20), most=3)
_DECORATION = _words("none underline overline line-through")
_STYLES = _words("solid double dashed")
_BREAK = Values(_words("auto avoid page avoid-page"))
_SIDES = ("top", "right", "bottom", "left")

PROPERTIES: dict[str, Values] = {
    "color": Values(colours=True),
    "background-color": Values(colours=True),
    "opacity": Values(numbers=(0.1, 1)),
    "vertical-align": Values(_words("baseline sub super top middle bottom")),
    "white-space": Values(_words("normal pre-line pre-wrap")),
    "tab-size": Values(numbers=(1, 16)),
    # Not in em, which in lists of lists would grow from level to level (`_written` sees to it).
    "font-size": Values(
        _words("xx-small x-small small medium large x-large xx-large"),
        lengths=(6, 72),
        percents=(50, 500),
    ),
    "font-style": Values(_words("normal italic oblique")),
    "font-variant": Values(_words("normal small-caps")),
    "font-variant-numeric": Values(
        _words("normal lining-nums oldstyle-nums proportional-nums tabular-nums slashed-zero"),
        most=3,
    ),
    "font-weight": Values(_words("normal bold"), numbers=(100, 900)),
    "hyphens": Values(_words("none manual auto")),
    "letter-spacing": Values(_words("normal"), lengths=(-1, 10)),
    "word-spacing": Values(_words("normal"), lengths=(-1, 20)),
    "line-height": Values(_words("normal"), lengths=(5, 100), percents=(80, 300), numbers=(0.8, 3)),
    "text-align": Values(_words("left right center justify start end")),
    "text-decoration": Values(_DECORATION | _STYLES, colours=True, most=3),
    "text-decoration-color": Values(colours=True),
    "text-decoration-line": Values(_DECORATION, most=3),
    "text-decoration-style": Values(_STYLES),
    "text-indent": Values(lengths=(0, 100), percents=(0, 30)),
    "text-transform": Values(_words("none capitalize uppercase lowercase")),
    "list-style-type": Values(
        _words(
            "none disc circle square decimal decimal-leading-zero lower-alpha upper-alpha "
            "lower-roman upper-roman lower-greek"
        )
    ),
    "break-after": _BREAK,
    "break-before": _BREAK,
    "break-inside": Values(_words("auto avoid")),
    "orphans": Values(numbers=(1, 9)),
    "widows": Values(numbers=(1, 9)),
    "border": _LINE,
    "border-collapse": Values(_words("collapse separate")),
    "border-color": Values(colours=True, most=4),
    "border-radius": Values(lengths=(0, 100), percents=(0, 50), most=4),
    "border-spacing": Values(lengths=(0, 20), most=2),
    "border-style": Values(_LINES, most=4),
    "border-width": Values(_WIDTHS, lengths=(0, 20), most=4),
    "margin": Values(_SPACE.words, lengths=(0, 150), percents=(0, 50), most=4),
    "padding": Values(lengths=(0, 150), percents=(0, 50), most=4),
    **{f"margin-{side}": _SPACE for side in _SIDES},
    **{f"padding-{side}": _ROOM for side in _SIDES},
    **{f"border-{side}": _LINE for side in _SIDES},
    **{f"border-{side}-color": Values(colours=True) for side in _SIDES},
    **{f"border-{side}-style": Values(_LINES) for side in _SIDES},
    **{f"border-{side}-width": Values(_WIDTHS, lengths=(0, 20)) for side in _SIDES},
}


class BadRules(ValueError):
    """The rules cannot be used; the message is a sentence for people, with the line."""


class _Wrong(Exception):
    """What is wrong, without the line."""


def problem(text: str) -> str:
    """What is wrong with the rules, with the line; empty when they can be used.

    >>> problem("h2 { color: #123456; margin-top: 12mm }")
    ''
    >>> problem("p { position: fixed }")
    'Line 1: “position” is not a property that can be used here.'
    >>> problem("@import 'x';")
    'Line 1: rules that begin with @ cannot be used here.'
    """
    try:
        scoped(text)
    except BadRules as reason:
        return str(reason)
    return ""


def scoped(text: str) -> str:
    """The rules as they are printed: within SCOPE, one a line. Raises BadRules.

    >>> scoped("H2, p > a { COLOR : red }")
    '.article h2,.article p>a{color:red}'
    """
    if len(text) > MOST_CHARACTERS:
        raise BadRules(f"Use at most {MOST_CHARACTERS:,} characters.")
    if "\\" in text:
        line = text[: text.index("\\")].count("\n") + 1
        raise BadRules(f"Line {line}: a backslash cannot be used here.")
    try:
        return _scoped(text)
    except RecursionError:
        raise BadRules("Brackets stand too deep in one another.") from None


def _scoped(text: str) -> str:
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    if len(rules) > MOST_RULES:
        raise BadRules(f"Use at most {MOST_RULES} rules.")
    written: list[str] = []
    selectors = 0
    for rule in rules:
        try:
            found = _selectors(rule)
            written.append(f"{','.join(found)}{{{';'.join(_declarations(rule))}}}")
        except _Wrong as reason:
            raise BadRules(f"Line {rule.source_line}: {reason}") from None
        selectors += len(found)
    if selectors > MOST_SELECTORS:
        raise BadRules(f"Use at most {MOST_SELECTORS} selectors.")
    return "\n".join(written)


def _selectors(rule: ast.Node) -> list[str]:
    if rule.type == "at-rule":
        raise _Wrong("rules that begin with @ cannot be used here.")
    if rule.type != "qualified-rule":
        raise _Wrong("this is no style rule.")
    return [_selector(part) for part in _split(rule.prelude, ",")]


def _split(tokens: Sequence[ast.Node], sign: str) -> Iterator[list[ast.Node]]:
    part: list[ast.Node] = []
    for token in tokens:
        if token.type == "literal" and token.value == sign:
            yield part
            part = []
        elif token.type != "comment":
            part.append(token)
    yield part


def _selector(tokens: Sequence[ast.Node]) -> str:
    """One selector, as ours: `p > a` becomes `.article p>a`."""
    made: list[str] = [SCOPE]
    combinator, compound = " ", ""
    count = 0
    stream = list(tokens)
    while stream and stream[-1].type == "whitespace":
        stream.pop()
    while stream and stream[0].type == "whitespace":
        stream.pop(0)
    at = 0
    while at < len(stream):
        token = stream[at]
        if token.type == "whitespace" or (token.type == "literal" and token.value in (">", "+")):
            if compound:
                made += [combinator, compound]
                compound, combinator = "", " "
                count += 1
            elif token.type == "literal" and (not count or combinator != " "):
                raise _Wrong("this is no selector.")
            if token.type == "literal":
                combinator = token.value
            at += 1
            continue
        piece, taken = _simple(stream[at : at + 3], is_first=not compound)
        if "::" in compound or "::" in made[-1]:
            raise _Wrong("nothing can follow a “::” name.")
        compound += piece
        at += taken
    if not compound:
        raise _Wrong("this is no selector.")
    if count + 1 > MOST_COMPOUNDS or len(compound) > 200:
        raise _Wrong(f"use at most {MOST_COMPOUNDS} names one inside the other.")
    return "".join([*made, combinator, compound])


def _simple(tokens: Sequence[ast.Node], is_first: bool) -> tuple[str, int]:
    """A simple selector, and of how many tokens it was read."""
    token = tokens[0]
    if token.type == "ident" and is_first and token.lower_value in ELEMENTS:
        return token.lower_value, 1
    following = tokens[1] if len(tokens) > 1 else None
    if token.type == "literal" and following is not None:
        if token.value == "." and following.type == "ident" and _CLASS.fullmatch(following.value):
            return f".{following.value}", 2
        if token.value == ":":
            return _pseudo(tokens, following)
    shown = token.serialize() if following is None else token.serialize() + following.serialize()
    raise _Wrong(f"“{_short(shown)}” cannot stand in a selector here.")


def _pseudo(tokens: Sequence[ast.Node], following: ast.Node) -> tuple[str, int]:
    if following.type == "ident" and following.lower_value in PSEUDO_CLASSES:
        return f":{following.lower_value}", 2
    if following.type == "function" and following.lower_name in _NTH:
        tokens_inside = (it for it in following.arguments if it.type != "whitespace")
        argument = "".join(it.serialize() for it in tokens_inside).lower()
        if _NTH_ARGUMENT.fullmatch(argument):
            return f":{following.lower_name}({argument})", 2
    last = tokens[2] if len(tokens) > 2 else None
    if (
        following.type == "literal"
        and following.value == ":"
        and last is not None
        and last.type == "ident"
        and last.lower_value in PSEUDO_ELEMENTS
    ):
        return f"::{last.lower_value}", 3
    shown = "".join(token.serialize() for token in tokens)
    raise _Wrong(f"“{_short(shown)}” cannot stand in a selector here.")


def _declarations(rule: ast.Node) -> Iterator[str]:
    items = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    if len(items) > MOST_DECLARATIONS:
        raise _Wrong(f"use at most {MOST_DECLARATIONS} declarations in a rule.")
    for item in items:
        if item.type != "declaration":
            raise _Wrong("this is no declaration such as “color: #1558bc”.")
        values = PROPERTIES.get(item.lower_name)
        if values is None:
            raise _Wrong(f"“{_short(item.name)}” is not a property that can be used here.")
        if item.important:
            raise _Wrong("“!important” cannot be used here; these rules come after ours anyway.")
        yield f"{item.lower_name}:{_written(item.lower_name, item.value, values)}"


def _written(name: str, tokens: Sequence[ast.Node], values: Values) -> str:
    parts = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if len(parts) == 1 and parts[0].type == "ident" and parts[0].lower_value in _GLOBAL:
        return str(parts[0].lower_value)
    if not 1 <= len(parts) <= values.most:
        raise _Wrong(f"“{_short(tinycss2.serialize(tokens).strip())}” is no value of {name} here.")
    return " ".join(_part(name, token, values) for token in parts)


def _part(name: str, token: ast.Node, values: Values) -> str:
    if token.type == "ident" and token.lower_value in values.words:
        return str(token.lower_value)
    if values.colours and (colour := _colour(token)):
        return colour
    if token.type == "dimension" and values.lengths:
        return _length(name, token, values.lengths)
    if token.type == "percentage" and values.percents:
        _check(name, token, token.value, values.percents)
        # Of the text's size and not of the parent's, which in lists of lists would add up.
        return f"{token.value / 100:g}rem" if name == "font-size" else f"{token.value:g}%"
    if token.type == "number":
        if values.numbers:
            _check(name, token, token.value, values.numbers)
            return f"{token.value:g}"
        if values.lengths and token.value == 0 >= values.lengths[0]:
            return "0"
    raise _Wrong(f"“{_short(token.serialize())}” is no value of {name} here.")


def _length(name: str, token: ast.Node, bounds: tuple[float, float]) -> str:
    unit = token.lower_unit
    if unit not in _POINTS and unit not in ("em", "rem"):
        raise _Wrong(f"“{_short(token.serialize())}” is no value of {name} here.")
    _check(name, token, token.value * _POINTS.get(unit, _EM), bounds)
    return f"{token.value:g}{'rem' if name == 'font-size' and unit == 'em' else unit}"


def _check(name: str, token: ast.Node, value: float, bounds: tuple[float, float]) -> None:
    if not bounds[0] <= value <= bounds[1]:
        size = "small" if value < bounds[0] else "large"
        raise _Wrong(f"“{_short(token.serialize())}” is too {size} for {name}.")


def _colour(token: ast.Node) -> str:
    """The colour as we write it, empty when it is none."""
    if token.type == "function" and token.lower_name not in _COLOUR_FUNCTIONS:
        return ""
    if token.type not in ("ident", "hash", "function"):
        return ""
    try:
        colour = color4.parse_color(token)
    except (ValueError, TypeError, AttributeError, NotImplementedError, ArithmeticError):
        return ""
    if colour is None:
        return ""
    if isinstance(colour, str):  # currentcolor
        return colour.lower()
    if colour.space not in ("srgb", "hsl"):
        return ""
    if token.type == "ident":
        return str(token.lower_value)
    red, green, blue = (
        min(255, max(0, round(255 * float(it or 0)))) for it in colour.to("srgb").coordinates
    )
    alpha = min(1.0, max(0.0, float(colour.alpha)))
    return (
        f"rgba({red},{green},{blue},{alpha:.3g})"
        if alpha < 1
        else f"#{red:02x}{green:02x}{blue:02x}"
    )


def _short(text: str) -> str:
    """
    >>> _short("x" * 60)[-3:]
    'xx…'
    """
    return text if len(text) <= 40 else f"{text[:40]}…"
