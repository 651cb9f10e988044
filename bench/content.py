"""Content: HTML in; its words, links, pictures and cells out. Pure.

Read twice for each page: from the body Confluence gave, without what nobody sees there, and from
the article that was made of it. The body is read with rules of its own, taken from what Confluence
writes and not from what the product does: a check must not share the mistakes of what it checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from unicodedata import normalize
from urllib.parse import unquote, urljoin

import lxml.html
from lxml import etree

from bench.words import words
from exports.content.nodes import INLINE, Element, classes, find, text_of
from exports.document import IMAGE_SCHEME


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    excuse: str = ""  # the code of the report line that may account for its loss, or ADDRESS


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    text: str  # its words without blanks and signs; empty where they are the address itself


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader finds on a page, in its order."""

    words: tuple[Word, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()  # their addresses, or keys
    cells: tuple[tuple[Word, ...], ...] = ()  # the words of each cell that has any
    names: tuple[str, ...] = ()  # of macros and classes


def _class(*names: str) -> str:
    tests = (f"contains(concat(' ', normalize-space(@class), ' '), ' {x} ')" for x in names)
    return f".//*[{' or '.join(tests)}]"


# What is in the source and not on the screen, or is a control there.
UNSEEN = (
    ".//style | .//script | .//template | .//title",
    _class("hidden", "parameters"),  # C-09
    ".//*[@hidden]",
    ".//*[contains(translate(@style, ' ', ''), 'display:none')]"
    "[not(contains(@class, 'expand-') or contains(@class, 'codeContent'))]",
    _class("text-placeholder"),  # C-76
    _class("macro-blank-experience"),  # C-88
    _class("plugin_attachments_container"),  # C-89: a table of the files stands there instead
    _class("issue-placeholder"),  # C-91
    _class("labels-section-content", "labels-edit-container", "no-labels-message"),  # C-98
    ".//button | .//input | .//select | .//textarea | .//option",  # C-99
    _class("aui-button", "collapse-source", "expand-control-icon", "show-labels-editor"),
    ".//span[contains(@class, 'content-type-')]",  # C-87: says "Page:" to those who cannot see
    ".//ul[contains(@class, 'plugin_pagetree_children_list')]",  # C-85: filled in by the browser
)
# Words that a line of the report accounts for.
EXCUSED = {
    "macro_error": _class("error", "macro-error", "errorMessage"),  # C-96
    "jira_missing": _class("jira-issues", "jira-table", "jim-error-message"),  # C-92
    "list_left_out": ".//a[@data-datasource]",  # C-59
    "left_out_by_author": ".//*[starts-with(@data-macro-name, 'scroll-')]",
    "embedded_page": ".//iframe",
    "media_left_out": ".//video | .//audio | .//object | .//embed",
}
# Words of a link that are its own address: it may be shortened on paper or give way to a title. As
# a link it counts.
ADDRESS = "address"
# A page of which only the report tells.
WHOLE_PAGE = frozenset({"page_failed", "page_too_large", "page_cut", "print_failed"})

_INLINE = INLINE - {"br"}
_EMPTY_TAG = re.compile(r"<(p|span|div|th|td|a|li|strong|em|ul|ol|tr|h[1-6])\b([^<>]*?)/>")
_CODE = re.compile(r"<script\b[^>]*\bbrush\s*:[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_ACCOUNT_STATE = re.compile(r"\s*\((?:Unlicensed|Deactivated)\)\s*$", re.IGNORECASE)
_WAITING = ("Getting issue details...", "Getting issue details…")
_DECORATION = re.compile(r"/images/icons/|avatar|/icons/|(?:^|/)images/border|/images/mail_small")
_PICTURE_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp)(?:[?#]|$)", re.IGNORECASE)


def of_source(html: str, site: str = "") -> Content:
    """Read a body as Confluence gave it; `site` makes its addresses whole."""
    root = _parse(_CODE.sub(_code, _EMPTY_TAG.sub(r"<\1\2></\1>", html)))
    root = next(iter(find(root, ".//*[@id='main-content']")), root)
    for drawing in find(root, ".//svg[not(ancestor::svg)] | .//math"):
        _put_picture(drawing)
    for path in UNSEEN:
        for element in find(root, path):
            _remove(element)
    names = tuple(_names(root))
    _ease(root)
    named = (x.get(name) for x in root.iter() for name in ("id", "name"))
    targets = {normalize("NFC", name) for name in named if name}
    excuses = {element: code for code, path in EXCUSED.items() for element in find(root, path)}
    excuses |= {link: ADDRESS for link in root.iter("a") if _is_bare(link)}
    links = (a for a in root.iter("a") if _leads_on(a, targets))
    return Content(
        tuple(_words(root, excuses)),
        tuple(_links(links, site)),
        tuple(_source(x) for x in root.iter("img") if _is_seen(x)),
        tuple(_cells(root, excuses)),
        names,
    )


def of_article(html: str) -> Content:
    """Read what the product made of it."""
    root = _parse(html)
    images = (_source(x).removeprefix(IMAGE_SCHEME) for x in root.iter("img"))
    links = (a for a in root.iter("a") if a.get("href") and _shows_something(a))
    return Content(
        tuple(_words(root, {})), tuple(_links(links)), tuple(images), tuple(_cells(root, {}))
    )


def _parse(html: str) -> Element:
    root: Element = lxml.html.fragment_fromstring(html, create_parent="div")
    return root


def _code(script: re.Match[str]) -> str:
    """Code that Confluence keeps in a script is content (C-63)."""
    code = script[1].strip().removeprefix("<![CDATA[").removesuffix("]]>")
    return f"<pre>{escape(unescape(code))}</pre>"


def _ease(root: Element) -> None:
    """Take away what is said in other words on paper."""
    for person in find(root, ".//a[contains(@class, 'userlink') or contains(@class, 'mention')]"):
        name = _ACCOUNT_STATE.sub("", text_of(person)).removeprefix("@")
        for child in list(person):
            person.remove(child)
        person.text = f" {name} "  # people who stand side by side get an "@" between them
    for contents in find(root, _class("toc-macro")):
        # Made anew: its entries count, and not the signs and numbers about them (C-81).
        entries = list(contents.iter("a"))
        for child in list(contents):
            contents.remove(child)
        contents.text = None
        for entry in entries:
            entry.tail = " "
            contents.append(entry)
    for summary in find(root, ".//*[contains(@class, 'jira-issue')]//*[@class='summary']"):
        if " ".join(text_of(summary).split()) in _WAITING:
            _remove(summary)


def _words(root: Element, excuses: dict[Element, str]) -> Iterator[Word]:
    """Words end where blocks do."""
    run: list[str] = []
    excuse = ""
    for text, element in _texts(root):
        here = _excuse(element, excuses) if excuses else ""
        if here != excuse:
            yield from (Word(word, excuse) for word in words("".join(run)))
            run, excuse = [], here
        run.append(text)
    yield from (Word(word, excuse) for word in words("".join(run)))


def _texts(root: Element) -> Iterator[tuple[str, Element]]:
    """Each text and the element it stands in; a blank where a block begins or ends."""
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_block = isinstance(element.tag, str) and element.tag not in _INLINE
        if event == "start":
            yield (" " if is_block else "") + (element.text or ""), element
        if event != "start" and element is not root:
            yield (" " if is_block else "") + (element.tail or ""), element.getparent()


def _excuse(element: Element, excuses: dict[Element, str]) -> str:
    above = (excuses[x] for x in (element, *element.iterancestors()) if x in excuses)
    return next(above, "")


def _links(links: Iterable[Element], site: str = "") -> Iterator[Link]:
    for link in links:
        text = "" if _is_bare(link) else _name(_text(link))
        yield Link(_whole((link.get("href") or "").strip(), site), text)


def _name(text: str) -> str:
    """What a link says; without signs, for emoji come and go, unless it has nothing else."""
    spoken = words(text)
    return "".join(word for word in spoken if word.isalnum()) or "".join(spoken)


def _whole(address: str, site: str) -> str:
    """Make an address of the site whole; others stay as they are."""
    try:
        return urljoin(f"{site}/", address) if site and address.startswith("/") else address
    except ValueError:
        return address


def _is_bare(link: Element) -> bool:
    address = (link.get("href") or "").strip()
    return bool(address) and " ".join(_text(link).split()) == address


def _text(element: Element) -> str:
    return "".join(text for text, _ in _texts(element))


def _leads_on(link: Element, targets: set[str]) -> bool:
    """Say whether it is a link on paper too."""
    address = (link.get("href") or "").strip()
    kinds = set(classes(link))
    if not address or address.lower().startswith(("javascript:", "data:", "$")):
        return False
    if kinds & {"createlink", "unresolved"}:  # C-57
        return False
    if any("userlink" in kind or "mention" in kind for kind in kinds):  # C-73
        return False
    if link.get("data-linked-resource-type") == "userinfo":
        return False
    if "aui-label-split-main" in kinds:  # C-87: the label of a page found by it
        return False
    if address.startswith("#") and normalize("NFC", unquote(address[1:])) not in targets:  # C-55
        return False
    if any(_is_seen(x) for x in link.iter("img")) and _PICTURE_FILE.search(address):  # C-46
        return False
    return _shows_something(link)


def _shows_something(element: Element) -> bool:
    return (
        bool(_text(element).strip("\u200b\ufeff \t\r\n\u00a0"))
        or next(element.iter("img"), None) is not None
    )


def _is_seen(image: Element) -> bool:
    """Say whether a picture is content: emoticons become characters, icons go (C-74, C-99)."""
    kinds = classes(image)
    source = _source(image)
    if "emoticon" in kinds or "icon" in kinds or _DECORATION.search(source):
        return False
    # A file's card has its name; the thumbnail is often missing (C-51).
    return not any("confluence-embedded-file" in classes(x) for x in image.iterancestors("a"))


def _source(image: Element) -> str:
    return image.get("data-image-src") or image.get("src") or ""


def _cells(root: Element, excuses: dict[Element, str]) -> Iterator[tuple[Word, ...]]:
    cells = (tuple(_words(cell, excuses)) for cell in root.iter("td", "th"))
    return (cell for cell in cells if any(word.excuse != ADDRESS for word in cell))


def _names(root: Element) -> Iterator[str]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from classes(element)
            if macro := element.get("data-macro-name"):
                yield f"macro:{macro.strip().lower()}"


def _put_picture(drawing: Element) -> None:
    """A drawing or a formula is a picture on paper."""
    drawing.addprevious(etree.Element("img", src=f"{drawing.tag} in the page"))
    _remove(drawing)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = f" {element.tail or ''}"
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)
