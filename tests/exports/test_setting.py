"""What is kept while sheets are printed: the characters that no font has, and the language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from addon.options import ExportOptions
from addon.outbound import Budget
from exports.document import Article, Chunk, Illustrated, Page, Printed
from exports.pdf.pictures import prepare
from exports.pdf.plates import LONGEST_PROOF
from exports.pdf.printing import print_chunk
from exports.printers import PrintFailed, TooMuch
from exports.setting import Setting, TooManySheets
from tests.builders import a_tree
from tests.exports.pdf.pictures import a_noisy_jpeg

RARE = "\U0002a6d6"


class FakePrinters:
    """Prints nothing, but knows which characters it would have had no glyph for."""

    def __init__(self, unset: str = "", breaks_on: str = "", sheets: int = 1) -> None:
        self._unset, self._breaks_on, self._sheets = unset, breaks_on, sheets
        self.failure = PrintFailed("This part cannot be printed.")
        self.tries = 0  # of what fails
        self.received: list[Chunk] = []

    def chunks(
        self, jobs: Iterable[tuple[Any, Chunk]], style: str, budget: Budget
    ) -> Iterator[tuple[Any, Printed | PrintFailed]]:
        for key, chunk in jobs:
            yield key, self.chunk(chunk, style, budget)

    def chunk(self, chunk: Chunk, style: str, budget: Budget) -> Printed | PrintFailed:
        self.received.append(chunk)
        if self._breaks_on and self._breaks_on in chunk.html:
            self.tries += 1
            return self.failure
        return Printed(b"", self._sheets, {}, "".join(it for it in self._unset if it in chunk.html))


def an_article(title: str, html: str, id: str = "1", language: str = "") -> Illustrated:
    (ref,) = a_tree(f"{id} {title}")
    return Illustrated(Article(Page(ref, ""), html, language=language), {})


def set_by(printers: FakePrinters, *articles: Illustrated, most_sheets: int = 100) -> Setting:
    tree = a_tree(*(f"{it.article.ref.id} {it.article.ref.title}" for it in articles))
    setting = Setting(
        Budget.of(30),
        tree,
        ExportOptions(),
        printers,  # type: ignore[arg-type]
        lambda stage, done, total, label: None,
        most_sheets,
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


@pytest.mark.parametrize(("failure", "tries"), [(TooMuch("It takes too long."), 1), (None, 2)])
def test_a_page_that_took_too_long_by_itself_is_not_tried_again(failure, tries):
    printers = FakePrinters(breaks_on="breaks")
    printers.failure = failure or printers.failure

    setting = set_by(printers, an_article("One", "<p>breaks</p>"))

    assert printers.tries == tries
    assert [(note.code, note.what) for note in setting.notes] == [
        ("page_failed", printers.failure.message)
    ]


def test_a_body_with_more_sheets_than_one_pdf_holds_ends_at_once_and_says_what_to_do():
    drawn: list[str] = []

    def articles() -> Iterator[Illustrated]:
        for number in range(40):
            drawn.append(str(number))
            yield an_article("Long", f"<p>{'word ' * 20_000}</p>", str(number))

    tree = a_tree("0 Home", *(f"{'    ' if n % 4 else '  '}{n} Part {n}" for n in range(1, 40)))
    setting = Setting(
        Budget.of(30),
        tree,
        ExportOptions(),
        FakePrinters(sheets=6),  # type: ignore[arg-type]
        lambda stage, done, total, label: None,
        most_sheets=60,
    )

    with pytest.raises(TooManySheets) as refused:
        setting.print(articles())

    assert refused.value.code == "too_many_sheets"
    assert refused.value.message.startswith(
        f"{setting.pages} of 40 pages have 66 sheets already; one PDF holds 60. "
        "Export these branches one by one: “Part 4” (4 pages), "
    )
    assert len(drawn) < 40


def test_a_body_with_as_many_sheets_as_one_pdf_holds_is_set():
    articles = [an_article("One", "<p>a</p>"), an_article("Two", "<p>b</p>", "2")]

    assert set_by(FakePrinters(sheets=60), *articles, most_sheets=60).pages == 2


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


def test_pictures_wait_for_their_sheets_and_are_not_sent_to_the_printers():
    picture = prepare(a_noisy_jpeg())
    article = replace(an_article("One", "<p>a</p>"), images={"att1": picture})
    printers = FakePrinters()

    setting = set_by(printers, article)

    ((proof,),) = (chunk.images.values() for chunk in printers.received)
    assert len(proof.content) <= LONGEST_PROOF
    assert (proof.width, proof.height) == (picture.width, picture.height)
    assert setting.plates.plate(setting.plates.name(proof.content)).content == picture.content


def test_what_of_the_look_cannot_be_had_is_told_once_on_the_first_page():
    chosen = ExportOptions(font="No Such Face", heading_font="Lato", custom_css="p { float: left }")
    articles = [an_article("One", "<p>a</p>"), an_article("Two", "<p>b</p>", "2")]
    tree, told = a_tree("1 One", "2 Two"), lambda *_: None
    setting = Setting(Budget.of(30), tree, chosen, PrintersHere(), told)  # type: ignore[arg-type]

    setting.print(articles)

    notes = [(note.code, note.page.title) for note in setting.notes]
    assert notes == [("style_left_out", "One"), ("font_missing", "One")]
    assert "“No Such Face”" in setting.notes[1].what


class PrintersHere(FakePrinters):
    """Prints, in this process."""

    def chunk(self, chunk: Chunk, style: str, budget: Budget) -> Printed | PrintFailed:
        return print_chunk(chunk, style)
