"""The order form: JSON in, an Order out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from rest_framework import serializers

from addon.host import Host
from addon.serializers import StrictForm, WishesForm
from addon.settings import Standing
from exports.pipeline import Order
from exports.reading import Limits
from exports.tree import SCOPES, Selection

_CONTENT_ID = r"^[0-9]{1,19}$"
_MEBIBYTE = 1024 * 1024


class OrderOptionsForm(WishesForm):
    file_name = serializers.CharField(max_length=300, required=False, allow_blank=True)


class OrderForm(StrictForm):
    page = serializers.RegexField(_CONTENT_ID)
    scope = serializers.ChoiceField(choices=SCOPES)
    pages = serializers.ListField(
        child=serializers.RegexField(_CONTENT_ID), max_length=5000, required=False, default=list
    )
    template = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    options = OrderOptionsForm(required=False)

    def validate(self, attrs: Any) -> Any:
        if (attrs["scope"] == "chosen") != bool(attrs["pages"]):
            raise serializers.ValidationError({"pages": "Name pages for the scope chosen only."})
        return attrs

    def order(self, standing_in: Callable[[Host, str], Standing]) -> Order:
        """The order; `standing_in` tells what holds in a space, or that it exports nothing."""
        value = self.validated_data
        wishes = dict(value.get("options", {}))
        file_name = wishes.pop("file_name", "")
        return Order(
            Selection(value["page"], value["scope"], frozenset(value["pages"])),
            lambda host, key: standing_in(host, key).options(value["template"], wishes),
            file_name,
            Limits(
                pages=settings.XPRESS_MAX_PAGES,
                sheets=settings.XPRESS_MAX_SHEETS,
                seconds=settings.XPRESS_EXPORT_SECONDS,
                image_bytes=settings.XPRESS_IMAGE_MEBIBYTES * _MEBIBYTE,
                images_bytes=settings.XPRESS_IMAGES_MEBIBYTES * _MEBIBYTE,
            ),
        )
