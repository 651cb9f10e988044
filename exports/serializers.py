"""Forms of orders, previews and logos: JSON in, values out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from addon.host import Host
from addon.serializers import OptionsForm, StrictForm, StrictPattern, StrictText, WishesForm
from addon.settings import Standing
from exports.facts import Viewer, is_time_zone
from exports.logo import MOST_BYTES
from exports.pipeline import Order
from exports.preview import Trial
from exports.reading import Limits
from exports.tree import SCOPES, Selection

_CONTENT_ID = r"^[0-9]{1,19}$"
_LOCALE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$"  # BCP 47, or as Confluence writes it: de_DE
_TIME_ZONE = r"^[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}$"  # IANA


class OrderOptionsForm(WishesForm):
    file_name = StrictText(max_length=300, required=False, allow_blank=True)


class ViewerForm(StrictForm):
    """How the person who exports writes dates. What we do not know counts as not told."""

    locale = StrictPattern(_LOCALE, max_length=35, required=False)
    time_zone = StrictPattern(_TIME_ZONE, max_length=64, required=False)

    def validate_time_zone(self, value: str) -> str:
        return value if is_time_zone(value) else ""


class OrderForm(StrictForm):
    page = StrictPattern(_CONTENT_ID)
    scope = serializers.ChoiceField(choices=SCOPES)
    pages = serializers.ListField(
        child=StrictPattern(_CONTENT_ID), max_length=5000, required=False, default=list
    )
    template = StrictText(max_length=80, required=False, allow_blank=True, default="")
    options = OrderOptionsForm(required=False)
    viewer = ViewerForm(required=False)

    def validate(self, attrs: Any) -> Any:
        if (attrs["scope"] == "chosen") != bool(attrs["pages"]):
            raise serializers.ValidationError({"pages": "Name pages for the scope chosen only."})
        return attrs

    def order(self, standing_in: Callable[[Host, str], Standing], limits: Limits) -> Order:
        """The order; `standing_in` tells what holds in a space, or that it exports nothing."""
        value = self.validated_data
        wishes = dict(value.get("options", {}))
        file_name = wishes.pop("file_name", "")
        return Order(
            Selection(value["page"], value["scope"], frozenset(value["pages"])),
            lambda host, key: standing_in(host, key).options(value["template"], wishes),
            file_name,
            limits,
            Viewer(**value.get("viewer", {})),
        )


class PreviewForm(StrictForm):
    page = StrictPattern(_CONTENT_ID)
    template = StrictText(max_length=80, required=False, allow_blank=True, default="")
    options = OptionsForm(required=False)
    viewer = ViewerForm(required=False)

    def trial(self, limits: Limits) -> Trial:
        value = self.validated_data
        viewer = Viewer(**value.get("viewer", {}))
        return Trial(value["page"], value.get("options", {}), value["template"], limits, viewer)


class FileField(StrictText):
    """A file as base64."""

    default_error_messages = {"not_base64": _("Send the file as base64.")}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return base64.b64decode(text.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error):
            self.fail("not_base64")


class LogoForm(StrictForm):
    file = FileField(max_length=4 * -(-MOST_BYTES // 3), trim_whitespace=False)
