"""What templates ask about options and placeholders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template

from addon.options import GROUPS, OPTIONS, Option
from addon.placeholders import KNOWN, Known

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """Options that are shown together."""

    key: str
    label: Any  # translated when shown
    options: tuple[Option, ...]


@register.simple_tag
def option_sections() -> Iterator[Section]:
    """The sections of the template editor, in order; each with at least one option."""
    for key, label in GROUPS.items():
        options = tuple(option for option in OPTIONS.values() if option.group == key)
        if options:
            yield Section(key, label, options)


@register.simple_tag
def known_placeholders() -> list[tuple[str, Known]]:
    return list(KNOWN.items())


@register.filter
def control(option: Option) -> str:
    """The template that draws the option's control."""
    return f"addon/controls/{option.kind.word}.html"
