"""REST: version 2 of Confluence's API, as far as an exporter reads it.

Every call answers what the caller may see, as pages, folders, spaces, attachments and people.
"""

from collections.abc import Callable

from flask import Response, abort, g, jsonify, request

from playground import shapes
from playground.confluence import here
from playground.listing import listed, number
from playground.rest_service import API, asking, page_of, rest_service
from playground.site import Page, Space

FORMATS_OF_ONE = (
    "storage", "atlas_doc_format", "view", "export_view", "anonymous_export_view",
    "styled_view", "editor",
)  # fmt: skip
FORMATS_OF_MANY = ("storage", "atlas_doc_format")
SORTS: dict[str, Callable[[Page], object]] = {
    "id": lambda page: int(page.id),
    "title": lambda page: page.title.casefold(),
    "created-date": lambda page: page.first.created_at,
    "modified-date": lambda page: page.version.created_at,
    "child-position": lambda page: (page.position, int(page.id)),
}
MOST_IDS = 250
MOST_INCLUDED = 50  # labels in the answer of a page

rest = rest_service("rest")


@rest.get(f"{API}/pages/<int:page_id>")
def page(page_id: int) -> Response:
    return _single(page_of(str(page_id), "page"))


@rest.get(f"{API}/blogposts/<int:page_id>")
def blogpost(page_id: int) -> Response:
    return _single(page_of(str(page_id), "blogpost"))


@rest.get(f"{API}/folders/<int:page_id>")
def folder(page_id: int) -> Response:
    g.points += 1
    row = shapes.folder(page_of(str(page_id), "folder"), here().site)
    row["_links"]["base"] = here().base_url
    return jsonify(row)


@rest.get(f"{API}/pages")
def pages() -> Response:
    return _many("page", _spaces_named("space-id"))


@rest.get(f"{API}/blogposts")
def blogposts() -> Response:
    return _many("blogpost", _spaces_named("space-id"))


@rest.get(f"{API}/spaces/<int:space_id>/pages")
def space_pages(space_id: int) -> Response:
    depth = request.args.get("depth", "all")
    if depth not in ("all", "root"):
        abort(400, "depth must be all or root.")
    return _many("page", [_space(space_id)], roots=depth == "root")


@rest.get(f"{API}/spaces/<int:space_id>/blogposts")
def space_blogposts(space_id: int) -> Response:
    return _many("blogpost", [_space(space_id)])


@rest.get(f"{API}/pages/<int:page_id>/descendants", defaults={"kind": "page"})
@rest.get(f"{API}/folders/<int:page_id>/descendants", defaults={"kind": "folder"})
def descendants(page_id: int, kind: str) -> Response:
    top = page_of(str(page_id), kind)
    depth = number("depth", 2, most=10)
    visible = here().visible(asking().account_id)
    below = [one for one in here().site.descendants(top.id, depth) if one[0].id in visible]
    return listed(below, lambda one: shapes.descendant(*one))


@rest.get(f"{API}/pages/<int:page_id>/direct-children", defaults={"kind": "page"})
@rest.get(f"{API}/folders/<int:page_id>/direct-children", defaults={"kind": "folder"})
def direct_children(page_id: int, kind: str) -> Response:
    top = page_of(str(page_id), kind)
    visible = here().visible(asking().account_id)
    found = [one for one in here().site.children(top.id) if one.id in visible]
    return listed(_sorted(found, "child-position"), shapes.child)


@rest.get(f"{API}/pages/<int:page_id>/ancestors")
def ancestors(page_id: int) -> Response:
    found = here().site.ancestors(page_of(str(page_id), "page"))
    return listed(found, lambda one: {"id": one.id, "type": one.type})


@rest.get(f"{API}/pages/<int:page_id>/labels")
@rest.get(f"{API}/blogposts/<int:page_id>/labels")
def labels(page_id: int) -> Response:
    found = list(enumerate(page_of(str(page_id)).labels, start=page_id))
    if request.args.get("prefix", "global") != "global":
        found = []
    return listed(found, lambda one: shapes.label(one[1], one[0]))


@rest.get(f"{API}/pages/<int:page_id>/versions", defaults={"kind": "page"})
@rest.get(f"{API}/blogposts/<int:page_id>/versions", defaults={"kind": "blogpost"})
def versions(page_id: int, kind: str) -> Response:
    one = page_of(str(page_id), kind)
    sort = request.args.get("sort", "-modified-date")
    if sort not in ("modified-date", "-modified-date"):
        abort(400, f"{sort} is no sort order.")
    found = one.versions if sort.startswith("-") else one.versions[::-1]
    return listed(found, lambda version: shapes.page_version(version, one))


@rest.get(f"{API}/pages/<int:page_id>/operations")
@rest.get(f"{API}/blogposts/<int:page_id>/operations")
def page_operations(page_id: int) -> Response:
    one = page_of(str(page_id))
    names = ("read", "export") if asking().kind == "app" else ("read", "update", "export")
    g.points += 2 * len(names)
    return jsonify(operations=[shapes.operation(name, one.type) for name in names])


@rest.get(f"{API}/spaces")
def spaces() -> Response:
    ids, keys = _values("ids"), _values("keys")
    found = [
        space
        for space in here().site.spaces.values()
        if (not ids or space.id in ids) and (not keys or space.key in keys)
    ]
    return listed(found, lambda space: shapes.space(space, here().site))


@rest.get(f"{API}/spaces/<int:space_id>")
def space(space_id: int) -> Response:
    g.points += 1
    row = shapes.space(_space(space_id), here().site)
    del row["currentActiveAlias"]  # only lists carry it
    row["_links"]["base"] = here().base_url
    return jsonify(row)


@rest.get(f"{API}/spaces/<int:space_id>/operations")
def space_operations(space_id: int) -> Response:
    one = _space(space_id)
    rows = [shapes.operation("read", "space"), shapes.operation("export", "space")]
    if here().site.administers(asking().account_id, one):
        rows.append(shapes.operation("administer", "space"))
    g.points += 2 * len(rows)
    return jsonify(operations=rows)


@rest.get(f"{API}/pages/<int:page_id>/attachments")
@rest.get(f"{API}/blogposts/<int:page_id>/attachments")
def attachments(page_id: int) -> Response:
    filename, media_type = request.args.get("filename"), request.args.get("mediaType")
    found = [
        one
        for one in page_of(str(page_id)).attachments
        if filename in (None, one.title) and media_type in (None, one.media_type)
    ]
    return listed(found, lambda one: shapes.attachment(one, here().site), default=50)


@rest.get(f"{API}/attachments/<attachment_id>")
def attachment(attachment_id: str) -> Response:
    one = here().site.attachment(attachment_id)
    if one is None or here().page(one.page_id, asking().account_id) is None:
        abort(404, f"No attachment was found with the id {attachment_id}.")
    g.points += 1
    row = shapes.attachment(one, here().site)
    row["_links"]["base"] = here().base_url
    return jsonify(row)


@rest.post(f"{API}/users-bulk")
def users_bulk() -> Response:
    wanted = (request.get_json(silent=True) or {}).get("accountIds")
    if not isinstance(wanted, list) or not wanted or len(wanted) > MOST_IDS:
        abort(400, f"accountIds must name 1 to {MOST_IDS} accounts.")
    known = here().site.users
    found = [known[account_id] for account_id in dict.fromkeys(wanted) if account_id in known]
    g.points += 2 * len(found)
    return jsonify(results=[shapes.user(one) for one in found], _links={"base": here().base_url})


def _single(one: Page) -> Response:
    body_format = _body_format(FORMATS_OF_ONE)
    if request.args.get("version") not in (None, str(one.version.number)):
        abort(404, "The playground keeps the latest version only.")
    g.points += 1
    row = shapes.page(one, here().site, here().base_url, body_format)
    row["_links"]["base"] = here().base_url
    if request.args.get("include-labels") == "true":
        rows = [shapes.label(name, index) for index, name in enumerate(one.labels, int(one.id))]
        row["labels"] = {
            "results": rows[:MOST_INCLUDED],
            "meta": {"hasMore": len(rows) > MOST_INCLUDED},
            "_links": {},
        }
    if request.args.get("include-version") == "false":
        del row["version"]
    return jsonify(row)


def _many(kind: str, of: list[Space], *, roots: bool = False) -> Response:
    body_format = _body_format(FORMATS_OF_MANY)
    ids, title = _values("id"), request.args.get("title")
    visible = here().visible(asking().account_id)
    space_ids = {space.id for space in of}
    statuses = _values("status") or {"current", "archived"}
    found = [
        one
        for one in here().site.pages.values()
        if one.id in visible
        and one.type == kind
        and one.space_id in space_ids
        and (not ids or one.id in ids)
        and title in (None, one.title)
        and one.status in statuses
        and not (roots and one.parent_id)
    ]
    return listed(
        _sorted(found, "id"),
        lambda one: shapes.page(one, here().site, here().base_url, body_format),
    )


def _sorted(found: list[Page], default: str) -> list[Page]:
    sort = request.args.get("sort", default)
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        abort(400, f"{sort} is no sort order.")
    return sorted(found, key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type]


def _body_format(allowed: tuple[str, ...]) -> str:
    body_format = request.args.get("body-format", "")
    if body_format and body_format not in allowed:
        abort(400, f"body-format must be one of {', '.join(allowed)}.")
    return body_format


def _space(space_id: int) -> Space:
    if str(space_id) not in here().site.spaces:
        abort(404, f"No space was found with the id {space_id}.")
    return here().site.spaces[str(space_id)]


def _spaces_named(parameter: str) -> list[Space]:
    ids = _values(parameter)
    return [space for space in here().site.spaces.values() if not ids or space.id in ids]


def _values(name: str) -> frozenset[str]:
    """Read a parameter that may be repeated, or hold several values between commas."""
    values = [part for text in request.args.getlist(name) for part in text.split(",") if part]
    if len(values) > MOST_IDS:
        abort(400, f"{name} takes at most {MOST_IDS} values.")
    return frozenset(values)
