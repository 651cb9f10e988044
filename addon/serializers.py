"""JSON in, frozen values out: forms that refuse what they do not know, and name the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from addon.lifecycle import Installation
from addon.options import IMAGES, PAPERS


class StrictJSONParser(JSONParser):
    """JSON only, and nesting too deep to read is the sender's error, not ours."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (RecursionError, UnicodeDecodeError) as error:
            raise ParseError("This JSON cannot be read.") from error


class StrictForm(serializers.Serializer[Any]):
    """A closed list of fields: a name that is not on it is an error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError(dict.fromkeys(unknown[:5], "Unknown field."))
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """true or false; not "yes", not 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class InstallationForm(serializers.Serializer[Any]):
    """The body of `installed`. Fields we do not use may come and go."""

    key = serializers.CharField(max_length=80)
    clientKey = serializers.CharField(max_length=255)
    sharedSecret = serializers.CharField(max_length=255, min_length=16, trim_whitespace=False)
    baseUrl = serializers.CharField(max_length=255)
    displayUrl = serializers.CharField(max_length=255, required=False, default="", allow_blank=True)
    oauthClientId = serializers.RegexField(
        r"^[A-Za-z0-9+/=_.:-]*$", max_length=255, required=False, default="", allow_blank=True
    )

    @classmethod
    def read(cls, data: Any) -> Installation:
        form = cls(data=data)
        form.is_valid(raise_exception=True)
        value = form.validated_data
        return Installation(
            key=value["key"],
            client_key=value["clientKey"],
            shared_secret=value["sharedSecret"],
            base_url=value["baseUrl"],
            display_url=value["displayUrl"],
            oauth_client_id=value["oauthClientId"],
        )


class UninstallationForm(serializers.Serializer[Any]):
    """The body of `uninstalled`: only its sender matters."""

    clientKey = serializers.CharField(max_length=255)

    @classmethod
    def read(cls, data: Any) -> str:
        form = cls(data=data)
        form.is_valid(raise_exception=True)
        return str(form.validated_data["clientKey"])


class OptionsForm(StrictForm):
    """ExportOptions as JSON. A field that is left out keeps the value it has."""

    paper = serializers.ChoiceField(choices=PAPERS, required=False)
    contents = StrictBoolean(required=False)
    images = serializers.ChoiceField(choices=IMAGES, required=False)


class SettingsForm(StrictForm):
    """What the settings pages save: options of one's own, or the site's again."""

    inherited = StrictBoolean(required=False, default=False)
    options = OptionsForm(required=False)

    def validate(self, attrs: Any) -> Any:
        if attrs["inherited"] == ("options" in attrs):
            raise serializers.ValidationError("Send either options, or inherited: true.")
        return attrs
