"""Bodies: a page's HTML as it lies in the folder goes in, as Confluence serves it comes out.

Addresses of attachments become the site's own, and images get Confluence's attributes; every
other character stays. `cleaned` makes it safe to show in the playground's own pages.
"""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import lxml.html
from PIL import Image

from playground.site import Attachment, Page, Site

# Comments, CDATA and scripts are passed over: an address in them is text.
_TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<script\b.*?</script\s*>"
    r"""|<(?P<name>img|a)\b(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>""",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_DOWNLOAD = re.compile(r"/download/(?:attachments|thumbnails|embedded-page)/(\d+)/")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|var\(--ds-[\w-]+, ?#[0-9a-fA-F]{3,8}\)")
_DANGEROUS = ("script", "iframe", "object", "embed", "form", "link", "meta", "base", "frame")


def served(site: Site, page: Page, base_url: str, representation: str = "export_view") -> str:
    """Read a body and make its addresses this site's."""
    path = page.bodies.get(representation) or page.bodies.get("export_view")
    text = path.read_text(encoding="utf-8") if path else ""
    return rewritten(text, site, page, base_url)


def rewritten(text: str, site: Site, page: Page, base_url: str) -> str:
    """Rewrite the addresses in a body."""

    def tag(found: re.Match[str]) -> str:
        if not found["name"]:
            return found[0]
        attributes = _attributes(found["rest"])
        attachment = _named(attributes, site, page)
        if attachment is None:
            return found[0]
        if found["name"].lower() == "img":
            attributes |= _image(attributes, attachment, site, base_url)
            attributes.pop("srcset", None)
        else:
            attributes |= _link(attachment, site, base_url)
        slash = " /" if found["rest"].rstrip().endswith("/") else ""
        return f"<{found['name']}{_written(attributes)}{slash}>"

    return _TAG.sub(tag, text)


def cleaned(text: str) -> str:
    """Make a body safe to show: no scripts, frames, forms or handlers.

    Emoticons become text: the playground has none of Confluence's pictures.
    """
    if not text.strip():
        return ""
    # Code may sit in a script element; it is shown, not run.
    text = re.sub(
        r'<script\b[^>]*type="syntaxhighlighter"[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</script>',
        lambda code: f"<pre>{html.escape(code[1])}</pre>",
        text,
        flags=re.DOTALL,
    )
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _DANGEROUS:
            element.drop_tree()
            continue
        _eased(element)
        for name, value in element.attrib.items():
            if name.startswith("on") or _runs(name, value):
                del element.attrib[name]
    return str(lxml.html.tostring(root, encoding="unicode"))


def _eased(element: lxml.html.HtmlElement) -> None:
    """Make content easier to read and to reach than its authors did."""
    classes = element.get("class", "")
    if element.tag == "img" and "emoticon" in classes:
        element.tag = "span"
        element.text = element.get("data-emoji-fallback") or element.get("alt")
    elif element.tag == "pre":
        element.set("tabindex", "0")  # so that keys can scroll it
    elif "confluence-embedded-file" in classes and element.tag == "a":
        element.set("aria-label", element.get("data-linked-resource-default-alias", "File"))
    colour = element.get("data-highlight-colour", "")
    if _COLOUR.fullmatch(colour):
        element.set("style", f"{element.get('style', '')};background-color: {colour}")


def _runs(name: str, value: str) -> bool:
    scheme = re.sub(r"[\s\x00-\x1f]", "", value).lower()
    return name in ("href", "src", "action", "formaction", "xlink:href", "srcdoc") and (
        scheme.startswith(("javascript:", "vbscript:", "data:text"))
    )


def _attributes(rest: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(value[1:-1] if value[:1] in "\"'" else value)
        for name, value in _ATTRIBUTE.findall(rest)
    }


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())


def _named(attributes: Mapping[str, str], site: Site, page: Page) -> Attachment | None:
    """Find the attachment that an image or a link names, by its id or by its address."""
    for name in ("src", "data-image-src", "href"):
        found = _by_address(attributes.get(name, ""), site, page)
        if found:
            return found
    linked = attributes.get("data-linked-resource-id", "")
    kind = attributes.get("data-linked-resource-type", "attachment")
    return site.attachment(linked) if linked and kind == "attachment" else None


def _by_address(address: str, site: Site, page: Page) -> Attachment | None:
    parts = urlsplit(address) if "[" not in address else urlsplit("")
    path = parts.path
    owner = _DOWNLOAD.search(path)
    if not path or ((parts.scheme or parts.netloc) and not owner):
        return None
    by_file = site.attachment_by_file(path) or site.attachment_by_file(unquote(path))
    if by_file:
        return by_file
    title = unquote(path.rsplit("/", 1)[-1]).replace("+", " ")
    pages = (site.pages.get(owner[1], page) if owner else page,)
    files = (file for one in pages for file in one.attachments)
    return next((file for file in files if file.title.replace("+", " ") == title), None)


def _link(attachment: Attachment, site: Site, base_url: str) -> dict[str, str]:
    return {"href": attachment_url(attachment, site, base_url, "attachments")}


def _image(
    attributes: Mapping[str, str], attachment: Attachment, site: Site, base_url: str
) -> dict[str, str]:
    original = attachment_url(attachment, site, base_url, "attachments")
    width = attributes.get("width", "").removesuffix("px")
    source = original
    if width.isdecimal():
        source = attachment_url(attachment, site, base_url, "thumbnails") + f"&width={width}"
    classes = attributes.get("class", "").split()
    if "confluence-embedded-image" not in classes:
        classes.insert(0, "confluence-embedded-image")
    return {
        "class": " ".join(classes),
        **_identity(attachment, site, base_url),
        **{name: value for name, value in attributes.items() if name.startswith("data-")},
        "src": source,
        "data-image-src": original,
    }


def _identity(attachment: Attachment, site: Site, base_url: str) -> dict[str, str]:
    page = site.pages[attachment.page_id]
    size = _size(attachment.path)
    return {
        **({"data-width": str(size[0]), "data-height": str(size[1])} if size else {}),
        "data-linked-resource-id": attachment.number,
        "data-linked-resource-version": "1",
        "data-linked-resource-type": "attachment",
        "data-linked-resource-default-alias": attachment.title,
        "data-base-url": base_url,
        "data-linked-resource-content-type": attachment.media_type,
        "data-linked-resource-container-id": page.id,
        "data-linked-resource-container-version": str(page.version.number),
        "data-media-id": attachment.media_id,
        "data-media-type": "file",
    }


def attachment_url(attachment: Attachment, site: Site, base_url: str, kind: str) -> str:
    """Give an address of the cookie era; kind is "attachments" or "thumbnails"."""
    changed = site.pages[attachment.page_id].version.created_at
    try:
        milliseconds = int(datetime.fromisoformat(changed).timestamp() * 1000)
    except ValueError:
        milliseconds = 0
    path = f"/download/{kind}/{attachment.page_id}/{quote(attachment.title, safe='')}"
    query = f"version=1&modificationDate={milliseconds}&cacheVersion=1&api=v2"
    return f"{base_url}{path}?{query}"


@lru_cache(maxsize=4096)
def _size(path: Path) -> tuple[int, int] | None:
    try:
        with Image.open(path) as image:
            return image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        # Not a picture that can be measured, such as SVG: Confluence gives no size either.
        return None
