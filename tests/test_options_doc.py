"""docs/options.md is what the code says of every option, and every option's effect is tested.

Set XPRESS_REWRITE=1 to write the page anew; then read the difference before you commit it.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from addon import custom_css, placeholders
from addon.custom_css import Values
from addon.option_kinds import Choice, Colour, Css, Kind, Names, Number, Picture, Text, Toggle
from addon.options import GROUPS, OPTIONS, Option

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "options.md"

# The test that reads the effect of each option from a document, below tests/.
LOOK, FRONT = "exports/pdf/test_look.py", "exports/pdf/test_front.py"
TITLES, NUMBERS = "exports/pdf/test_title_blocks.py", "exports/pdf/test_numbers.py"
FACTS, FURNITURE = "journeys/test_facts.py", "exports/pdf/test_furniture.py"
EFFECTS: dict[str, tuple[str, str]] = {
    "paper": (FURNITURE, "test_paper_orientation_and_side_margins_are_as_chosen"),
    "orientation": (FURNITURE, "test_paper_orientation_and_side_margins_are_as_chosen"),
    "margin_top": (FURNITURE, "test_upper_and_lower_margins_are_as_chosen"),
    "margin_bottom": (FURNITURE, "test_upper_and_lower_margins_are_as_chosen"),
    "margin_inner": (FURNITURE, "test_paper_orientation_and_side_margins_are_as_chosen"),
    "margin_outer": (FURNITURE, "test_paper_orientation_and_side_margins_are_as_chosen"),
    "two_sided": (FURNITURE, "test_left_sheets_mirror_right_ones"),
    "fresh_sheet": (
        TITLES,
        "test_pages_that_follow_one_another_share_sheets_and_keep_their_links_and_outline",
    ),
    "cover": (FRONT, "test_a_band_is_as_wide_as_the_sheet_and_ends_above_the_title"),
    "logo": (FRONT, "test_the_logo_is_on_the_cover_unless_it_is_not_to_be"),
    "logo_alt": (FRONT, "test_those_who_cannot_see_the_logo_are_told_what_it_is"),
    "cover_logo": (FRONT, "test_the_logo_is_on_the_cover_unless_it_is_not_to_be"),
    "cover_title": (FRONT, "test_the_words_of_a_cover_are_those_of_the_options"),
    "cover_subtitle": (FRONT, "test_the_words_of_a_cover_are_those_of_the_options"),
    "cover_facts": (FRONT, "test_the_words_of_a_cover_are_those_of_the_options"),
    "contents": (FRONT, "test_contents_can_be_left_out"),
    "contents_depth": (FRONT, "test_contents_go_as_deep_as_is_chosen_below_what_all_stands_under"),
    "contents_headings": (FRONT, "test_contents_name_as_many_levels_of_headings_as_are_chosen"),
    "numbered_headings": (
        NUMBERS,
        "test_titles_headings_contents_and_outline_have_the_same_numbers",
    ),
    "header_left": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "header_centre": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "header_right": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "footer_left": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "footer_centre": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "footer_right": (
        FURNITURE,
        "test_six_texts_stand_left_in_the_middle_and_right_of_head_and_foot",
    ),
    "header_logo": (FURNITURE, "test_the_logo_stands_in_header_and_footer_beside_their_texts"),
    "footer_logo": (FURNITURE, "test_the_logo_stands_in_header_and_footer_beside_their_texts"),
    "header_rule": (FURNITURE, "test_rules_stand_between_the_text_and_its_header_and_footer"),
    "footer_rule": (FURNITURE, "test_rules_stand_between_the_text_and_its_header_and_footer"),
    "first_sheet": (FURNITURE, "test_the_first_sheet_is_as_bare_as_chosen"),
    "sheet_numbers": (FURNITURE, "test_sheets_contents_and_labels_have_the_same_numbers"),
    "first_number": (FURNITURE, "test_sheets_contents_and_labels_have_the_same_numbers"),
    "numbers_restart": (
        FURNITURE,
        "test_numbers_begin_anew_with_each_chapter_and_count_its_sheets",
    ),
    "watermark": (
        FURNITURE,
        "test_the_watermark_is_on_every_sheet_but_the_cover_and_once_in_the_file",
    ),
    "watermark_opacity": (
        FURNITURE,
        "test_the_watermark_is_on_every_sheet_but_the_cover_and_once_in_the_file",
    ),
    "font": (LOOK, "test_the_text_and_what_has_no_family_of_its_own_is_set_in_the_chosen_one"),
    "heading_font": (LOOK, "test_headings_can_have_a_family_of_their_own"),
    "font_size": (LOOK, "test_all_type_grows_and_shrinks_with_the_text"),
    "accent_colour": (LOOK, "test_colours_of_headings_links_and_accents_are_the_chosen_ones"),
    "heading_colour": (LOOK, "test_colours_of_headings_links_and_accents_are_the_chosen_ones"),
    "link_colour": (LOOK, "test_colours_of_headings_links_and_accents_are_the_chosen_ones"),
    "table_style": (LOOK, "test_every_other_row_is_striped_and_rows_that_a_cell_joins_are_one"),
    "code_style": (LOOK, "test_code_is_tinted_framed_or_black_and_white"),
    "page_facts": (FACTS, "test_facts_of_a_page_stand_below_its_title"),
    "page_link": (TITLES, "test_a_telephone_reads_the_address_from_the_code_beside_the_title"),
    "links": (LOOK, "test_footnotes_show_where_links_lead_at_the_foot_of_their_sheet"),
    "images": ("journeys/test_export.py", "test_pictures_are_as_sharp_as_was_chosen"),
    "revisions": (FACTS, "test_the_latest_versions_are_listed_with_their_authors"),
    "left_out_labels": (FACTS, "test_labelled_pages_stay_out_and_are_counted"),
    "left_out_macros": (FACTS, "test_macros_stay_out_and_are_counted_on_their_page"),
    "custom_css": (
        LOOK,
        "test_own_rules_reach_the_text_and_neither_its_surroundings_nor_the_cover",
    ),
}

_HEAD = """# Options

What can be chosen about a document, as the code has it (`addon/options.py`; this page is written by
`tests/test_options_doc.py`). A *template* is a named set of options; a space or a site starts from
one, changes single options, and locks those that nobody may change.

Where: *dialog*: for each export, where the option is not locked. *API*: the same, in `options` of
`POST /api/exports`. *Templates*: by administrators, in templates and settings.

"""
_PLACEHOLDERS = """## Placeholders

`{name}` in a text stands for its value, `{name:format}` for a value in a form of one's own; a brace
itself is written twice. A part of the text between two “ · ” is left out where none of its
placeholders has a value.

| Placeholder | Stands for | After the colon | Known |
|---|---|---|---|
"""
_SCOPES = {
    "document": "everywhere",
    "page": "of each page: header, footer, line below the title",
    "sheet": "on each sheet: header, footer",
}
_FORMATS = {
    "": "–",
    "date": "`short` `medium` `long` `full` `iso`, or letters such as `d MMMM yyyy HH:mm`",
    "name": "the row's name, e.g. `{property:Status}`",
}
_RULES = """## Style rules

The option `custom_css` takes rules of CSS that reach what is printed of a page, and nothing beside
it. They come after our own, and are refused whole when one of them is not of this kind:

"""


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def written() -> str:
    """The page as it should be."""
    return _HEAD + "".join(_group(name, str(label)) for name, label in GROUPS.items()) + _ends()


def _group(name: str, label: str) -> str:
    rows = [_row(option) for option in OPTIONS.values() if option.group == name]
    head = (
        "| Option | Name | Values | Usually | What it does | Where |\n|---|---|---|---|---|---|\n"
    )
    return f"## {label}\n\n{head}{''.join(rows)}\n"


def _row(option: Option) -> str:
    cells = (
        str(option.label),
        f"`{option.name}`",
        _values(option.kind),
        _default(option),
        str(option.help) or "–",
        _where(option),
    )
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _values(kind: Kind) -> str:
    match kind:
        case Choice():
            pairs = kind.labels.items()
            said = (f"`{it}`" if str(label) == it else f"`{it}` {label}" for it, label in pairs)
            return " · ".join(said)
        case Toggle():
            return "`true` or `false`"
        case Number():
            step = "" if kind.step == 1 else f", in steps of {kind.step:g}"
            return f"{kind.least:g} to {kind.most:g}{f' {kind.unit}' if kind.unit else ''}{step}"
        case Text():
            return f"a line of up to {kind.most} characters, with placeholders"
        case Colour():
            return "six hexadecimal digits, e.g. `#1558bc`"
        case Names():
            return f"up to {kind.most} names"
        case Picture():
            return "a small PNG as a `data:` address"
        case Css():
            return f"up to {kind.most:,} characters; see [style rules](#style-rules)"
    raise NotImplementedError(f"say here what a {kind.word} may be")


def _default(option: Option) -> str:
    if option.default in ("", ()):
        return "–"
    return f"`{str(option.default).lower() if option.kind.word == 'toggle' else option.default}`"


def _where(option: Option) -> str:
    if option.admin_only:
        return "Templates"
    return "Dialog, API, templates" if option.in_dialog else "API, templates"


def _ends() -> str:
    rows = (
        f"| `{{{name}}}` | {known.label} | {_FORMATS[known.takes]} | {_SCOPES[known.scope]} |\n"
        for name, known in placeholders.KNOWN.items()
    )
    return f"{_PLACEHOLDERS}{''.join(rows)}\n{_RULES}{_limits()}\n{_properties()}"


def _limits() -> str:
    marks = " ".join(f"`::{it}`" for it in sorted(custom_css.PSEUDO_ELEMENTS))
    states = " ".join(f"`:{it}`" for it in sorted(custom_css.PSEUDO_CLASSES))
    elements = " ".join(f"`{it}`" for it in sorted(custom_css.ELEMENTS))
    return (
        f"- At most {custom_css.MOST_RULES} rules with {custom_css.MOST_SELECTORS} selectors and "
        f"{custom_css.MOST_DECLARATIONS} declarations each; no `@`, no addresses, no quotation "
        "marks, no backslash, no `!important`, no functions but `rgb()` and `hsl()`.\n"
        f"- Selectors: up to {custom_css.MOST_COMPOUNDS} names, one inside the other (`a b`), "
        "right inside (`a > b`) or behind (`a + b`), made of an element, classes, "
        f"{states} `:nth-child()` `:nth-last-child()`, and at the end {marks}.\n"
        "- Classes: those of our style sheets (`templates/pdf/content.css`, `sheet.css`): "
        "`xp-…`, `article-…` and `heading-number`, e.g. `.xp-table`, `.xp-panel`, `.xp-info`, "
        "`.xp-code`, `.xp-status`, `.xp-caption`, `.article-title`, `.article-facts`.\n"
        f"- Elements: {elements}. The title of a page is `h1`, its own headings begin at `h2`.\n"
    )


def _properties() -> str:
    rows = (
        f"| `{name}` | {_said(values)} |\n"
        for name, values in sorted(custom_css.PROPERTIES.items(), key=lambda item: item[0])
    )
    return f"| Property | Values |\n|---|---|\n{''.join(rows)}"


def _said(values: Values) -> str:
    said = [" ".join(f"`{word}`" for word in sorted(values.words))] if values.words else []
    if values.colours:
        said.append("a colour")
    if values.lengths:
        said.append(f"a length, {_span(values.lengths)} pt")
    if values.percents:
        said.append(f"{_span(values.percents)} %")
    if values.numbers:
        said.append(f"a number, {_span(values.numbers)}")
    more = f"; up to {values.most} of them" if values.most > 1 else ""
    return " or ".join(said) + more


def _span(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:g} to {bounds[1]:g}"


def test_the_page_says_what_the_code_says():
    if os.environ.get("XPRESS_REWRITE"):
        PAGE.write_text(written(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == written()


def test_every_option_belongs_to_a_group_and_has_words_for_people():
    assert {option.group for option in OPTIONS.values()} == set(GROUPS)
    assert [option.name for option in OPTIONS.values() if not str(option.label).strip()] == []


def test_every_option_has_a_test_that_reads_its_effect_from_a_document():
    assert set(EFFECTS) == set(OPTIONS)


@pytest.mark.parametrize("name", EFFECTS)
def test_the_test_that_is_named_is_there_and_sets_the_option(name):
    file, test = EFFECTS[name]
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")
    functions = {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}

    assert test in functions
    assert re.search(rf"\b{name}=|[\"']{name}[\"']", source)
