"""The descriptor, the four lifecycle callbacks, the settings and their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from addon import lifecycle, rights, store
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
from addon.serializers import (
    InstallationForm,
    SettingsForm,
    SiteSettingsForm,
    UninstallationForm,
)
from addon.settings import Settings, Standing

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
    """The settings of the whole site. Whoever may use XPress may see them; admins change them."""

    authentication_classes = (ContextAuthentication,)

    def get(self, request: Request) -> Response:
        return Response(_shown(store.standing(_id(caller(request)), "")))

    def put(self, request: Request) -> Response:
        who = caller(request)
        form = SiteSettingsForm(data=request.data)
        form.is_valid(raise_exception=True)
        with_rights(who, rights.require_site_admin)
        return Response(_saved(_id(who), "", form.validated_data))


class SpaceSettings(APIView):
    """The settings of one space, its own or the site's."""

    authentication_classes = (ContextAuthentication,)

    def get(self, request: Request, key: str) -> Response:
        return Response(_shown(store.standing(_id(caller(request)), _space(key))))

    def put(self, request: Request, key: str) -> Response:
        who, key = caller(request), _space(key)
        form = SettingsForm(data=request.data)
        form.is_valid(raise_exception=True)
        with_rights(who, lambda host: rights.require_space_admin(host, key))
        return Response(_saved(_id(who), key, form.validated_data))


def _space(key: str) -> str:
    if not SPACE_KEY.fullmatch(key):
        raise NotVisible("Confluence does not show this space to you.")
    return key


def _saved(tenant_id: int, space_key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Change what holds in a place by what a form says; a space begins with what holds there."""
    revision = wanted.get("revision")
    if wanted["inherited"]:
        store.forget_settings(tenant_id, space_key, revision)
    else:
        standing = store.standing(tenant_id, space_key)
        changed = standing.here.changed(wanted, is_site=not space_key)
        store.save_settings(tenant_id, space_key, changed, revision)
    return _shown(store.standing(tenant_id, space_key))


def _shown(standing: Standing) -> dict[str, Any]:
    """What holds in a place, as JSON: `options` are all values that the dialog starts with."""
    here = standing.here
    shown = {
        "inherited": bool(standing.space_key) and standing.own is None,
        "template": standing.default.key,
        "options": standing.start().to_stored(),
        "chosen": sorted(here.options),
        "locked": sorted(here.locked),
        "site_locked": sorted(standing.site.locked) if standing.space_key else [],
        "access": here.access.to_stored(),
        "revision": (standing.own or Settings()).revision if standing.space_key else here.revision,
    }
    if not standing.space_key:
        off = sorted(here.switched_off)
        shown |= {"switched_off": off, "limits": dict(here.limits)}
    return shown


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
