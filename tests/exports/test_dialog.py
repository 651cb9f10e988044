"""What the dialog knows when it opens, made from settings and templates alone."""

from __future__ import annotations

import json

import pytest
from django.template.loader import get_template

from addon.options import OPTIONS, ExportOptions
from addon.settings import Settings, Standing, Template, offered, shipped_templates
from exports.dialog import Field, context, in_words

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


def a_standing(*templates: Template, site: Settings | None = None) -> Standing:
    return Standing(site or Settings(), None, offered((*templates, *shipped_templates())), "DOCS")


def test_each_template_comes_with_the_start_values_that_settings_made_of_it():
    standing = a_standing(site=Settings(template="report", options={"paper": "Letter"}))

    choices = context(standing)["choices"]

    assert choices["default"] == "report"
    papers = {key: it["start"]["paper"] for key, it in choices["templates"].items()}
    assert papers == {"article": "Letter", "handbook": "Letter", "report": "Letter"}
    assert choices["templates"]["handbook"]["start"]["cover"] == "band"


def test_what_is_fixed_is_told_in_words_and_left_to_nobody():
    fixed = Settings(options={"images": "small"}, locked=frozenset({"images"}))

    told = context(a_standing(site=fixed))

    fields = {field.option.name: field.fixed for field in told["fields"]}
    assert fields["images"] == "Small file, for mail and the screen"
    assert fields["paper"] is None
    assert "images" not in told["choices"]["options"]
    template = told["choices"]["templates"]["article"]
    assert "images" not in template["start"]
    assert template["look"]["images"] == "small"


def test_logos_and_style_rules_stay_with_the_server():
    mine = Template(
        "mine", "Mine", "site", ExportOptions(logo=PIXEL, custom_css=".article{color:#123456}")
    )

    told = context(a_standing(mine))

    text = json.dumps(told["choices"])
    assert told["choices"]["templates"]["mine"]["look"]["logo"] is True
    assert "iVBOR" not in text
    assert "123456" not in text


def test_templates_are_grouped_by_where_they_come_from_the_nearest_first():
    ours = Template("ours", "Ours", "space", ExportOptions())
    everybodys = Template("all", "All", "site", ExportOptions())

    groups = context(a_standing(everybodys, ours))["template_groups"]

    assert [(label, [it.key for it in rows]) for label, rows in groups] == [
        ("Of this space", ["ours"]),
        ("Of the site", ["all"]),
        ("Of XPress", ["article", "handbook", "report"]),
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("paper", "A5", "A5 (148 × 210 mm)"),
        ("contents", True, "On"),
        ("contents", False, "Off"),
        ("font_size", 10.5, "10.5 pt"),
        ("contents_depth", 3, "3"),
        ("left_out_labels", ["draft", "old"], "draft, old"),
        ("left_out_labels", (), "None"),
        ("watermark", "", "None"),
        ("accent_colour", "#0a7d5a", "#0a7d5a"),
    ],
)
def test_values_are_told_as_people_read_them(name, value, words):
    assert in_words(OPTIONS[name], value) == words


@pytest.mark.parametrize("name", [name for name, it in OPTIONS.items() if it.in_dialog])
def test_there_is_a_control_for_every_option_of_the_dialog(name):
    assert f'id="{name}"' in get_template(Field(OPTIONS[name], None).control).render(
        {"option": OPTIONS[name]}
    )
