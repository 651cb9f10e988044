"""Links: every address settled. Pure.

Inside the export it becomes `xpress:<anchor>`, elsewhere a whole web address; what is unsafe or
leads nowhere becomes text.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote, unquote_plus, urlsplit

from exports.content.columns import NUMBERED
from exports.content.draft import Draft
from exports.content.headings import key, slug
from exports.content.nodes import (
    INLINE,
    Element,
    classes,
    is_blank,
    is_within,
    make,
    plain,
    rename,
    replace,
    unwrap,
)
from exports.document import ANCHOR_SCHEME

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MAX_ADDRESS = 4_000  # characters; longer ones are no use on paper
SHOWN_ADDRESS = 70  # characters of an address that stands as a link's text
MAX_FOOTNOTES = 500  # a page; setting them takes the square of those on one sheet

NO_PAGE = frozenset({"createlink", "unresolved"})

_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_PAGE_PATHS = (
    re.compile(r"/spaces/[^/]+/(?:pages|folder)/(?:edit-v2/)?(\d{1,20})(?:/|$)"),
    re.compile(r"/spaces/[^/]+/blog/\d+/\d+/\d+/(\d{1,20})(?:/|$)"),
)
_PAGE_QUERY = re.compile(r"(?:^|&)pageId=(\d{1,20})(?:&|$)")
_TINY = re.compile(r"/x/([A-Za-z0-9_-]{1,16})/?$")
_OVERVIEW = re.compile(r"/spaces/([^/]+)(?:/overview)?/?$")
_BY_TITLE = re.compile(r"/display/([^/]+)/([^/?#]+)/?$")
_ARCHIVED_PAGE = re.compile(r"^(?:[^/:?#]*_)?(\d{4,20})\.html$")


def links(draft: Draft) -> None:
    """Settle the address of every link (C-53 – C-60)."""
    for link in list(draft.body.iter("a")):
        if link.getparent() is None:
            continue
        address = _CONTROL.sub(" ", link.get("href") or "").strip().replace(" ", "%20")
        name, card = link.get("id"), link.get("data-card-appearance")
        target = "" if NO_PAGE.intersection(classes(link)) else settle(draft, link, address)
        if not target:
            _to_text(draft, link, address)
            continue
        words = plain(link)
        _name(draft, link, words, target)
        link.attrib.clear()
        link.set("href", target)
        if name:
            link.set("id", name)
        if draft.options.links == "footnote" and _needs_footnote(link):
            link.set(NUMBERED, "")
        if card in {"block", "embed"}:
            _to_card(link, target)


def settle(draft: Draft, link: Element, address: str) -> str:
    """Find what the link leads to; empty when it may lead nowhere."""
    path, _, fragment = address.partition("#")
    linked = link.get("data-linked-resource-type") in {"page", "blogpost"}
    page_id = (link.get("data-linked-resource-id") or "") if linked else ""
    if not path and not page_id:
        return _inside(draft, fragment)
    absolute = _absolute(draft, path)
    page_id = page_id or _page_id(draft, path, absolute)
    if page_id in draft.pages:
        if page_id == draft.page.ref.id and fragment:
            return _inside(draft, fragment) or f"{ANCHOR_SCHEME}{draft.page.ref.anchor}"
        page = draft.pages[page_id]
        rest = f"-{slug(fragment, page.title)}" if fragment else ""
        return f"{ANCHOR_SCHEME}{page.anchor}{rest}"
    if page_id and _ARCHIVED_PAGE.match(path):
        absolute = f"{draft.site}/pages/viewpage.action?pageId={page_id}"
    whole = f"{absolute}#{fragment}" if fragment else absolute
    return whole if _is_safe(whole) else ""


def tiny_id(code: str) -> str:
    """Read the page id of a short link: little-endian bytes in base64, cut at its end (C-60).

    >>> tiny_id("DoCvVg"), tiny_id("vYNyI")
    ('1454342158', '544375741')
    """
    text = code.replace("-", "/").replace("_", "+")
    try:
        number = base64.b64decode(text.ljust(11, "A") + "=")
    except ValueError:
        return ""
    return str(int.from_bytes(number[:8], "little"))


def _inside(draft: Draft, fragment: str) -> str:
    """A link within the page; one whose target is gone becomes text (C-55)."""
    if fragment in {"", "top"}:
        return f"{ANCHOR_SCHEME}{draft.page.ref.anchor}" if fragment else ""
    anchor = draft.anchors.get(key(fragment)) or draft.anchors.get(
        slug(fragment, draft.page.ref.title)
    )
    return f"{ANCHOR_SCHEME}{anchor}" if anchor else ""


def _absolute(draft: Draft, path: str) -> str:
    """Make the address whole; relative ones are the site's own."""
    if path.startswith("//"):
        return f"https:{path}"
    if path.startswith("/"):
        return f"{draft.origin}{path}"
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", path):
        return path
    return f"{draft.site}/{path.removeprefix('./')}"


def _page_id(draft: Draft, path: str, absolute: str) -> str:
    """Which page of the site the address names, if any."""
    if archived := _ARCHIVED_PAGE.match(path):
        return archived[1]
    try:
        parts, site = urlsplit(absolute), urlsplit(draft.site)
    except ValueError:
        return ""
    if parts.netloc.lower() != site.netloc.lower() or parts.scheme not in {"http", "https"}:
        return ""
    for pattern in _PAGE_PATHS:
        if match := pattern.search(parts.path):
            return match[1]
    if match := _PAGE_QUERY.search(parts.query):
        return match[1]
    if match := _TINY.search(parts.path):
        return tiny_id(match[1])
    space = draft.tree.space
    if (match := _OVERVIEW.search(parts.path)) and unquote(match[1]) == space.key:
        return space.homepage_id or ""
    if (match := _BY_TITLE.search(parts.path)) and unquote(match[1]) == space.key:
        title = unquote_plus(match[2])
        return next((page.id for page in draft.tree if page.title == title), "")
    return ""


def _is_safe(address: str) -> bool:
    """Say whether the address may stand in a PDF: a known scheme, a host, no credentials."""
    if len(address) > MAX_ADDRESS or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme.lower() not in SCHEMES:
        return False
    if parts.scheme.lower() in {"http", "https"}:
        return bool(parts.netloc) and "@" not in parts.netloc
    return bool(parts.path)


def _to_text(draft: Draft, link: Element, address: str) -> None:
    """Print a link that leads nowhere as text."""
    if not address and "external-link" in classes(link):
        address = plain(link)  # no parser of addresses could read it, as with a word for a port
    if not address.startswith("#") and address and not NO_PAGE.intersection(classes(link)):
        draft.note(
            "link_as_text",
            f"A link has an address that cannot be used in a PDF: {address[:200]}",
            "Its words are printed without the link.",
            "info",
        )
    if link.get("id"):
        rename(link, "span")
    else:
        unwrap(link)


def _name(draft: Draft, link: Element, words: str, target: str) -> None:
    """Give a bare address something readable: the page's title, or a shorter form (C-59)."""
    if is_blank(link):
        words = ""
    elif words and words != (link.get("href") or "").strip():
        return
    if any(True for _ in link.iter("img", "br")):
        return
    if target.startswith(ANCHOR_SCHEME):
        page = draft.pages.get(_id_of(target))
        text = page.title if page else words
    else:
        # Plain text is all there will be of it.
        shown = words if draft.options.links == "text" else shortened(words)
        text = draft.page.titles.get(_page_id(draft, "", target)) or shown
    if text and text != words:
        for child in list(link):
            link.remove(child)
        link.text = text


def _id_of(target: str) -> str:
    return target.removeprefix(f"{ANCHOR_SCHEME}p").partition("-")[0]


def shortened(address: str) -> str:
    """Cut a long address in its middle: the host and the end say most.

    >>> shortened("https://example.com/" + "a" * 80 + "/end")
    'example.com/…/end'
    """
    if len(address) <= SHOWN_ADDRESS:
        return address
    bare = re.sub(r"^https?://", "", address)
    host, _, path = bare.partition("/")
    end = path.rstrip("/").rpartition("/")[2]
    if len(end) > SHOWN_ADDRESS // 2:
        end = f"…{end[-SHOWN_ADDRESS // 2 :]}"
        return f"{host}/{end}"
    return f"{host}/…/{end}" if path != end else bare


def on_paper(draft: Draft) -> None:
    """Print links out of the document as the options say; those inside it stay what they are.

    A footnote's number is the page's own: the printer's would go on through all pages of a chunk.
    """
    if draft.options.links == "keep":
        return
    outward = [link for link in draft.body.iter("a") if _leads_out(link)]
    if draft.options.links == "text":
        for link in outward:
            _to_words(link)
    else:
        _add_footnotes(draft, outward)


def _leads_out(link: Element) -> bool:
    scheme, colon, _ = (link.get("href") or "").partition(":")
    return bool(colon) and scheme.lower() in SCHEMES


def _to_words(link: Element) -> None:
    """The link's words alone; those of an address are not hyphenated."""
    is_address = _bare(plain(link)) == _bare(link.get("href") or "")
    if link.get("id") or is_address:
        rename(link, "span", "xp-verbatim" if is_address else "")
    else:
        unwrap(link)


def _add_footnotes(draft: Draft, outward: list[Element]) -> None:
    """Put the number of a footnote behind each link, and the footnote behind the number.

    The same address has one number where it is repeated in a paragraph, a cell or an item, which
    is where the same sheet is sure. Code is left alone: its lines have been set already.
    """
    numbers: dict[tuple[Element, str], int] = {}
    count = 0
    for link in outward:
        address = link.get("href") or ""
        if not _needs_footnote(link):
            continue
        block = next((it for it in link.iterancestors() if it.tag not in INLINE), draft.body)
        known = numbers.get((block, address))
        if known is None and count == MAX_FOOTNOTES:
            draft.note(
                "links_without_footnotes",
                f"The page has more than {MAX_FOOTNOTES} links out of the document.",
                "The addresses of the others are not printed.",
                "info",
            )
            continue
        if known is None:
            count += 1
        number = numbers.setdefault((block, address), known or count)
        call = make("sup", "xp-call", str(number))
        call.tail, link.tail = link.tail, None
        link.addnext(call)
        if known is None:
            words = f"{number} {_shown_in_full(address)}"
            note = make("span", "xp-footnote", words, dir="ltr")
            note.tail, call.tail = call.tail, None
            call.addnext(note)


def _needs_footnote(link: Element) -> bool:
    """Whether the link leads out to where its words do not say."""
    is_said = _bare(plain(link)) == _bare(link.get("href") or "")
    return _leads_out(link) and not is_said and not is_within(link, "pre")


def _shown_in_full(address: str) -> str:
    """The address as people write it: mail and telephone without their scheme.

    >>> _shown_in_full("mailto:harbour@example.com?subject=Fog")
    'harbour@example.com'
    """
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "mailto":
        return unquote(rest.partition("?")[0])
    return rest if scheme.lower() == "tel" else address


def _bare(address: str) -> str:
    """What counts when words are compared with an address.

    >>> _bare("https://Example.com/") == _bare("example.com")
    True
    """
    shown = _shown_in_full(address.strip())
    return re.sub(r"^https?://", "", shown, flags=re.IGNORECASE).rstrip("/").lower()


def _to_card(link: Element, target: str) -> None:
    """A smart link shown large is a card: title and host (C-59)."""
    host = "" if target.startswith(ANCHOR_SCHEME) else urlsplit(target).netloc
    card = make("span", "xp-card")
    tail, link.tail = link.tail, None
    replace(link, card)
    card.append(link)
    if host and host not in plain(link):
        link.tail = " "
        card.append(make("span", "xp-small", host))
    if tail:
        card.tail = tail
