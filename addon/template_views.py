"""Templates of the site and its spaces, over HTTP."""

from __future__ import annotations

from typing import Any

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from addon import rights, store
from addon.answers import CopiesAnswer, TemplateAnswer, TemplateFileAnswer, TemplatesAnswer
from addon.api import (
    BODY_BYTES_WITH_OPTIONS,
    ApiView,
    as_viewer,
    checked_space,
    require_admin,
)
from addon.errors import XPressError
from addon.frames import caller
from addon.host import Host
from addon.options import ExportOptions
from addon.schema import failures
from addon.serializers import (
    FILE_FORMAT,
    CopiesForm,
    TemplateChangesForm,
    TemplateForm,
)
from addon.settings import Template
from addon.shipped import SHIPPED

_COPIES_SECONDS = 60.0


class TemplateOfOthers(XPressError):
    """The template is there, and belongs to the site or to XPress itself."""

    status = 403
    code = "not_allowed"


class Templates(ApiView):
    """The templates of a place: of a space those of the site too, and always the shipped ones."""

    largest_body_bytes = BODY_BYTES_WITH_OPTIONS

    @extend_schema(
        summary="The templates that are seen from here",
        responses={200: TemplatesAnswer, **failures(404)},
    )
    def get(self, request: Request, key: str = "") -> Response:
        found = store.templates(caller(request).site.tenant_id, checked_space(key))
        return Response({"templates": [shown(template) for template in found]})

    @extend_schema(
        summary="Create, duplicate or import a template",
        request=TemplateForm,
        responses={201: TemplateAnswer, **failures(400, 403, 404, 409, 413, 422)},
    )
    def post(self, request: Request, key: str = "") -> Response:
        who, key = caller(request), checked_space(key)
        form = TemplateForm(data=request.data)
        form.is_valid(raise_exception=True)
        require_admin(who, key)
        options = ExportOptions.from_stored(form.validated_data.get("options", {}))
        made = store.create_template(who.site.tenant_id, key, form.validated_data["name"], options)
        return Response(shown(made), status=201)


class OneTemplate(ApiView):
    """A template by its key."""

    largest_body_bytes = BODY_BYTES_WITH_OPTIONS

    @extend_schema(summary="A template", responses={200: TemplateAnswer, **failures(404)})
    def get(self, request: Request, template: str, key: str = "") -> Response:
        return Response(shown(_found(request, key, template)))

    @extend_schema(
        summary="Change, archive or restore a template",
        request=TemplateChangesForm,
        responses={200: TemplateAnswer, **failures(400, 403, 404, 409, 413)},
    )
    def put(self, request: Request, template: str, key: str = "") -> Response:
        who, key = caller(request), checked_space(key)
        form = TemplateChangesForm(data=request.data)
        form.is_valid(raise_exception=True)
        require_admin(who, key)
        _require_own(_found(request, key, template), key)
        changes = dict(form.validated_data)
        revision = changes.pop("revision", None)
        return Response(
            shown(store.save_template(who.site.tenant_id, key, template, changes, revision))
        )

    @extend_schema(summary="Delete a template", responses={204: None, **failures(403, 404)})
    def delete(self, request: Request, template: str, key: str = "") -> Response:
        who, key = caller(request), checked_space(key)
        require_admin(who, key)
        _require_own(_found(request, key, template), key)
        store.delete_template(who.site.tenant_id, key, template)
        return Response(status=204)


class TemplateFile(ApiView):
    """A template to take along: what `POST …/templates` takes back, here or on another site."""

    @extend_schema(
        summary="Download a template", responses={200: TemplateFileAnswer, **failures(404)}
    )
    def get(self, request: Request, template: str, key: str = "") -> Response:
        found = _found(request, key, template)
        header = content_disposition_header(True, f"{found.name}.json")
        return Response(
            {
                "xpress_template": FILE_FORMAT,
                "name": found.name,
                "options": found.options.to_stored(),
            },
            headers={"Content-Disposition": header or "attachment"},
        )


class Copies(ApiView):
    """A copy of a template in each of some spaces, where the caller administers them."""

    @extend_schema(
        summary="Copy a template to other spaces",
        request=CopiesForm,
        responses={200: CopiesAnswer, **failures(400, 403, 404)},
    )
    def post(self, request: Request, key: str, template: str) -> Response:
        who = caller(request)
        form = CopiesForm(data=request.data)
        form.is_valid(raise_exception=True)
        original = _found(request, key, template)
        copied: list[str] = []
        refused: list[dict[str, str]] = []
        with as_viewer(who, _COPIES_SECONDS) as host:
            for space in form.validated_data["spaces"]:
                try:
                    _copy(host, who.site.tenant_id, original, space)
                    copied.append(space)
                except XPressError as error:
                    refused.append({"space": space, "message": error.message})
        return Response({"copied": copied, "refused": refused})


def _copy(host: Host, tenant_id: int, original: Template, space_key: str) -> None:
    rights.require_space_admin(host, space_key)
    store.create_template(tenant_id, space_key, original.name, original.options)


def _found(request: Request, key: str, template: str) -> Template:
    """The template of this key, of those that are seen from the place. Raises TemplateGone."""
    return store.template(caller(request).site.tenant_id, checked_space(key), template)


def _require_own(template: Template, space_key: str) -> None:
    if template.origin == ("space" if space_key else "site"):
        return
    if template.key in SHIPPED:
        raise TemplateOfOthers(_("This template comes with XPress. Duplicate it to change it."))
    raise TemplateOfOthers(_("This template is the site's. Duplicate it to change it here."))


def shown(template: Template) -> dict[str, Any]:
    """A template as JSON."""
    return {
        "key": template.key,
        "name": template.name,
        "about": template.about,
        "origin": template.origin,
        "is_archived": template.is_archived,
        "revision": template.revision,
        "options": template.options.to_stored(),
    }
