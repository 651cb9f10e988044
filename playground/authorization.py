"""Authorization: who asks the REST API, from the headers of a request.

As in Confluence: an impersonation token, a token signed by the app, or the browser's session.
"""

from dataclasses import dataclass

import jwt
from flask import request

from playground.confluence import CONTEXT_PATH, here
from playground.connect import Installation
from playground.qsh import qsh
from playground.service import wire_path, wire_query

USER_COOKIE = "playground_user"


class Unauthorized(Exception):
    """Nobody, or nobody we trust; the message is for the journal of a developer."""


class Forbidden(Exception):
    """Somebody, but without the scope."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who asks."""

    kind: str  # "user" (an app in a person's name), "app" or "browser"
    account_id: str | None  # None: the app itself, which is on no list of a restricted page


def caller(scope: str = "READ") -> Caller:
    """Tell who sent the current request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return _impersonated(token, scope)
    if scheme == "JWT":
        return _app(token, scope)
    if scheme:
        raise Unauthorized(f"The scheme {scheme} is not known here.")
    return _browser()


def browser_account() -> str | None:
    """Tell which user the browser is logged in as."""
    account_id = request.cookies.get(USER_COOKIE)
    return account_id if account_id in here().site.users else None


def _impersonated(token: str, scope: str) -> Caller:
    grant = here().grants.find(token)
    if grant is None:
        raise Unauthorized("The access token is unknown, has expired or was revoked.")
    if scope not in grant.scopes:
        raise Forbidden(f"The access token has no scope {scope}.")
    return Caller("user", grant.account_id)


def _app(token: str, scope: str) -> Caller:
    installation = _installation(token)
    try:
        claims = jwt.decode(
            token,
            installation.shared_secret,
            algorithms=["HS256"],
            options={"require": ["iss", "iat", "exp", "qsh"], "verify_aud": False},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorized(f"The app's token is refused: {error}") from error
    path = wire_path().removeprefix(CONTEXT_PATH)
    if claims["qsh"] != qsh(request.method, path, wire_query()):
        raise Unauthorized("The app's token was signed for another request.")
    if scope not in installation.app.scopes:
        raise Forbidden(f"The app has no scope {scope}.")
    return Caller("app", None)


def _installation(token: str) -> Installation:
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError as error:
        raise Unauthorized("The app's token cannot be read.") from error
    installation = here().connect.installed.get(str(issuer))
    if installation is None:
        raise Unauthorized(f"The app {issuer} is not installed.")
    return installation


def _browser() -> Caller:
    # The header tells a script of the host page from a picture or a link in untrusted content.
    account_id = browser_account() if "AP-Client-Key" in request.headers else None
    if account_id is None:
        raise Unauthorized("No token was sent.")
    return Caller("browser", account_id)
