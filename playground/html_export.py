"""Import: a Confluence HTML export in, a playground site folder out.

`python -m playground import-html FOLDER -o SITE`. Two kinds are understood: the space export of
Confluence Cloud (`index.html`, `Title_123.html`, `attachments/123/456.png`) and the pages a server
wrote with its own frame around them (`name.html`, `name.data/picture.png`).

A body is sliced out of its file, never parsed and written anew: odd tags are what the playground is
for. Only the addresses of page links, images and attachments change. Whatever could not be brought
over is said on stderr, once. Nothing is written outside of SITE, and no link of the file system is
followed.
"""

from __future__ import annotations

import argparse
import codecs
import hashlib
import json
import mimetypes
import re
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Literal
from urllib.parse import quote, quote_plus, unquote, urlsplit

ADMIN = "557058:f0a1c2d3-0000-4000-8000-00000000c0de"
MANIFEST = ".import-html.json"  # names what an import wrote, so that the next one may replace it
UNKNOWN_TIME = "2000-01-01T00:00:00.000Z"

_TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<raw>script|style|textarea|title)\b[^>]*+>.*?</(?P=raw)\s*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^\"'>]|\"[^\"]*+\"|'[^']*+')*+|[^>]*+)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"(?P<a>[^\"]*+)\"|'(?P<b>[^']*+)'|(?P<c>[^\s\"'>]++)))?"
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img"}
    | {"input", "link", "meta", "param", "source", "track", "wbr"}
)
_ID_IN_NAME = re.compile(r"(?:^|_)(\d{5,18})$")
_ID_IN_FRAME = (
    re.compile(r"[?&;](?:fromPageId|pageId)=(\d{1,18})\b"),
    re.compile(r"name=[\"']ajs-page-id[\"']\s+content=[\"'](\d{1,18})[\"']"),
)
_KEY_IN_FRAME = re.compile(r"[?&;](?:spaceKey|key)=([A-Za-z0-9~._-]+)|/(?:spaces|display)/(\w+)/")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_DATE = re.compile(r"\bon ([A-Z][a-z]{2} \d{1,2}, \d{4})")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)


class ImportRefused(Exception):
    """The folder cannot be imported, or not to there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tag:
    name: str  # lower case
    closing: bool
    empty: bool  # void, or written as <x/>
    start: int
    end: int
    attributes_start: int
    source: str

    def attributes(self) -> dict[str, str]:
        """Names in lower case, values without entities; of a repeated name the first counts."""
        found: dict[str, str] = {}
        for name, value, _, _ in self.spans():
            found.setdefault(name, unescape(value))
        return found

    def spans(self) -> Iterator[tuple[str, str, int, int]]:
        """Name, raw value, and where in the source the raw value stands."""
        stop = self.end - (2 if self.source[self.end - 2] == "/" else 1)
        for match in _ATTRIBUTE.finditer(self.source, self.attributes_start, stop):
            group = match.lastgroup
            if group is not None and group != "name":
                yield match["name"].lower(), match[group], match.start(group), match.end(group)
            else:
                yield match["name"].lower(), "", match.end(), match.end()


@dataclass(frozen=True, slots=True)
class Slice:
    """An element of the source: its tag, and the span of what is inside."""

    tag: Tag
    start: int
    end: int
    closed: bool


@dataclass(slots=True)
class Page:
    """What one file says. `id` and `parent` are settled when all files are read."""

    file: str  # relative to the export, with slashes
    title: str
    body: str
    id: str
    space_name: str | None
    space_key: str | None
    created_at: str
    version: int
    crumbs: tuple[str, ...]  # files of the ancestors, root first
    listed: tuple[tuple[str, str, str | None], ...]  # href, title, media type
    type: Literal["page", "folder"] = "page"
    parent: Page | None = None
    position: int = 0
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    title: str
    media_type: str
    file: str  # the same in the export and in the site


@dataclass(slots=True)
class Index:
    """The tree of index.html."""

    key: str | None = None
    name: str | None = None
    home: str | None = None
    entries: dict[str, tuple[str | None, str]] = field(default_factory=dict)  # file: parent, title


@dataclass(slots=True)
class Account:
    """What happened, counted; each odd thing is said once."""

    counts: Counter[str] = field(default_factory=Counter)
    said: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    missing_images: dict[str, None] = field(default_factory=dict)

    def say(self, sentence: str) -> None:
        self.said.setdefault(sentence)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m playground import-html",
        description="Turn a Confluence HTML export into a site folder for the playground.",
    )
    parser.add_argument("folder", type=Path, help="the unpacked export")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="SITE")
    parser.add_argument("--key", help="key of the space, if the export does not tell")
    parser.add_argument("--title", help="name of the space, if the export does not tell")
    parser.add_argument(
        "--force", action="store_true", help="write into SITE though other files are there"
    )
    arguments = parser.parse_args(argv)
    try:
        account = import_html(
            arguments.folder,
            arguments.out,
            key=arguments.key,
            title=arguments.title,
            force=arguments.force,
        )
    except (ImportRefused, OSError) as error:
        print(f"import-html: {error}", file=sys.stderr)
        return 1
    for sentence in account.said:
        print(sentence, file=sys.stderr)
    for what, count in account.counts.items():
        print(f"{count:6} {what}")
    return 0


def import_html(
    folder: Path,
    out: Path,
    *,
    key: str | None = None,
    title: str | None = None,
    force: bool = False,
) -> Account:
    """Write the site folder `out` from the export in `folder`, and tell what happened."""
    account = Account()
    if not folder.is_dir():
        raise ImportRefused(f"{folder} is not a folder. Unpack the export and name its folder.")
    _refuse_unsafe(folder.resolve(), out.resolve(), force)
    files = _files(folder, account)
    index, pages = _read(folder, files, account)
    if not pages:
        raise ImportRefused(f"{folder} holds no page: not one .html file besides index.html.")
    _stand_in(pages, index, account)
    _settle_ids(pages, account)
    home = _plant(pages, index, account)
    key = key or index.key or _most_common(page.space_key for page in pages.values())
    key = key or re.sub(r"[\W_]", "", folder.resolve().name).upper() or "IMPORT"
    title = title or index.name or _most_common(page.space_name for page in pages.values())

    addresses = _attach(folder, files, pages, account)
    addresses |= {page.file: _page_address(key, page.id, page.title) for page in pages.values()}
    if "index.html" not in pages:
        addresses["index.html"] = f"/wiki/spaces/{key}/overview"
    for page in pages.values():
        page.body = _readdress(page, addresses, files, key, account)
    _write(folder, out, _site(pages, home, key, title or home.title), list(pages.values()))
    account.counts["pages"] = sum(page.type == "page" for page in pages.values())
    account.counts["folders"] = len(pages) - account.counts["pages"]
    account.counts["images whose file is missing"] = len(account.missing_images)
    account.counts["attachments"] = sum(len(page.attachments) for page in pages.values())
    return account


def tags(source: str, start: int = 0) -> Iterator[Tag]:
    """Every tag from `start` on, in order; none from comments, CDATA, scripts or styles.

    >>> [(tag.name, tag.closing, tag.empty) for tag in tags("<p><!-- <b> --><br></p><i/>")]
    [('p', False, False), ('br', False, True), ('p', True, False), ('i', False, True)]
    """
    for match in _TAG.finditer(source, start):
        if match["name"] is not None:
            name = match["name"].lower()
            yield Tag(
                name=name,
                closing=bool(match["close"]),
                empty=name in _VOID or match["attributes"].endswith("/"),
                start=match.start(),
                end=match.end(),
                attributes_start=match.start("attributes"),
                source=source,
            )


def find(source: str, wanted: Callable[[Mapping[str, str]], bool], start: int = 0) -> Slice | None:
    """The first element whose attributes are `wanted`, up to the end tag that closes it."""
    found: Tag | None = None
    depth = 0
    for tag in tags(source, start):
        if found is None:
            if not tag.closing and wanted(tag.attributes()):
                found = tag
                depth = 1
                if tag.empty:
                    return Slice(tag, tag.end, tag.end, closed=True)
        elif tag.name == found.name and not tag.empty:
            depth += -1 if tag.closing else 1
            if depth == 0:
                return Slice(found, found.end, tag.start, closed=True)
    if found is None:
        return None
    return Slice(found, found.end, len(source), closed=False)


def decode(octets: bytes) -> tuple[str, str | None]:
    """The text of a file, and a remark if its encoding is not what it should be.

    >>> decode(b"na\\xefve")
    ('naïve', 'is not UTF-8; read as cp1252')
    """
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return octets.decode("utf-16", "replace"), None
    try:
        return octets.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        declared = _CHARSET.search(octets[:4096])
        name = declared[1].decode("ascii") if declared else "cp1252"
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            codec = "cp1252"
        if codec == "utf-8":
            return octets.decode("utf-8", "replace"), "is broken UTF-8; � stands for what is lost"
        try:
            return octets.decode(codec, "replace"), f"is not UTF-8; read as {codec}"
        except (LookupError, ValueError):  # "charset=base64" names a codec that gives no text
            return octets.decode("cp1252", "replace"), "is not UTF-8; read as cp1252"


def _files(folder: Path, account: Account) -> frozenset[str]:
    """All plain files of the export, as paths with slashes."""
    found: list[str] = []
    pending = [folder]
    while pending:
        for path in sorted(pending.pop().iterdir()):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                account.say(f"{name} is a link of the file system: left out.")
            elif path.is_dir():
                pending.append(path)
            elif path.is_file():
                found.append(name)
    return frozenset(found)


def _read(folder: Path, files: frozenset[str], account: Account) -> tuple[Index, dict[str, Page]]:
    index = Index()
    pages: dict[str, Page] = {}
    for file in sorted(files):
        if not file.lower().endswith((".html", ".htm")) or file.startswith("attachments/"):
            continue
        source, remark = decode((folder / file).read_bytes())
        if remark:
            account.say(f"{file} {remark}.")
        if file == "index.html" and _is_index(source):
            index = _read_index(source)
        else:
            pages[file] = _read_page(file, source, account)
    if not index.entries:
        account.say("There is no index.html with a tree: parents are taken from the breadcrumbs.")
    return index, pages


def _is_index(source: str) -> bool:
    main = find(source, lambda it: it.get("id") == "main-content")
    if main is not None:
        return "pageSection" in main.tag.attributes().get("class", "").split()
    return _body(source) is None


def _read_index(source: str) -> Index:
    """The tree is nested lists; each child may sit in a list of its own."""
    index = Index()
    facts = re.findall(r"<th[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>", source, re.DOTALL)
    # Key and name are told by their place: their labels are in the language of the site.
    if len(facts) >= 2:
        index.key, index.name = (_text(value) or None for _, value in facts[:2])
    main = find(source, lambda it: it.get("id") == "main-content")
    open_items: list[str | None] = []
    latest: str | None = None
    for tag in tags(source, main.end if main else 0):
        if tag.name == "li" and not tag.closing:
            open_items.append(None)
        elif tag.name == "li" and open_items:
            open_items.pop()
        elif tag.name == "a" and not tag.closing and open_items and open_items[-1] is None:
            file = _local_path("index.html", tag.attributes().get("href", ""))
            if file is None or not file.endswith((".html", ".htm")):
                continue
            parent = next((item for item in reversed(open_items) if item), None)
            end = source.find("</a", tag.end)
            open_items[-1] = latest = file
            index.entries.setdefault(file, (parent, _text(source[tag.end : end])))
        elif tag.name == "img" and "home_page" in tag.attributes().get("src", ""):
            index.home = index.home or latest
    return index


def _body(source: str) -> Slice | None:
    """The element with what the author wrote, whichever kind of export this is."""
    for wanted in (
        lambda it: it.get("id") == "main-content",
        lambda it: it.get("id") == "ConfluenceContent",
        lambda it: "wiki-content" in it.get("class", "").split(),
    ):
        if (found := find(source, wanted)) is not None:
            return found
    return None


def _whole(source: str) -> Slice:
    """What stands between `<body>` and `</body>`, or everything where they are not written."""
    end = source.lower().rfind("</body")
    for tag in tags(source):
        if tag.name == "body" and not tag.closing:
            return Slice(tag, tag.end, max(end, tag.end) if end >= 0 else len(source), closed=True)
    return Slice(Tag("", False, False, 0, 0, 0, source), 0, len(source), closed=True)


def _read_page(file: str, source: str, account: Account) -> Page:
    found = _body(source)
    if found is None and 'class="page-metadata"' not in source:
        found = _whole(source)
        account.say(f"{file} has no element that Confluence keeps a page in: all of it is taken.")
    elif found is None:
        account.counts["pages without a body (a folder, or an empty page)"] += 1
    elif 'id="main-content-2"' in source:
        account.say(f"{file} is a whiteboard or database: the export only says so.")
    elif not found.closed:
        account.say(f"{file}: the page's element is never closed, so it runs to the end.")
    body = source[found.start : found.end] if found else ""
    frame = source[: found.start] + source[found.end :] if found else source
    space_name, title = _title(file, frame)
    page_id = _known_id(file, frame) or ""
    return Page(
        file=file,
        title=title,
        body=body,
        id=page_id,
        space_name=space_name,
        space_key=next((a or b for a, b in _KEY_IN_FRAME.findall(frame)), None),
        created_at=_created_at(frame),
        version=_version(body, page_id),
        crumbs=_crumbs(file, frame),
        listed=_listed(frame),
    )


def _title(file: str, frame: str) -> tuple[str | None, str]:
    """Name of the space, if it is told, and the title."""
    found = find(frame, lambda it: it.get("id") == "title-text")
    if found is not None:
        words = _text(frame[found.start : found.end])
        space, colon, title = words.partition(" : ")
        return (space, title) if colon and title else (None, words or PurePosixPath(file).stem)
    space_name = None
    if (above := find(frame, lambda it: it.get("class") == "smalltext")) is not None:
        space_name = _text(frame[above.start : above.end]) or None
    found = find(frame, lambda it: "pagetitle" in it.get("class", "").split())
    words = _text(frame[found.start : found.end]) if found else ""
    if not words and (head := re.search(r"<title>(.*?)</title>", frame, re.DOTALL | re.IGNORECASE)):
        words = _text(head[1])
    return space_name, words or PurePosixPath(file).stem


def _known_id(file: str, frame: str) -> str | None:
    """The id Confluence gave, from the file's name or the frame around the body."""
    if (named := _ID_IN_NAME.search(PurePosixPath(file).stem)) is not None:
        return named[1]
    for pattern in _ID_IN_FRAME:
        if (found := pattern.search(frame)) is not None:
            return found[1]
    return None


def _created_at(frame: str) -> str:
    found = find(frame, lambda it: it.get("class") == "page-metadata")
    dates = _DATE.findall(_text(frame[found.start : found.end])) if found else []
    for date in dates[-1:]:
        try:
            day = datetime.strptime(date, "%b %d, %Y").replace(tzinfo=UTC)
        except ValueError:
            continue
        return day.strftime("%Y-%m-%dT00:00:00.000Z")
    return UNKNOWN_TIME


def _version(body: str, page_id: str) -> int:
    """Told only by what the page shows of its own: each names the version of its page."""
    told = re.search(
        rf'container-id="{page_id}"\s+data-linked-resource-container-version="(\d{{1,6}})"', body
    )
    return max(int(told[1]), 1) if told else 1


def _crumbs(file: str, frame: str) -> tuple[str, ...]:
    found = find(
        frame,
        lambda it: (
            it.get("id") in ("breadcrumbs", "breadcrumb-section")
            or "topBarDiv" in it.get("class", "").split()
        ),
    )
    if found is None:
        return ()
    crumbs = []
    for tag in tags(frame[found.start : found.end]):
        if tag.name == "a" and not tag.closing:
            target = _local_path(file, tag.attributes().get("href", ""))
            if target and target not in (file, "index.html"):
                crumbs.append(target)
    return tuple(crumbs)


def _listed(frame: str) -> tuple[tuple[str, str, str | None], ...]:
    """The attachments that the foot of a page lists: `<a href>NAME</a> (type)`."""
    found = find(frame, lambda it: it.get("class") == "greybox")
    if found is None:
        return ()
    inside = frame[found.start : found.end]
    rows = re.findall(
        r"<a\s[^>]*?href=[\"']([^\"']*)[\"'][^>]*>(.*?)</a>(?:\s*\(([\w.+-]+/[\w.+-]+)[^)]*\))?",
        inside,
        re.DOTALL,
    )
    return tuple((unescape(href), _text(name), kind or None) for href, name, kind in rows)


def _stand_in(pages: dict[str, Page], index: Index, account: Account) -> None:
    """Keep the branches of pages that the index names but nobody exported.

    Such a page becomes a folder, for the sake of what lies below; the homepage an empty page.
    """
    needed: set[str | None] = {index.home}
    for file in index.entries:
        above = index.entries[file][0]
        if file not in pages and file != index.home:
            continue
        while above is not None and above not in needed:
            needed.add(above)
            above = index.entries[above][0]
    for file, (_, title) in index.entries.items():
        if file in pages:
            continue
        account.counts["pages in index.html whose file is absent"] += 1
        told = f"index.html names {title!r} ({file}), but the file is absent"
        if file not in needed:
            account.say(f"{told}: left out.")
            continue
        kind: Literal["page", "folder"] = "page" if file == index.home else "folder"
        account.say(f"{told}: an empty {kind} stands in its place.")
        pages[file] = Page(
            file=file,
            title=title,
            body="",
            id=_known_id(file, "") or "",
            space_name=None,
            space_key=None,
            created_at=UNKNOWN_TIME,
            version=1,
            crumbs=(),
            listed=(),
            type=kind,
        )


def _settle_ids(pages: Mapping[str, Page], account: Account) -> None:
    taken: dict[str, str] = {}
    for page in pages.values():
        if page.id and page.id in taken:
            account.say(f"{page.file} and {taken[page.id]} both have the id {page.id}: new id.")
            page.id = ""
        elif page.id:
            taken[page.id] = page.file
    for page in pages.values():
        if not page.id:
            page.id = _derived_id(page.file, taken)
            taken[page.id] = page.file


def _derived_id(name: str, taken: Mapping[str, object]) -> str:
    """A number that stays the same from import to import, above those of Confluence."""
    for salt in range(1000):
        digest = hashlib.sha256(f"{name}\0{salt or ''}".encode()).digest()
        number = str(10**15 + int.from_bytes(digest[:6], "big"))
        if number not in taken:
            return number
    raise ImportRefused(f"No free id for {name}.")


def _plant(pages: Mapping[str, Page], index: Index, account: Account) -> Page:
    """Give each page its parent and position; the answer is the homepage."""
    home = _home(pages, index)
    strays = 0
    for page in pages.values():
        if page is home:
            continue
        if page.file in index.entries:
            if (above := index.entries[page.file][0]) is not None:
                page.parent = pages[above]
            continue
        crumbs = [pages[crumb] for crumb in page.crumbs if crumb in pages]
        if crumbs:
            page.parent = crumbs[-1]
            if crumbs[-1].file != page.crumbs[-1]:
                account.say(f"{page.crumbs[-1]}, the parent of {page.file}, is absent.")
        else:
            page.parent = home
            strays += 1
            account.say(f"{page.file} stands in no tree: put under the homepage {home.title!r}.")
    account.counts["pages in no tree, put under the homepage"] = strays
    _break_circles(pages, home, account)
    _number(pages, index)
    return home


def _home(pages: Mapping[str, Page], index: Index) -> Page:
    for file in (index.home, *index.entries):
        if file is not None and file in pages:
            return pages[file]
    roots = Counter(page.crumbs[0] for page in pages.values() if page.crumbs)
    named = [file for file, _ in roots.most_common() if file in pages]
    return pages[named[0]] if named else next(iter(pages.values()))


def _break_circles(pages: Mapping[str, Page], home: Page, account: Account) -> None:
    for page in pages.values():
        seen = {page.id}
        above = page
        while above.parent is not None:
            above = above.parent
            if above is page:
                account.say(f"{page.file} is its own ancestor: put under the homepage.")
                page.parent = home
            if above.id in seen:
                break
            seen.add(above.id)


def _number(pages: Mapping[str, Page], index: Index) -> None:
    """Positions among siblings: the order of the index, then by title."""
    order = {file: number for number, file in enumerate(index.entries)}
    siblings: defaultdict[str | None, list[Page]] = defaultdict(list)
    for page in pages.values():
        siblings[page.parent.id if page.parent else None].append(page)
    for family in siblings.values():
        family.sort(key=lambda it: (order.get(it.file, len(order)), it.title.casefold(), it.file))
        for position, page in enumerate(family):
            page.position = position


def _attach(
    folder: Path, files: frozenset[str], pages: Mapping[str, Page], account: Account
) -> dict[str, str]:
    """Give every file to the page that lists, owns or shows it; tell the address of each."""
    by_id = {page.id: page for page in pages.values()}
    addresses: dict[str, str] = {}
    owners: dict[str, tuple[Page, str, str | None]] = {}
    ids: dict[str, str] = {}
    for page in pages.values():
        absent = 0
        for href, title, kind in page.listed:
            found = _existing(page.file, href, files)
            if found is not None and not _is_taken(found, pages):
                owners.setdefault(found, (page, title or PurePosixPath(found).name, kind))
            elif (path := _local_path(page.file, href)) is not None:
                addresses[path] = _attachment_address(page, title)
                absent += 1
        if absent:
            account.counts["attachments listed whose file is absent"] += absent
            account.say(f"{page.file} lists {absent} attachments whose files are absent.")
    for page in pages.values():
        for file, shown in _shown(page, files):
            if _is_taken(file, pages):
                continue
            title = shown.get("data-linked-resource-default-alias") or PurePosixPath(file).name
            declared = shown.get("data-linked-resource-content-type")
            owners.setdefault(file, (_owner(file, pages, by_id) or page, title, declared))
            if (told := shown.get("data-linked-resource-id", "")).isdecimal():
                ids.setdefault(file, told)
    for file in sorted(files - owners.keys()):
        if _is_taken(file, pages):
            continue
        if (owner := _owner(file, pages, by_id)) is not None:
            owners[file] = (owner, PurePosixPath(file).name, None)
        else:
            account.counts["other files left out"] += 1
            account.say(f"{file} belongs to no page: left out.")
    taken: dict[str, str] = {}
    for file, (page, title, declared) in owners.items():
        number = ids.get(file) or _attachment_number(file)
        if number is None or number in taken:
            number = _derived_id(file, taken)
        taken[number] = file
        media_type = _media_type(folder / file, title, declared)
        page.attachments.append(Attachment(f"att{number}", title, media_type, file))
        addresses[file] = _attachment_address(page, title)
    return addresses


def _shown(page: Page, files: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Files that images show and links offer, with the attributes of the tag."""
    for tag in tags(page.body):
        if tag.closing or tag.name not in ("a", "img"):
            continue
        attributes = tag.attributes()
        for name in ("href",) if tag.name == "a" else ("src", "data-image-src"):
            file = _existing(page.file, attributes.get(name, ""), files)
            if file is not None:
                yield file, attributes


def _is_taken(file: str, pages: Mapping[str, Page]) -> bool:
    """Whether a file is something else than an attachment."""
    return (
        file in pages
        or file in ("index.html", "site.json", MANIFEST)
        or file.startswith(("images/", "styles/", "bodies/"))
    )


def _attachment_address(page: Page, title: str) -> str:
    return f"/wiki/download/attachments/{page.id}/{quote(title)}?api=v2"


def _attachment_number(file: str) -> str | None:
    path = PurePosixPath(file)
    return path.stem if path.parts[0] == "attachments" and path.stem.isdigit() else None


def _owner(file: str, pages: Mapping[str, Page], by_id: Mapping[str, Page]) -> Page | None:
    """Whose `attachments/ID/x`, `name.data/x` or `name.thumbs/x` a file is."""
    folder = PurePosixPath(file).parent
    if folder.suffix in (".data", ".thumbs"):
        return pages.get(str(folder.with_suffix(".html")))
    parts = folder.parts
    if parts[:1] == ("attachments",) and len(parts) > 1:
        return by_id.get(parts[-1])
    return None


def _media_type(path: Path, title: str, declared: str | None) -> str:
    if declared and declared != "application/octet-stream":
        return declared
    with path.open("rb") as file:
        head = file.read(16)
    guessed = mimetypes.guess_type(title)[0] or mimetypes.guess_type(path.name)[0]
    sniffed = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        sniffed = "image/webp"
    # A zip is often more than that: a .docx is told by its name.
    if sniffed == "application/zip" and guessed:
        return guessed
    return sniffed or guessed or "application/octet-stream"


def _readdress(
    page: Page, addresses: Mapping[str, str], files: frozenset[str], key: str, account: Account
) -> str:
    """The body with its links and images pointing into the site; all else as it was."""
    pieces: list[str] = []
    done = 0
    for tag in tags(page.body):
        if tag.closing or tag.name not in ("a", "img"):
            continue
        for name, raw, start, end in tag.spans():
            value = unescape(raw).strip()
            if tag.name == "a" and name == "href":
                new = _link(page, value, addresses, key, account)
            elif tag.name == "img" and name in ("src", "data-image-src"):
                new = _image(page, value, files, account)
            else:
                continue
            if new is not None and new != value:
                pieces += page.body[done:start], escape(new)
                done = end
    pieces.append(page.body[done:])
    return "".join(pieces)


def _link(
    page: Page, href: str, addresses: Mapping[str, str], key: str, account: Account
) -> str | None:
    """The new address, or None where the link stays as it is."""
    path = _local_path(page.file, href)
    if path is None:
        return None
    anchor = "#" + fragment if (fragment := urlsplit(href).fragment) else ""
    is_page = path.lower().endswith((".html", ".htm"))
    for candidate in (path, unquote(path)):
        if candidate in addresses:
            account.counts["page links rewritten" if is_page else "file links rewritten"] += 1
            return addresses[candidate] + anchor
    account.counts[f"{'page' if is_page else 'file'} links whose file is absent"] += 1
    account.say(f"A link goes to {path}, which is absent.")
    stem = PurePosixPath(unquote(path)).stem
    if is_page and (named := _ID_IN_NAME.search(stem)) is not None:
        return _page_address(key, named[1], stem[: named.start()].replace("-", " ")) + anchor
    return None


def _page_address(key: str, page_id: str, title: str) -> str:
    slug = quote_plus(title, safe="-._~")
    return f"/wiki/spaces/{key}/pages/{page_id}" + (f"/{slug}" if slug else "")


def _image(page: Page, src: str, files: frozenset[str], account: Account) -> str | None:
    """The path of the attachment, or None where the address stays as it is."""
    path = _local_path(page.file, src)
    if path is None or path.startswith("images/") or "/icons/" in path:
        return None
    if (file := _existing(page.file, src, files)) is not None:
        return file
    account.missing_images.setdefault(path)
    account.say(f"{page.file} shows {path}, which is absent.")
    return path


def _existing(base: str, address: str, files: frozenset[str]) -> str | None:
    path = _local_path(base, address)
    if path is None:
        return None
    for candidate in (path, unquote(path)):
        if candidate in files:
            return candidate
    return None


def _local_path(base: str, address: str) -> str | None:
    """Where in the export an address points, or None if it points elsewhere.

    >>> _local_path("a/b.html", "c.png?width=760#x"), _local_path("b.html", "../etc/passwd")
    ('a/c.png', None)
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    path = normpath(str(PurePosixPath(base).parent / parts.path))
    return None if path.startswith("..") else path


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def _most_common(values: Iterator[str | None]) -> str | None:
    counted = Counter(value for value in values if value).most_common(1)
    return counted[0][0] if counted else None


def _site(pages: Mapping[str, Page], home: Page, key: str, name: str) -> dict[str, object]:
    space_id = _derived_id(f"space {key}", {})
    return {
        "title": name,
        "users": [
            {"accountId": ADMIN, "displayName": "Importer", "locale": "en-US", "admin": True}
        ],
        "spaces": [
            {"id": space_id, "key": key, "name": name, "homepageId": home.id, "admins": [ADMIN]}
        ],
        "pages": [
            {
                "id": page.id,
                "spaceId": space_id,
                "title": page.title,
                "parentId": page.parent.id if page.parent else None,
                "position": page.position,
                "type": page.type,
                "version": {
                    "number": page.version,
                    "createdAt": page.created_at,
                    "authorId": ADMIN,
                },
                "labels": [],
                "restrictedTo": None,
                "body": f"bodies/{page.id}.html",
                "attachments": [
                    {"id": it.id, "title": it.title, "mediaType": it.media_type, "file": it.file}
                    for it in page.attachments
                ],
            }
            for page in pages.values()
        ],
    }


def _refuse_unsafe(folder: Path, out: Path, force: bool) -> None:
    if out == folder or out in folder.parents or folder in out.parents:
        raise ImportRefused(f"{out} and {folder} lie in each other. Choose another SITE.")
    if out.exists() and not out.is_dir():
        raise ImportRefused(f"{out} is a file. Name a folder.")
    if out.is_dir() and not force and not (out / MANIFEST).is_file() and any(out.iterdir()):
        raise ImportRefused(
            f"{out} holds files that no import wrote. Choose another SITE, or give --force."
        )


def _write(folder: Path, out: Path, site: dict[str, object], pages: list[Page]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    _clear(out)
    bodies = [f"bodies/{page.id}.html" for page in pages]
    attachments = [it.file for page in pages for it in page.attachments]
    # The manifest goes first: an import that was cut short can be done again.
    manifest = json.dumps({"files": ["site.json", *bodies, *attachments]}, indent=1)
    _place(out, MANIFEST).write_text(manifest + "\n", encoding="utf-8")
    for file, page in zip(bodies, pages, strict=True):
        _place(out, file).write_bytes(page.body.encode("utf-8", "replace"))
    for file in attachments:
        shutil.copyfile(folder / file, _place(out, file))
    text = json.dumps(site, ensure_ascii=False, indent=1)
    _place(out, "site.json").write_text(text + "\n", encoding="utf-8")


def _clear(out: Path) -> None:
    """Remove what an earlier import wrote, and nothing else."""
    try:
        files = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError) as error:
        raise ImportRefused(f"{out / MANIFEST} is damaged. Remove {out} and try again.") from error
    for file in files:
        path = out / str(file)
        if path.parent.resolve().is_relative_to(out.resolve()):
            path.unlink(missing_ok=True)
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()


def _place(out: Path, file: str) -> Path:
    """Where a file of the site is written: inside of it, whatever links already lie there."""
    path = out / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(out.resolve()):
        raise ImportRefused(f"{path.parent} leads out of {out}.")
    if path.is_symlink():
        path.unlink()
    return path
