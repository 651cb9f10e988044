"""Who may see what, and how pages hang together."""

from pathlib import Path

from playground.site_folder import load
from tests.playground.builders import ADMIN, GUEST


def test_a_restriction_holds_for_everything_below(site_folder: Path) -> None:
    site = load(site_folder)

    assert site.visible(ADMIN) == set(site.pages)
    assert set(site.pages) - site.visible(GUEST) == {"6", "8"}
    assert set(site.pages) - site.visible(None) == {"6", "8"}


def test_a_page_locked_later_is_closed_to_everybody(site_folder: Path) -> None:
    site = load(site_folder)

    assert site.visible(ADMIN, ["2"]) == set(site.pages) - {"2", "3"}


def test_descendants_come_from_top_to_bottom_with_their_depth(site_folder: Path) -> None:
    site = load(site_folder)

    found = [(page.id, depth) for page, depth in site.descendants("1", depth=2)]

    assert found == [("2", 1), ("4", 1), ("6", 1), ("3", 2), ("5", 2), ("8", 2)]


def test_short_addresses_are_those_of_confluence(site_folder: Path) -> None:
    site = load(site_folder)

    assert site.pages["9"].tiny == "CQ"
