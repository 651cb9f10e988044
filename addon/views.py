"""The descriptor, the four lifecycle callbacks, the settings and their pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from addon import lifecycle, spaces
from addon.auth import (
    CallbackAuthentication,
    Caller,
    ContextAuthentication,
    InstallAuthentication,
    Sender,
)
from addon.descriptor import descriptor
from addon.frames import SPACE_KEY, FrameView, caller, parameter
from addon.host import NotVisible
from addon.outbound import Budget
from addon.serializers import InstallationForm, SettingsForm, UninstallationForm

_RIGHTS_SECONDS = 15.0


class Descriptor(APIView):
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response(descriptor())


class Installed(APIView):
    authentication_classes = (InstallAuthentication,)

    def post(self, request: Request) -> Response:
        lifecycle.install(InstallationForm.read(request.data), _sender(request).claims)
        return Response(status=204)


class Uninstalled(APIView):
    authentication_classes = (InstallAuthentication,)

    def post(self, request: Request) -> Response:
        lifecycle.uninstall(UninstallationForm.read(request.data), _sender(request).claims)
        return Response(status=204)


class Enabled(APIView):
    authentication_classes = (CallbackAuthentication,)
    on = True

    def post(self, request: Request) -> Response:
        lifecycle.switch(caller(request).site.tenant_id, on=self.on)
        return Response(status=204)


class Disabled(Enabled):
    on = False


class SpaceSettingsPage(FrameView):
    template_name = "addon/space_settings.html"

    def context(self, request: Request) -> dict[str, Any]:
        return {"space_key": parameter(request, "space", SPACE_KEY)}


class ConfigurePage(FrameView):
    template_name = "addon/configure.html"


class GetStartedPage(FrameView):
    template_name = "addon/get_started.html"


class SiteSettings(APIView):
    """The options of the whole site. Whoever may use XPress may see them; admins change them."""

    authentication_classes = (ContextAuthentication,)

    def get(self, request: Request) -> Response:
        return Response({"options": self._options(caller(request))})

    def put(self, request: Request) -> Response:
        who = caller(request)
        form = SettingsForm(data=request.data)
        form.is_valid(raise_exception=True)
        with_rights(who, lambda host: spaces.require_site_admin(host))
        own = form.validated_data.get("options")
        options = None if own is None else spaces.site_options(_id(who)).changed(own)
        spaces.save_options(_id(who), "", options)
        return Response({"options": self._options(who)})

    def _options(self, who: Caller) -> dict[str, Any]:
        return spaces.site_options(_id(who)).to_stored()


class SpaceSettings(APIView):
    """The options of one space, its own or the site's."""

    authentication_classes = (ContextAuthentication,)

    def get(self, request: Request, key: str) -> Response:
        return Response(self._settings(caller(request), self._key(key)))

    def put(self, request: Request, key: str) -> Response:
        who, key = caller(request), self._key(key)
        form = SettingsForm(data=request.data)
        form.is_valid(raise_exception=True)
        with_rights(who, lambda host: spaces.require_space_admin(host, key))
        own = form.validated_data.get("options")
        current, _ = spaces.space_options(_id(who), key)
        spaces.save_options(_id(who), key, None if own is None else current.changed(own))
        return Response(self._settings(who, key))

    def _key(self, key: str) -> str:
        if not SPACE_KEY.fullmatch(key):
            raise NotVisible("Confluence does not show this space to you.")
        return key

    def _settings(self, who: Caller, key: str) -> dict[str, Any]:
        options, inherited = spaces.space_options(_id(who), key)
        return {"inherited": inherited, "options": options.to_stored()}


def with_rights(who: Caller, require: Any) -> None:
    """Run a question about the caller's rights through their own view of the site."""
    host = who.host(Budget.of(_RIGHTS_SECONDS))
    try:
        require(host)
    finally:
        host.close()


def _sender(request: Request) -> Sender:
    assert isinstance(request.user, Sender)  # noqa: S101  # the view's authenticator saw to it
    return request.user


def _id(who: Caller) -> int:
    return who.site.tenant_id
