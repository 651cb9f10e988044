"""JSON in, frozen values out: forms that refuse what they do not know, and name the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer

from addon.lifecycle import Installation
from addon.option_kinds import BadValue
from addon.options import OPTIONS, Option
from addon.settings import MOST_GROUPS, WHO

FILE_FORMAT = 1  # of templates as files
SPACE_KEY_PATTERN = r"^[~A-Za-z0-9._-]{1,255}$"


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
            raise ParseError(_("This JSON cannot be read.")) from error


class AnyJSONRenderer(JSONRenderer):
    """JSON also of what UTF-8 cannot write: half of a character, from a sender who is told so."""

    def render(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().render(*args, **kwargs)
        except UnicodeEncodeError:
            return _AsciiRenderer().render(*args, **kwargs)


class _AsciiRenderer(JSONRenderer):
    ensure_ascii = True


class StrictForm(serializers.Serializer[Any]):
    """A closed list of fields: a name that is not on it is an error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError(dict.fromkeys(unknown[:5], _("Unknown field.")))
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """true or false; not "yes", not 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictText(serializers.CharField):
    """Text; a number is none."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictPattern(serializers.RegexField):
    """Text of a form; a number is none."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictInteger(serializers.IntegerField):
    """A whole number; neither "1" nor true is one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class OneLine(StrictText):
    """Text that people read in one line."""

    def to_internal_value(self, data: Any) -> Any:
        text = str(super().to_internal_value(data))
        if not text.isprintable():
            raise serializers.ValidationError(_("Use one line of plain text."))
        return text


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
            message = f"{self.option.label}: {error}"
            raise serializers.ValidationError(message) from error


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
    id = OneLine(max_length=255)
    name = OneLine(max_length=255)


class AccessForm(StrictForm):
    who = serializers.ChoiceField(choices=WHO)
    groups = GroupForm(many=True, required=False, default=list)

    def validate(self, attrs: Any) -> Any:
        if len(attrs["groups"]) > MOST_GROUPS:
            message = _("Name at most %(most)d groups.") % {"most": MOST_GROUPS}
            raise serializers.ValidationError({"groups": message})
        if (attrs["who"] == "groups") != bool(attrs["groups"]):
            message = _("Name groups for the choice groups only.")
            raise serializers.ValidationError({"groups": message})
        return attrs


class SettingsForm(StrictForm):
    """What the settings pages save: parts of what holds here, or the site's settings again."""

    inherited = StrictBoolean(required=False, default=False)
    template = StrictText(max_length=80, required=False, allow_blank=True)
    options = StartValuesForm(required=False)
    locked = serializers.ListField(
        child=serializers.ChoiceField(choices=list(OPTIONS)), required=False
    )
    access = AccessForm(required=False)
    revision = StrictInteger(min_value=0, required=False)

    def validate(self, attrs: Any) -> Any:
        own = set(attrs) - {"inherited", "revision"}
        if attrs["inherited"] == bool(own):
            raise serializers.ValidationError(_("Send either settings, or inherited: true."))
        return attrs


class LimitsForm(StrictForm):
    """Limits of a site, below the ceilings of the server."""

    pages = StrictInteger(min_value=1, max_value=1_000_000, required=False)
    sheets = StrictInteger(min_value=1, max_value=1_000_000, required=False)
    seconds = StrictInteger(min_value=10, max_value=86_400, required=False)


class SiteSettingsForm(SettingsForm):
    switched_off = serializers.ListField(
        child=StrictPattern(SPACE_KEY_PATTERN), max_length=5000, required=False
    )
    limits = LimitsForm(required=False)


class TemplateOptionsForm(OptionsForm):
    """Options of a template. A file of another version may know more of them than we do."""

    def to_internal_value(self, data: Any) -> Any:
        is_file = "xpress_template" in getattr(self.parent, "initial_data", {})
        if is_file and isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if name in self.fields}
        return super().to_internal_value(data)


class TemplateForm(StrictForm):
    """A template as it is created, duplicated and imported."""

    name = OneLine(max_length=100)
    options = TemplateOptionsForm(required=False)
    xpress_template = StrictInteger(min_value=FILE_FORMAT, max_value=FILE_FORMAT, required=False)


class TemplateChangesForm(StrictForm):
    """What is changed of a template; of the options only those that are named."""

    name = OneLine(max_length=100, required=False)
    options = OptionsForm(required=False)
    is_archived = StrictBoolean(required=False)
    revision = StrictInteger(min_value=0, required=False)

    def validate(self, attrs: Any) -> Any:
        if not set(attrs) - {"revision"}:
            raise serializers.ValidationError(_("Send what is to be changed."))
        return attrs


class CopiesForm(StrictForm):
    spaces = serializers.ListField(
        child=StrictPattern(SPACE_KEY_PATTERN), min_length=1, max_length=50
    )

    def validate_spaces(self, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class NameQuery(serializers.Serializer[Any]):
    """Part of a name; nothing, for any."""

    query = OneLine(max_length=200, required=False, default="", allow_blank=True)
