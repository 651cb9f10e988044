"""Text: paragraphs and marks without words, and runs no printer could set. Pure."""

from __future__ import annotations

import re

from exports.content import styles
from exports.content.draft import Draft
from exports.content.nodes import (
    INLINE,
    Element,
    add_class,
    add_text,
    classes,
    drop,
    find,
    forget,
    is_blank,
    is_within,
    make,
    rename,
    replace,
    texts,
    turn_into_text,
    unwrap,
)

MARKS = ("strong", "b", "em", "i", "u", "del", "s", "strike", "sub", "sup", "code", "tt", "small")
RENAMED = {"b": "strong", "i": "em", "s": "del", "strike": "del", "tt": "code", "center": "div"}

MAX_RUN = 400  # characters without a place to break
PIECE = 100  # characters between the places we make then
MAX_COMBINING = 8  # marks on one letter
MAX_INLINE = 1_500  # elements of one paragraph
MAX_CHARACTERS = 20_000  # of one paragraph's text
MAX_BROKEN_CHARACTERS = 4_000  # of one that has endless words: setting it takes the square of it

MAX_RUN_IN = 90  # characters

LOGO = "\uf8ff"  # Apple's, as typed on a Mac; no font but Apple's has it there
UNKNOWN = "\ufffd"

_RUN = re.compile(rf"[^\s\u200b]{{{PIECE}}}(?=[^\s\u200b]{{{MAX_RUN - PIECE}}})")
_LONG = re.compile(rf"[^\s\u200b]{{{MAX_RUN}}}")
_COMBINING = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-"
    "\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_STACKED = re.compile(f"({_COMBINING}{{{MAX_COMBINING}}}){_COMBINING}+")
_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides of direction


def soft_breaks(draft: Draft) -> None:
    """Some writers close `wbr` and so nest the text in it (C-18)."""
    for element in list(draft.body.iter("wbr")):
        turn_into_text(element, "\u200b")


def logos(draft: Draft) -> None:
    """Take out a sign that would be printed as another's: Lato has its maker's logo in its place.

    Private characters that no font has are left to the printer, which says so (pdf/glyphs.py).
    """
    holders = [it for it in draft.body.iter() if LOGO in (it.text or "") + (it.tail or "")]
    for element in holders:
        for name in ("text", "tail"):
            if text := getattr(element, name):
                setattr(element, name, text.replace(LOGO, UNKNOWN))
    if holders:
        draft.note(
            "glyph_missing",
            "No font has Apple's logo (U+F8FF).",
            "A question mark in a diamond stands in its place.",
        )


def empty_marks(draft: Draft) -> None:
    """Unwrap marks around nothing or a lone space (C-17)."""
    for mark in list(draft.body.iter(*MARKS)):
        if is_blank(mark):
            unwrap(mark)
        elif mark.tag in RENAMED:
            mark.tag = RENAMED[str(mark.tag)]


def plain_spans(draft: Draft) -> None:
    """Unwrap spans that no longer say anything; each costs the printer a box."""
    for span in list(draft.body.iter("span", "font")):
        if not span.get("id") and not span.get("style") and not _has_own_class(span):
            unwrap(span)
        elif span.tag == "font":
            span.tag = "span"


def plain_divs(draft: Draft) -> None:
    """Unwrap `div`s that hold only blocks and say nothing; drop the empty ones."""
    for div in list(draft.body.iterdescendants("div", "section", "article", "main", "center")):
        if div.get("id") or div.get("style") or _has_own_class(div):
            div.tag = "div"
        elif is_blank(div) and not find(div, ".//@id"):
            drop(div)
        elif _holds_blocks_only(div):
            unwrap(div)
        else:
            div.tag = "div"


def _holds_blocks_only(div: Element) -> bool:
    texts = [div.text, *(child.tail for child in div)]
    return all(child.tag not in INLINE for child in div) and not any(
        text and text.strip() for text in texts
    )


def empty_paragraphs(draft: Draft) -> None:
    """Keep one empty paragraph between two that have words, and none elsewhere (C-13)."""
    for paragraph in list(draft.body.iter("p")):
        if not is_blank(paragraph) or paragraph.getparent() is None:
            continue
        anchors = find(paragraph, ".//*[@id]") or ([paragraph] if paragraph.get("id") else [])
        if anchors:
            for anchor in anchors:
                forget(anchor, "class")
            replace(paragraph, *(make("span", "", id=x.get("id") or "") for x in anchors))
        elif _has_words(paragraph.getprevious()) and _has_words(_next_filled(paragraph)):
            rename(paragraph, "p", "xp-gap")
            for child in list(paragraph):
                paragraph.remove(child)
            paragraph.text = None
        else:
            drop(paragraph)


def lone_paragraphs(draft: Draft) -> None:
    """Unwrap the only paragraph of a cell or list item; each costs the printer a box."""
    for paragraph in list(draft.body.iter("p")):
        holder = paragraph.getparent()
        if (
            holder is not None
            and holder.tag in {"td", "th", "li"}
            and len(holder) == 1
            and not (holder.text or "").strip()
            and not (paragraph.tail or "").strip()
            and not paragraph.get("id")
            and not paragraph.get("style")
        ):
            holder.text = paragraph.tail = None
            add_class(holder, *classes(paragraph))
            unwrap(paragraph)


def run_in_heads(draft: Draft) -> None:
    """Keep a short bold paragraph with what it introduces; many pages have no other headings."""
    for paragraph in draft.body.iter("p"):
        if (
            len(paragraph) == 1
            and not is_within(paragraph, "td", "th")
            and paragraph[0].tag == "strong"
            and not (paragraph.text or "").strip()
            and not (paragraph[0].tail or "").strip()
            and sum(map(len, texts(paragraph))) <= MAX_RUN_IN
        ):
            add_class(paragraph, "xp-run-in")


def line_breaks(draft: Draft) -> None:
    """Drop line breaks at the end of a block (C-16)."""
    for line_break in list(draft.body.iter("br")):
        line_break.attrib.clear()
        block = line_break.getparent()
        if (
            block is not None
            and block.tag not in INLINE
            and line_break.getnext() is None
            and not (line_break.tail or "").strip()
            and len(block) > 0
        ):
            drop(line_break)


def lists(draft: Draft) -> None:
    """Honour where a list starts and which marker it has (C-27, C-28)."""
    for listing in list(draft.body.iter("ol")):
        start = (listing.get("start") or "").strip()
        if start in {"", "1"} or not re.fullmatch(r"-?\d{1,6}", start):
            forget(listing, "start")
        else:
            # The printer passes the attribute over.
            styles.put(listing, counter_reset=f"list-item {int(start) - 1}")
    for entry in list(draft.body.iter("li")):
        parent = entry.getparent()
        if (
            is_blank(entry)
            and parent is not None
            and parent.tag == "ul"
            and not find(entry, ".//@id")
        ):
            drop(entry)
    for listing in find(draft.body, ".//ul[contains(@class, 'alternate')]"):
        rename(listing, "ul", "xp-square")


def endless_runs(draft: Draft) -> None:
    """Make places to break in endless words; take off stacked accents; split huge paragraphs."""
    for element in draft.body.iter():
        for name in ("text", "tail"):
            text = getattr(element, name)
            if not text:
                continue
            calmer = breakable(_STACKED.sub(r"\1", _CONTROL.sub("", text)))
            if calmer != text:
                setattr(element, name, calmer)
    for block in list(draft.body.iter("p", "li", "td", "th", "div", "dd", "dt", "blockquote")):
        limit = _most_characters(block)
        if _is_huge(block, limit):
            _split(block, limit)


def breakable(text: str) -> str:
    """The text with places to break in its endless words.

    >>> breakable("w" * 500).count("\u200b")
    2
    """
    if len(text) < MAX_RUN or not _LONG.search(text):
        return text
    return _RUN.sub("\\g<0>\u200b", text)


def _split(block: Element, most_characters: int) -> None:
    """Cut the block's inline content into paragraphs of bearable size."""
    holder = block if block.tag != "p" else make("div")
    pieces: list[Element] = []
    current: list[Element | str] = []
    size = weight = 0

    def finish() -> None:
        nonlocal size, weight
        if current:
            piece = make("p")
            for item in current:
                if isinstance(item, str):
                    add_text(piece, item)
                else:
                    piece.append(item)
            pieces.append(piece)
        current.clear()
        size = weight = 0

    def take(text: str) -> None:
        nonlocal size
        for start in range(0, len(text), most_characters):
            current.append(text[start : start + most_characters])
            size += min(most_characters, len(text) - start)
            if size >= most_characters:
                finish()

    take(block.text or "")
    for child in list(block):
        tail, child.tail = child.tail or "", None
        if child.tag in INLINE:
            current.append(child)
            weight += 1 + sum(1 for _ in child.iter())
            size += sum(map(len, texts(child)))
            if weight >= MAX_INLINE or size >= most_characters:
                finish()
        else:
            finish()
            pieces.append(child)
        take(tail)
    finish()
    block.text = None
    holder.extend(pieces)
    if holder is not block:
        replace(block, holder)


def _most_characters(block: Element) -> int:
    """How long a paragraph may be; endless words are harder to set."""
    own = [block.text or "", *(child.tail or "" for child in block)]
    is_broken = any(text.count("\u200b") > MAX_BROKEN_CHARACTERS // PIECE for text in own)
    return MAX_BROKEN_CHARACTERS if is_broken else MAX_CHARACTERS


def _is_huge(block: Element, most_characters: int) -> bool:
    """Say whether the lines the block itself holds are too many for one paragraph."""
    if len(block) > MAX_INLINE:
        return True
    own = len(block.text or "") + sum(len(child.tail or "") for child in block)
    return own > most_characters


def _has_own_class(element: Element) -> bool:
    return "xp-" in (element.get("class") or "")


def _has_words(element: Element | None) -> bool:
    return element is not None and element.tag == "p" and bool("".join(texts(element)).strip())


def _next_filled(element: Element) -> Element | None:
    following = element.getnext()
    while following is not None and following.tag == "p" and is_blank(following):
        following = following.getnext()
    return following
