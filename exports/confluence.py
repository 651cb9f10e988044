"""Typed reads of one site through the caller's own eyes: tree, pages, images.

The only module that knows the shapes of Confluence's REST API. Whatever comes back is checked for
its shape here, so that the rest works on values.
https://developer.atlassian.com/cloud/confluence/rest/v2/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

from addon.errors import XPressError
from addon.host import Host, Json, NotVisible, OddAnswer, Query, segment
from exports.document import Attachment, ImageRef, Listed, Page, Role
from exports.tree import (
    Node,
    PageRef,
    PageTree,
    PageType,
    Selection,
    Space,
    TooManyPages,
    in_reading_order,
    keep,
)

_LIST_LIMIT = "250"
_DEEPEST = 10  # levels a descendants call can see
_MOST_LISTED = 10_000
_PAGE_TYPES: dict[object, PageType] = {"page": "page", "folder": "folder", "blogpost": "blogpost"}
_LONGEST_TITLE = 255
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_MOST_ATTACHMENTS = 1000
_MOST_NAMES = 100  # people in one request
_LONGEST_NAME = 100  # characters, of a person
_ACCOUNT = re.compile(r"[A-Za-z0-9:_.-]{1,128}")
_MOST_SEARCHES = 10  # requests for the rows of one list
_LONGEST_EXCERPT = 1000  # characters
# What a row of a search says only when asked.
_OF_A_ROW = "content.history.ownedBy,content.version,content.metadata.labels"
_HIGHLIGHTS = re.compile("@@@(?:end)?hl@@@")  # round the words that were looked for


class BodyTooLarge(XPressError):
    status = 422
    code = "body_too_large"


def fetch_tree(host: Host, selection: Selection) -> PageTree:
    """The branch or the space that the selection lies in, as the caller may see it.

    A chosen set is looked for in the branch first, then in the whole space.
    """
    return fetch_tree_from(host, *fetch_root(host, selection.page), selection)


def fetch_tree_from(host: Host, root: PageRef, space: Space, selection: Selection) -> PageTree:
    """The same, for whoever has read the root already."""
    if selection.scope == "page" or root.type == "blogpost":
        return PageTree(space, (root,))
    if selection.scope == "space":
        return fetch_space(host, space)
    branch = fetch_branch(host, root, space)
    if selection.scope == "chosen" and not selection.pages <= {page.id for page in branch}:
        return fetch_space(host, space)
    return branch


def fetch_root(host: Host, page_id: str) -> tuple[PageRef, Space]:
    """The page the dialog stands on, or its blog post or folder, and their space."""
    for collection, type_ in (("pages", "page"), ("blogposts", "blogpost"), ("folders", "folder")):
        try:
            row = host.get(f"/api/v2/{collection}/{segment(page_id)}")
        except NotVisible:
            continue
        ref = PageRef(_id(row, "id"), _title(row), 0, _PAGE_TYPES[type_])
        return ref, fetch_space_of(host, _id(row, "spaceId"))
    raise NotVisible("Confluence does not show this page to you, or it is no longer there.")


def fetch_space_of(host: Host, space_id: str) -> Space:
    row = host.get(f"/api/v2/spaces/{segment(space_id)}")
    key, homepage = row.get("key"), row.get("homepageId")
    if not isinstance(key, str):
        raise OddAnswer("Confluence sent a space that XPress cannot read.")
    name = row.get("name")
    return Space(
        _id(row, "id"),
        key,
        name if isinstance(name, str) and name else key,
        None if homepage is None else str(homepage),
    )


def fetch_branch(host: Host, root: PageRef, space: Space) -> PageTree:
    """The root and all below it. Where the API's sight ends, it is asked again from there."""
    nodes = {root.id: Node(root.id, root.title, root.type, None, 0)}
    frontier = [root]
    while frontier:
        start = frontier.pop()
        collection = "folders" if start.type == "folder" else "pages"
        query = {"limit": _LIST_LIMIT, "depth": str(_DEEPEST)}
        path = f"/api/v2/{collection}/{segment(start.id)}/descendants"
        for row in host.get_all(path, query):
            node = _node(row, "childPosition")
            # Archived pages stand in no tree that people see; they come by themselves if asked for.
            if node.id in nodes or row.get("status") == "archived":
                continue
            nodes[node.id] = node
            _check_count(nodes)
            if row.get("depth") == _DEEPEST and node.type != "other":
                frontier.append(PageRef(node.id, node.title, type=node.type))
    return _tree(space, (_hung(node, nodes, root) for node in nodes.values()), [root.id])


def _hung(node: Node, nodes: dict[str, Node], root: PageRef) -> Node:
    """A row whose parent is not in the listing hangs under the root, so that it is not lost."""
    if node.id == root.id or node.parent_id in nodes:
        return node
    return replace(node, parent_id=root.id)


def fetch_space(host: Host, space: Space) -> PageTree:
    """All pages of a space, its folders as chapters, the homepage first."""
    nodes: dict[str, Node] = {}
    folders: set[str] = set()
    query = {"limit": _LIST_LIMIT, "status": "current", "depth": "all"}
    for row in host.get_all(f"/api/v2/spaces/{segment(space.id)}/pages", query):
        node = _node({"type": "page", **row}, "position")
        nodes[node.id] = node
        _check_count(nodes)
        if row.get("parentType") == "folder" and node.parent_id:
            folders.add(node.parent_id)
    _add_folders(host, nodes, folders)
    home = space.homepage_id
    return _tree(space, nodes.values(), [home, None] if home in nodes else [None])


def _add_folders(host: Host, nodes: dict[str, Node], wanted: set[str]) -> None:
    """Folders are in no listing of a space: each is read by the id its pages name."""
    pending = sorted(wanted)
    while pending:
        folder_id = pending.pop()
        if folder_id in nodes:
            continue
        try:
            row = host.get(f"/api/v2/folders/{segment(folder_id)}")
        except NotVisible:
            continue
        nodes[folder_id] = node = _node({"type": "folder", **row}, "position")
        _check_count(nodes)
        if row.get("parentType") == "folder" and node.parent_id:
            pending.append(node.parent_id)


def fetch_page(host: Host, ref: PageRef, most_bytes: int, *, with_labels: bool = False) -> Page:
    """A page with its `export_view`. NotVisible when the caller may not read it."""
    if ref.type in ("folder", "other"):
        return Page(ref, "")
    query = {"body-format": "export_view"} | ({"include-labels": "true"} if with_labels else {})
    row = host.get(f"/api/v2/{_collection(ref)}/{segment(ref.id)}", query)
    html = _get(row, "body", "export_view", "value")
    if not isinstance(html, str):
        raise OddAnswer("Confluence sent a page without a body that XPress can read.")
    if len(html) > most_bytes:
        raise BodyTooLarge("This page is larger than XPress can print.")
    number = _get(row, "version", "number")
    return Page(
        ref,
        html,
        version=number if isinstance(number, int) else 1,
        url=_web_address(host, row),
        short_url=_address(host, _get(row, "_links", "tinyui")),
        created_at=_text(row.get("createdAt")),
        modified_at=_text(_get(row, "version", "createdAt")),
        accounts=_accounts(row),
        labels=_labels(_get(row, "labels", "results")),
    )


def _accounts(row: Json) -> dict[Role, str]:
    """Who wrote the page, who changed it last and whose it is, as far as Confluence says so."""
    told: dict[Role, object] = {
        "author": row.get("authorId"),
        "editor": _get(row, "version", "authorId"),
        "owner": row.get("ownerId"),
    }
    return {role: account for role, value in told.items() if (account := _account(value))}


def _account(value: object) -> str:
    return value if isinstance(value, str) and _ACCOUNT.fullmatch(value) else ""


def _labels(rows: object) -> tuple[str, ...]:
    found = rows if isinstance(rows, list) else []
    return tuple(name for row in found if (name := _plain(_get(row, "name"))))


@dataclass(frozen=True, slots=True)
class Adf:
    """A page's own structure, and the version of the page it is of."""

    version: int
    text: str = field(repr=False)  # JSON, empty for pages that never had any
    accounts: Mapping[Role, str] = field(default_factory=dict)  # of the page


def fetch_adf(host: Host, refs: Sequence[PageRef]) -> dict[str, Adf]:
    """The ADF of many pages, or of many blog posts, by id; what the caller may not see lacks."""
    found: dict[str, Adf] = {}
    for row in _rows_by_id(host, refs[0].type, [ref.id for ref in refs], "atlas_doc_format"):
        text = _text(_get(row, "body", "atlas_doc_format", "value"))
        number = _get(row, "version", "number")
        version = number if isinstance(number, int) else 1
        found[_id(row, "id")] = Adf(version, text, _accounts(row))
    return found


def fetch_titles(host: Host, page_ids: Sequence[str]) -> dict[str, str]:
    """The titles of those pages that the caller may see, by id."""
    return {_id(row, "id"): _title(row) for row in _rows_by_id(host, "page", page_ids)}


def _rows_by_id(
    host: Host, type_: PageType, ids: Sequence[str], body_format: str = ""
) -> Iterator[Json]:
    collection = "blogposts" if type_ == "blogpost" else "pages"
    query = {"id": ",".join(segment(page_id) for page_id in ids), "limit": _LIST_LIMIT}
    return host.get_all(
        f"/api/v2/{collection}", query | ({"body-format": body_format} if body_format else {})
    )


def fetch_attachments(host: Host, ref: PageRef) -> tuple[Attachment, ...]:
    """The files of a page, at most _MOST_ATTACHMENTS, in Confluence's order."""
    path = f"/api/v2/{_collection(ref)}/{segment(ref.id)}/attachments"
    rows = islice(host.get_all(path, {"limit": _LIST_LIMIT}), _MOST_ATTACHMENTS)
    return tuple(
        Attachment(
            _id(row, "id").removeprefix("att"),
            _text(row.get("title")) or "A file",
            _text(row.get("mediaType")),
            size if isinstance(size := row.get("fileSize"), int) and size > 0 else 0,
            _text(_get(row, "version", "createdAt")) or _text(row.get("createdAt")),
            _text(row.get("fileId")),
        )
        for row in rows
    )


def fetch_names(host: Host, accounts: Sequence[str]) -> dict[str, str]:
    """What people are called, by account id; whom Confluence does not name is missing."""
    names: dict[str, str] = {}
    for start in range(0, len(accounts), _MOST_NAMES):
        some = accounts[start : start + _MOST_NAMES]
        rows = host.get("/rest/api/user/bulk", {"accountId": some}).get("results")
        if not isinstance(rows, list):
            raise OddAnswer("Confluence did not say who wrote these pages.")
        named = {_account(_get(row, "accountId")): _name_of(row) for row in rows}
        names |= {account: name for account in some if (name := named.get(account, ""))}
    return names


def fetch_viewer(host: Host) -> tuple[str, str]:
    """What the caller is called, and their time zone; empty where Confluence does not tell."""
    row = host.get("/rest/api/user/current")
    return _name_of(row), _plain(row.get("timeZone"))


def fetch_site_name(host: Host) -> str:
    """What people call the site."""
    return _plain(host.get("/rest/api/settings/systemInfo").get("siteTitle"))[:_LONGEST_TITLE]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a page."""

    number: int
    created_at: str  # ISO 8601
    account: str  # whose it is
    message: str
    is_minor: bool


def fetch_versions(host: Host, ref: PageRef, most: int) -> tuple[Version, ...]:
    """The latest versions of a page or a blog post, the newest first."""
    path = f"/api/v2/{_collection(ref)}/{segment(ref.id)}/versions"
    query = {"sort": "-modified-date", "limit": str(most)}
    return tuple(
        Version(
            number if isinstance(number := row.get("number"), int) else 0,
            _text(row.get("createdAt")),
            _account(row.get("authorId")),
            _plain(row.get("message"))[:_LONGEST_EXCERPT],
            row.get("minorEdit") is True,
        )
        for row in islice(host.get_all(path, query), most)
    )


def fetch_labelled(host: Host, space: Space, labels: Iterable[str]) -> frozenset[str]:
    """Ids of what has one of the labels in the space, as far as the caller may see it."""
    cql = f"space = {_quoted(space.key)} and label in ({', '.join(map(_quoted, labels))})"
    query = {"cql": cql, "limit": _LIST_LIMIT, "excerpt": "none"}
    found: set[str] = set()
    for rows in _searched(host, query, _MOST_LISTED // int(_LIST_LIMIT)):
        found |= {_text(_get(row, "content", "id")) for row in rows}
    return frozenset(found)


def _quoted(text: str) -> str:
    """A text of CQL. https://developer.atlassian.com/cloud/confluence/advanced-searching-using-cql/"""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def search(host: Host, cql: str, limit: int) -> tuple[Listed, ...]:
    """What the caller may see of what a query finds, in Confluence's order: at most `limit` rows.

    One row more tells that there are more. A query that Confluence cannot read is OddAnswer.
    """
    query = {
        "cql": cql,
        "limit": str(limit + 1),
        "excerpt": "indexed_unescaped",
        "expand": _OF_A_ROW,
    }
    rows: list[Listed] = []
    for found in _searched(host, query, _MOST_SEARCHES):
        rows += [_listed(host, row) for row in found]
        if len(rows) > limit:
            break
    return tuple(rows[: limit + 1])


def _searched(host: Host, query: Query, most: int) -> Iterator[list[Json]]:
    """The rows of a search, answer by answer, of which there may be so many."""
    for _ in range(most):
        answer = host.get("/rest/api/search", query)
        rows = answer.get("results")
        if not isinstance(rows, list):
            raise OddAnswer("Confluence sent a list that XPress cannot read.")
        cursor = _cursor(answer)
        yield [row for row in rows if isinstance(row, dict)]
        if not cursor:
            return
        query = {**query, "cursor": cursor}
    raise OddAnswer("Confluence sent a list that never ends.")


def find(host: Host, cql: str, most: int) -> tuple[PageRef, ...]:
    """The first pages that a query finds, so many at most, as the caller may see them."""
    query = {"cql": cql, "limit": str(most), "excerpt": "none"}
    contents = [row.get("content") for row in next(_searched(host, query, 1), [])]
    pages = [content for content in contents if isinstance(content, dict)]
    return tuple(PageRef(_id(page, "id"), _title(page)) for page in pages[:most])


def _cursor(answer: Json) -> str:
    """Where the list goes on. Only the cursor is taken: the address of the search stays ours."""
    following = _text(_get(answer, "_links", "next"))
    try:
        return parse_qs(urlsplit(following).query).get("cursor", [""])[0]
    except ValueError as error:
        raise OddAnswer("Confluence sent a list whose next page has no address.") from error


def _listed(host: Host, row: Json) -> Listed:
    """A row of a search; rows of spaces and people have no content."""
    content = row.get("content")
    content = content if isinstance(content, dict) else {}
    page_id = _text(content.get("id")).removeprefix("att")
    number = _get(content, "version", "number")
    labels = _get(content, "metadata", "labels", "results")
    below = _text(row.get("url"))
    return Listed(
        page_id if page_id.isdecimal() and page_id.isascii() and len(page_id) <= 24 else "",
        _plain(content.get("title") or row.get("title"))[:_LONGEST_TITLE] or "Untitled",
        (host.site.display_url or host.site.base_url) + below if below.startswith("/") else "",
        _text(content.get("type") or row.get("entityType")),
        _plain(_get(row, "resultGlobalContainer", "title") or _get(row, "space", "name")),
        _text(content.get("status")),
        version=number if isinstance(number, int) else 0,
        created_at=_text(_get(content, "history", "createdDate")),
        created_by=_name_of(_get(content, "history", "createdBy")),
        modified_at=_text(row.get("lastModified")),
        modified_by=_name_of(_get(content, "version", "by")),
        owned_by=_name_of(_get(content, "history", "ownedBy")),
        labels=tuple(name for label in labels if (name := _plain(_get(label, "name"))))
        if isinstance(labels, list)
        else (),
        excerpt=_plain(row.get("excerpt"))[:_LONGEST_EXCERPT],
    )


def _name_of(person: Any) -> str:
    return _plain(_get(person, "displayName") or _get(person, "publicName"))[:_LONGEST_NAME]


def _plain(value: object) -> str:
    """A text of a search on one line, without marks."""
    return " ".join(_HIGHLIGHTS.sub("", _text(value)).split())


def fetch_image(host: Host, image: ImageRef, page_id: str, most_bytes: int) -> bytes:
    """The attachment's bytes, original size. NotVisible when there is none for the caller."""
    container = image.container_id or page_id
    attachment = image.attachment_id or _find_attachment(host, container, image.file_name)
    path = (
        f"/rest/api/content/{segment(container)}/child/attachment/att{segment(attachment)}/download"
    )
    # No version is named: the page shows the newest, and older ones may have been removed.
    answer = host.download(path, None, most_bytes)
    if answer.media_type == "text/html":
        # A login or error page with status 200: not the file.
        raise OddAnswer("Confluence sent a web page in place of a file.")
    return answer.content


def _find_attachment(host: Host, page_id: str, file_name: str) -> str:
    """The id behind a file name; macOS names come decomposed, so forms are compared after NFC."""
    wanted = unicodedata.normalize("NFC", file_name)
    for collection in ("pages", "blogposts"):
        path = f"/api/v2/{collection}/{segment(page_id)}/attachments"
        try:
            for row in host.get_all(path, {"limit": _LIST_LIMIT}):
                if unicodedata.normalize("NFC", _text(row.get("title"))) == wanted:
                    return _id(row, "id").removeprefix("att")
        except NotVisible:
            continue
    raise NotVisible("Confluence has no such attachment.")


def _tree(space: Space, nodes: Iterable[Node], roots: list[str | None]) -> PageTree:
    ordered = in_reading_order(nodes, roots)
    return PageTree(
        space,
        keep(ordered, lambda page: page.type != "other"),
        tuple(page for page in ordered if page.type == "other"),
    )


def _node(row: Json, position: str) -> Node:
    parent = row.get("parentId")
    place = row.get(position)
    return Node(
        _id(row, "id"),
        _title(row),
        _PAGE_TYPES.get(row.get("type"), "other"),
        None if parent is None else str(parent),
        place if isinstance(place, int) else 0,
    )


def _check_count(nodes: dict[str, Node]) -> None:
    if len(nodes) > _MOST_LISTED:
        raise TooManyPages(
            f"There are more than {_MOST_LISTED:,} pages here. Export a smaller branch."
        )


def _id(row: Json, name: str) -> str:
    """An id as digits, `att` in front allowed: it goes into addresses and anchors."""
    value = str(row.get(name))
    if not value.removeprefix("att").isdecimal() or not value.isascii() or len(value) > 24:
        raise OddAnswer("Confluence sent an id that XPress cannot read.")
    return value


def _title(row: Json) -> str:
    return " ".join(_text(row.get("title")).split())[:_LONGEST_TITLE] or "Untitled"


def _web_address(host: Host, row: Json) -> str:
    base = host.site.display_url or host.site.base_url
    return _address(host, _get(row, "_links", "webui")) or base


def _address(host: Host, below: object) -> str:
    """The whole of an address that Confluence gives below its base; empty for what is none."""
    base = host.site.display_url or host.site.base_url
    return base + below if isinstance(below, str) and below.startswith("/") else ""


def _collection(ref: PageRef) -> str:
    return "blogposts" if ref.type == "blogpost" else "pages"


def _text(value: object) -> str:
    """The value if it is text, without characters that no document may hold (XML 1.0, 2.2)."""
    return _NO_TEXT.sub("", value) if isinstance(value, str) else ""


def _get(row: Any, *names: str) -> Any:
    for name in names:
        row = row.get(name) if isinstance(row, dict) else None
    return row
