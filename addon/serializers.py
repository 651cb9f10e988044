"""JSON in, frozen values out: forms that refuse what they do not know, and name the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from addon.lifecycle import Installation
from addon.option_kinds import BadValue
from addon.options import OPTIONS, Option
from addon.settings import MOST_GROUPS, WHO


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


class OptionField(serializers.Field[Any, Any, Any, Any]):
    """An option's value, read by its own kind."""

    def __init__(self, option: Option, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=str(option.label), **kwargs)
        self.option = option

    def to_internal_value(self, data: Any) -> Any:
        try:
            return self.option.kind.read(data)
        except BadValue as error:
            raise serializers.ValidationError(str(error)) from error


class OptionsForm(StrictForm):
    """ExportOptions as JSON, any of them."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return fields | {name: OptionField(option) for name, option in OPTIONS.items()}


class WishesForm(OptionsForm):
    """What an order may wish: what only administrators choose is no field here."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        secret = {name for name, option in OPTIONS.items() if option.admin_only}
        return {name: field for name, field in fields.items() if name not in secret}


class StartValuesForm(StrictForm):
    """Options set over a template's; null takes one back."""

    def get_fields(self) -> dict[str, Any]:
        nullable = {n: OptionField(it, allow_null=True) for n, it in OPTIONS.items()}
        return super().get_fields() | nullable


class GroupForm(StrictForm):
    id = serializers.CharField(max_length=255)
    name = serializers.CharField(max_length=255)


class AccessForm(StrictForm):
    who = serializers.ChoiceField(choices=WHO)
    groups = GroupForm(many=True, required=False, default=list)

    def validate(self, attrs: Any) -> Any:
        if len(attrs["groups"]) > MOST_GROUPS:
            raise serializers.ValidationError({"groups": f"Name at most {MOST_GROUPS} groups."})
        if (attrs["who"] == "groups") != bool(attrs["groups"]):
            raise serializers.ValidationError({"groups": "Name groups for the choice groups only."})
        return attrs


class SettingsForm(StrictForm):
    """What the settings pages save: parts of what holds here, or the site's settings again."""

    inherited = StrictBoolean(required=False, default=False)
    template = serializers.CharField(max_length=80, required=False, allow_blank=True)
    options = StartValuesForm(required=False)
    locked = serializers.ListField(
        child=serializers.ChoiceField(choices=list(OPTIONS)), required=False
    )
    access = AccessForm(required=False)
    revision = serializers.IntegerField(min_value=0, required=False)

    def validate(self, attrs: Any) -> Any:
        own = set(attrs) - {"inherited", "revision"}
        if attrs["inherited"] == bool(own):
            raise serializers.ValidationError("Send either settings, or inherited: true.")
        return attrs


class LimitsForm(StrictForm):
    """Limits of a site, below the ceilings of the server."""

    pages = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    sheets = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    seconds = serializers.IntegerField(min_value=10, max_value=86_400, required=False)


class SiteSettingsForm(SettingsForm):
    switched_off = serializers.ListField(
        child=serializers.RegexField(r"^[~A-Za-z0-9._-]{1,255}$"), max_length=5000, required=False
    )
    limits = LimitsForm(required=False)


class TemplateForm(StrictForm):
    """A template as it is created, changed, exported and imported."""

    name = serializers.CharField(max_length=100)
    options = OptionsForm(required=False)
    is_archived = StrictBoolean(required=False)
    revision = serializers.IntegerField(min_value=0, required=False)
    xpress_template = serializers.ChoiceField(choices=[1], required=False)  # the file's format
