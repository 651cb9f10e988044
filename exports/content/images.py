"""Images: pictures of attachments become `xpress-image:` references, everything else a box. Pure.

Nothing is fetched here, and never anything from another host.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from exports.content import room, styles
from exports.content.draft import Draft, box
from exports.content.nodes import (
    INLINE,
    Element,
    add_all,
    classes,
    drop,
    find,
    forget,
    having,
    make,
    plain,
    rename,
    replace,
    turn_into_text,
    unwrap,
)
from exports.document import IMAGE_SCHEME, ImageRef
from exports.paper import Sheet

SCREEN_WIDTH = 760  # px of text on Confluence's page, which our text width stands for
CAPTION_ROOM = 36.0  # mm of a sheet's height that the tallest picture leaves for its caption
WRAPPED_WIDTH = 0.5  # of the text, for a picture with text beside it

ALIGNMENTS = {
    "image-center": "xp-center",
    "image-center-wrapper": "xp-center",
    "image-left-wrapper": "xp-left",
    "image-left": "xp-left",
    "image-right-wrapper": "xp-right",
    "image-right": "xp-right",
    "image-left-wrap-wrapper": "xp-float-left",
    "image-wrap-left": "xp-float-left",
    "image-right-wrap-wrapper": "xp-float-right",
    "image-wrap-right": "xp-float-right",
}
# The site's own decoration, never content.
DECORATION = re.compile(
    r"/images/icons/|/aa-avatar/|/universal_avatar/|/icons/(?:emoticons|linkext|bullet)"
    r"|/secure/viewavatar|(?:^|/)images/border|/images/mail_small"
)
PASTED = "#media-blob-url="  # what the editor leaves behind the name of a pasted picture
UNKNOWN_ATTACHMENT = "placeholder/unknown-attachment"

_POINTS = 72 / 25.4  # a millimetre
_DOWNLOAD = re.compile(r"/download/(?:attachments|thumbnails)/(\d{1,20})/([^?#]+)")
_EMBEDDED = re.compile(r"/download/(?:attachments|thumbnails)/embedded-page/[^/]+/[^/]+/([^?#]+)")
_ARCHIVED = re.compile(
    r"^(?:\./)?attachments/(?:thumbnails/)?(\d{1,20})/(\d{1,20})(?:\.\w+)?(?:\?|$)"
)
_ATTACHMENT_ID = re.compile(r"(?:att)?(\d{1,20})")
_RELATIVE = re.compile(r"[\w.%+ -]+/[^/?#:]+\.\w{2,5}(?:[?#]|$)")  # as some exporters write them
_VERSION = re.compile(r"[?&]version=(\d{1,9})")


def text_width(sheet: Sheet) -> float:
    """The width of the text, in points."""
    return sheet.text_width * _POINTS


def tallest(sheet: Sheet) -> float:
    """The height of the tallest picture, in points."""
    return (sheet.text_height - CAPTION_ROOM) * _POINTS


def on_paper(width: float, sheet: Sheet) -> float:
    """As large a share of the text as on the screen, in points; `width` in pixels."""
    return width * text_width(sheet) / SCREEN_WIDTH


def maps(draft: Draft) -> None:
    """Drop image maps, whose places nobody can click; their links stand below as a list (C-93)."""
    links = {}
    for element in list(draft.body.iter("map")):
        links[(element.get("name") or element.get("id") or "").lower()] = _areas(element)
        drop(element)
    for image in find(draft.body, ".//img[@usemap]"):
        areas = links.pop((image.get("usemap") or "").removeprefix("#").lower(), {})
        forget(image, "usemap")
        if areas:
            list_below(image, "Links in the picture", areas)


def list_below(image: Element, title: str, links: Mapping[str, str]) -> None:
    """Put links, given as address → words, below the line that the image stands in."""
    items = make("ul")
    for address, label in links.items():
        item = make("li")
        item.append(make("a", "", label, href=address))
        items.append(item)
    line = image
    while (outer := line.getparent()) is not None and (outer.tag in INLINE or outer.tag == "p"):
        line = outer
    shell = add_all(make("div"), [make("p", "xp-list-title", title), items])
    line.addnext(shell)
    shell.tail, line.tail = line.tail, None


def _areas(element: Element) -> dict[str, str]:
    """The links of a map: address → words for it."""
    found: dict[str, str] = {}
    for area in element.iter("area"):
        address = (area.get("href") or "").strip()
        if address and not address.startswith("#"):
            label = area.get("alt") or area.get("title") or area.get("aria-label") or ""
            found.setdefault(address, label.strip()[:300] or address)
    return found


def images(draft: Draft) -> None:
    """Resolve every image; put aligned ones on a line of their own (C-40 – C-47)."""
    for image in list(draft.body.iter("img")):
        if image.getparent() is None or (image.get("src") or "").startswith(IMAGE_SCHEME):
            continue
        source = image.get("data-image-src") or image.get("src") or ""
        name = _file_name(image, source)
        reference = reference_of(draft, image, source)
        if UNKNOWN_ATTACHMENT in source:
            _missing(draft, image, name)
        elif reference is not None:
            _place(draft, image, reference)
        elif DECORATION.search(source) or "icon" in classes(image):
            _decoration(image)
        elif _is_elsewhere(draft, source):
            _external(draft, image, source)
        else:
            _missing(draft, image, name)
    for wrapper in having(draft.body, "confluence-embedded-file-wrapper"):
        unwrap(wrapper)


def _decoration(image: Element) -> None:
    """Drop an icon of the site's; one that is all a cell says becomes its words (C-92)."""
    holder = image.getparent()
    words = (image.get("alt") or "").strip()
    if words and holder is not None and holder.tag == "td" and not plain(holder):
        turn_into_text(image, words)
    else:
        drop(image)


def captions(draft: Draft) -> None:
    """Keep an image and its caption together (C-50)."""
    for figure in list(draft.body.iter("figure")):
        rename(figure, "figure", "xp-figure")
    for caption in list(draft.body.iter("figcaption")):
        rename(caption, "figcaption")


def reference_of(draft: Draft, image: Element, source: str) -> ImageRef | None:
    """Find the attachment: by its id, else by the page that holds it and its file name (C-41)."""
    name = _file_name(image, source)
    container = _digits(image.get("data-linked-resource-container-id"))
    attachment = _digits(image.get("data-linked-resource-id"))
    version = _digits(image.get("data-linked-resource-version"))
    if attachment:
        return _ref(container, attachment, name, version)
    archived = _ARCHIVED.search(source)
    if archived:
        return _ref(archived[1], archived[2], name, None)
    if not _is_elsewhere(draft, source):
        stamp = _VERSION.search(source)
        version = stamp[1] if stamp else None
        if found := _DOWNLOAD.search(source):
            return _ref(found[1], None, unquote(found[2]), version)
        if found := _EMBEDDED.search(source):
            return _ref(draft.page.ref.id, None, unquote(found[1]), version)
        if "confluence-embedded-image" in classes(image) and _RELATIVE.match(source):
            last = source.partition("?")[0].rpartition("/")[2]
            return _ref(draft.page.ref.id, None, unquote(last), None)
    return None


def _ref(container: str | None, attachment: str | None, name: str, version: str | None) -> ImageRef:
    """Make the reference; equal attachments of equal version have equal keys."""
    if attachment:
        key = f"att{attachment}" + (f"-v{version}" if version else "")
    else:
        digest = sha256(f"{container}/{name}/{version or ''}".encode("utf-8", "replace"))
        key = f"file-{digest.hexdigest()[:24]}"
    return ImageRef(key, container, attachment, name[:255], version)


def want(draft: Draft, reference: ImageRef) -> None:
    """Ask for a picture; one that is wanted twice, at the larger of its sizes."""
    known = draft.images.get(reference.key)
    if known is not None and (not known.width or known.width >= reference.width > 0):
        return
    draft.images[reference.key] = reference


def _place(draft: Draft, image: Element, reference: ImageRef) -> None:
    alignment, border = _alignment(image), _has_border(image)
    floating = alignment.startswith("xp-float")
    width, ratio = _width(draft, image, floating), _ratio(image)
    want(draft, dataclasses.replace(reference, width=round(width or 0.0, 1), ratio=ratio))
    label = (image.get("alt") or image.get("title") or reference.file_name).strip()
    tail = image.tail
    image.attrib.clear()
    image.tail = tail
    image.set("src", f"{IMAGE_SCHEME}{reference.key}")
    image.set("alt", label[:500])
    if border:
        image.set("class", "xp-border")
    link = image.getparent()
    if link is not None and link.tag == "a" and _leads_to_an_image(link):
        unwrap(link)
    if width:
        styles.put(image, width=f"{width:.0f}pt")
    if alignment:
        holder = image.getparent()
        if holder is not None and holder.tag == "a":
            image = holder
        shell = make("span", f"xp-image {alignment}")
        replace_with_shell(image, shell)


def replace_with_shell(element: Element, shell: Element) -> None:
    """Put `shell` where the element stood, around it."""
    parent = element.getparent()
    if parent is None:
        return
    shell.tail, element.tail = element.tail, None
    parent.replace(element, shell)
    shell.append(element)


def _ratio(image: Element) -> float:
    """Its height by its width, as far as the page says so; 0 when it does not."""
    width = styles.pixels(image.get("data-width")) or styles.pixels(image.get("width"))
    height = styles.pixels(image.get("data-height"))
    if not image.get("data-width"):
        height = styles.pixels(image.get("height"))
    return round(height / width, 3) if width and height else 0.0


def _width(draft: Draft, image: Element, is_floating: bool) -> float | None:
    """The printed width in pt: as wide in the text as on the page, never wider than its place.

    Always together with `height: auto`; a tall picture is made narrower (C-43).
    """
    real_width = styles.pixels(image.get("data-width"))
    real_height = styles.pixels(image.get("data-height"))
    width = styles.pixels(image.get("width"))
    height = styles.pixels(image.get("height"))
    if width is None and height and real_width and real_height:
        width = height * real_width / real_height
    width = width or real_width
    if width is None:
        return None
    width = min(on_paper(width, draft.sheet), room.of(image, draft) * _POINTS)
    if is_floating:
        width = min(width, text_width(draft.sheet) * WRAPPED_WIDTH)
    if real_width and real_height:
        width = min(width, tallest(draft.sheet) * real_width / real_height)
    return max(1.0, width)


def _alignment(image: Element) -> str:
    """The class for its place; wrapper and image name it in different words (C-42)."""
    wrapper = next(
        (
            x
            for x in image.iterancestors("span")
            if "confluence-embedded-file-wrapper" in classes(x)
        ),
        None,
    )
    names = [*(classes(wrapper) if wrapper is not None else ()), *classes(image)]
    return next((ALIGNMENTS[name] for name in names if name in ALIGNMENTS), "")


def _has_border(image: Element) -> bool:
    return "confluence-content-image-border" in classes(image)


def _leads_to_an_image(link: Element) -> bool:
    """A thumbnail's link to its own large form says nothing on paper (C-46)."""
    address = link.get("href") or ""
    path = urlsplit(address).path if "[" not in address else address
    return bool(_DOWNLOAD.search(address) or _ARCHIVED.search(address)) and path.lower().endswith(
        (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp")
    )


def _is_elsewhere(draft: Draft, source: str) -> bool:
    """Say whether the address names another host than the site's."""
    if not source.startswith(("http://", "https://", "//")):
        return False
    try:
        host = urlsplit(source).netloc.lower()
    except ValueError:
        return True
    return host != urlsplit(draft.site).netloc.lower()


def _external(draft: Draft, image: Element, source: str) -> None:
    """An image of another host is not fetched: its address is printed (C-45)."""
    draft.note(
        "external_image",
        f"An image is kept on another site: {source[:300]}",
        "It was not fetched; a box with its address stands in its place.",
    )
    label = (image.get("alt") or "").strip()
    href = f"https:{source}" if source.startswith("//") else source
    link = image.getparent()
    if link is not None and link.tag == "a":
        _lift_out(image, link)
    replace(image, box(f"Image on another site: {label[:200]}".rstrip(": "), source[:300], href))


def _lift_out(image: Element, link: Element) -> None:
    """Take the image out of a link around it; links cannot be nested."""
    tail, image.tail = image.tail, None
    replacement = make("span", text=tail or "")
    link.replace(image, replacement)
    link.addprevious(image)
    if not plain(link):
        drop(link)


def _missing(draft: Draft, image: Element, name: str) -> None:
    """Name the file that Confluence itself could not find (C-47)."""
    draft.note(
        "image_missing",
        f"The image “{name[:200]}” is not available in Confluence."
        if name
        else "An image on this page has no address.",
        "A labelled box stands in its place.",
    )
    label = f"Image not available: {name[:200]}" if name else "Image not available."
    replace(image, box(label))


def _file_name(image: Element, source: str) -> str:
    name = image.get("data-linked-resource-default-alias") or ""
    found = _DOWNLOAD.search(source) or _EMBEDDED.search(source)
    if not name and found:
        name = unquote(found[found.lastindex or 1])
    if not name and UNKNOWN_ATTACHMENT in source:
        name = image.get("title") or ""
    shown = re.search(r"/([^/?#]+\.\w{2,5})(?:[?#]|$)", source)
    last = unquote(shown[1]) if shown else ""
    name = name or image.get("title") or image.get("alt") or last
    return name.partition(PASTED)[0].strip()


def _digits(text: str | None) -> str | None:
    match = _ATTACHMENT_ID.fullmatch((text or "").strip())
    return match[1] if match else None
