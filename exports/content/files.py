"""Files: what hangs on a page, which stands on paper as cards, tables and pictures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from unicodedata import normalize
from urllib.parse import quote, unquote

from exports.content import images, room, styles, svg
from exports.content.draft import Draft, box
from exports.content.macros import name_of
from exports.content.nodes import (
    Element,
    add_all,
    drop,
    find,
    first,
    forget,
    having,
    is_blank,
    make,
    plain,
    replace,
    unwrap,
)
from exports.document import IMAGE_SCHEME, Attachment, Drawing

FILE_MACROS = frozenset({"view-file", "viewdoc", "viewxls", "viewppt", "viewpdf", "multimedia"})

GALLERY_COLUMNS = 3

_EXTENSION = re.compile(r"\.(\w{1,8})$")


def attachments(draft: Draft) -> None:
    """The attachments macro: the page's files as a table (C-89).

    What the HTML holds is a screen's: old and new Confluence mark the rows differently, and
    templates that a browser would fill have a `$`. So the files themselves are listed, if known.
    """
    for shell in having(draft.body, "plugin_attachments_container"):
        known = [_row(x.title, _address(draft, x), _facts(x)) for x in draft.page.attachments]
        rows = known or list(_rows_of_html(shell))
        if not rows:
            drop(shell)
            continue
        table = make("table", "confluenceTable")
        replace(shell, add_all(table, [_head(bool(known)), *rows]))


def galleries(draft: Draft) -> None:
    """A gallery: pictures in rows, with their names (C-90)."""
    for element in find(draft.body, ".//*[@data-macro-name='gallery']"):
        if is_blank(element):
            replace(element, *_gallery(draft))
    for gallery in having(draft.body, "gallery"):
        for cell in having(gallery, "gallery-image"):
            forget(cell, "style")
        for table in gallery.iter("table"):
            table.set("class", "xp-gallery")


def file_cards(draft: Draft) -> None:
    """A file is a card with its name, kind and size, and a link to it (C-49, C-51, C-52)."""
    for link in having(draft.body, "confluence-embedded-file", "a"):
        address = link.get("href") or link.get("data-file-src") or ""
        replace(link, _card(draft, _name(link), address, _known(draft, link)))
    for wrapper in having(draft.body, "confluence-embedded-file-wrapper"):
        named = wrapper.find("./a")
        if named is not None and named.find(".//img") is None and plain(named):
            known = _known(draft, named)
            replace(named, _card(draft, plain(named), named.get("href") or "", known))
            unwrap(wrapper)
    for macro in find(draft.body, ".//*[@data-macro-name]"):
        if name_of(macro) in FILE_MACROS and is_blank(macro):
            name = macro.get("data-attachment-filename") or macro.get("data-filename") or ""
            replace(macro, _card(draft, name or "A file", "", _known(draft, macro, name)))
    for player in list(draft.body.iter("video", "audio", "object", "embed")):
        address = player.get("src") or ""
        draft.note(
            "media_left_out",
            "A video or another playable file stands on this page.",
            "A card with its name stands in its place.",
            "info",
        )
        name = unquote(address.rsplit("/", 1)[-1].partition("?")[0])
        card = _card(draft, name or "A playable file", address, _known(draft, player, name))
        replace(player, card)


def drawings(draft: Draft) -> None:
    """A drawing inside the page (SVG) becomes a picture; small signs of the screen go (C-94)."""
    for mark in list(draft.body.iter("svg")):
        shape = svg.Shape.of(draft.taken_out(mark))
        if shape is None or shape.is_sign:
            drop(mark)
            continue
        key = f"svg-{sha256(shape.source.encode('utf-8', 'replace')).hexdigest()[:24]}"
        draft.drawings.setdefault(key, Drawing(key, "svg", shape.source, shape.words))
        image = make("img", src=f"{IMAGE_SCHEME}{key}", alt=shape.label)
        most = room.of(mark, draft) / 25.4 * 72
        width = min(images.on_paper(shape.width, draft.sheet), most)
        width = min(width, images.tallest(draft.sheet) * shape.width / shape.height)
        styles.put(image, width=f"{max(1.0, width):.0f}pt")
        replace(mark, image)
        if shape.links:
            images.list_below(image, "Links in the drawing", shape.links)


def diagrams(draft: Draft) -> None:
    """An app's diagram that left nothing behind is named (C-93)."""
    for name in ("balsamiq_mockup", "gliffy-macro", "drawio-macro"):
        for element in having(draft.body, name):
            if is_blank(element) and element.getparent() is not None:
                draft.note(
                    "diagram_left_out",
                    "A diagram of an app is not part of what Confluence exports.",
                    "A labelled box stands in its place.",
                )
                replace(element, box("Diagram of an app, not exported."))
    for table in having(draft.body, "gliffy-macro-table"):
        for picture in list(table.iter("img")):
            picture.set("class", "confluence-embedded-image")


def _known(draft: Draft, element: Element, name: str = "") -> Attachment | None:
    """Which of the page's files the element stands for: by either id, else by its name."""
    attachment_id = (element.get("data-linked-resource-id") or "").removeprefix("att")
    media_id = element.get("data-media-id") or ""
    name = name or _name(element)
    for attachment in draft.page.attachments:
        if attachment.id == attachment_id or (media_id and attachment.file_id == media_id):
            return attachment
    wanted = normalize("NFC", name)
    return next((x for x in draft.page.attachments if normalize("NFC", x.title) == wanted), None)


def _card(draft: Draft, name: str, href: str, known: Attachment | None) -> Element:
    if known is not None:
        name, href = known.title, href or _address(draft, known)
    card = make("span", "xp-file")
    card.append(make("span", "xp-file-kind", _kind(name)))
    card[0].tail = " "
    card.append(make("a", "", name, href=href) if href else make("span", "", name))
    if known is not None and known.size:
        card[-1].tail = " "
        card.append(make("span", "xp-small", size_words(known.size)))
    return card


def _kind(name: str) -> str:
    extension = _EXTENSION.search(name)
    return extension[1].upper() if extension else "FILE"


def size_words(size: int) -> str:
    """A number of bytes as people say it.

    >>> size_words(900), size_words(48_300), size_words(2_400_000)
    ('900 bytes', '48 KB', '2.4 MB')
    """
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    return f"{size / 1_000_000:.1f} MB"


def _address(draft: Draft, attachment: Attachment) -> str:
    return f"{draft.site}/download/attachments/{draft.page.ref.id}/{quote(attachment.title)}"


def _facts(attachment: Attachment) -> tuple[str, str, str]:
    size = size_words(attachment.size) if attachment.size else ""
    return _kind(attachment.title), size, attachment.modified_at[:10]


def _head(is_known: bool) -> Element:
    names = ("File", "Type", "Size", "Changed") if is_known else ("File", "Changed")
    return add_all(make("tr"), [make("th", "", name) for name in names])


def _row(name: str, href: str, facts: Iterable[str]) -> Element:
    row, cell = make("tr"), make("td")
    cell.append(make("a", "", name, href=href) if href else make("span", "", name))
    row.append(cell)
    row.extend(make("td", "", fact) for fact in facts)
    return row


def _rows_of_html(shell: Element) -> Iterator[Element]:
    for row in shell.iter("tr"):
        link, changed = first(row, "filename"), first(row, "modified-column")
        name = row.get("data-attachment-filename") or (plain(link) if link is not None else "")
        if name and not name.startswith("$"):
            href = link.get("href") or "" if link is not None else ""
            yield _row(name, href, [plain(changed) if changed is not None else ""])


def _gallery(draft: Draft) -> list[Element]:
    """The page's pictures in a table of their own, as the macro would have laid them out."""
    pictures = [x for x in draft.page.attachments if x.media_type.startswith("image/")]
    if not pictures:
        return []
    table = make("table", "xp-gallery")
    for start in range(0, len(pictures), GALLERY_COLUMNS):
        row = make("tr")
        for attachment in pictures[start : start + GALLERY_COLUMNS]:
            cell = make("td")
            cell.append(attached_picture(draft, attachment))
            cell.append(make("p", "xp-small", attachment.title))
            row.append(cell)
        table.append(row)
    return [table]


def attached_picture(draft: Draft, attachment: Attachment, label: str = "") -> Element:
    """A file of the page as a picture in it, for the later step to resolve."""
    image = make("img", "confluence-embedded-image", alt=label or attachment.title)
    image.set("data-linked-resource-id", attachment.id)
    image.set("data-linked-resource-container-id", draft.page.ref.id)
    image.set("data-linked-resource-default-alias", attachment.title)
    shell = make("p")
    shell.append(image)
    return shell


def _name(link: Element) -> str:
    return (
        link.get("data-linked-resource-default-alias")
        or plain(link)
        or unquote((link.get("href") or "").rsplit("/", 1)[-1].split("?")[0])
        or "A file"
    )
