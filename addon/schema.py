"""The API described in OpenAPI, for drf-spectacular: tokens, options, failures.

https://spec.openapis.org/oas/v3.1.0 · https://drf-spectacular.readthedocs.io/en/latest/customization.html
"""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from addon.answers import Failure
from addon.serializers import SPACE_KEY_PATTERN

_REASONS = {
    400: "What was sent cannot be read or used; `fields` says what is wrong with each.",
    403: "The caller may not do this: Confluence says so, or an administrator has switched it off.",
    404: "It is not there, or Confluence does not show it to the caller.",
    409: "Somebody else has saved since, or the name is taken.",
    413: "The request is larger than this address takes.",
    422: "It can be read, but not be done; the message says what would help.",
    429: "Too much at once. `Retry-After` says when to come back.",
    502: "Confluence gave an answer that XPress does not understand.",
    503: "Something is out of order for now. `Retry-After` says when to come back.",
}

_IN_PATHS = {"key": SPACE_KEY_PATTERN, "template": "^[-A-Za-z0-9_]{1,100}$"}


def failures(*statuses: int) -> dict[int, OpenApiResponse]:
    """Responses of extend_schema; 401 and all that is not named are described everywhere."""
    return {status: OpenApiResponse(Failure, _REASONS[status]) for status in statuses}


def a_query(name: str, form: re.Pattern[str], *, required: bool = True) -> OpenApiParameter:
    """A parameter as addon.frames.parameter reads it."""
    schema = {"type": "string", "pattern": f"^(?:{form.pattern})$"}
    return OpenApiParameter(name, schema, required=required)


class Described(AutoSchema):
    """Adds to each operation how it fails."""

    def get_operation_id(self) -> str:
        """From method and path, so that no two are alike, e.g. `get_spaces_key_settings`."""
        words = re.findall(r"[a-z]+", self.path.removeprefix("/api"))
        return "_".join([self.method.lower(), *words])

    def _resolve_path_parameters(self, variables: list[str]) -> Any:
        resolve: Any = super()._resolve_path_parameters  # has no types
        found = resolve(variables)
        for parameter in found:
            if pattern := _IN_PATHS.get(parameter["name"]):
                parameter["schema"] = {"type": "string", "pattern": pattern}
        return found

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        media = ["text/html" if getattr(self.view, "is_frame", False) else "application/json"]
        if self.view.get_authenticators():
            bodies["401"] = self._failure("401", "The token is missing, or not good here.", media)
        bodies["default"] = self._failure("default", "It did not work.", media)
        return bodies

    def _failure(self, status: str, told: str, media: list[str]) -> Any:
        respond: Any = self._get_response_for_code  # has no types
        return respond(OpenApiResponse(Failure, told), status, media)


class StrictFormExtension(OpenApiSerializerExtension):
    """A closed list of fields."""

    target_class = "addon.serializers.StrictForm"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}


class OptionExtension(OpenApiSerializerFieldExtension):
    """An option, as its kind describes it."""

    target_class = "addon.serializers.OptionField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        option = self.target.option
        told = ": ".join(filter(None, [str(option.label), str(option.help)]))
        return {**option.kind.schema(), "description": told}


class _HeaderToken(OpenApiAuthenticationExtension):
    said = ""

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        told = f"`JWT <token>`: {self.said}"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": told}


class ContextToken(_HeaderToken):
    target_class = "addon.auth.ContextAuthentication"
    name = "context"
    said = "a token of `AP.context.getToken()`, which Confluence gives to pages of the app."


class CallbackToken(_HeaderToken):
    target_class = "addon.auth.CallbackAuthentication"
    name = "callback"
    said = "signed by Confluence for this very request, with the secret of the installation."


class InstallToken(_HeaderToken):
    target_class = "addon.auth.InstallAuthentication"
    name = "install"
    said = "signed by Atlassian for this very request."


class FrameToken(OpenApiAuthenticationExtension):
    target_class = "addon.auth.FrameAuthentication"
    name = "frame"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        told = "Signed by Confluence for this very address."
        return {"type": "apiKey", "in": "query", "name": "jwt", "description": told}
