"""What the export dialog knows when it opens: the templates, what each starts with, what is fixed.
Pure.

Nothing here is asked of Confluence, so that the dialog opens at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from addon.option_kinds import Choice, Names, Number, Text
from addon.options import OPTIONS, ExportOptions, Option
from addon.settings import Origin, Standing, Template

# What the small picture of a template and the line below it show, besides what the dialog offers.
_PICTURED = (
    "two_sided",
    "numbered_headings",
    "revisions",
    "cover_logo",
    "accent_colour",
    "heading_colour",
    *(f"{row}_{part}" for row in ("header", "footer") for part in ("logo", "rule")),
    *(f"{row}_{side}" for row in ("header", "footer") for side in ("left", "centre", "right")),
)
_OFFERED = tuple(option for option in OPTIONS.values() if option.in_dialog)
_OF_THE_DIALOG = ("text", "names")  # kinds that the editor of templates draws with more to them


@dataclass(frozen=True, slots=True)
class Field:
    """An option of the dialog."""

    option: Option
    fixed: str | None  # its value in words, where nobody may choose; None where they may

    @property
    def control(self) -> str:
        """The template that draws its control."""
        word = self.option.kind.word
        return f"{'exports' if word in _OF_THE_DIALOG else 'addon'}/controls/{word}.html"


def context(standing: Standing) -> dict[str, Any]:
    """What the dialog's page is drawn from; of it, `choices` is what its script reads."""
    free = [option for option in _OFFERED if option.name not in standing.fixed]
    return {
        "template_groups": list(_groups(standing.templates)),
        "default_template": standing.default.key,
        "fields": [Field(option, _fixed(option, standing.fixed)) for option in _OFFERED],
        "choices": {
            "default": standing.default.key,
            "options": {option.name: _bounds(option) for option in free},
            "templates": {
                template.key: _start(standing.start(template.key), free)
                for template in standing.templates
            },
        },
    }


def in_words(option: Option, value: Any) -> str:
    """A value as people read it.

    >>> in_words(OPTIONS["paper"], "A4")
    'A4 (210 × 297 mm)'
    """
    kind = option.kind
    if isinstance(kind, Choice):
        return str(kind.labels[value])
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    if isinstance(kind, Number):
        return f"{value:g} {kind.unit}".rstrip()
    if isinstance(kind, Names):
        value = ", ".join(value)
    return value or _("None")


def _groups(templates: tuple[Template, ...]) -> Iterator[tuple[str, list[Template]]]:
    labels: Mapping[Origin, str] = {
        "space": _("Of this space"),
        "site": _("Of the site"),
        "shipped": _("Of XPress"),
    }
    for origin, label in labels.items():
        if rows := [template for template in templates if template.origin == origin]:
            yield label, rows


def _fixed(option: Option, fixed: Mapping[str, Any]) -> str | None:
    return in_words(option, fixed[option.name]) if option.name in fixed else None


def _bounds(option: Option) -> dict[str, Any]:
    """What the script needs to tell a value the option takes from one that is no longer allowed."""
    kind = option.kind
    bounds: dict[str, Any] = {"kind": kind.word}
    if isinstance(kind, Choice):
        bounds["values"] = list(kind.labels)
    if isinstance(kind, Text | Names):
        bounds["most"] = kind.most
    if isinstance(kind, Number):
        bounds |= {"least": kind.least, "most": kind.most}
    return bounds


def _start(options: ExportOptions, free: list[Option]) -> dict[str, Any]:
    """Start values of what may be chosen, and what the picture shows: of a logo only whether."""
    values = options.to_stored()
    offered = (option.name for option in _OFFERED)
    return {
        "start": {option.name: values[option.name] for option in free},
        "look": {name: values[name] for name in (*offered, *_PICTURED)}
        | {"logo": bool(options.logo)},
    }
