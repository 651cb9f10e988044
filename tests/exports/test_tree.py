"""Rows into reading order, and what is kept of a tree."""

from __future__ import annotations

import random

import pytest

from exports.tree import (
    Node,
    NothingToExport,
    PageRef,
    PageTree,
    Selection,
    Space,
    in_reading_order,
    keep,
    page_count,
    select,
    without,
)
from tests.builders import a_tree

SPACE = Space("9", "DOC", "Docs")


def a_row(line: str, parent: str | None = None, position: int = 0) -> Node:
    """`"2 Setup"` → the row of page 2."""
    id_, _, title = line.partition(" ")
    return Node(id_, title or f"Page {id_}", "page", parent, position)


def drawn(pages: PageTree | tuple[PageRef, ...]) -> list[str]:
    return ["  " * page.depth + page.id for page in pages]


def chosen(*ids: str) -> Selection:
    return Selection("1", "chosen", frozenset(ids))


def test_pages_come_depth_first_by_their_position():
    rows = [
        a_row("1"),
        a_row("5", "1", 20),
        a_row("2", "1", 10),
        a_row("4", "2", 7),
        a_row("3", "2", 5),
    ]

    assert drawn(in_reading_order(rows, ["1"])) == ["1", "  2", "    3", "    4", "  5"]


def test_the_order_of_the_listing_does_not_matter():
    rows = [a_row("1")] + [a_row(str(n), str(n // 2), n) for n in range(2, 40)]
    ordered = in_reading_order(rows, ["1"])

    random.Random(7).shuffle(rows)

    assert in_reading_order(rows, ["1"]) == ordered


def test_pages_at_one_position_come_by_their_id_as_a_number():
    rows = [a_row("1"), a_row("10", "1"), a_row("9", "1")]

    assert drawn(in_reading_order(rows, ["1"])) == ["1", "  9", "  10"]


def test_rows_without_a_parent_among_the_rows_are_roots():
    rows = [a_row("2", "hidden", 1), a_row("1", None, 0), a_row("3", "2")]

    assert drawn(in_reading_order(rows, [None])) == ["1", "2", "  3"]


def test_the_homepage_comes_first_and_once():
    rows = [a_row("1", None, 0), a_row("2", None, 1)]

    assert drawn(in_reading_order(rows, ["2", None])) == ["2", "1"]


def test_a_loop_in_the_listing_does_not_hang_the_walk():
    rows = [a_row("1", "3"), a_row("2", "1"), a_row("3", "2")]

    assert drawn(in_reading_order(rows, ["1"])) == ["1", "  2", "    3"]


def test_a_row_that_is_listed_twice_is_one_page():
    rows = [a_row("1"), a_row("2", "1"), a_row("2", "1")]

    assert drawn(in_reading_order(rows, ["1"])) == ["1", "  2"]


def test_five_thousand_levels_are_walked():
    rows = [a_row("0")] + [a_row(str(n), str(n - 1)) for n in range(1, 5000)]

    assert in_reading_order(rows, ["0"])[-1].depth == 4999


def test_a_choice_keeps_the_order_of_the_tree():
    tree = a_tree("1", "  2", "  3")

    assert drawn(select(tree, chosen("3", "1"))) == ["1", "  3"]


def test_a_chosen_page_hangs_under_its_nearest_chosen_ancestor():
    tree = a_tree("1", "  2", "    3", "      4", "  5")

    assert drawn(select(tree, chosen("1", "4", "5"))) == ["1", "  4", "  5"]
    assert drawn(select(tree, chosen("3", "4", "5"))) == ["3", "  4", "5"]


def test_other_scopes_keep_the_whole_tree():
    tree = a_tree("1", "  2")

    assert select(tree, Selection("1", "tree")) is tree


def test_a_choice_of_nothing_visible_is_nothing_to_export():
    with pytest.raises(NothingToExport):
        select(a_tree("1", "  2"), chosen("99"))


def test_keeping_leaves_no_gap_in_the_depths():
    tree = a_tree("1", "  2", "    3", "  4")

    assert drawn(keep(tree, lambda page: page.id != "2")) == ["1", "  3", "  4"]


def test_a_page_that_is_left_out_takes_all_below_it_along():
    tree = a_tree("1", "  2", "    3", "      4", "  5", "    6", "  7")

    assert drawn(without(tree, {"2", "3", "6"})) == ["1", "  5", "  7"]


def test_a_page_beside_one_that_is_left_out_goes_for_its_own_reasons_only():
    tree = a_tree("1", "  2", "  3", "    4", "  5")

    assert drawn(without(tree, {"2", "3"})) == ["1", "  5"]
    assert without(tree, ()) == tree


def test_what_cannot_be_printed_is_not_named_where_the_page_above_it_is_left_out():
    below = (
        PageRef("8", "Board", 2, "other", "2"),
        PageRef("9", "Database", 3, "other", "8"),
        PageRef("10", "Sketch", 1, "other", "1"),
    )
    tree = PageTree(SPACE, a_tree("1", "  2").pages, below)

    assert [page.title for page in without(tree, {"2"}).unprintable] == ["Sketch"]


def test_folders_are_not_counted_as_pages():
    tree = PageTree(SPACE, (PageRef("1", "A"), PageRef("2", "B", 1, "folder")))

    assert page_count(tree) == 1


def test_a_tree_knows_its_pages():
    tree = a_tree("1", "  2")

    assert "2" in tree
    assert "3" not in tree
    assert (len(tree), tree.root.id, tree.root.anchor) == (2, "1", "p1")
