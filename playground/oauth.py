"""OAuth: the authorization server, where apps get tokens to act in a person's name.

Source: Atlassian's "User impersonation for Connect apps"; errors as in RFC 6749, 5.2.
"""

from collections.abc import Mapping

import jwt
from flask import Response, g, jsonify, request

from playground.confluence import here
from playground.connect import Installation
from playground.grants import GRANT_SECONDS
from playground.service import service

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT = "urn:atlassian:connect:clientid:"
ACCOUNT = "urn:atlassian:connect:useraccountid:"
ASSERTION_SECONDS = 120  # longer lives are refused

oauth = service("oauth")


class Refused(Exception):
    """No token; the code is OAuth's, the message is for the developer of the app."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@oauth.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    return jsonify(error=error.code, error_description=str(error)), error.status


@oauth.post("/oauth/oauth2/token")
def issue() -> Response:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise Refused("invalid_request", "The form must be URL-encoded.")
    if request.form.get("grant_type") != JWT_BEARER:
        raise Refused("unsupported_grant_type", f"The grant type must be {JWT_BEARER}.")
    installation, claims = _verified(request.form.get("assertion", ""))
    account_id = _account(claims)
    scopes = _scopes(installation, request.form.get("scope", ""))
    g.authorization, g.account_id = "app", account_id
    token = here().grants.issue(installation.app.key, account_id, scopes)
    answer = jsonify(access_token=token, expires_in=GRANT_SECONDS, token_type="Bearer")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _verified(assertion: str) -> tuple[Installation, Mapping[str, object]]:
    installation = _installation(assertion)
    try:
        claims = jwt.decode(
            assertion,
            installation.shared_secret,
            algorithms=["HS256"],
            audience=here().oauth_url,
            options={"require": ["iss", "sub", "tnt", "aud", "iat", "exp"], "strict_aud": True},
        )
    except jwt.InvalidSignatureError as error:
        raise Refused("invalid_client", "The signature is wrong.", 401) from error
    except jwt.InvalidTokenError as error:
        raise Refused("invalid_grant", f"The assertion is refused: {error}") from error
    if claims["exp"] - claims["iat"] > ASSERTION_SECONDS:
        raise Refused("invalid_grant", f"The assertion lives over {ASSERTION_SECONDS} seconds.")
    if claims["tnt"] != here().base_url:
        raise Refused("invalid_grant", "The assertion is for another site.")
    return installation, claims


def _installation(assertion: str) -> Installation:
    try:
        issuer = str(jwt.decode(assertion, options={"verify_signature": False}).get("iss"))
    except jwt.InvalidTokenError as error:
        raise Refused("invalid_grant", "The assertion cannot be read.") from error
    for installation in here().connect.installed.values():
        if issuer == CLIENT + installation.oauth_client_id:
            return installation
    raise Refused("invalid_client", "The client is not installed here.", 401)


def _account(claims: Mapping[str, object]) -> str:
    subject = str(claims["sub"])
    account_id = subject.removeprefix(ACCOUNT)
    if not subject.startswith(ACCOUNT) or account_id not in here().site.users:
        raise Refused("invalid_grant", "The account is not active on this site.")
    return account_id


def _scopes(installation: Installation, wanted: str) -> frozenset[str]:
    granted = installation.app.scopes
    if "ACT_AS_USER" not in granted:
        raise Refused("unauthorized_client", "The app has no scope ACT_AS_USER.")
    chosen = frozenset(wanted.split()) or granted
    if not chosen <= granted:
        raise Refused("invalid_scope", f"Not granted: {' '.join(sorted(chosen - granted))}.")
    return chosen
