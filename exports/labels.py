"""Labels: pages that the options leave out by a label, and all below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from addon.errors import XPressError
from addon.host import Host
from exports import confluence
from exports.attempts import attempt
from exports.document import Note
from exports.tree import NothingToExport, PageTree, keep, page_count, without


class LabelsUnread(XPressError):
    """Nobody knows what has to be left out."""

    status = 502
    code = "labels_unread"


def without_labelled(
    host: Host, listed: PageTree, picked: PageTree, labels: Sequence[str]
) -> tuple[PageTree, tuple[Note, ...]]:
    """Leave out of what was picked what has a label, or is below a page of the listing that has.

    The page that the listing begins with was asked for by name: its own label does not count. When
    Confluence does not say what has the labels, nothing is exported rather than too much.
    """
    if not labels:
        return picked, ()
    labelled = _labelled(host, listed, labels)
    allowed = without(listed, labelled - {listed.root.id})
    ids = {page.id for page in (*allowed, *allowed.unprintable)}
    tree = PageTree(
        picked.space,
        keep(picked, lambda page: page.id in ids),
        tuple(page for page in picked.unprintable if page.id in ids),
    )
    if not tree.pages:
        raise NothingToExport(
            f"All of these pages have a label that is left out ({_named(labels)}), or are below "
            "one that has. Choose other pages, or leave out other labels."
        )
    is_first_labelled = tree.root == listed.root and listed.root.id in labelled
    left_out = page_count(picked) - page_count(tree)
    return tree, tuple(_notes(tree, labels, left_out, is_first_labelled))


def _labelled(host: Host, listed: PageTree, labels: Sequence[str]) -> frozenset[str]:
    wanted = [label.lower() for label in labels]  # as Confluence keeps them
    found = attempt(host, lambda: confluence.fetch_labelled(host, listed.space, wanted))
    if found is None:
        raise LabelsUnread(
            "Confluence did not say which pages have a label that is left out "
            f"({_named(labels)}), so nothing was exported. Try again."
        )
    return found


def _notes(
    tree: PageTree, labels: Sequence[str], left_out: int, is_first_labelled: bool
) -> Iterator[Note]:
    if is_first_labelled:
        yield Note(
            tree.root,
            "labelled_all_the_same",
            f"This page has a label that is left out ({_named(labels)}).",
            "It was printed all the same, because the export begins with it.",
            "info",
        )
    if left_out:
        have, are = ("1 page has", "is") if left_out == 1 else (f"{left_out:,} pages have", "are")
        yield Note(
            tree.root,
            "left_out_by_label",
            f"{have} a label that is left out ({_named(labels)}), or {are} below such a page.",
            "It was left out." if left_out == 1 else "They were left out.",
            "info",
        )


def _named(labels: Sequence[str]) -> str:
    return ", ".join(labels)
