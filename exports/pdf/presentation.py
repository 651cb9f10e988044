"""Presentation of an SVG drawing: which properties may be printed, and what style sheets set. Pure.

Every value passes a closed grammar, so that nothing is fetched and the printer meets no value that
it cannot read. Style sheets are read here and become attributes: of selectors only names, classes,
ids and their descent count, which is all that drawing programs write.
https://www.w3.org/TR/SVG2/styling.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import tinycss2
from tinycss2 import color5

MOST_RULES = 500
MOST_CSS = 200_000  # characters
MOST_STYLE = 4000  # characters of a style attribute
MOST_TESTS = 3_000_000  # of an element against a part of a selector

_NUMBER = r"[+-]?(?:\d{1,15}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?"
_LENGTH = re.compile(rf"({_NUMBER})(px|pt|pc|mm|cm|in|em|rem|ex|%)?")
_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:[\s,]+{_NUMBER}){{0,999}}\s*")
_LENGTHS = re.compile(rf"{_LENGTH.pattern}(?:[\s,]+{_LENGTH.pattern}){{0,999}}")
_REFERENCE = re.compile(r"url\(\s*([\"']?)#([^\"'()\s]{1,200})\1\s*\)\s*(.*)", re.DOTALL)
_TRANSFORM = re.compile(r"\s*(\w{4,10})\s*\(([^()]*)\)[\s,]*")
_UNIT = re.compile(rf"({_NUMBER})(?:px|deg)?")
_FONT = re.compile(
    r"(?:(normal|italic|oblique)\s+)?(?:(normal|bold|[1-9]00)\s+)?([\d.]{1,10}\w{0,3})(?:/\S{1,20})?"
    r"\s+(.{1,200})"
)
_FAMILY = re.compile(r"[\w \-,'\".]{1,200}")
_VARIABLE = re.compile(r"var\(\s*--[\w-]{1,80}\s*,\s*([^()]{1,80}(?:\([^()]{0,80}\))?)\s*\)")
_LIGHT_DARK = re.compile(r"light-dark\(\s*([^(),]{1,80}(?:\([^()]{0,80}\))?)\s*,.*\)", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LARGEST = 1e6  # of a number

# Function of a transform → how many numbers it takes.
_TRANSFORMS = {
    "matrix": (6,),
    "translate": (1, 2),
    "translateX": (1,),
    "translateY": (1,),
    "scale": (1, 2),
    "scaleX": (1,),
    "scaleY": (1,),
    "rotate": (1, 3),
    "skewX": (1,),
    "skewY": (1,),
}


def number(text: str) -> str | None:
    match = _LENGTH.fullmatch(text)
    return text if match and not match[2] and abs(float(match[1])) <= _LARGEST else None


def length(text: str) -> str | None:
    """A length or a percentage; a unit that the printer does not know is none."""
    match = _LENGTH.fullmatch(text)
    return text if match and abs(float(match[1])) <= _LARGEST else None


def lengths(text: str) -> str | None:
    return text if text == "none" or _LENGTHS.fullmatch(text) else None


def numbers(text: str) -> str | None:
    return text if _NUMBERS.fullmatch(text) else None


def transform(text: str) -> str | None:
    """A list of functions with as many numbers as they take; no perspective, no calculation.

    >>> transform("translate(1px, 2) rotate(45deg)"), transform("rotate(1 2)")
    ('translate(1,2) rotate(45)', None)
    """
    written: list[str] = []
    at = 0
    while at < len(text):
        found = _TRANSFORM.match(text, at)
        if found is None or len(written) > 50:
            return None
        units = [_UNIT.fullmatch(part) for part in re.split(r"[\s,]+", found[2].strip())]
        values = [unit[1] for unit in units if unit and abs(float(unit[1])) <= _LARGEST]
        if len(values) != len(units) or len(values) not in _TRANSFORMS.get(found[1], ()):
            return None
        written.append(f"{found[1]}({','.join(values)})")
        at = found.end()
    return " ".join(written) or None


@lru_cache(maxsize=2048)
def colour(text: str) -> str | None:
    """A colour as `#rrggbb` or `rgba(…)`; the light one, where a dark one is offered too."""
    text = text.strip()
    if text.lower() == "currentcolor":
        return "currentColor"
    if len(text) > 200:
        return None
    text = _LIGHT_DARK.sub(r"\1", _VARIABLE.sub(r"\1", text))
    try:
        parsed = color5.parse_color(text)
        if parsed is None or isinstance(parsed, str):
            return None
        channels = [min(1.0, max(0.0, float(x or 0))) for x in parsed.to("srgb").coordinates]
        alpha = min(1.0, max(0.0, float(parsed.alpha)))
    except (ValueError, TypeError, AttributeError, NotImplementedError, ArithmeticError):
        return None
    red, green, blue = (round(255 * channel) for channel in channels)
    if alpha == 1.0:
        return f"#{red:02x}{green:02x}{blue:02x}"
    return f"rgba({red},{green},{blue},{alpha:.3g})"


def paint(text: str) -> str | None:
    """A colour, nothing, or what `url(#…)` names with a colour to fall back on."""
    if text in ("none", "context-fill", "context-stroke"):
        return text
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return "none" if text == "transparent" else colour(text)
    fallback = found[3].strip()
    return f"url(#{found[2]}) {(paint(fallback) if 'url' not in fallback else None) or ''}".strip()


def reference(text: str) -> str | None:
    found = _REFERENCE.fullmatch(text)
    return f"url(#{found[2]})" if found else "none" if text == "none" else None


def referred(value: str) -> str:
    """The id in a value that has passed, empty when there is none."""
    return value[5 : value.index(")")] if value.startswith("url(#") else ""


def _opacity(text: str) -> str | None:
    match = _LENGTH.fullmatch(text)
    return text if match and match[2] in (None, "%") else None


def _family(text: str) -> str | None:
    """The fonts asked for, then ours, which the rest of the sheet is set in."""
    return f"{text}, Noto Sans" if _FAMILY.fullmatch(text) else None


def _weight(text: str) -> str | None:
    text = {"bolder": "700", "lighter": "400"}.get(text, text)
    return text if re.fullmatch(r"normal|bold|[1-9]00", text) else None


def _one_of(*words: str) -> Callable[[str], str | None]:
    return lambda text: text if text in words else None


PROPERTIES: dict[str, Callable[[str], str | None]] = {
    "alignment-baseline": _one_of("auto", "baseline", "middle", "central", "hanging", "alphabetic"),
    "clip-path": reference,
    "color": colour,
    "direction": _one_of("ltr", "rtl"),
    "display": _one_of("none", "inline", "block"),
    "dominant-baseline": _one_of(
        "auto", "middle", "central", "hanging", "alphabetic", "text-before-edge", "text-after-edge"
    ),
    "fill": paint,
    "fill-opacity": _opacity,
    "fill-rule": _one_of("nonzero", "evenodd"),
    "font-family": _family,
    "font-size": length,
    "font-style": _one_of("normal", "italic", "oblique"),
    "font-weight": _weight,
    "letter-spacing": length,
    "marker": reference,
    "marker-end": reference,
    "marker-mid": reference,
    "marker-start": reference,
    "opacity": _opacity,
    "overflow": _one_of("visible", "hidden", "auto", "scroll"),
    "stop-color": colour,
    "stop-opacity": _opacity,
    "stroke": paint,
    "stroke-dasharray": lengths,
    "stroke-dashoffset": length,
    "stroke-linecap": _one_of("butt", "round", "square"),
    "stroke-linejoin": _one_of("miter", "round", "bevel"),
    "stroke-miterlimit": number,
    "stroke-opacity": _opacity,
    "stroke-width": length,
    "text-anchor": _one_of("start", "middle", "end"),
    "transform": transform,
    "visibility": _one_of("visible", "hidden"),
}
NOT_INHERITED = frozenset(
    {"clip-path", "display", "opacity", "overflow", "stop-color", "stop-opacity", "transform"}
)


@lru_cache(maxsize=4096)
def declared(style: str) -> tuple[tuple[str, str], ...]:
    """The declarations of a style attribute that may be printed, in order.

    >>> declared("fill: RED; behavior: url(x); stroke: url(http://evil.example/#a)")
    (('fill', '#ff0000'),)
    """
    found: list[tuple[str, str]] = []
    if len(style) > MOST_STYLE:
        return ()
    for part in _COMMENT.sub("", style).split(";"):
        name, _, text = part.partition(":")
        name, text = name.strip().lower(), text.partition("!")[0].strip()
        if name == "font" and (font := _FONT.fullmatch(text)):
            names = ("font-style", "font-weight", "font-size", "font-family")
            found += [
                it
                for key, x in zip(names, font.groups(), strict=True)
                if x
                for it in _valid(key, x)
            ]
        else:
            found += _valid(name, text)
    return tuple(found)


def _valid(name: str, text: str) -> list[tuple[str, str]]:
    check = PROPERTIES.get(name)
    value = check(text) if check else None
    return [] if value is None else [(name, value)]


@dataclass(frozen=True, slots=True)
class Named:
    """What a selector can ask of an element."""

    tag: str
    id: str
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Part:
    """One compound of a selector, e.g. `rect.node`, and how the one before stands to it."""

    tag: str
    id: str
    classes: frozenset[str]
    is_child: bool  # of the one before, rather than anywhere below it

    def fits(self, element: Named) -> bool:
        return (
            self.tag in ("", element.tag)
            and self.id in ("", element.id)
            and self.classes <= element.classes
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    parts: tuple[_Part, ...]
    rank: tuple[int, int, int, int]  # ids, classes, names, place in the sheet
    declared: tuple[tuple[str, str], ...]


class TooManyTests(Exception):
    """Matching the style sheets would take too long."""


@dataclass(slots=True)
class Rules:
    """The style sheets of a drawing, by what the last part of each selector asks for."""

    _by_key: dict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    _count: int = 0
    _tests: int = 0

    def read(self, css: str) -> None:
        """Take a style sheet in; what is not understood is passed over, `@` rules too."""
        if len(css) > MOST_CSS:
            raise TooManyTests
        for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            declarations = declared(tinycss2.serialize(rule.content))
            for parts in _selectors(rule.prelude) if declarations else ():
                self._count += 1
                if self._count > MOST_RULES:
                    return
                rank = (
                    sum(bool(part.id) for part in parts),
                    sum(len(part.classes) for part in parts),
                    sum(bool(part.tag) for part in parts),
                    self._count,
                )
                self._by_key[_key(parts[-1])].append(_Rule(parts, rank, declarations))

    def of(self, line: Sequence[Named]) -> dict[str, str]:
        """What the sheets set for the last element of a line of descent that starts at the root."""
        if not self._by_key:
            return {}
        element = line[-1]
        keys = ["", f"#{element.id}", element.tag, *(f".{name}" for name in element.classes)]
        candidates = [rule for key in keys for rule in self._by_key.get(key, ())]
        found: dict[str, str] = {}
        for rule in sorted(candidates, key=lambda rule: rule.rank):
            if self._matches(rule.parts, line):
                found.update(rule.declared)
        return found

    def _matches(self, parts: tuple[_Part, ...], line: Sequence[Named]) -> bool:
        """Walk down the line once, keeping which beginnings of the selector have been met."""
        if not parts[-1].fits(line[-1]):
            self._tests += 1
            return False
        if len(parts) == 1:
            return True
        self._tests += len(parts) * len(line)
        if self._tests > MOST_TESTS:
            raise TooManyTests
        met = [False] * len(parts)  # by an ancestor
        just: list[bool] = list(met)  # by the parent
        for element in line:
            now = [
                part.fits(element) and (index == 0 or (just if part.is_child else met)[index - 1])
                for index, part in enumerate(parts)
            ]
            met = [before or here for before, here in zip(met, now, strict=True)]
            just = now
        return just[-1]


def _key(part: _Part) -> str:
    if part.id:
        return f"#{part.id}"
    return f".{min(part.classes)}" if part.classes else part.tag


def _selectors(prelude: Iterable[tinycss2.ast.Node]) -> Iterator[tuple[_Part, ...]]:
    """The selectors of a list, as far as they are made of names, classes, ids and descent."""
    text = tinycss2.serialize(prelude)
    for selector in text.split(",")[:50]:
        words = selector.replace(">", " > ").split()
        parts: list[_Part] = []
        is_child = False
        for word in words:
            if word == ">":
                is_child = True
                continue
            found = re.fullmatch(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)", word)
            if found is None or not word:
                parts.clear()
                break
            names = re.findall(r"([.#])([\w-]+)", found[2])
            parts.append(
                _Part(
                    (found[1] or "").replace("*", ""),
                    next((name for mark, name in names if mark == "#"), ""),
                    frozenset(name for mark, name in names if mark == "."),
                    is_child,
                )
            )
            is_child = False
        if parts and len(parts) <= 8:
            yield tuple(parts)
