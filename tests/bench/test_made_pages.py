"""The pages that `make bench` prints: always the same, and as long as real ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lxml.html
import pytest

from addon.options import ExportOptions
from bench import preparation
from bench.made_pages import page, small_page, table_page
from bench.manuscript import Manuscript
from exports.pdf import compose
from exports.pdf.printing import print_chunk


@pytest.fixture
def executor():
    with ThreadPoolExecutor(1) as executor:
        yield executor


def sheets_of(manuscript: Manuscript) -> int:
    chunk = compose.body(list(manuscript.articles), "Handbook")
    return print_chunk(chunk, compose.style(ExportOptions())).sheets


def test_a_page_is_made_twice_alike_to_the_last_byte_of_its_pictures():
    assert page(3) == page(3)
    assert page(3).html != page(4).html
    assert page(3).pictures[0].content != page(4).pictures[0].content


def test_a_page_has_what_pages_of_handbooks_have():
    made = page(1)
    root = lxml.html.fragment_fromstring(made.html, create_parent="div")

    assert 2 <= len(root.findall(".//table")) <= 3
    assert len(root.findall(".//pre")) == 1
    assert len(root.find_class("confluence-information-macro")) == 2
    assert len(root.findall(".//h2")) + len(root.findall(".//h3")) >= 5
    assert root.findall(".//ul")
    assert root.findall(".//ol")
    assert len(root.findall(".//img")) == len(made.pictures) == 2
    assert len({(picture.width, picture.height) for picture in made.pictures}) == 2


def test_without_pictures_a_page_has_the_same_words():
    with_pictures = lxml.html.fromstring(page(2).html).text_content().split()

    assert (
        lxml.html.fromstring(page(2, pictures=False).html).text_content().split() == with_pictures
    )
    assert not page(2, pictures=False).pictures


def test_pages_take_about_as_many_sheets_as_promised(tmp_path: Path, executor):
    manuscript = preparation.made(tmp_path, 6, executor, pictures=True)

    assert 3.4 <= sheets_of(manuscript) / 6 <= 4.4


def test_the_pictures_of_the_pages_are_in_the_manuscript(tmp_path: Path, executor):
    manuscript = preparation.made(tmp_path, 2, executor, pictures=True)

    assert [len(illustrated.images) for illustrated in manuscript.articles] == [2, 2]
    opened = manuscript.browser_html.read_text()
    for path, _ in manuscript.files.values():
        if path.suffix != ".svg":
            assert f'src="pictures/{path.name}"' in opened
    assert "xpress-image:" not in opened


def test_the_small_page_takes_one_sheet(tmp_path: Path, executor):
    assert small_page() == small_page()
    assert sheets_of(preparation.small(tmp_path, executor)) == 1


def test_a_table_has_as_many_rows_as_wanted_below_its_head(tmp_path: Path, executor):
    manuscript = preparation.table(tmp_path, 30, executor)

    (illustrated,) = manuscript.articles
    assert illustrated.article.html.count("<tr") == 31
    assert table_page(30) == table_page(30)
