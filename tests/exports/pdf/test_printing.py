"""Articles on sheets, read back: compose, print, place, fold and merge."""

from __future__ import annotations

import http.server
import threading

import pytest

from addon.options import ExportOptions
from exports.document import Article, Chunk, Heading, Illustrated, Image, ImageRef, Page
from exports.facts import Facts
from exports.pdf import compose, front
from exports.pdf.chapters import Chapter
from exports.pdf.furniture import Running, furnish
from exports.pdf.merge import Cover, merge
from exports.pdf.pictures import prepare
from exports.pdf.placement import place
from exports.pdf.plates import Plates
from exports.pdf.printing import print_chunk
from exports.tree import PageRef, Space
from tests.exports.pdf.books import a_front
from tests.exports.pdf.joining import stencils
from tests.exports.pdf.pictures import a_png
from tests.pdf_reading import Sheets

SPACE = Space("1", "DOC", "Lighthouse handbook")
STYLE = compose.style(ExportOptions())


def an_article(number: int, title: str, html: str = "<p>Words.</p>", **more: object) -> Illustrated:
    depth = int(str(more.pop("depth", 0)))
    headings = more.pop("headings", ())
    page = Page(PageRef(str(number), title, depth), html)
    return Illustrated(Article(page, html, headings=headings), more.pop("images", {}))  # type: ignore[arg-type]


def printed(
    *articles: Illustrated, weight: int = compose.CHUNK_WEIGHT, contents: bool = True
) -> Sheets:
    body = [
        print_chunk(compose.body(run, SPACE.name), STYLE) for run in compose.split(articles, weight)
    ]
    placement = place(body)
    chapters = [Chapter.of(one.article) for one in articles]
    options = ExportOptions(contents=contents)
    matter = a_front(chapters, placement, options)
    first = print_chunk(front.compose(matter), STYLE) if matter else None
    texts = [{"space": SPACE.name, "page": chapter.ref.title} for chapter in chapters]
    running = [Running.of(options, Facts(it)) for it in texts]
    furniture = furnish(options, placement, chapters, running, Facts())
    parts = (first, body, placement, chapters, furniture, stencils(furniture))
    return Sheets(merge(*parts, Cover("The book", "en", "XPress"), Plates()))


def test_every_article_begins_on_a_fresh_sheet_with_its_title():
    sheets = printed(an_article(1, "First"), an_article(2, "Second"), contents=False)

    assert len(sheets) == 2
    assert "First" in sheets.text(1)
    assert "Second" in sheets.text(2)


def test_a_link_jumps_to_its_page_even_in_another_chunk():
    there = an_article(1, "First", '<p><a href="xpress:p2">over there</a></p>')

    sheets = printed(there, an_article(2, "Second"), weight=1, contents=False)

    assert sheets.links(1) == [2]


def test_a_link_whose_target_is_not_there_is_plain_text():
    sheets = printed(an_article(1, "First", '<p><a href="xpress:p9">gone</a></p>'), contents=False)

    assert "gone" in sheets.text(1)
    assert sheets.links() == []


def test_a_link_to_a_heading_that_is_gone_leads_to_its_page():
    there = an_article(1, "First", '<p><a href="xpress:p2-Gone">over there</a></p>')

    assert printed(there, an_article(2, "Second"), contents=False).links(1) == [2]


def test_a_web_link_keeps_its_address():
    link = '<p><a href="https://example.com/a?b=1">out</a></p>'

    assert printed(an_article(1, "First", link), contents=False).links() == [
        "https://example.com/a?b=1"
    ]


def test_the_contents_list_each_page_with_its_sheet_and_lead_there():
    long = "<p>Words.</p>" * 60
    sheets = printed(an_article(1, "First", long), an_article(2, "Second", long, depth=1))
    second = next(n for n in range(2, len(sheets) + 1) if "Second" in sheets.text(n)) - 1

    assert f"First 1 Second {second}" in sheets.text(1)
    assert list(dict.fromkeys(sheets.links(1))) == [2, second + 1]


def test_the_outline_follows_the_tree_and_the_headings():
    html = '<h2 id="p1-a">Part A</h2><p>Words.</p>'
    first = an_article(1, "First", html, headings=(Heading(1, "Part A", "p1-a"),))

    sheets = printed(first, an_article(2, "Second", depth=1), contents=False)

    assert sheets.outline() == [(0, "First", 1), (1, "Part A", 1), (1, "Second", 2)]


def test_sheets_are_numbered_n_of_all_and_front_sheets_in_roman():
    sheets = printed(an_article(1, "First"), an_article(2, "Second"))

    assert sheets.folio(2) == "1/2"
    assert sheets.folio(3) == "2/2"
    assert sheets.folio(1) == ""
    assert sheets.labels() == ["i", "1", "2"]


def test_chunks_do_not_change_the_sheets():
    articles = [an_article(n, f"Page {n}", "<p>Some words here.</p>" * 50) for n in range(1, 6)]

    whole, cut = printed(*articles), printed(*articles, weight=1)

    assert [whole.text(n) for n in range(1, len(whole) + 1)] == [
        cut.text(n) for n in range(1, len(cut) + 1)
    ]


def test_the_same_document_gives_the_same_bytes():
    articles = [an_article(1, "First"), an_article(2, "Second")]

    assert printed(*articles).bytes == printed(*articles).bytes


def test_a_bare_title_stays_with_the_page_below_it():
    sheets = printed(
        an_article(1, "Chapter", ""), an_article(2, "Page", depth=1), weight=1, contents=False
    )

    assert len(sheets) == 1


def test_letter_paper_is_letter_paper():
    style = compose.style(ExportOptions(paper="Letter"))
    sheet = print_chunk(compose.body([an_article(1, "First")], SPACE.name), style)

    assert Sheets(sheet.pdf).sizes() == {(612, 792)}


def test_titles_in_every_script_have_their_glyphs():
    titles = [
        "Grüße",
        "Привет",
        "Γειά",
        "שלום",
        "مرحبا",
        "नमस्ते",
        "สวัสดี",
        "日本語",
        "한국어",
        "🚀 Ship",
    ]

    sheets = printed(*[an_article(n, title) for n, title in enumerate(titles, 1)], contents=False)

    fonts = {str(font) for page in sheets.pdf.pages for font in _font_names(page)}
    for script in ("Arabic", "Hebrew", "Devanagari", "Thai", "CJK", "Emoji"):
        assert any(script in font for font in fonts), (script, fonts)


def test_a_title_never_becomes_markup():
    sheets = printed(an_article(1, '<img src=x> & "quotes"'), contents=False)

    assert '<img src=x> & "quotes"' in sheets.text(1)


def test_the_pictures_of_an_article_are_in_the_pdf():
    ref = ImageRef("att1", "1", "1", "a.png")
    page = Page(PageRef("1", "First"), "")
    article = Article(page, '<p><img src="xpress-image:att1" alt="a chart"></p>', images=(ref,))

    sheets = printed(Illustrated(article, {"att1": prepare(a_png())}), contents=False)

    assert sheets.images() == 1


class _Canary(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<link rel="attachment" href="{url}"><a rel="attachment" href="{url}">x</a>',
        "<style>@import '{url}'; p {{ background: url({url}) }}</style>",
        "<p style=\"background-image: url('{url}')\">x</p>",
        '<object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>',
        '<svg><image href="{url}"/><use href="{url}#a"/></svg>',
        "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font: 9pt x }}</style><p>",
        '<base href="{url}"><img src="a.png">',
    ],
)
def test_the_printer_asks_no_server_whatever_stands_in_the_page(html):
    _Canary.asked = []
    server = http.server.HTTPServer(("127.0.0.1", 0), _Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/x"

    sheet = print_chunk(Chunk(html.format(url=url) + "<p>after</p>", {}), "")

    server.shutdown()
    server.server_close()
    assert _Canary.asked == []
    assert "after" in Sheets(sheet.pdf).text(1)


def test_the_printer_opens_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    html = (
        f'<img src="{secret.as_uri()}"><link rel="attachment" href="{secret.as_uri()}"><p>after</p>'
    )

    for text in (html, str(secret)):
        sheet = print_chunk(Chunk(text, {}), "")
        assert b"TOPSECRET" not in sheet.pdf
        assert "TOPSECRET" not in Sheets(sheet.pdf).text(1)


def test_an_image_of_another_chunk_is_not_served():
    image = Image(a_png(), "image/png", 10, 10)

    sheet = print_chunk(Chunk('<img src="xpress-image:b">', {"a": image}), "")

    assert Sheets(sheet.pdf).images() == 0


def _font_names(page):
    fonts = page.Resources.get("/Font", {})
    return [fonts[name].BaseFont for name in fonts]
