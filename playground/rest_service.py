"""REST service: what all calls of the API share, around the answer of each.

Callers are known or refused, points are counted and run out, errors are JSON.
"""

import time

from flask import Blueprint, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException

from playground.authorization import Caller, Forbidden, Unauthorized, caller
from playground.confluence import here
from playground.service import service
from playground.site import Page

API = "/wiki/api/v2"


def rest_service(name: str) -> Blueprint:
    """Make a service that wants a caller, counts points and writes errors as JSON."""
    blueprint = service(name)
    blueprint.before_request(_admit)
    blueprint.after_request(_charge)
    blueprint.register_error_handler(HTTPException, _refusal)
    return blueprint


def _admit() -> Response | None:
    g.points = 0
    time.sleep(here().latency_ms / 1000)
    try:
        g.caller = caller()
    except Unauthorized as error:
        abort(401, str(error))
    except Forbidden as error:
        abort(403, str(error))
    g.authorization, g.account_id = g.caller.kind, g.caller.account_id
    if g.caller.kind != "browser" and not here().meter.budget().left:
        return _exhausted()
    g.points = 1
    return None


def _exhausted() -> Response:
    seconds = here().meter.seconds_to_reset()
    answer = _refusal(HTTPException("The points of this hour are used up."))
    answer.status_code = 429
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["RateLimit-Reason"] = "confluence-quota-global-based"
    return answer


def _charge(response: Response) -> Response:
    if g.get("authorization") in ("user", "app"):
        spent = g.points if response.status_code < 400 else min(g.points, 1)
        response.headers.update(here().meter.spend(spent).headers())
    response.headers["Cache-Control"] = "no-store"
    return response


def _refusal(error: HTTPException) -> Response:
    status = error.code or 429
    title = error.description or error.name
    if request.path.startswith(API):
        code = error.name.upper().replace(" ", "_")
        row = {"status": status, "code": code, "title": title, "detail": None}
        answer = jsonify(errors=[row])
    else:
        answer = jsonify(statusCode=status, message=title)
    answer.status_code = status
    return answer


def asking() -> Caller:
    """Give the caller of the current request."""
    one: Caller = g.caller
    return one


def page_of(page_id: str, *types: str) -> Page:
    """Find a page that the caller may see; 404 tells nothing about those it may not."""
    page = here().page(page_id, asking().account_id)
    if page is None or page.type not in (types or ("page", "blogpost")):
        abort(404, f"Nothing was found with the id {page_id}.")
    return page
