"""Frames: what the host page's script asks the site for on behalf of framed apps.

Answers JSON to the browser's user only: signed addresses, context tokens, who is logged in.
"""

from typing import Any

from flask import Response, abort, jsonify, request

from playground.authorization import Unauthorized, caller
from playground.confluence import here
from playground.connect import Installation
from playground.service import service
from playground.site import Page, Space

# What Confluence allows a Connect frame; a download needs it named.
SANDBOX = " ".join(
    (
        "allow-downloads",
        "allow-forms",
        "allow-modals",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-scripts",
        "allow-same-origin",
        "allow-top-navigation-by-user-activation",
        "allow-storage-access-by-user-activation",
    )
)

frames = service("frames")


@frames.post("/wiki/_connect/frame")
def frame() -> Response:
    """Resolve the content of a module: its signed address, and options for the Connect host."""
    account_id = _account()
    order = request.get_json()
    installation = _installation(order)
    module = installation.app.module(str(order.get("moduleKey")))
    if module is None or not module.url:
        abort(404, "The app has no such module.")
    page, space = _context(order, account_id)
    url = installation.frame_url(module, variables(page, space), here().origin, account_id)
    options = {"sandbox": SANDBOX, "moduleType": module.kind, "contextPath": "/wiki"}
    return jsonify(url=url, options=options, context=connect_context(page, space))


@frames.post("/wiki/_connect/token")
def token() -> Response:
    account_id = _account()
    return jsonify(token=_installation(request.get_json()).context_token(account_id))


@frames.get("/wiki/_connect/user")
def user() -> Response:
    one = here().site.users[_account()]
    return jsonify(
        atlassianAccountId=one.account_id,
        locale=one.locale.replace("-", "_"),
        timeZone=one.time_zone,
    )


def variables(page: Page | None, space: Space | None) -> dict[str, str]:
    """Give the context variables that addresses of modules may use.

    `page.id` and its like are the older names of the same.
    """
    found: dict[str, str] = {}
    if page:
        of_page = {"id": page.id, "version": str(page.version.number), "type": page.type}
        for name, value in of_page.items():
            found[f"content.{name}"] = found[f"page.{name}"] = value
    if space:
        found |= {"space.id": space.id, "space.key": space.key}
    return found


def connect_context(page: Page | None, space: Space | None) -> dict[str, Any]:
    """Give what `AP.context.getContext` answers."""
    confluence: dict[str, Any] = {}
    if page:
        content = {"id": page.id, "version": str(page.version.number), "type": page.type}
        confluence["content"] = content
    if space:
        confluence["space"] = {"id": space.id, "key": space.key}
    return {"confluence": confluence, "license": {"active": False}}


def _account() -> str:
    try:
        account_id = caller().account_id
    except Unauthorized as error:
        abort(401, str(error))
    if account_id is None:
        abort(401)
    return account_id


def _installation(order: dict[str, Any]) -> Installation:
    installation = here().connect.installed.get(str(order.get("appKey")))
    if installation is None:
        abort(404, "The app is not installed.")
    return installation


def _context(order: dict[str, Any], account_id: str) -> tuple[Page | None, Space | None]:
    """Read the page and the space of the host page; what the user may not see is not there."""
    page = here().page(str(order.get("contentId") or ""), account_id)
    if page:
        return page, here().site.space_of(page)
    return None, here().site.space_by_key(str(order.get("spaceKey") or ""))
