"""What the endpoints of exports answer, described: forms that are only read by addon.schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class PageAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()


class PagesAnswer(serializers.Serializer[Any]):
    pages = PageAnswer(many=True)


class TreePageAnswer(PageAnswer):
    type = serializers.CharField(help_text="`page`, `folder` or `blogpost`.")
    depth = serializers.IntegerField()


class SpaceAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    key = serializers.CharField()
    name = serializers.CharField()


class EstimateAnswer(serializers.Serializer[Any]):
    sheets_per_page = serializers.FloatField()
    seconds_per_page = serializers.FloatField()
    start_seconds = serializers.FloatField()


class TreeAnswer(serializers.Serializer[Any]):
    page = PageAnswer()
    may_export = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True, help_text="A sentence for people.")
    space = SpaceAnswer()
    pages = TreePageAnswer(many=True)
    truncated = serializers.BooleanField()
    estimate = EstimateAnswer()
    advice = serializers.CharField(
        allow_blank=True, help_text="What to export instead when all of it is too much."
    )


class LogoAnswer(serializers.Serializer[Any]):
    logo = serializers.CharField(help_text="A value of the option `logo`.")
    width = serializers.IntegerField(help_text="In pixels.")
    height = serializers.IntegerField()
    warnings = serializers.ListField(child=serializers.CharField())


class SheetAnswer(serializers.Serializer[Any]):
    png = serializers.CharField(help_text="The picture, as base64.")
    width = serializers.IntegerField(help_text="In pixels.")
    height = serializers.IntegerField()


class NotedPageAnswer(PageAnswer):
    url = serializers.CharField(allow_blank=True)


class NoteAnswer(serializers.Serializer[Any]):
    page = NotedPageAnswer()
    code = serializers.CharField()
    what = serializers.CharField(allow_blank=True)
    did = serializers.CharField(allow_blank=True)
    severity = serializers.CharField(help_text="`info` or `warning`.")


class PreviewAnswer(serializers.Serializer[Any]):
    sheets = SheetAnswer(many=True)
    total_known = serializers.BooleanField(help_text="These are all sheets of the page.")
    total = serializers.IntegerField(allow_null=True)
    notes = NoteAnswer(many=True)
