"""Twin: which element of a page's HTML shows which node of its ADF. Pure.

The two renditions share no ids but those of media. They share the words, in the same order: lines
that occur once in both are matched first (as patience diff does), the rest in order between them.
What one rendition formats and the other does not (dates, people, emoji, states) is left out of the
comparison.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from exports.content.adf import LEAVES, MEDIA, Node
from exports.content.nodes import INLINE, Element, classes, names

_BLANK = re.compile(r"[\s\u200b\u00a0\ufeff\u2060]+")
_UNSPOKEN = names("user-mention confluence-userlink status-macro emoticon expand-control toc-macro")
# Blocks cannot stand between these; what stands for a block goes in or around them.
_PARTS = names("li dt dd tr td th tbody thead tfoot col colgroup caption")
_ROOMS = names("innerCell cell panelContent expand-content confluence-information-macro-body")
_SEEN = names("img hr svg iframe video audio object embed input")

_Pair = tuple[int, int]


@dataclass(slots=True)
class Twin:
    """A document and the body it belongs to, line by line."""

    document: Node
    body: Element
    element_of: dict[Node, Element] = field(default_factory=dict)  # lines, and media
    _node_of: dict[Element, Node] = field(default_factory=dict)
    _order: dict[Node, int] = field(default_factory=dict)
    _shown: list[tuple[int, Element]] = field(default_factory=list)  # by the order of the document
    _places: dict[Element, int] = field(default_factory=dict)  # in the body as it was at first
    _all: list[Element] = field(default_factory=list)

    @classmethod
    def of(cls, document: Node, body: Element) -> Twin:
        twin = cls(document, body)
        theirs = list(_lines_of_document(document))
        ours = list(_lines_of_body(body))
        twin._order = {node: at for at, node in enumerate(document.walk())}
        twin._all = list(body.iter())
        twin._places = {element: at for at, element in enumerate(twin._all)}
        for left, right in _matches([key for key, _ in theirs], [key for key, _ in ours]):
            node, element = theirs[left][1], ours[right][1]
            twin.element_of[node] = element
            twin._node_of[element] = node
            twin._shown.append((twin._order[node], element))
        twin._shown.sort(key=lambda item: item[0])
        return twin

    def holder(self, node: Node, tag: str = "", css_class: str = "") -> Element | None:
        """The nearest element of a kind around what shows the node's first line."""
        first = next((self.element_of[x] for x in node.walk() if x in self.element_of), None)
        if first is None:
            return None
        for element in (first, *first.iterancestors()):
            if tag in ("", element.tag) and (not css_class or css_class in classes(element)):
                return element
        return None

    def extent(self, node: Node) -> list[Element]:
        """The neighbouring elements that show all of the node and nothing else; may be empty."""
        shown = [self.element_of[line] for line in node.walk() if line in self.element_of]
        if not shown:
            return []
        inside = set(node.walk())
        common = _common(shown[0], shown[-1])
        is_one = common in (shown[0], shown[-1])
        run = [common] if is_one else _between(common, shown[0], shown[-1])
        if run[0].tag in _PARTS or len(run) == len(common):
            run = [common]
        if len(run) == 1:
            run = [self._widest(run[0], inside)]
        is_whole = all(self._shows_only(element, inside) for element in run)
        return run if is_whole and run[0] is not self.body and run[0].tag not in _PARTS else []

    def gap(self, node: Node) -> list[Element]:
        """What the HTML shows where the node should be, and no line of the document stands for.

        Empty when the node left nothing at all. Blank elements that name a macro are in it.
        """
        before, after = self._neighbours(node)
        start = 0
        found = [outer for outer in _left(before, after) if _letters(outer.tail)]
        if before is not None:
            start = self._places[before] + sum(1 for _ in before.iter())
        end = len(self._all) if after is None else self._places[after]
        for element in self._all[start:end]:
            if element.getparent() is not None and (
                element.tag in _SEEN
                or is_placeholder(element)
                or _letters(element.text)
                or _letters(element.tail)
            ):
                found.append(element)
        return found

    def insert(self, node: Node, new: Element) -> None:
        """Put a block where the node would be shown."""
        before, after = self._neighbours(node)
        inside = set(node.parent.walk()) if node.parent is not None else set()
        near = before is not None and self._node_of[before] in inside
        next_to = after is not None and self._node_of[after] in inside
        if near and next_to and before is not None and after is not None:
            common = _common(before, after)
            branch = _branch(common, after)
            if branch.tag not in _PARTS and branch is not before:
                branch.addprevious(_with_tail(new, None))
                return
        if near or (before is not None and not next_to):
            assert before is not None  # noqa: S101 - told by either side of the condition
            _put_after(self._top(before, inside), new)
        elif after is not None:
            self._top(after, inside).addprevious(_with_tail(new, None))
        else:
            self.body.append(new)

    def insert_inline(self, node: Node, new: Element) -> bool:
        """Put an element into the line that the node stands in, after the same letters."""
        leaf = next((x for x in _chain(node) if x.type in LEAVES), None)
        element = self.element_of.get(leaf) if leaf is not None else None
        if leaf is None or element is None:
            return False
        words = [item.text for item in leaf.walk()]
        at = list(leaf.walk()).index(node)
        before, after = "".join(words[:at]), "".join(words[at:])
        _insert_after_letters(element, len(_key(before)), new)
        _part_by_blanks(new, before[-1:].isspace(), after[:1].isspace())
        return True

    def line_of(self, node: Node) -> Element | None:
        """What shows the line that an inline node stands in."""
        leaf = next((x for x in _chain(node) if x.type in LEAVES), None)
        return self.element_of.get(leaf) if leaf is not None else None

    def _neighbours(self, node: Node) -> tuple[Element | None, Element | None]:
        """What shows the line right before a node, and the line right after it."""
        here = self._order[node]
        last = max(self._order[below] for below in node.walk())
        left = bisect_left(self._shown, here, key=lambda item: item[0])
        right = bisect_right(self._shown, last, key=lambda item: item[0])
        before = self._shown[left - 1][1] if left else None
        after = self._shown[right][1] if right < len(self._shown) else None
        return before, after

    def _shows_only(self, element: Element, inside: set[Node]) -> bool:
        """Whether every line the element shows belongs to these nodes."""
        shown = (self._node_of.get(item) for item in element.iter())
        return all(node in inside for node in shown if node is not None)

    def _widest(self, element: Element, inside: set[Node]) -> Element:
        """The outermost wrapper that holds the element and nothing else."""
        while (
            (outer := element.getparent()) is not None
            and outer is not self.body
            and (element.tag in _PARTS or outer.tag not in _PARTS)
            and self._shows_only(outer, inside)
            and (len(outer) == 1 or element.tag in _PARTS)
        ):
            element = outer
        return element

    def _top(self, element: Element, inside: set[Node]) -> Element:
        """The block around the element that stands directly in what shows the nodes."""
        while (
            (outer := element.getparent()) is not None
            and outer is not self.body
            and not _ROOMS.intersection(classes(outer))
            and (
                element.tag in INLINE
                or (outer.tag not in {"td", "th", "li"} and self._shows_only(outer, inside))
                or (element.tag in _PARTS)
            )
        ):
            element = outer
        return element


def _lines_of_document(document: Node) -> Iterator[tuple[str, Node]]:
    """Lines and media in reading order; captions are left out, as the HTML has none."""
    captions = {
        below for node in document.walk() if node.type == "caption" for below in node.walk()
    }
    for node in document.walk():
        if node in captions:
            continue
        if node.type in LEAVES:
            if key := _key(_own_words(node)):
                yield key, node
        elif node.type in MEDIA and node.attr("id"):
            yield f"media {node.attr('id')}", node


def _own_words(leaf: Node) -> str:
    """What the line itself says, without the lines inside it."""
    words = []
    stack = list(reversed(leaf.children))
    while stack:
        node = stack.pop()
        words.append(node.text)
        if node.type not in LEAVES and node.type not in MEDIA:
            stack.extend(reversed(node.children))
    return "".join(words)


def _lines_of_body(body: Element) -> Iterator[tuple[str, Element]]:
    """The body's lines, each with the block that holds it, and its pictures of media."""
    holders = [body]
    words: list[str] = []
    media: list[tuple[str, Element]] = []
    silent: Element | None = None

    def line() -> Iterator[tuple[str, Element]]:
        if key := _key("".join(words)):
            yield key, holders[-1]
        yield from media
        words.clear()
        media.clear()

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            if silent is None and _is_unspoken(element):
                silent = element
            if silent is None:
                if element.tag not in INLINE and element.tag != "img" and element is not body:
                    yield from line()
                    holders.append(element)
                words.append(element.text or "")
            media_id = element.get("data-media-id")
            if media_id:
                media.append((f"media {media_id}", element))
            continue
        if silent is None:
            if element is holders[-1]:
                yield from line()
                holders.pop()
        elif element is silent:
            silent = None
        if silent is None and element is not body:
            words.append(element.tail or "")


def _is_unspoken(element: Element) -> bool:
    return (
        element.tag == "time"
        or element.get("data-card-appearance") is not None
        or bool(_UNSPOKEN.intersection(classes(element)))
    )


def _key(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFC", text))


def _matches(left: list[str], right: list[str]) -> Iterator[_Pair]:
    """Pairs of equal keys that rise on both sides."""
    left_counts, right_counts = Counter(left), Counter(right)
    where = {key: at for at, key in enumerate(right) if right_counts[key] == 1}
    single = [
        (at, where[key]) for at, key in enumerate(left) if left_counts[key] == 1 and key in where
    ]
    before = (-1, -1)
    for anchor in [*_rising(single), (len(left), len(right))]:
        yield from _in_order(left, right, before, anchor)
        if anchor[0] < len(left):
            yield anchor
        before = anchor


def _rising(pairs: list[_Pair]) -> list[_Pair]:
    """The longest run of pairs whose right sides rise (patience sorting)."""
    ends: list[int] = []  # the right sides of the best run of each length
    at_end: list[int] = []  # which pair that is
    came_from: list[int] = []
    for at, (_, right) in enumerate(pairs):
        length = bisect_left(ends, right)
        came_from.append(at_end[length - 1] if length else -1)
        ends[length : length + 1] = [right]
        at_end[length : length + 1] = [at]
    run: list[_Pair] = []
    at = at_end[-1] if at_end else -1
    while at >= 0:
        run.append(pairs[at])
        at = came_from[at]
    return run[::-1]


def _in_order(left: list[str], right: list[str], before: _Pair, after: _Pair) -> Iterator[_Pair]:
    """Equal keys between two matches, each as early as the order allows."""
    where: dict[str, list[int]] = {}
    for at in range(before[1] + 1, after[1]):
        where.setdefault(right[at], []).append(at)
    last = before[1]
    for at in range(before[0] + 1, after[0]):
        found = where.get(left[at], [])
        next_one = bisect_right(found, last)
        if next_one < len(found):
            last = found[next_one]
            yield at, last


def is_placeholder(element: Element) -> bool:
    """Whether a macro has left a mark of itself, if nothing else."""
    css_class = element.get("class") or ""
    return bool(element.get("data-macro-name")) or any(
        word in css_class for word in ("ap-container", "conf-macro", "drawio", "gliffy", "balsamiq")
    )


def _letters(text: str | None) -> str:
    return _BLANK.sub("", text or "")


def _left(before: Element | None, after: Element | None) -> Iterator[Element]:
    """What one leaves on the way from one line to the next; the first line itself first."""
    if before is None:
        return
    kept = set() if after is None else {after, *after.iterancestors()}
    for outer in (before, *before.iterancestors()):
        if outer in kept or outer.getparent() is None:
            return
        yield outer


def _chain(node: Node) -> Iterator[Node]:
    yield node
    yield from node.ancestors()


def _common(one: Element, other: Element) -> Element:
    """The nearest element around both, which may be one of them."""
    around = {one, *one.iterancestors()}
    return next(item for item in (other, *other.iterancestors()) if item in around)


def _branch(outer: Element, element: Element) -> Element:
    """The child of `outer` that the element is, or is in."""
    while (parent := element.getparent()) is not None and parent is not outer:
        element = parent
    return element


def _between(outer: Element, first: Element, last: Element) -> list[Element]:
    """The children of `outer` from the one with `first` to the one with `last`."""
    start, end = outer.index(_branch(outer, first)), outer.index(_branch(outer, last))
    return list(outer)[start : end + 1]


def _with_tail(element: Element, tail: str | None) -> Element:
    element.tail = tail
    return element


def _put_after(element: Element, new: Element) -> None:
    tail, element.tail = element.tail, None
    element.addnext(new)
    new.tail = tail


def _insert_after_letters(line: Element, letters: int, new: Element) -> None:
    """Walk the line's words until so many letters have gone by; blanks do not count."""
    silent: Element | None = None
    for event, element in etree.iterwalk(line, events=("start", "end")):
        if event == "start":
            if silent is None and element is not line and _is_unspoken(element):
                silent = element
            if silent is not None:
                continue
            name, text = "text", element.text or ""
        else:
            if element is line:
                break
            silent = None if element is silent else silent
            if silent is not None:
                continue
            name, text = "tail", element.tail or ""
        count = len(_key(text))
        if count < letters:
            letters -= count
            continue
        at = _after(text, letters)
        new.tail = text[at:]
        if name == "text":
            element.text = text[:at]
            element.insert(0, new)
        else:
            element.tail = None
            rest = new.tail
            element.addnext(new)
            element.tail, new.tail = text[:at], rest
        return
    line.append(new)


def _after(text: str, letters: int) -> int:
    """The place in a text after so many letters."""
    at = 0
    while at < len(text) and letters > 0:
        letters -= 0 if _BLANK.match(text[at]) else 1
        at += 1
    return at


def _part_by_blanks(new: Element, before: bool, after: bool) -> None:
    """The blanks that the HTML has run together stand on the sides of the new element again."""
    rest = (new.tail or "").lstrip()
    new.tail = f" {rest}" if after else rest
    previous, parent = new.getprevious(), new.getparent()
    if before and previous is not None:
        previous.tail = f"{(previous.tail or '').rstrip()} "
    elif before and parent is not None:
        parent.text = f"{(parent.text or '').rstrip()} "
