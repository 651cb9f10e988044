"""REST, version 1: people and their groups, the search, and the one way to an attachment's bytes.

Also the download addresses of the cookie era, which refuse tokens as Confluence Cloud does.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, abort, g, jsonify, redirect, request, send_file
from itsdangerous import BadSignature
from werkzeug.wrappers import Response as AnyResponse

from playground import shapes
from playground.authorization import browser_account
from playground.confluence import CONTEXT_PATH, here
from playground.cql import BadQuery, parse
from playground.listing import MOST, number
from playground.media import download_url
from playground.rest_service import asking, page_of, rest_service
from playground.search import EXCERPTS, excerpt, found, highlighted, words_of
from playground.service import service
from playground.site import Group, User

API = "/wiki/rest/api"
MOST_USERS = 100  # of one answer
MOST_GROUPS = 200
PLACES = ("start", "limit")  # the parameters that say which part of a list is asked for

rest_v1 = rest_service("rest_v1")
files = service("files")


@rest_v1.get(f"{API}/user/current")
def current_user() -> Response:
    account_id = asking().account_id
    if account_id is None:
        app = {"type": "known", "accountId": "app", "accountType": "app", "displayName": "App"}
        return jsonify(app)
    return _user(here().site.users[account_id])


@rest_v1.get(f"{API}/user")
def user() -> Response:
    account_id = request.args.get("accountId", "")
    if account_id not in here().site.users:
        abort(404, f"No user was found with the account id {account_id}.")
    return _user(here().site.users[account_id])


@rest_v1.get(f"{API}/user/bulk")
def users() -> Response:
    """Answer for the first hundred accounts; those that nobody knows are left out."""
    wanted = list(dict.fromkeys(request.args.getlist("accountId")))[:MOST_USERS]
    if not wanted:
        abort(400, "accountId is required.")
    known = here().site.users
    found = [known[account_id] for account_id in wanted if account_id in known]
    g.points += 2 * len(found)
    rows = [shapes.user_v1(one, None, here().base_url) for one in found]
    return jsonify(_array(rows, 0, MOST_USERS) | {"_links": _links()})


@rest_v1.get(f"{API}/user/memberof")
def groups_of_user() -> Response:
    account_id = request.args.get("accountId", "")
    if account_id not in here().site.users:
        abort(404, f"No user was found with the account id {account_id}.")
    return _groups(here().site.groups_of(account_id))


@rest_v1.get(f"{API}/group/picker")
def group_picker() -> Response:
    """Find groups by a part of their name."""
    query = request.args.get("query", "").strip().casefold()
    if not query:
        abort(400, "query is required.")
    return _groups([one for one in here().site.groups if query in one.name.casefold()])


@rest_v1.get(f"{API}/settings/systemInfo")
def system_info() -> Response:
    return jsonify(
        cloudId=here().cloud_id,
        commitHash="playground",
        baseUrl=here().base_url,
        siteTitle=here().site.title,
    )


def _groups(found: Sequence[Group]) -> Response:
    """Answer a part of a list that goes on by `start`, as all lists of version 1 once did."""
    limit = min(number("limit", MOST_GROUPS, most=10_000, least=0), MOST_GROUPS)
    start = number("start", 0, most=1_000_000, least=0)
    shown = found[start : start + limit]
    g.points += len(shown)
    links = _links()
    if limit and start + limit < len(found):
        kept = [pair for pair in request.args.items(multi=True) if pair[0] not in PLACES]
        query = urlencode([*kept, ("start", start + limit), ("limit", limit)])
        links["next"] = f"{request.path.removeprefix(CONTEXT_PATH)}?{query}"
    rows = [shapes.group(one, here().base_url) for one in shown]
    answer = _array(rows, start, limit) | {"_links": links}
    if request.args.get("shouldReturnTotalSize") == "true":
        answer["totalSize"] = len(found)
    return jsonify(answer)


def _array(rows: Sequence[Any], start: int, limit: int) -> dict[str, Any]:
    return {"results": rows, "start": start, "limit": limit, "size": len(rows)}


def _links() -> dict[str, str]:
    return {"base": here().base_url, "context": CONTEXT_PATH, "self": request.url}


def _user(one: User) -> Response:
    g.points += 2
    operations = None
    if "operations" in request.args.get("expand", "").split(","):
        operations = [shapes.operation("use", "application")]
        if one.admin:
            operations.append(shapes.operation("administer", "application"))
    return jsonify(shapes.user_v1(one, operations, here().base_url))


@rest_v1.get(f"{API}/search")
def search() -> Response:
    """Answer a page of what a query finds for the caller; `cursor` goes on where `next` says."""
    query, strategy = request.args.get("cql", ""), request.args.get("excerpt", "highlight")
    if not query or strategy not in EXCERPTS:
        abort(400, "cql is required, and excerpt must be one of those described.")
    limit, start = min(number("limit", 25, most=10_000, least=0), MOST), _search_start(query)
    try:
        clauses = parse(query)
        pages = found(here().site, here().visible(asking().account_id), clauses, _now())
    except BadQuery as error:
        abort(400, str(error))
    shown, words = pages[start : start + limit], words_of(clauses)
    g.points += len(shown)
    expand = frozenset(request.args.get("expand", "").split(","))
    rows = [
        shapes.search_result(
            one,
            here().site,
            here().base_url,
            highlighted(one.title, words) if strategy.startswith("highlight") else one.title,
            excerpt(one, strategy, words),
            expand,
        )
        for one in shown
    ]
    return jsonify(
        results=rows,
        start=start,
        limit=limit,
        size=len(rows),
        totalSize=len(pages),
        cqlQuery=query,
        searchDuration=1,
        _links=_search_links(query, start, limit, len(pages)),
    )


def _search_start(query: str) -> int:
    """Read where to go on from the cursor, which holds for its own query only."""
    cursor = request.args.get("cursor", "")
    if not cursor:
        return number("start", 0, most=10_000, least=0)
    try:
        start, made_for = here().cursors.loads(cursor)
    except BadSignature:
        abort(400, "The cursor was not made by this site.")
    if made_for != query:
        abort(400, "The cursor belongs to another query.")
    return int(start)


def _search_links(query: str, start: int, limit: int, total: int) -> dict[str, str]:
    """Version 1 writes its links below the context path, unlike version 2."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] in ("excerpt", "expand")]
    links = {"base": here().base_url, "context": CONTEXT_PATH}
    links["self"] = f"{here().base_url}/rest/api/search?{urlencode([('cql', query), *kept])}"
    ways = {"next": start + limit} if start + limit < total else {}
    ways |= {"prev": max(start - limit, 0)} if start else {}
    for name, there in ways.items():
        cursor = here().cursors.dumps([there, query])
        pairs = [(name, "true"), ("cursor", cursor), ("limit", limit), ("cql", query), *kept]
        links[name] = f"/rest/api/search?{urlencode(pairs)}"
    return links


def _now() -> datetime:
    """Tell the time where the caller is."""
    user = here().site.users.get(asking().account_id or "")
    return datetime.now(ZoneInfo(user.time_zone) if user else UTC)


@rest_v1.get("/wiki/rest/atlassian-connect/1/addons/<app_key>")
def installed_app(app_key: str) -> Response:
    """An app asks about itself, and about no other."""
    if asking().account_id is not None or app_key not in here().connect.installed:
        abort(404, f"No app {app_key} is installed.")
    app = here().connect.installed[app_key].app
    return jsonify({"key": app.key, "name": app.name, "state": "ENABLED"})


@rest_v1.get(f"{API}/content/<page_id>/child/attachment/<attachment_id>/download")
def download(page_id: str, attachment_id: str) -> AnyResponse:
    page = page_of(page_id)
    one = here().site.attachment(attachment_id)
    if one is None or one.page_id != page.id:
        abort(404, f"Page {page_id} has no attachment {attachment_id}.")
    if request.args.get("version") not in (None, "1"):
        abort(400, "The playground keeps the first version of an attachment only.")
    g.points += 1
    return redirect(download_url(here(), one))


@files.get("/wiki/download/<any(attachments, thumbnails):kind>/<page_id>/<path:title>")
def cookie_download(kind: str, page_id: str, title: str) -> AnyResponse:
    if "Authorization" in request.headers:
        abort(401, "These addresses take no token; use the download call of the REST API.")
    account_id = browser_account()
    if account_id is None:
        return redirect("/wiki/login.action")
    page = here().page(page_id, account_id)
    one = next((one for one in page.attachments if one.title == title), None) if page else None
    if one is None:
        abort(404)
    answer = send_file(one.path, mimetype=one.media_type, max_age=300)
    # A file of the site's content is never a page of the site.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
