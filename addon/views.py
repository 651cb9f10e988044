"""The descriptor, the four lifecycle callbacks, and the pages of the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from addon import lifecycle
from addon.api import require_admin
from addon.auth import (
    CallbackAuthentication,
    Caller,
    InstallAuthentication,
    Sender,
)
from addon.descriptor import descriptor
from addon.errors import XPressError
from addon.frames import SPACE_KEY, FrameView, caller, parameter
from addon.schema import a_query, failures
from addon.serializers import InstallationForm, UninstallationForm


class Descriptor(APIView):
    """What Confluence reads before it installs XPress: its pages, callbacks and scopes."""

    permission_classes = ()

    @extend_schema(summary="The descriptor of the app", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(descriptor())


class Installed(APIView):
    """Confluence calls it when XPress is installed, installed anew, or its secret is rotated."""

    authentication_classes = (InstallAuthentication,)

    @extend_schema(
        summary="Installed", request=InstallationForm, responses={204: None, **failures(400, 403)}
    )
    def post(self, request: Request) -> Response:
        lifecycle.install(InstallationForm.read(request.data), _sender(request).claims)
        return Response(status=204)


class Uninstalled(APIView):
    """Confluence calls it when XPress is removed: all that was kept is erased."""

    authentication_classes = (InstallAuthentication,)

    @extend_schema(
        summary="Uninstalled", request=UninstallationForm, responses={204: None, **failures(400)}
    )
    def post(self, request: Request) -> Response:
        lifecycle.uninstall(UninstallationForm.read(request.data), _sender(request).claims)
        return Response(status=204)


class Enabled(APIView):
    """Confluence calls it; its body is not looked at."""

    authentication_classes = (CallbackAuthentication,)
    on = True

    @extend_schema(summary="Switched on or off", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        lifecycle.switch(caller(request).site.tenant_id, on=self.on)
        return Response(status=204)


class Disabled(Enabled):
    on = False


@extend_schema_view(
    get=extend_schema(
        summary="The page of a space's settings",
        parameters=[a_query("space", SPACE_KEY)],
    )
)
class SpaceSettingsPage(FrameView):
    template_name = "addon/space_settings.html"

    def context(self, request: Request) -> dict[str, Any]:
        return {"space_key": parameter(request, "space", SPACE_KEY)}


@extend_schema_view(get=extend_schema(summary="The page of the site's settings"))
class ConfigurePage(FrameView):
    template_name = "addon/configure.html"

    def context(self, request: Request) -> dict[str, Any]:
        return {
            "ceilings": {
                "pages": settings.XPRESS_MAX_PAGES,
                "sheets": settings.XPRESS_MAX_SHEETS,
                "seconds": settings.XPRESS_EXPORT_SECONDS,
            }
        }


@extend_schema_view(get=extend_schema(summary="The page after the installation"))
class GetStartedPage(FrameView):
    """After the installation. Some of it is for those who administer the site."""

    template_name = "addon/get_started.html"

    def context(self, request: Request) -> dict[str, Any]:
        who = caller(request)
        site = who.site.display_url or who.site.base_url
        page = f"/plugins/servlet/ac/{settings.XPRESS_APP_KEY}/configure"
        return {"is_admin": _is_site_admin(who), "site_page": site + page}


def _is_site_admin(who: Caller) -> bool:
    """What to show, not what to allow: when in doubt, less."""
    try:
        require_admin(who, "")
    except XPressError:
        return False
    return True


def _sender(request: Request) -> Sender:
    assert isinstance(request.user, Sender)  # noqa: S101  # the view's authenticator saw to it
    return request.user
