"""The base of the API that our own pages call, and how it asks Confluence about the caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from addon import rights
from addon.auth import Caller, ContextAuthentication
from addon.frames import SPACE_KEY
from addon.host import Host, NotVisible
from addon.outbound import Budget

RIGHTS_SECONDS = 15.0  # for questions about what the caller may do
BODY_BYTES_WITH_OPTIONS = 512 * 1024  # a logo stands in them as text, of 350 kB at most


class ApiView(APIView):
    """Takes context tokens, and answers in the language the page asks for."""

    authentication_classes = (ContextAuthentication,)
    largest_body_bytes = 64 * 1024  # xpress.headers refuses more before it is read
    parameters: frozenset[str] = frozenset()  # of the address; others are refused

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        translation.activate(translation.get_language_from_request(request._request))
        super().initial(request, *args, **kwargs)
        if unknown := sorted(set(request.query_params) - self.parameters):
            raise ValidationError(dict.fromkeys(unknown[:5], _("Unknown parameter.")))


@contextmanager
def as_viewer(who: Caller, seconds: float = RIGHTS_SECONDS) -> Iterator[Host]:
    """The caller's own view of their site, closed in the end."""
    host = who.host(Budget.of(seconds))
    try:
        yield host
    finally:
        host.close()


def require_admin(who: Caller, space_key: str) -> None:
    """Of the space; an empty key means the site. Raises NotAllowed, NotVisible."""
    with as_viewer(who) as host:
        if space_key:
            rights.require_space_admin(host, space_key)
        else:
            rights.require_site_admin(host)


def checked_space(key: str) -> str:
    """A space's key from an address; an empty one means the site. Raises NotVisible."""
    if key and not SPACE_KEY.fullmatch(key):
        raise NotVisible(_("Confluence does not show this space to you."))
    return key
