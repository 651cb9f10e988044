"""A drawing as its file has it: its parts by id, and what is set on each element. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from lxml import etree

from exports.pdf import presentation
from exports.pdf.presentation import NOT_INHERITED, PROPERTIES, Named, Rules

PAINTS = frozenset({"linearGradient", "radialGradient", "pattern"})

_LONGEST_CHAIN = 10  # of gradients that take over from one another
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_BARE = re.compile(r"\"[^\"]*\"|'[^']*'|=([^\s\"'<>=]+?)(?=\s|/?>)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w{1,31};")
_HREF = re.compile(r"(?:^|[}:])href$")

Element = etree._Element
Attributes = Mapping[str, str]


def as_xml(html: str) -> str:
    """What HTML allows and XML does not, written out: values without quotes, names of characters.

    >>> as_xml("<svg width=10>&nbsp;a=b</svg>")
    '<svg width="10">\\xa0a=b</svg>'
    """
    quoted = _TAG.sub(lambda tag: _BARE.sub(_quoted, tag[0]), html)
    return _ENTITY.sub(lambda found: unescape(found[0]), quoted)


def _quoted(value: re.Match[str]) -> str:
    return value[0] if value[1] is None else f'="{value[1]}"'


class TooManyElements(Exception):
    """The file has more elements than are printed."""


def name_of(element: Element) -> str:
    """The element's name, without a name space or the prefix that recovery leaves there."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def elements(source: Element) -> Iterator[Element]:
    return (child for child in source if isinstance(child.tag, str))


def href(element: Element) -> str:
    """Where it points to, in the old name space or none."""
    values = (value for name, value in element.attrib.items() if _HREF.search(str(name)))
    return str(next(values, "")).strip()


class Source:
    """Answers what the file says about its elements."""

    def __init__(self, root: Element, most_elements: int) -> None:
        self.root = root
        self._by_id: dict[str, Element] = {}
        self._rules = Rules()
        self._own: dict[Element, Attributes] = {}
        self._named: dict[Element, Named] = {}
        for count, element in enumerate(root.iter(etree.Element), start=1):
            if count > most_elements:
                raise TooManyElements
            if name := element.get("id"):
                self._by_id.setdefault(name, element)
            if name_of(element) == "style":
                self._rules.read("".join(map(str, element.itertext())))

    def part(self, name: str) -> Element | None:
        """The element with this id."""
        return self._by_id.get(name)

    def own(self, source: Element) -> Attributes:
        """The properties that are set on the element: by attributes, then sheets, then style."""
        known = self._own.get(source)
        if known is None:
            found: dict[str, str] = {}
            for name, text in source.attrib.items():
                check = PROPERTIES.get(str(name))
                value = check(str(text).strip()) if check else None
                if value is not None:
                    found[str(name)] = value
            found |= self._rules.of(self._line(source))
            found |= dict(presentation.declared(source.get("style") or ""))
            known = self._own[source] = found
        return known

    def inherited(self, source: Element) -> dict[str, str]:
        """What a part inherits where it stands in the file, but for what points to parts."""
        found: dict[str, str] = {}
        for ancestor in reversed(list(source.iterancestors())):
            found |= {
                name: value
                for name, value in self.own(ancestor).items()
                if name not in NOT_INHERITED and not presentation.referred(value)
            }
        return found

    def chain(self, source: Element) -> list[Element]:
        """A gradient or a pattern, and those it takes over from."""
        found: list[Element] = []
        link: Element | None = source
        while link is not None and link not in found and len(found) < _LONGEST_CHAIN:
            found.append(link)
            link = self.part(href(link).removeprefix("#"))
            if link is not None and name_of(link) not in PAINTS:
                break
        return found

    def _line(self, source: Element) -> list[Named]:
        line = [self._name(ancestor) for ancestor in source.iterancestors()]
        return [*reversed(line), self._name(source)]

    def _name(self, source: Element) -> Named:
        known = self._named.get(source)
        if known is None:
            classes = frozenset((source.get("class") or "").split())
            known = self._named[source] = Named(name_of(source), source.get("id") or "", classes)
        return known
