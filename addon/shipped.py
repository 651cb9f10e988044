"""The templates that XPress brings along: named changes to the usual options. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ARTICLE = "article"  # what everybody starts with

SHIPPED: Mapping[str, tuple[Any, Any, Mapping[str, Any]]] = {
    ARTICLE: (_("Article"), _("A clean document without a cover"), {}),
    "handbook": (
        _("Handbook"),
        _("For both sides of the paper, with numbered chapters"),
        {
            "cover": "band",
            "two_sided": True,
            "margin_inner": 25,
            "margin_outer": 18,
            "contents_headings": 1,
            "numbered_headings": True,
            "header_left": "{title}",
            "header_right": "{chapter}",
            "header_rule": True,
            "footer_centre": "",
            "footer_left": "{space}",
            "footer_right": "{sheet}",
            "table_style": "lines",
        },
    ),
    "report": (
        _("Report"),
        _("With a cover, versions and a serif typeface"),
        {
            "cover": "full",
            "cover_facts": "Version {version} · {author} · {date:long}",
            "font": "Noto Serif",
            "heading_font": "Noto Sans",
            "header_left": "",
            "header_right": "{title}",
            "footer_left": "{date:long}",
            "footer_centre": "",
            "footer_right": "Page {sheet} of {sheets}",
            "footer_rule": True,
            "page_facts": "{author} · Version {version} · {modified} · {labels}",
            "revisions": 10,
            "table_style": "striped",
        },
    ),
}
