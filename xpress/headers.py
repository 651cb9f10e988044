"""What every response carries besides its body, and how large a request may be."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from addon.auth import Caller
from addon.origins import Origins, origin_of

_Next = Callable[[HttpRequest], HttpResponse]
_LARGEST_BODY_BYTES = 64 * 1024


class ResponseHeaders:
    """Security headers on all answers. A page may be framed only if its view says it is a frame."""

    def __init__(self, get_response: _Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response["X-Content-Type-Options"] = "nosniff"
        # The frame's address carries a token: it must not travel on in a Referer.
        response["Referrer-Policy"] = "no-referrer"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        if settings.XPRESS_IS_PUBLIC:
            response["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if getattr(response, "is_frame", False):
            response["Content-Security-Policy"] = _frame_policy(_display_origin(response))
        else:
            response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
            response["X-Frame-Options"] = "DENY"
        return response


class BodyLimit:
    """Little that is sent to us is large: a view that takes more says so in `largest_body_bytes`.

    Chunked bodies have no length to check, so none are taken.
    """

    def __init__(self, get_response: _Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        most = getattr(getattr(view, "cls", None), "largest_body_bytes", _LARGEST_BODY_BYTES)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or len(length) > 9 or int(length) > most:
            message = _("The request is larger than XPress takes.")
            return JsonResponse({"code": "too_large", "message": message}, status=413)
        if "HTTP_TRANSFER_ENCODING" in request.META:
            message = _("Send the request with its length.")
            return JsonResponse({"code": "length_required", "message": message}, status=411)
        return None


def _display_origin(response: HttpResponse) -> str:
    caller = getattr(response, "caller", None)
    return (origin_of(caller.site.display_url) or "") if isinstance(caller, Caller) else ""


@lru_cache(maxsize=256)
def _frame_policy(display_origin: str) -> str:
    ancestors = " ".join(
        filter(None, [*Origins.of(settings.XPRESS_ALLOWED_HOSTS).patterns, display_origin])
    )
    # The platform's script, and the theme it brings: they take no nonce, so the origin is named.
    platform = origin_of(settings.XPRESS_CONNECT_JS_URL) or ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {platform}",
            f"style-src 'self' {platform}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )
