"""Pages with certain labels stay out of an export, with all that is below them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from addon.host import Host
from exports.labels import LabelsUnread, without_labelled
from exports.tree import NothingToExport, PageTree, Selection, select
from tests.addon.hosts import a_host
from tests.atlassian import Confluence, FakeAtlassian, Reply
from tests.builders import a_tree

SEARCH = "/rest/api/search"
TREE = a_tree("1 Home", "  2 Draft", "    3 Below", "  4 Plan", "    5 Steps")


@pytest.fixture
def acme(atlassian: FakeAtlassian) -> Confluence:
    return atlassian.acme


@pytest.fixture
def host(atlassian: FakeAtlassian, acme: Confluence) -> Iterator[Host]:
    host = a_host(atlassian, acme)
    yield host
    host.close()


def labelled(acme: Confluence, *ids: str) -> None:
    rows = [{"content": {"id": it, "type": "page"}} for it in ids]
    acme.on_rest(SEARCH, Reply({"results": rows}))


def titles(tree: PageTree) -> list[str]:
    return [page.title for page in tree]


def test_without_labels_nothing_is_asked_and_nothing_left_out(acme, host):
    assert without_labelled(host, TREE, TREE, ()) == (TREE, ())
    assert acme.asked == []


def test_a_labelled_page_and_all_below_it_stay_out_and_are_counted(acme, host):
    labelled(acme, "2", "5")

    tree, notes = without_labelled(host, TREE, TREE, ["Draft", "old"])

    assert titles(tree) == ["Home", "Plan"]
    (note,) = notes
    assert (note.code, note.severity) == ("left_out_by_label", "info")
    assert note.what.startswith("3 pages have a label that is left out (Draft, old)")
    assert "Below" not in note.what
    assert "%22draft%22" in acme.asked[0].query  # labels are kept in lower case


def test_the_page_the_export_begins_with_is_printed_all_the_same(acme, host):
    labelled(acme, "1", "4")

    tree, notes = without_labelled(host, TREE, TREE, ["draft"])

    assert titles(tree) == ["Home", "Draft", "Below"]
    assert [note.code for note in notes] == ["labelled_all_the_same", "left_out_by_label"]


def test_a_chosen_page_below_a_labelled_one_stays_out_though_that_was_not_chosen(acme, host):
    labelled(acme, "2")
    picked = select(TREE, Selection("1", "chosen", frozenset({"3", "5"})))

    tree, (note,) = without_labelled(host, TREE, picked, ["draft"])

    assert titles(tree) == ["Steps"]
    assert note.what.startswith("1 page has")


def test_when_all_that_was_chosen_is_labelled_there_is_nothing_to_export(acme, host):
    labelled(acme, "2")
    picked = select(TREE, Selection("1", "chosen", frozenset({"2", "3"})))

    with pytest.raises(NothingToExport, match="left out \\(draft\\)"):
        without_labelled(host, TREE, picked, ["draft"])


@pytest.mark.parametrize("answer", [Reply({"results": "odd"}), Reply({"message": "no"}, 400)])
def test_when_confluence_does_not_say_what_is_labelled_nothing_is_exported(acme, host, answer):
    acme.on_rest(SEARCH, answer)

    with pytest.raises(LabelsUnread, match="left out \\(draft\\)"):
        without_labelled(host, TREE, TREE, ["draft"])
