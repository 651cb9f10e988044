"""Pages that Confluence frames: the base of their views."""

from __future__ import annotations

import re
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from addon import tickets
from addon.auth import Caller, FrameAuthentication

SPACE_KEY = re.compile(r"[~A-Za-z0-9._-]{1,255}")
CONTENT_ID = re.compile(r"[0-9]{1,19}")


class FrameRenderer(TemplateHTMLRenderer):
    """DRF would answer errors with a bare status line."""

    exception_template_names = ["failure.html"]  # noqa: RUF012  # as DRF declares it


class FrameView(APIView):
    """GET of a framed page: verified by the token in its address, answered with a template."""

    authentication_classes = (FrameAuthentication,)
    renderer_classes = (FrameRenderer,)
    template_name: str
    is_frame = True  # xpress.failures answers with a small page, xpress.headers lets it be framed

    @extend_schema(responses={(200, "text/html"): OpenApiTypes.STR})
    def get(self, request: Request) -> Response:
        language = language_of(request)
        translation.activate(language)  # of this thread, for templates and messages
        who = caller(request)
        common = {
            "connect_js_url": settings.XPRESS_CONNECT_JS_URL,
            "language": language,
            "languages": " ".join(code for code, _ in settings.LANGUAGES),
            "ticket": tickets.issue(who.site.client_key, who.account_id, request),
        }
        return Response(common | self.context(request), template_name=self.template_name)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        final.is_frame = True
        final.caller = getattr(request, "_user", None)  # none where the token was refused
        return cast(Response, final)

    def context(self, request: Request) -> dict[str, Any]:
        return {}


def language_of(request: Request) -> str:
    """The viewer's language, of those we speak: what our script was told, else the browser's."""
    wanted = request.query_params.get(tickets.LANGUAGE, "")
    if wanted in dict(settings.LANGUAGES):
        return wanted
    return translation.get_language_from_request(request._request).partition("-")[0]


def parameter(request: Request, name: str, form: re.Pattern[str]) -> str:
    """A parameter of ours, given exactly once: qsh would let two values change places."""
    values = request.query_params.getlist(name)
    if len(values) != 1 or not form.fullmatch(values[0]):
        raise ValidationError({name: f"Give {name} once, in its usual form."})
    return values[0]


def caller(request: Request) -> Caller:
    assert isinstance(request.user, Caller)  # noqa: S101  # the view's authenticator saw to it
    return request.user
