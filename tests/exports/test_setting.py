"""What is kept while sheets are printed: the characters that no font has, and the language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from addon.options import ExportOptions
from addon.outbound import Budget
from exports.document import Article, Chunk, Illustrated, Page, Printed
from exports.printers import PrintFailed
from exports.setting import Setting
from tests.builders import a_tree

RARE = "\U0002a6d6"


class FakePrinters:
    """Prints nothing, but knows which characters it would have had no glyph for."""

    def __init__(self, unset: str = "", breaks_on: str = "") -> None:
        self._unset, self._breaks_on = unset, breaks_on

    def chunks(
        self, jobs: Iterable[tuple[Any, Chunk]], style: str, budget: Budget
    ) -> Iterator[tuple[Any, Printed | PrintFailed]]:
        for key, chunk in jobs:
            yield key, self.chunk(chunk, style, budget)

    def chunk(self, chunk: Chunk, style: str, budget: Budget) -> Printed | PrintFailed:
        if self._breaks_on and self._breaks_on in chunk.html:
            return PrintFailed("This part cannot be printed.")
        return Printed(b"", 1, {}, "".join(it for it in self._unset if it in chunk.html))


def an_article(title: str, html: str, id: str = "1", language: str = "") -> Illustrated:
    (ref,) = a_tree(f"{id} {title}")
    return Illustrated(Article(Page(ref, ""), html, language=language), {})


def set_by(printers: FakePrinters, *articles: Illustrated) -> Setting:
    tree = a_tree(*(f"{it.article.ref.id} {it.article.ref.title}" for it in articles))
    setting = Setting(
        Budget.of(30),
        tree,
        ExportOptions(),
        printers,  # type: ignore[arg-type]
        lambda stage, done, total, label: None,
    )
    setting.print(articles)
    return setting


def test_a_missing_glyph_is_told_with_its_character_and_its_page():
    articles = [an_article("One", "<p>a</p>"), an_article("Two", f"<p>b {RARE}</p>", "2")]

    setting = set_by(FakePrinters(RARE + "\ue000"), *articles)

    (note,) = setting.notes
    assert (note.code, note.page.title) == ("glyph_missing", "Two")
    assert f"“{RARE}” (U+2A6D6)" in note.what
    assert "E000" not in note.what


def test_a_missing_glyph_of_a_title_is_told_too():
    setting = set_by(FakePrinters("\uf8ff"), an_article("Fruit \uf8ff", "<p>a</p>"))

    assert [note.code for note in setting.notes] == ["glyph_missing"]


def test_many_missing_glyphs_are_one_note_that_counts_them():
    private = "".join(map(chr, range(0xE000, 0xE020)))

    (note,) = set_by(FakePrinters(private), an_article("One", f"<p>{private}</p>")).notes

    assert note.what.endswith("(U+E009) and 22 more characters.")


def test_missing_glyphs_are_told_when_a_chunk_had_to_be_printed_page_by_page():
    articles = [an_article("One", f"<p>{RARE}</p>"), an_article("Two", "<p>breaks</p>", "2")]

    setting = set_by(FakePrinters(RARE, breaks_on="breaks"), *articles)

    told = [(note.code, note.page.title) for note in setting.notes]
    assert told == [("glyph_missing", "One"), ("page_failed", "Two")]


def test_the_document_is_in_the_language_of_most_of_its_text():
    articles = [
        an_article("One", "<p>Short</p>"),
        an_article("Two", "<p>Short</p>", "2"),
        an_article("Three", f"<p>{'Lang ' * 99}</p>", "3", "de"),
        an_article("Four", f"<p>{'Long ' * 9}</p>", "4", "en"),
    ]

    assert set_by(FakePrinters(), *articles).cover("Title").language == "de"


def test_a_document_whose_text_tells_no_language_names_none():
    articles = [an_article("One", "<p>1 2 3 4</p>" * 9), an_article("Two", "<p>x</p>", "2", "en")]

    assert set_by(FakePrinters(), *articles).cover("Title").language == ""
