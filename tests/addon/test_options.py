"""What a person can choose about a PDF."""

from __future__ import annotations

import pytest

from addon.options import ExportOptions


def test_options_come_back_as_they_were_stored():
    options = ExportOptions(paper="Letter", contents=False, images="original")

    assert ExportOptions.from_stored(options.to_stored()) == options


def test_options_of_an_older_version_get_the_defaults_of_new_names():
    assert ExportOptions.from_stored({}) == ExportOptions()


def test_names_of_another_version_are_passed_over():
    assert ExportOptions.from_stored({"paper": "Letter", "sparkles": 7}).paper == "Letter"


@pytest.mark.parametrize("paper", ["A2", "a4", "", None, 4, ["A4"]])
@pytest.mark.parametrize("contents", ["true", 1, None, []])
@pytest.mark.parametrize("images", ["huge", "Small", "", None, 2, ["small"]])
def test_values_that_are_none_become_the_default(paper, contents, images):
    stored = {"paper": paper, "contents": contents, "images": images}

    assert ExportOptions.from_stored(stored) == ExportOptions()


def test_an_option_that_is_left_out_keeps_its_value():
    current = ExportOptions(paper="Letter", contents=False)

    assert current.changed({"contents": True}) == ExportOptions(paper="Letter")
