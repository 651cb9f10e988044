"""A tree that is too large, and the branches to export instead."""

from __future__ import annotations

import pytest

from exports.branches import advice, branches
from exports.tree import PageRef
from tests.builders import a_tree
from tests.patience import coming_to_an_end


def handbook() -> tuple[PageRef, ...]:
    return a_tree(
        "1 Home", "  2 Guides", "    3 Setup", "    4 Use", "  5 Archive", "    6 Old", "  7 FAQ"
    ).pages


def a_wide_tree(**branch_sizes: int) -> list[PageRef]:
    """A root with branches of so many pages each."""
    pages = [PageRef("0", "Home")]
    for title, size in branch_sizes.items():
        pages.append(PageRef(title, title, 1))
        pages += [PageRef(f"{title}-{n}", f"{title} {n}", 2) for n in range(size - 1)]
    return pages


def named(pages: tuple[PageRef, ...], most: int) -> list[tuple[str, int]]:
    return [(branch.root.title, branch.pages) for branch in branches(pages, most)]


def test_what_fits_is_one_branch():
    assert named(handbook(), 7) == [("Home", 7)]


def test_a_branch_that_is_too_large_gives_way_to_those_below_and_its_own_page():
    assert named(handbook(), 6) == [("Guides", 3), ("Archive", 2), ("Home", 1), ("FAQ", 1)]
    assert named(handbook(), 2)[:2] == [("Archive", 2), ("Home", 1)]


@pytest.mark.parametrize("most", range(1, 9))
def test_the_branches_cover_every_page_once_and_each_fits(most):
    found = branches(handbook(), most)

    assert sum(branch.pages for branch in found) == 7
    assert all(branch.pages <= most for branch in found)
    assert [branch.pages for branch in found] == sorted(
        (branch.pages for branch in found), reverse=True
    )


def test_folders_do_not_count_and_empty_ones_are_not_named():
    pages = [
        PageRef("1", "Home"),
        PageRef("2", "Recipes", 1, "folder"),
        PageRef("3", "Hotfix", 2),
        PageRef("4", "Rollback", 2),
        PageRef("5", "Drafts", 1, "folder"),
    ]

    assert [(it.root.title, it.pages) for it in branches(pages, 2)] == [("Recipes", 2), ("Home", 1)]


def test_several_roots_are_several_branches():
    pages = a_tree("1 One", "  2 Two", "3 Three").pages

    assert named(pages, 2) == [("One", 2), ("Three", 1)]


def test_the_sentence_names_the_largest_and_counts_the_others():
    pages = a_wide_tree(Handbook=612, Archive=598, Notes=20, Old=5, Plans=4)

    assert advice(pages, 1000) == (
        "Export these branches one by one: “Handbook” (612 pages), “Archive” (598 pages), "
        "“Notes” (20 pages) and 3 more."
    )


def test_when_there_are_no_more_they_are_not_counted():
    pages = a_tree("1 One", "  2 Two", "3 Three", "  4 Four").pages

    assert advice(pages, 2) == (
        "Export these branches one by one: “One” (2 pages) and “Three” (2 pages)."
    )


def test_many_small_remains_are_chosen_by_hand():
    pages = a_wide_tree(Handbook=612, **{f"Page{n}": 1 for n in range(500)})

    assert advice(pages, 700) == (
        "Export these branches one by one: “Handbook” (612 pages). Then choose the other 501 pages."
    )


def test_remains_that_are_too_many_themselves_are_chosen_in_parts():
    pages = a_wide_tree(Handbook=90, **{f"Page{n}": 1 for n in range(500)})

    assert advice(pages, 100).endswith("Then choose the other 501 pages, at most 100 at a time.")


def test_a_flat_tree_has_no_branches_worth_naming():
    pages = a_wide_tree(Pair=2, **{f"Page{n}": 1 for n in range(1500)})

    assert advice(pages, 1000) == "Choose pages, at most 1,000 at a time."


def test_one_page_alone_cannot_be_exported_in_parts():
    assert "divide it" in advice(a_tree("1 Home").pages, 0)


def test_a_long_title_is_cut():
    pages = a_tree(f"1 {'Long ' * 50}", "  2 Two", "3 Three").pages

    assert len(advice(pages, 2)) < 200


def test_deep_and_wide_trees_are_no_work():
    deep = [PageRef(str(n), "Page", n) for n in range(10_000)]
    comb = [PageRef(str(n), "Page", 1 + n % 2) for n in range(10_000)]

    with coming_to_an_end():
        assert branches(deep, 10)[0].pages == 10
        assert branches(comb, 10)[0].pages == 2
