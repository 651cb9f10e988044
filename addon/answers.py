"""What the API answers, described: forms that are only read by addon.schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from addon.serializers import AccessForm, LimitsForm, OptionsForm


class Failure(serializers.Serializer[Any]):
    """Why it did not work: a stable word for programs, a sentence for people."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]  # the name on the wire
        required=False, help_text="What is wrong with each field, where the code is `invalid`."
    )


class SettingsAnswer(serializers.Serializer[Any]):
    inherited = serializers.BooleanField(help_text="The space has the site's settings.")
    template = serializers.CharField(help_text="Key of the template that exports start with.")
    options = OptionsForm(help_text="All values that exports start with.")
    chosen = serializers.ListField(
        child=serializers.CharField(), help_text="Options set here, over the template's."
    )
    locked = serializers.ListField(child=serializers.CharField())
    site_locked = serializers.ListField(
        child=serializers.CharField(), help_text="Options that the site has fixed for all spaces."
    )
    access = AccessForm()
    revision = serializers.IntegerField(
        help_text="Send it back with a change: somebody else's is then not overwritten. "
        "0: nothing is saved here."
    )


class SiteSettingsAnswer(SettingsAnswer):
    switched_off = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of spaces without exports."
    )
    limits = LimitsForm()


class TemplateAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    origin = serializers.ChoiceField(choices=["shipped", "site", "space"])
    is_archived = serializers.BooleanField()
    revision = serializers.IntegerField()
    options = OptionsForm()


class TemplatesAnswer(serializers.Serializer[Any]):
    templates = TemplateAnswer(many=True)


class TemplateFileAnswer(serializers.Serializer[Any]):
    """A template as a file: `POST …/templates` takes it."""

    xpress_template = serializers.IntegerField(help_text="The file's format: 1.")
    name = serializers.CharField()
    options = OptionsForm()


class RefusedCopy(serializers.Serializer[Any]):
    space = serializers.CharField()
    message = serializers.CharField()


class CopiesAnswer(serializers.Serializer[Any]):
    copied = serializers.ListField(child=serializers.CharField(), help_text="Keys of spaces.")
    refused = RefusedCopy(many=True)


class GroupAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()


class GroupsAnswer(serializers.Serializer[Any]):
    groups = GroupAnswer(many=True)


class SpaceFoundAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class SpacesAnswer(serializers.Serializer[Any]):
    spaces = SpaceFoundAnswer(many=True)


class DataAnswer(serializers.Serializer[Any]):
    """All rows of a site, as they are stored."""

    settings = serializers.ListField(child=serializers.DictField())
    templates = serializers.ListField(child=serializers.DictField())
