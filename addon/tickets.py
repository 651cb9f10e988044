"""Tickets: the framed page that was just opened, once more, in another language.

Only the script in a frame can ask Confluence for the viewer's language; the token in the frame's
address, signed for that address alone, cannot be had again. So each page brings a ticket: signed by
us, for its site, its account and its address, good for as long as Confluence's own token.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.core import signing
from rest_framework.request import Request

PARAMETER, LANGUAGE = "ticket", "lang"
_SALT = "xpress.frame"
_SECONDS = 180
_NOT_SIGNED = frozenset({"jwt", PARAMETER, LANGUAGE})


def issue(client_key: str, account_id: str | None, request: Request) -> str:
    """A ticket for the page that the request opens."""
    return signing.dumps([client_key, account_id, _address(request)], salt=_SALT)


def redeem(request: Request) -> tuple[str, str | None] | None:
    """(client key, account id) of the request's ticket; None where it is not good for the page."""
    given = request.query_params.getlist(PARAMETER)
    try:
        client_key, account_id, address = signing.loads(given[0], salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError, IndexError):
        return None
    if len(given) != 1 or "jwt" in request.query_params or address != _address(request):
        return None
    return client_key, account_id


def _address(request: Request) -> str:
    pairs = (
        (name, value)
        for name, values in request.query_params.lists()
        if name not in _NOT_SIGNED
        for value in values
    )
    return f"{request.path}?{urlencode(sorted(pairs))}"
