"""Images of storage format: `ac:image` in, the markup of `view` out. Pure.

Storage says more than `view`: captions, borders and the size of the original stand in it (C-40,
C-42 – C-44, C-50).
"""

from __future__ import annotations

import re

from exports.content.nodes import Element, drop, is_blank, make, move_content, replace
from exports.content.storage.links import Place, address, file_address, resource_of

# `ac:layout` → the words Confluence has for it on the wrapper and on the image; they differ.
LAYOUTS = {
    "center": ("image-center-wrapper", "image-center"),
    "wide": ("image-center-wrapper", "image-center"),
    "full-width": ("image-center-wrapper", "image-center"),
    "align-start": ("image-left-wrapper", "image-left"),
    "align-end": ("image-right-wrapper", "image-right"),
    "wrap-left": ("image-left-wrap-wrapper", "image-wrap-left"),
    "wrap-right": ("image-right-wrap-wrapper", "image-wrap-right"),
    # `ac:align`, all that older pages have
    "left": ("image-left-wrapper", "image-left"),
    "right": ("image-right-wrapper", "image-right"),
}
# Where the host itself has no picture to show, it names this one (C-47).
UNKNOWN = "placeholder/unknown-attachment"

SETTINGS = frozenset({"ac-caption", "ac-adf-mark", "ac-adf-fragment-mark"})

_PLAYABLE = re.compile(r"\.(?:mp4|m4v|mov|avi|mkv|webm|wmv|mp3|m4a|wav|ogg)$", re.IGNORECASE)
_PIXELS = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(?:px)?")


def image(element: Element, place: Place) -> list[Element]:
    """Put a picture, with its caption if it has one, where the `ac:image` stood.

    In broken text an image may hold what follows it; that stands after it again.
    """
    caption = element.find("ac-caption")
    resource = next((x for x in element if str(x.tag).startswith("ri-")), None)
    shown = _framed(element, resource, place)
    if caption is not None:
        figure = make("figure")
        figure.extend([shown, _caption(caption)])
        shown = figure
    for child in [x for x in element if x.tag in SETTINGS or str(x.tag).startswith("ri-")]:
        drop(child)
    rest = make("span")
    move_content(element, rest)
    made = [shown] if is_blank(rest) and not len(rest) else [shown, rest]
    replace(element, *made)
    return made


def _framed(element: Element, resource: Element | None, place: Place) -> Element:
    layout = element.get("ac-layout") or element.get("ac-align") or ""
    on_wrapper, on_image = LAYOUTS.get(layout, ("", ""))
    wrapper = make("span", f"confluence-embedded-file-wrapper {on_wrapper}".rstrip())
    name = resource.get("ri-filename") or "" if resource is not None else ""
    if resource is not None and _PLAYABLE.search(name):
        wrapper.append(make("a", "", name, href=file_address(resource, place)))
    else:
        wrapper.append(_picture(element, resource, on_image, place))
    return wrapper


def _caption(caption: Element) -> Element:
    """The words of a caption, without the one paragraph they are mostly in."""
    words = make("figcaption")
    is_one = len(caption) == 1 and caption[0].tag == "p" and not (caption.text or "").strip()
    move_content(caption[0] if is_one else caption, words)
    return words


def _picture(element: Element, resource: Element | None, css_class: str, place: Place) -> Element:
    picture = make("img", f"confluence-embedded-image {css_class}".rstrip())
    if _has_border(element):
        picture.set("class", f"{picture.get('class')} confluence-content-image-border")
    if element.get("ac-thumbnail") == "true":
        picture.set("class", f"{picture.get('class')} confluence-thumbnail")
    for name, given in (
        ("width", "ac-width"),
        ("height", "ac-height"),
        ("data-width", "ac-original-width"),
        ("data-height", "ac-original-height"),
    ):
        if size := _PIXELS.fullmatch(element.get(given) or ""):
            picture.set(name, size[1])
    for name in ("alt", "title"):
        if words := element.get(f"ac-{name}"):
            picture.set(name, words)
    if resource is not None:
        _address(picture, resource, place)
    return picture


def _address(picture: Element, resource: Element, place: Place) -> None:
    if resource.tag == "ri-attachment":
        source = file_address(resource, place)
        name = resource.get("ri-filename") or ""
        picture.set("data-linked-resource-type", "attachment")
        picture.set("data-linked-resource-default-alias", name)
        if source:
            picture.set("data-linked-resource-container-id", place.page_id(resource_of(resource)))
        else:
            source = UNKNOWN
            picture.set("title", name)
    else:
        source = address(resource, place)
        picture.set("class", f"{picture.get('class')} confluence-external-resource")
    picture.set("src", source)


def _has_border(element: Element) -> bool:
    marks = element.iterchildren("ac-adf-mark")
    return element.get("ac-border") == "true" or any(mark.get("key") == "border" for mark in marks)
