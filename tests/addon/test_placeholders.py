"""Formats that a date may be given in a text."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from addon.placeholders import problem
from exports.facts import Viewer, document_facts, fill_text
from exports.tree import Space

NOW = datetime(2026, 11, 27, 23, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "form",
    ["short", "iso", "d. MMMM yyyy", "EEE d.M.yy, HH:mm", "yyyy年M月d日", "yyyyMMdd", "h:mm:ss"],
)
def test_common_formats_are_understood(form):
    assert problem(f"{{date:{form}}}", "document") == ""


@pytest.mark.parametrize(
    "form", ["shrt", "dddd", "MMMMMM", "yyyyy", "hhh", "G", "d 'of' M", "d.M." * 11]
)
def test_formats_that_nobody_can_write_are_named_while_editing(form):
    assert problem(f"{{date:{form}}}", "document").startswith(f"“{form}” is no format of a date")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE", "ja-JP", "ar", "fr-FR", "es-ES"])
def test_whatever_format_is_understood_can_be_written(locale):
    facts = document_facts("T", Space("1", "DOC", "Docs"), Viewer(locale=locale), NOW)
    runs = [letter * count for letter, count in product("yMdEHhms", range(1, 8))]
    understood = [run for run in runs if not problem(f"{{time:{run}}}", "document")]

    assert len(understood) == 4 + 5 + 2 + 5 + 4 * 2
    assert all(fill_text(f"{{time:{run}}}", facts) for run in understood)
