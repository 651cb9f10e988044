"""Numbers before titles and headings: on the sheets, in the contents and in the outline."""

from __future__ import annotations

from addon.options import ExportOptions
from exports.content.numbers import numbered
from exports.document import Article, Heading, Illustrated, Page
from exports.tree import PageRef
from tests.builders import a_tree
from tests.exports.pdf.books import a_book, a_leaf

NUMBERED = ExportOptions(numbered_headings=True, contents_headings=2)
PARTS = (
    "<h1>Parts</h1><p>x</p><h2>Lamp</h2><p>x</p><h2>Wick</h2><p>x</p><h1>Care</h1><p>x</p>"
    "<table><tbody><tr><td><h2>In a cell</h2>x</td></tr></tbody></table>"
    '<div class="panel"><div class="panelContent"><h2>In a panel</h2><p>x</p></div></div>'
    "<h2>Oil</h2><p>x</p>"
)


def numbers(*pages: str, unseen: tuple[str, ...] = ()) -> dict[str, str]:
    """The numbers of pages given as in `a_tree`, by title; nobody could read the unseen ones."""
    tree = a_tree(*pages)
    articles = (_article(ref) for ref in tree if ref.title not in unseen)
    return {it.article.ref.title: it.article.number for it in numbered(articles, tree)}


def _article(ref: PageRef) -> Illustrated:
    return Illustrated(Article(Page(ref, ""), "", (Heading(1, "Head", f"{ref.anchor}-h"),)), {})


def test_the_pages_below_the_first_are_numbered_by_their_place_in_the_tree():
    tree = ("1 Book", "  2 One", "    3 Inner", "      4 Deep", "    5 Other", "  6 Two")

    assert numbers(*tree) == {
        "Book": "",
        "One": "1",
        "Inner": "1.1",
        "Deep": "1.1.1",
        "Other": "1.2",
        "Two": "2",
    }


def test_pages_that_stand_side_by_side_are_chapters_themselves():
    assert numbers("1 One", "  2 Inner", "3 Two") == {"One": "1", "Inner": "1.1", "Two": "2"}


def test_a_page_that_nobody_could_read_leaves_no_gap_and_its_pages_join_no_other():
    tree = ("1 Book", "  2 One", "  3 Hidden", "    4 Below", "  5 Two")

    assert numbers(*tree, unseen=("Hidden",)) == {
        "Book": "",
        "One": "1",
        "Below": "2",
        "Two": "3",
    }


def test_titles_headings_contents_and_outline_have_the_same_numbers():
    pages = [
        a_leaf("Book", "<h1>Why</h1><p>x</p>", id="1"),
        a_leaf("Start", "<h1>Hello</h1><p>x</p>", id="2", depth=1),
        a_leaf("Tools", PARTS, id="3", depth=2),
        a_leaf("Safety", id="4", depth=1),
    ]

    sheets = a_book(*pages, options=NUMBERED, title="Book").sheets

    assert "Book Lighthouse handbook" in sheets.text(2)
    assert "1 Start" in sheets.text(3)
    body = sheets.text(4)
    for line in ("1.1 Tools", "1.1.1 Parts x 1.1.1.1 Lamp x 1.1.1.2 Wick x 1.1.2 Care"):
        assert line in body
    assert "1.1.2.1 Oil" in body
    assert "x In a panel" in body.replace("In a cell x", "x")
    assert "2 Safety" in sheets.text(5)
    contents = [" ".join(line.split()) for line in sheets.lines(1)]
    assert contents[contents.index("1 Start 2") :][:4] == [
        "1 Start 2",
        "Hello 2",
        "1.1 Tools 3",
        "1.1.1 Parts 3",
    ]
    titles = [title for _, title, _ in sheets.outline()]
    assert titles[:5] == ["Book", "Why", "1 Start", "Hello", "1.1 Tools"]
    assert titles[5:8] == ["1.1.1 Parts", "1.1.1.1 Lamp", "1.1.1.2 Wick"]
    assert "In a panel" in titles


def test_the_headings_of_a_document_of_one_page_begin_with_1():
    sheets = a_book(a_leaf("Guide", PARTS), options=NUMBERED).sheets

    assert "1 Parts x 1.1 Lamp" in sheets.text(1)
    assert [title for _, title, _ in sheets.outline()][:3] == ["Guide", "1 Parts", "1.1 Lamp"]


def test_a_page_s_own_contents_list_has_the_numbers_of_its_headings():
    macro = '<div class="toc-macro" data-numberedoutline="true"></div>'
    pages = [
        a_leaf("Book", macro + PARTS, id="1"),
        a_leaf("Tools", macro + PARTS, id="2", depth=1),
    ]

    sheets = a_book(*pages, options=NUMBERED).sheets

    assert "2026 Parts 1 Lamp 1" in sheets.text(2)  # the number 1 is that of the page below
    assert "1.1 Parts 2 1.1.1 Lamp 2" in sheets.text(3)


def test_nothing_is_numbered_by_default():
    sheets = a_book(a_leaf("Book"), a_leaf("Tools", PARTS, id="2", depth=1)).sheets

    assert [title for _, title, _ in sheets.outline()][:3] == ["Book", "Tools", "Parts"]
    assert "1 Tools" not in sheets.text(3)
    assert "Parts x Lamp" in sheets.text(3)
