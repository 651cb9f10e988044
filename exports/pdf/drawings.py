"""An SVG file in, the same drawing out, safe to print as vectors. CPU only.

What comes out is written anew from closed lists of elements and attributes (SVG 2): no scripts, no
style sheets, no links, nothing that could be fetched. `use` is written out, references are made
free of loops, filters and masks are left out, and what the printer would take too long for is
refused: its costs are added up in tenths of a millisecond, as measured.
"""

from __future__ import annotations

import logging
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from types import MappingProxyType

from lxml import etree

from addon.options import Images
from exports.document import IMAGE_SCHEME, Chunk, Image
from exports.pdf import gradients, measures, outlines, presentation
from exports.pdf.drawing_source import (
    PAINTS,
    Attributes,
    Element,
    Source,
    TooManyElements,
    as_xml,
    elements,
    href,
    name_of,
)
from exports.pdf.foreign_words import Words, words_of
from exports.pdf.measures import Box, all_geometry, geometry, pixels
from exports.pdf.outlines import TooManySegments
from exports.pdf.pictures import PictureUnreadable, prepare
from exports.pdf.presentation import NOT_INHERITED, TooManyTests
from exports.pdf.printing import print_chunk

MOST_BYTES = 10 * 1024 * 1024
MOST_ELEMENTS = 20_000  # in the file
MOST_DRAWN = 30_000  # elements, with every `use` written out
MOST_DEPTH = 60
MOST_COST = 60_000.0  # tenths of a millisecond of printing
MOST_PICTURES = 100
MOST_EMBEDDED = 2  # drawings within drawings

_SVG = "http://www.w3.org/2000/svg"
_NAMES: dict[str, str] = {None: _SVG}  # type: ignore[dict-item]  # no prefix
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TOO_COMPLEX = "it is too complex to print"
_UNREADABLE = "it cannot be read"
_GZIP = b"\x1f\x8b"

# What an element, a segment of a path, a character … cost to print.
_ELEMENT, _SEGMENT, _CHARACTER, _GRADIENT, _TRANSLUCENT, _PICTURE = 1.5, 0.4, 1.0, 5.0, 2.0, 20.0

_GROUPS = frozenset({"g", "a"})
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_IN_TEXT = frozenset({"tspan", "textPath", "a"})
_POSITIONS = ("x", "y", "dx", "dy")
_PAINTED = ("fill", "stroke")
_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")
_LEADING = 1.2  # lines of a label, in sizes of its type
_FRAME = {"fill": "none", "stroke": "#a9b1bd", "stroke-dasharray": "3,2"}

_DATA = re.compile(r"data:(image/[\w.+-]{1,20})\s*;(?:[\w=-]{1,40};)?base64,", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?svg[\s>/]", re.IGNORECASE)
_NONE: Attributes = MappingProxyType({})


def is_drawing(content: bytes) -> bool:
    """Whether the bytes are an SVG file, packed or not, in whatever encoding."""
    head = _unpacked(content, 65_536) if content.startswith(_GZIP) else content[:65_536]
    head = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and _ROOT.search(head) is not None


def draw(content: bytes, profile: Images = "standard", is_part_of_html: bool = False) -> Image:
    """The drawing as SVG that the printer can read; `profile` is for the photos within it.

    `is_part_of_html` reads it as a browser would, mistakes and all. Raises PictureUnreadable.
    """
    drawing = written(content, profile, is_part_of_html)
    if not _prints(drawing):
        raise PictureUnreadable(_UNREADABLE)
    return drawing


def written(content: bytes, profile: Images = "standard", is_part_of_html: bool = False) -> Image:
    """The same, not yet tried; enough for what we drew ourselves."""
    try:
        if content.startswith(_GZIP):
            content = _unpacked(content, MOST_BYTES + 1)
        return _Drawing(_parse(content, is_part_of_html), _Shared(profile)).whole()
    except PictureUnreadable:
        raise
    except (TooManyElements, TooManySegments, TooManyTests):
        raise PictureUnreadable(_TOO_COMPLEX) from None
    except Exception as error:  # whatever a hostile file brings about
        raise PictureUnreadable(_UNREADABLE) from error


def _unpacked(content: bytes, most_bytes: int) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(content, most_bytes)
    except zlib.error:
        return b""


def _parse(content: bytes, is_part_of_html: bool) -> Element:
    if len(content) > MOST_BYTES:
        raise PictureUnreadable("it is too large to print")
    # Told before a tree of it is built: a start, an end and a comment to each.
    if content.count(b"<") > 3 * MOST_ELEMENTS:
        raise PictureUnreadable(_TOO_COMPLEX)
    if is_part_of_html:
        text = as_xml(content.decode("utf-8", "replace"))
        content = text.encode("utf-8", "replace")
    parser = etree.XMLParser(
        recover=is_part_of_html,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(content, parser)
    if root is None or name_of(root) != "svg":
        raise PictureUnreadable(_UNREADABLE)
    return root


class _Failures(logging.Handler):
    """Hears whether the printer gave a drawing up; it says so in its log and goes on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def _prints(drawing: Image) -> bool:
    """Try it on a sheet of its own: one that fails half-way would spoil what stands round it."""
    failures = _Failures()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(failures)
    try:
        print_chunk(Chunk(f'<img src="{IMAGE_SCHEME}drawing">', {"drawing": drawing}), "")
    except Exception:  # WeasyPrint raises whatever it likes
        return False
    finally:
        logger.removeHandler(failures)
    return not failures.count


@dataclass(slots=True)
class _Shared:
    """What a drawing and those embedded in it have in common: their bounds, and names for parts."""

    profile: Images
    drawn: int = 0
    pictures: int = 0
    names: int = 0

    def count_element(self) -> None:
        self.drawn += 1
        if self.drawn > MOST_DRAWN:
            raise PictureUnreadable(_TOO_COMPLEX)

    def count_picture(self) -> None:
        self.pictures += 1
        if self.pictures > MOST_PICTURES:
            raise PictureUnreadable(_TOO_COMPLEX)

    def name(self) -> str:
        self.names += 1
        return f"p{self.names}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the drawing we are."""

    depth: int = 0
    inherited: Attributes = field(default_factory=dict)
    using: frozenset[str] = frozenset()  # ids that are being written out by `use`
    size: tuple[str, str] | None = None  # that `use` gives to what it points to

    def below(self) -> _Place:
        if self.depth >= MOST_DEPTH:
            raise PictureUnreadable(_TOO_COMPLEX)
        return replace(self, depth=self.depth + 1, size=None)


class _Drawing:
    """Writes one drawing anew. Its methods say what their part costs to print."""

    def __init__(self, root: Element, shared: _Shared, level: int = 0) -> None:
        self._root, self._shared, self._level = root, shared, level
        self._source = Source(root, MOST_ELEMENTS)
        self._width, self._height, self._view_box = measures.size(root)
        self._plane = Box(*map(float, self._view_box.split()))
        self._defs = _made("defs")
        self._parts: dict[object, str] = {}  # what was asked for → its new id, empty for none
        self._costs: dict[str, float] = {}  # by new id

    def whole(self) -> Image:
        svg, cost = self.written()
        if cost > MOST_COST:
            raise PictureUnreadable(_TOO_COMPLEX)
        content = etree.tostring(svg, encoding="utf-8")
        width, height = max(1, ceil(self._width)), max(1, ceil(self._height))
        return Image(content, "image/svg+xml", width, height)

    def written(self) -> tuple[Element, float]:
        """The drawing as an `svg` element, and its cost."""
        svg = _made("svg")
        svg.set("width", f"{self._width:.6g}")
        svg.set("height", f"{self._height:.6g}")
        svg.set("viewBox", self._view_box)
        if ratio := geometry(self._root, "preserveAspectRatio"):
            svg.set("preserveAspectRatio", ratio)
        svg.append(self._defs)
        # On a group of its own, so that the parts in `defs` do not inherit what is set here.
        group = self._make("g", svg)
        place, cost = self._present(self._root, group, _Place(), but={"transform"})
        return svg, cost + self._children(self._root, group, place)

    def _children(self, source: Element, target: Element, place: _Place) -> float:
        below = place.below()
        return sum(self._element(child, target, below) for child in elements(source))

    def _element(self, source: Element, target: Element, place: _Place) -> float:
        """Write the element into `target`; nothing of one that is not on the list."""
        name = name_of(source)
        if self._source.own(source).get("display") == "none":
            return 0.0
        if name in _GROUPS:
            return self._group(source, target, place)
        if name in _SHAPES:
            return self._shape(source, target, place)
        if name == "text":
            return self._text(source, target, place, "text")
        if name == "svg" or (name == "symbol" and place.size is not None):
            return self._viewport(source, target, place)
        if name == "use":
            return self._use(source, target, place)
        if name == "image":
            return self._picture(source, target, place)
        if name == "switch":
            return self._switch(source, target, place)
        if name == "foreignObject":
            return self._words(words_of(source), source, target, place)
        return 0.0

    def _group(self, source: Element, target: Element, place: _Place) -> float:
        group = self._make("g", target)
        below, cost = self._present(source, group, place)
        return _translucent(group, cost + self._children(source, group, below))

    def _shape(self, source: Element, target: Element, place: _Place) -> float:
        tag, segments = name_of(source), 4
        if tag == "path":
            data, segments = outlines.absolute(source.get("d") or "")
            given = {"d": data}
        elif tag in ("polyline", "polygon"):
            data, segments = outlines.polyline(source.get("points") or "", tag == "polygon")
            tag, given = "path", {"d": data}
        else:
            given = all_geometry(source, tag)
        if not segments:
            return 0.0
        shape = self._make(tag, target, given)
        below, cost = self._present(source, shape, place)
        cost += self._paint(shape, below.inherited, measures.bounds(tag, given), segments)
        for name in _MARKERS:
            marker = self._part(presentation.referred(below.inherited.get(name, "")), "marker")
            cost += self._costs.get(marker, 0.0) * (segments + 1)
        return _translucent(shape, cost + segments * _SEGMENT)

    def _text(self, source: Element, target: Element, place: _Place, tag: str) -> float:
        text = self._make(tag, target, all_geometry(source, tag))
        for name in (*_POSITIONS, "rotate"):
            value = (source.get(name) or "").strip()
            check = presentation.numbers if name == "rotate" else presentation.lengths
            if value and value != "none" and check(value):
                text.set(name, value)
        if source.get(_SPACE) == "preserve":
            text.set(_SPACE, "preserve")
        below, cost = self._present(source, text, place)
        cost += self._paint(text, below.inherited, None, 0)
        below = below.below()
        text.text = source.text or ""
        cost += _CHARACTER * len(text.text)
        for child in elements(source):
            if name_of(child) in _IN_TEXT and self._source.own(child).get("display") != "none":
                cost += self._text(child, text, below, "tspan")
            tail = child.tail or ""
            if len(text):
                text[-1].tail = (text[-1].tail or "") + tail
            else:
                text.text += tail
            cost += _CHARACTER * len(tail)
        return _translucent(text, cost)

    def _viewport(self, source: Element, target: Element, place: _Place) -> float:
        """An inner `svg`, or a symbol in use: a plane of its own where it has a `viewBox`."""
        given = all_geometry(source, "svg")
        if name_of(source) == "symbol":
            if "viewBox" not in given:
                return self._group(source, target, place)
            given = {name: it for name, it in given.items() if name not in ("x", "y")}
        for side, wish in zip(("width", "height"), place.size or ("", ""), strict=True):
            given[side] = wish or given.get(side, "100%")
        viewport = self._make("svg", target, given)
        below, cost = self._present(source, viewport, place, but={"transform"})
        return _translucent(viewport, cost + self._children(source, viewport, below))

    def _use(self, source: Element, target: Element, place: _Place) -> float:
        """Write out what `use` points to; one that leads back to itself is passed over."""
        address = href(source)
        name = address.removeprefix("#")
        used = self._source.part(name) if address.startswith("#") else None
        if used is None or name in place.using:
            return 0.0
        group = self._make("g", target)
        below, cost = self._present(source, group, place)
        x, y = (pixels(geometry(source, axis)) for axis in ("x", "y"))
        if x or y:
            group.set("transform", f"{group.get('transform') or ''} translate({x:g},{y:g})".strip())
        size = (geometry(source, "width"), geometry(source, "height"))
        below = replace(below.below(), using=place.using | {name}, size=size)
        return _translucent(group, cost + self._element(used, group, below))

    def _picture(self, source: Element, target: Element, place: _Place) -> float:
        """An embedded photo is encoded anew, an embedded drawing written into this one.

        One that stands elsewhere, or that cannot be read, leaves an empty frame.
        """
        self._shared.count_picture()
        given = all_geometry(source, "image")
        data = href(source)
        found = _DATA.match(data)
        try:
            content = b64decode(data[found.end() :]) if found else b""
            if is_drawing(content):
                return self._embedded(content, given, source, target, place)
            image = prepare(content, self._shared.profile)
        except (PictureUnreadable, etree.XMLSyntaxError, ValueError):
            given.pop("preserveAspectRatio", None)
            frame = self._make("rect", target, {**given, **_FRAME})
            return self._present(source, frame, place, but={"fill", "stroke"})[1]
        picture = self._make("image", target, given)
        picture.set("href", f"data:{image.media_type};base64,{b64encode(image.content).decode()}")
        _, cost = self._present(source, picture, place)
        return _translucent(picture, cost + _PICTURE)

    def _embedded(
        self, content: bytes, given: Attributes, source: Element, target: Element, place: _Place
    ) -> float:
        if self._level >= MOST_EMBEDDED:
            raise PictureUnreadable(_TOO_COMPLEX)
        root = _parse(content, is_part_of_html=False)
        svg, cost = _Drawing(root, self._shared, self._level + 1).written()
        for name, value in given.items():
            svg.set(name, value)
        group = self._make("g", target)
        _, own_cost = self._present(source, group, place)
        group.append(svg)
        return _translucent(group, own_cost + cost)

    def _switch(self, source: Element, target: Element, place: _Place) -> float:
        """The first child that we can draw; words in HTML are set where their stand-in stands."""
        below = place.below()
        children = list(elements(source))
        foreign = next((x for x in children if name_of(x) == "foreignObject"), None)
        shown = next((x for x in children if name_of(x) != "foreignObject"), None)
        if foreign is not None and (words := words_of(foreign)).lines:
            if shown is not None and name_of(shown) == "text":
                return self._words(words, shown, target, below)
            if shown is None or name_of(shown) == "image":
                return self._words(words, foreign, target, below)
        return 0.0 if shown is None else self._element(shown, target, below)

    def _words(self, words: Words, source: Element, target: Element, place: _Place) -> float:
        """Set lines of text in the middle of a box, or round the text that stood in for them."""
        if not words.lines:
            return 0.0
        group = self._make("g", target)
        below, cost = self._present(source, group, place)
        size = words.size or pixels(below.inherited.get("font-size", "")) or 12.0
        x, y = (pixels(geometry(source, axis)) for axis in ("x", "y"))
        if name_of(source) == "foreignObject":
            width, height = (pixels(geometry(source, side)) for side in ("width", "height"))
            x, y = x + width / 2, y + height / 2 + 0.35 * size
            lines = words.within(width if height > 2 * size * _LEADING else 0.0, size)
        else:
            lines = words.within(words.width, size)
        if "text-anchor" not in below.inherited:
            group.set("text-anchor", "middle")
        if colour := presentation.colour(words.colour) if words.colour else None:
            group.set("fill", colour)
        group.set("font-size", f"{size:g}")
        top = y - _LEADING / 2 * size * (len(lines) - 1)
        for index, line in enumerate(lines):
            at = {"x": f"{x:.6g}", "y": f"{top + _LEADING * size * index:.6g}"}
            self._make("text", group, at).text = line
            cost += _ELEMENT + _CHARACTER * len(line)
        return cost

    def _present(
        self, source: Element, target: Element, place: _Place, but: set[str] | None = None
    ) -> tuple[_Place, float]:
        """Write the source's own properties on the target; tell what its children inherit.

        Paint that points to a part is left to the shapes, which know how large they are.
        """
        own = self._source.own(source)
        cost = _ELEMENT
        for name, value in own.items():
            if name == "display" or (but and name in but):
                continue
            wanted = presentation.referred(value)
            if wanted and name in _PAINTED:
                continue
            if wanted:
                part = self._part(wanted, "clipPath" if name == "clip-path" else "marker")
                cost += self._costs.get(part, 0.0) if name == "clip-path" else 0.0
                value = f"url(#{part})" if part else ""
            if value:
                target.set(name, value)
        inherited = {name: value for name, value in own.items() if name not in NOT_INHERITED}
        return replace(place, inherited={**place.inherited, **inherited}), cost

    def _paint(
        self, target: Element, properties: Attributes, box: Box | None, segments: int
    ) -> float:
        """Fill and stroke a shape with the parts that its properties point to."""
        cost = 0.0
        for name in _PAINTED:
            value = properties.get(name, "")
            wanted = presentation.referred(value)
            if not wanted:
                continue
            part = self._paint_part(wanted, box)
            if part in self._costs:
                target.set(name, f"url(#{part})")
            else:  # a colour in its stead, or what the drawing itself falls back on
                target.set(name, part or value.partition(") ")[2] or "none")
            cost += self._costs.get(part, 0.0) + segments * _SEGMENT
        return cost

    def _paint_part(self, wanted: str, box: Box | None) -> str:
        """A pattern, or a gradient for a shape of this box; without a box the gradient's colour."""
        source = self._source.part(wanted)
        if source is None or name_of(source) not in PAINTS:
            return ""
        if name_of(source) == "pattern":
            return self._part(wanted, "pattern")
        key = (wanted, box)
        if key not in self._parts:
            self._parts[key] = self._gradient(source, box)
        return self._parts[key]

    def _gradient(self, source: Element, box: Box | None) -> str:
        chain = self._source.chain(source)
        kind = name_of(source)
        stops = self._stops(chain)
        fitted = gradients.fitted(
            kind, _merged(chain, kind), _first(chain, "gradientTransform"), box, self._plane
        )
        if not stops:
            return ""
        if fitted is None or len(stops) == 1:
            return stops[-1].get("stop-color") or "#000000"
        return self._keep(_made(kind, fitted), stops, _GRADIENT + len(stops))

    def _stops(self, chain: list[Element]) -> list[Element]:
        for link in chain:
            if stops := [x for x in elements(link) if name_of(x) == "stop"]:
                return [self._stop(stop) for stop in stops[:100]]
        return []

    def _stop(self, source: Element) -> Element:
        stop = _made("stop", all_geometry(source, "stop"))
        own = self._source.own(source)
        colour = own.get("stop-color", "#000000")
        if colour == "currentColor":
            whole = {**self._source.inherited(source), **own}
            colour = whole.get("color", "#000000")
        stop.set("stop-color", colour if colour.startswith(("#", "rgba")) else "#000000")
        if "stop-opacity" in own:
            stop.set("stop-opacity", own["stop-opacity"])
        return stop

    def _part(self, wanted: str, kind: str) -> str:
        """Write a part that others point to, once; empty when there is none, or a loop."""
        source = self._source.part(wanted) if wanted else None
        if source is None or name_of(source) != kind:
            return ""
        if wanted not in self._parts:
            self._parts[wanted] = ""  # whoever asks until it is finished stands inside it
            self._parts[wanted] = self._made_part(source, kind)
        return self._parts[wanted]

    def _made_part(self, source: Element, kind: str) -> str:
        chain = self._source.chain(source)
        given = _merged(chain, kind)
        if kind == "pattern" and not _is_printable_tile(given):
            return ""
        if kind == "marker":
            given |= _orientation(source)
            if min(pixels(given.get(side, "3")) for side in ("markerWidth", "markerHeight")) <= 0:
                return ""
        part = _made(kind, given)
        if kind == "pattern" and (transform := _first(chain, "patternTransform")):
            part.set("patternTransform", transform)
        place = _Place(inherited=self._source.inherited(source))
        for name, value in place.inherited.items():
            part.set(name, value)
        below, cost = self._present(source, part, place)
        filled = next((link for link in chain if len(link)), source)
        cost += self._children(filled, part, below)
        return self._keep(part, [], cost) if len(part) else ""

    def _keep(self, part: Element, content: list[Element], cost: float) -> str:
        """Put a part among the definitions; tell its name there."""
        for element in (part, *content):
            self._shared.count_element()
            if element is not part:
                part.append(element)
        name = self._shared.name()
        part.set("id", name)
        self._defs.append(part)
        self._costs[name] = cost
        return name

    def _make(self, tag: str, parent: Element, attributes: Attributes = _NONE) -> Element:
        self._shared.count_element()
        element = _made(tag, attributes)
        parent.append(element)
        return element


def _made(tag: str, attributes: Attributes = _NONE) -> Element:
    return etree.Element(f"{{{_SVG}}}{tag}", dict(attributes), nsmap=_NAMES)


def _translucent(element: Element, cost: float) -> float:
    """The printer measures all that stands in a translucent element once more."""
    return cost if element.get("opacity", "1") == "1" else cost * 1.5 + _TRANSLUCENT


def _merged(chain: list[Element], kind: str) -> dict[str, str]:
    """What the links of a chain say about where they are, the first one having the last word."""
    merged: dict[str, str] = {}
    for link in reversed(chain):
        merged |= all_geometry(link, kind)
    return merged


def _first(chain: list[Element], name: str) -> str:
    """The first of a chain's transforms."""
    texts = (link.get(name) for link in chain)
    return next((it for text in texts if text and (it := presentation.transform(text))), "")


def _orientation(marker: Element) -> dict[str, str]:
    orient = (marker.get("orient") or "").strip().removesuffix("deg")
    if orient in ("auto", "auto-start-reverse") or presentation.number(orient):
        return {"orient": orient}
    return {}


def _is_printable_tile(given: Mapping[str, str]) -> bool:
    """Whether a tile is large enough that whoever reads the PDF does not draw for ever."""
    least = 0.5 if given.get("patternUnits") == "userSpaceOnUse" else 0.002
    sides = (given.get(side, "") for side in ("width", "height"))
    return (
        min(pixels(side.removesuffix("%")) / (100 if "%" in side else 1) for side in sides) >= least
    )
