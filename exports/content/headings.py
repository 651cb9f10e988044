"""Headings: levels without gaps, ids unique in the export, the outline. Pure.

The page's title is printed as the first level by whoever prints; a body starts at `h2`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import normalize
from urllib.parse import unquote

from exports.content.draft import Draft
from exports.content.nodes import (
    Element,
    classes,
    drop,
    find,
    forget,
    having,
    is_blank,
    is_within,
    make,
    plain,
    rename,
    unwrap,
)
from exports.document import Heading

TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_TEXT = 300  # characters of an outline entry
MAX_SLUG = 100

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_OTHER = re.compile(r"[^A-Za-z0-9.]")


def slug(fragment: str, title: str) -> str:
    """The part of an anchor after `p<id>-`: ASCII, the same for both ways Confluence writes ids.

    The old editor writes `PageTitle-CreatingaPOI`, the new one `Creating-a-POI` (C-11).

    >>> slug("POISetup-CreatingaPOI:", "POI Setup"), slug("Creating-a-POI%3A", "POI Setup")
    ('CreatingaPOI_3a', 'CreatingaPOI_3a')
    """
    text = normalize("NFC", unquote(fragment))
    prefix = normalize("NFC", "".join(title.split())) + "-"
    for start in (f"id-{prefix}", prefix):
        if text.startswith(start) and len(text) > len(start):
            text = text[len(start) :]
            break
    text = re.sub(r"[\s-]", "", text)
    ascii_only = _OTHER.sub(lambda match: f"_{ord(match[0]):x}", text) or "top"
    if len(ascii_only) <= MAX_SLUG:
        return ascii_only
    digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{ascii_only[: MAX_SLUG - 13]}-{digest}"


def key(fragment: str) -> str:
    """How the ids of one page are compared with the links to them (C-55)."""
    return normalize("NFC", unquote(fragment).lstrip("#"))


def anchors(draft: Draft) -> None:
    """Give every id its name in the export; an anchor of the old form is one too (C-56)."""
    for link in find(draft.body, ".//a[@name and not(@id)]"):
        link.set("id", link.get("name") or "")
    for heading in list(draft.body.iter(*TAGS)):
        if not (heading.get("id") or "").strip():
            heading.set("id", plain(heading)[:MAX_TEXT] or "heading")
    taken: set[str] = set()
    title = draft.page.ref.title
    for element in find(draft.body, ".//*[@id]"):
        written = element.get("id") or ""
        if not written.strip() or not _is_target(element):
            forget(element, "id")
            continue
        anchor = f"{draft.page.ref.anchor}-{slug(written, title)}"
        count = 2
        unique = anchor
        while unique in taken:
            unique = f"{anchor}-{count}"
            count += 1
        taken.add(unique)
        element.set("id", unique)
        draft.anchors.setdefault(key(written), unique)
        draft.anchors.setdefault(slug(written, title), unique)


def levels(draft: Draft) -> None:
    """Number the levels from `h2` on without gaps; heads in cells are bold lines (C-12).

    The outline has no room for heads in cells. Contents lists of the page name them.
    """
    above: list[int] = []
    for heading in list(draft.body.iter(*TAGS)):
        if is_blank(heading):
            # Links may still lead to it.
            heading.addprevious(make("span", id=heading.get("id") or ""))
            unwrap(heading)
            continue
        written = int(str(heading.tag)[1])
        text = _INVISIBLE.sub("", plain(heading))[:MAX_TEXT]
        anchor = heading.get("id") or ""
        if is_within(heading, "td", "th", "pre"):
            rename(heading, "p", "xp-heading")
            if text and not is_within(heading, "pre"):
                level = 1 + sum(higher < written for higher in above)
                draft.listed.append(Heading(level, text, anchor))
                heading.set("data-level", str(written))
            continue
        for inner in list(heading.iter("p", "div", "ul", "ol", "li", "blockquote")):
            unwrap(inner)  # a heading holds a line, not blocks
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        level = len(above)
        kept = [name for name in (heading.get("class") or "").split() if name.startswith("xp-")]
        rename(heading, f"h{min(6, level + 1)}", " ".join(kept))
        heading.set("data-level", str(written))  # for the contents macro
        if text:
            draft.headings.append(Heading(level, text, anchor, _is_aside(heading)))
            draft.listed.append(draft.headings[-1])


def _is_aside(heading: Element) -> bool:
    return any("xp-panel" in classes(element) for element in heading.iterancestors("div"))


def _is_target(element: Element) -> bool:
    """Say whether authors link to it; ids for scripts and styles only are dropped."""
    return (
        element.tag in TAGS
        or "confluence-anchor-link" in (element.get("class") or "")
        or bool(element.get("name"))
    )


def anchor_shells(draft: Draft) -> None:
    """Keep an anchor as an empty target, without its class."""
    for element in having(draft.body, "confluence-anchor-link"):
        name = element.get("id")
        if element.tag != "a" and not name and is_blank(element):
            drop(element)
