"""Settings of the site and its spaces; all of them to take along or to erase; groups to choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from addon import rights, store
from addon.answers import (
    DataAnswer,
    GroupsAnswer,
    SettingsAnswer,
    SiteSettingsAnswer,
    SpacesAnswer,
)
from addon.api import BODY_BYTES_WITH_OPTIONS, ApiView, as_viewer, checked_space, require_admin
from addon.frames import caller
from addon.options import OPTIONS
from addon.schema import failures
from addon.serializers import NameQuery, SettingsForm, SiteSettingsForm
from addon.settings import Settings, Standing
from addon.spaces import spaces

_SHOWN = {200: SiteSettingsAnswer, **failures(404)}
_SAVED = {200: SiteSettingsAnswer, **failures(400, 403, 404, 409, 413)}
_SHOWN_OF_SPACE = _SHOWN | {200: SettingsAnswer}
_SAVED_OF_SPACE = _SAVED | {200: SettingsAnswer}


@extend_schema_view(
    get=extend_schema(summary="The settings of the site", responses=_SHOWN),
    put=extend_schema(
        summary="Change the settings of the site", request=SiteSettingsForm, responses=_SAVED
    ),
)
class SiteSettings(ApiView):
    """The settings of the whole site. Whoever may use XPress may see them; admins change them."""

    largest_body_bytes = BODY_BYTES_WITH_OPTIONS
    form: type[SettingsForm] = SiteSettingsForm

    def get(self, request: Request, key: str = "") -> Response:
        return Response(_shown(store.standing(caller(request).site.tenant_id, checked_space(key))))

    def put(self, request: Request, key: str = "") -> Response:
        who, key = caller(request), checked_space(key)
        form = self.form(data=request.data)
        form.is_valid(raise_exception=True)
        require_admin(who, key)
        return Response(_saved(who.site.tenant_id, key, form.validated_data))


@extend_schema_view(
    get=extend_schema(summary="What holds in a space", responses=_SHOWN_OF_SPACE),
    put=extend_schema(
        summary="Change the settings of a space", request=SettingsForm, responses=_SAVED_OF_SPACE
    ),
)
class SpaceSettings(SiteSettings):
    """The settings of one space, its own or the site's. Its administrators change them."""

    form = SettingsForm


class Data(ApiView):
    """All that is kept of what the site has chosen: for its administrators only."""

    @extend_schema(
        summary="Take all settings and templates along",
        responses={200: DataAnswer, **failures(403)},
    )
    def get(self, request: Request) -> Response:
        who = caller(request)
        require_admin(who, "")
        headers = {"Content-Disposition": 'attachment; filename="xpress-settings.json"'}
        return Response(store.everything(who.site.tenant_id), headers=headers)

    @extend_schema(
        summary="Erase all settings and templates", responses={204: None, **failures(403)}
    )
    def delete(self, request: Request) -> Response:
        who = caller(request)
        require_admin(who, "")
        store.erase(who.site.tenant_id)
        return Response(status=204)


class Groups(ApiView):
    """Groups of Confluence whose name holds the query, as the caller may see them."""

    parameters = frozenset({"query"})

    @extend_schema(
        summary="Search groups",
        parameters=[NameQuery],
        responses={200: GroupsAnswer, **failures(400, 403, 429, 502, 503)},
    )
    def get(self, request: Request) -> Response:
        query = _query(request)
        with as_viewer(caller(request)) as host:
            found = rights.groups(host, query)
        return Response({"groups": [{"id": group.id, "name": group.name} for group in found]})


class Spaces(ApiView):
    """Spaces of Confluence whose name or key holds the query, as the caller may see them."""

    parameters = frozenset({"query"})

    @extend_schema(
        summary="Search spaces",
        parameters=[NameQuery],
        responses={200: SpacesAnswer, **failures(400, 403, 429, 502, 503)},
    )
    def get(self, request: Request) -> Response:
        query = _query(request)
        with as_viewer(caller(request)) as host:
            found = spaces(host, query)
        return Response({"spaces": [{"key": space.key, "name": space.name} for space in found]})


def _query(request: Request) -> str:
    form = NameQuery(data=request.query_params)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["query"])


def _saved(tenant_id: int, space_key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Change what holds in a place by what a form says; a space begins with what holds there."""

    def change(standing: Standing) -> Settings | None:
        if wanted["inherited"]:
            return None
        if wanted.get("template") and not standing.has(wanted["template"]):
            raise ValidationError({"template": _("There is no such template here.")})
        changed = standing.here.changed(wanted, is_site=not space_key)
        for name in wanted.get("locked", ()):
            if name not in changed.locked:
                label = OPTIONS[name].label
                message = _("Choose a value for “%(option)s” before you lock it.")
                raise ValidationError({"locked": message % {"option": label}})
        return changed

    return _shown(store.change_settings(tenant_id, space_key, change, wanted.get("revision")))


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
