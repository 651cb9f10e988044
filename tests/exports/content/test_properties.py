"""Page Properties read as keys and values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exports.content import properties
from exports.document import Page
from exports.tree import PageRef


def read(html: str = "", adf: object = None) -> dict[str, str]:
    text = "" if adf is None else json.dumps({"type": "doc", "version": 1, "content": adf})
    return properties.of(Page(PageRef("1", "P"), html, adf=text))


def framed(rows: str) -> str:
    return f'<div class="plugin-tabmeta-details"><table><tbody>{rows}</tbody></table></div>'


def a_macro(*rows: list[tuple[str, list[dict[str, Any]]]], name: str = "details") -> list[Any]:
    """A bodied macro of the ADF whose cells hold these nodes in a paragraph."""
    cells = [
        {
            "type": "tableRow",
            "content": [
                {"type": kind, "content": [{"type": "paragraph", "content": nodes}]}
                for kind, nodes in row
            ],
        }
        for row in rows
    ]
    table = {"type": "table", "content": cells}
    return [{"type": "bodiedExtension", "attrs": {"extensionKey": name}, "content": [table]}]


def words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # Heads on the left, as Confluence proposes it.
        ("<tr><th>Owner</th><td>Ann</td></tr><tr><th>State</th><td>On</td></tr>",
         {"owner": "Ann", "state": "On"}),
        # Heads above; only the first row below them is that of the page.
        ("<tr><th>Owner</th><th>State</th></tr><tr><td>Ann</td><td>On</td></tr>"
         "<tr><td>Bob</td><td>Off</td></tr>",
         {"owner": "Ann", "state": "On"}),
        # Both: the row above says what the columns are.
        ("<tr><th>Fact</th><th>Value</th></tr><tr><th>Owner</th><td>Ann</td></tr>",
         {"owner": "Ann"}),
        # No heads at all.
        ("<tr><td>Owner</td><td>Ann</td></tr>", {"owner": "Ann"}),
        # Marks, lines and lists in cells.
        ("<tr><th><p><b>Own</b>er</p></th><td><p>Ann <i>L</i>ee</p><ul><li>Bob</li><li></li></ul>"
         "x<br/>y</td></tr>", {"owner": "Ann Lee, Bob, x, y"}),
        # What a template asks for, an empty cell, a head without a value.
        ('<tr><th>Owner</th><td><span class="text-placeholder">Who?</span></td></tr>'
         "<tr><th>State</th><td></td></tr><tr><th>Only</th></tr>", {}),
        # The first of a name counts.
        ("<tr><th>Owner</th><td>Ann</td></tr><tr><th>OWNER</th><td>Bob</td></tr>",
         {"owner": "Ann"}),
        # A table in a cell is no row of its own table.
        ("<tr><th>Owner</th><td>Ann<table><tr><th>a</th><td>b</td></tr></table></td></tr>",
         {"owner": "Ann, a, b", "a": "b"}),
    ],
)  # fmt: skip
def test_rows_are_read_by_their_heads(rows, found):
    assert read(framed(rows)) == found


def test_tables_outside_of_the_macro_are_none_of_its_rows():
    table = "<table><tr><th>Owner</th><td>Ann</td></tr></table>"

    assert read(f"<p>details</p>{table}") == {}
    assert read(f'<table><tr><td><div data-macro-name="details">{table}</div></td></tr></table>')


def test_a_macro_that_its_author_hides_is_read_from_the_structure():
    who = [{"type": "mention", "attrs": {"text": "@Ann Lee"}}]
    rows = (
        [("tableHeader", words("Owner")), ("tableCell", who)],
        [
            ("tableHeader", words("Reviewed")),
            ("tableCell", [{"type": "date", "attrs": {"timestamp": "1793318400000"}}]),
        ],
    )

    assert read(adf=a_macro(*rows)) == {"owner": "Ann Lee", "reviewed": "2026-10-30"}
    assert read(adf=a_macro(*rows, name="expand")) == {}


def test_what_the_page_shows_goes_before_its_structure():
    row = [("tableHeader", words("State")), ("tableCell", words("OFF"))]

    found = read(framed("<tr><th>State</th><td>On</td></tr>"), a_macro(row))

    assert found == {"state": "On"}


def test_a_page_that_cannot_be_read_has_no_properties():
    page = Page(PageRef("1", "P"), "details <<div", adf='{"details"')

    assert properties.of(page) == {}


def test_properties_are_bounded():
    rows = "".join(f"<tr><th>k{n}</th><td>{'x' * 1000}</td></tr>" for n in range(500))

    found = read(framed(rows))

    assert len(found) == properties.MOST
    assert max(map(len, found.values())) == properties.LONGEST
