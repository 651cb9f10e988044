"""An exception in, a response out: JSON for programs, a small page inside a frame.

What went wrong for us is logged with its trace and answered plainly, without detail.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from addon.errors import TryLater, XPressError, place
from addon.tokens import TokenRefused

logger = logging.getLogger(__name__)

_DATABASE_SECONDS = 15  # of Retry-After: a full disk or a restart takes a while
_TITLES = {401: "Open this page from Confluence", 404: "Nothing to see here"}


def respond(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler for all views."""
    view = context["view"]
    response = _answer(error, type(view).__name__, context)
    if getattr(view, "is_frame", False):
        data = {"status": response.status_code, **response.data}
        data["title"] = _TITLES.get(response.status_code, "This did not work")
        headers = {k: v for k, v in response.items() if k.lower() != "content-type"}
        response = Response(data, response.status_code, "failure.html", headers)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return JsonResponse({"code": "not_found", "message": "There is nothing here."}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    message = "This request cannot be read."
    return JsonResponse({"code": "bad_request", "message": message}, status=400)


def server_error(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"code": "failed", "message": "Something went wrong here."}, status=500)


def _answer(error: Exception, view: str, context: dict[str, Any]) -> Response:
    if isinstance(error, TokenRefused):
        logger.warning("token refused view=%s reason=%s", view, error.reason)
        headers = {"WWW-Authenticate": "JWT"}
        return Response(_body(error.code, error.message), error.status, headers=headers)
    if isinstance(error, XPressError):
        logger.info("failed view=%s code=%s", view, error.code)
        headers = {}
        if isinstance(error, TryLater):
            headers["Retry-After"] = str(error.retry_after)
        return Response(_body(error.code, error.message), error.status, headers=headers)
    if isinstance(error, exceptions.ValidationError):
        message = "Some of what was sent cannot be used."
        return Response({**_body("invalid", message), "fields": error.detail}, 400)
    if isinstance(error, SuspiciousOperation):  # e.g. a thousand parameters
        return Response(_body("bad_request", "This request cannot be read."), 400)
    if _is_of_the_database(error):
        logger.error("the database fails view=%s %s", view, place(error))
        message = "XPress cannot read or save settings right now. Try again in a moment."
        headers = {"Retry-After": str(_DATABASE_SECONDS)}
        return Response(_body("unavailable", message), 503, headers=headers)
    known = exception_handler(error, context)
    if known is not None and isinstance(error, exceptions.APIException):
        known.data = _body(str(error.default_code), str(error.detail))
        return known
    if known is not None:
        known.data = _body("not_found", "There is nothing here.")
        return known
    reference = secrets.token_hex(4)
    logger.error("unexpected view=%s reference=%s %s", view, reference, place(error))
    return Response(_body("failed", f"Something went wrong here. Reference: {reference}"), 500)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database is at fault: gone, full, broken. Other errors of it are bugs of ours.

    SQLite has no class of its own for a file that is no database (PEP 249 lists the classes).
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _body(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message}
