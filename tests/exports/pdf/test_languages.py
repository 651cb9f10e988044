"""Languages on sheets, read back: fonts, directions, line ends, and signs that no font has."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2
import pyphen
import pytest
from PIL import Image as Pillow

from addon.options import ExportOptions
from exports.content.clean import clean
from exports.document import Article, Illustrated, Printed
from exports.pdf import compose, front
from exports.pdf.chapters import Chapter
from exports.pdf.placement import place
from exports.pdf.printing import print_chunk
from exports.tree import PageTree, Space
from tests.builders import SITE, a_page, a_tree
from tests.exports.pdf.books import a_front
from tests.pdf_reading import Sheets

SPACE = Space("1", "DOC", "Handbook")
STYLE = compose.style(ExportOptions())
POINTS_A_MM = 72 / 25.4
_PIXELS_A_POINT = 1
LEFT, RIGHT = 20 * POINTS_A_MM, 190 * POINTS_A_MM  # edges of the text on A4

ENGLISH = "<p>This is a page in English, and it is for those who have to read it in a hurry.</p>"
HEBREW = "<p>זהו דף בעברית, והוא מיועד למי שצריך לקרוא אותו במהירות רבה.</p>"


@dataclass(frozen=True, slots=True)
class Mark:
    """A character on the sheet, with its box in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def printed(html: str, title: str = "Guide") -> Printed:
    article = clean(a_page(html, title), a_tree(f"65537 {title}"), SITE)
    return print_chunk(compose.body([Illustrated(article, {})], SPACE.name), STYLE)


def fonts(sheet: Printed) -> set[str]:
    """Families, e.g. `Noto-Sans-Bold`, without the six letters of the subset."""
    return {
        str(font.BaseFont).partition("+")[2]
        for page in Sheets(sheet.pdf).pdf.pages
        for font in dict(page.Resources.get("/Font", {})).values()
    }


def marks(sheet: Printed, number: int = 1) -> list[Mark]:
    """The characters of a sheet in the order of the PDF, without blanks."""
    document = pypdfium2.PdfDocument(sheet.pdf)
    page = document[number - 1].get_textpage()
    text = [page.get_text_range(index, 1) for index in range(page.count_chars())]
    found = [Mark(it, *page.get_charbox(i)) for i, it in enumerate(text) if it.strip()]
    document.close()
    return found


def box(sheet: Printed, words: str) -> tuple[float, float]:
    """Left and right edge of words that stand on one line."""
    found = marks(sheet)
    text = "".join(mark.text for mark in found)
    at = text.index(words.replace(" ", ""))
    ours = found[at : at + len(words.replace(" ", ""))]
    return min(mark.left for mark in ours), max(mark.right for mark in ours)


def line_ends(sheet: Printed) -> list[str]:
    """The last word of each line."""
    done = Sheets(sheet.pdf)
    document = pypdfium2.PdfDocument(done.bytes)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return [line.split()[-1] for line in text.splitlines() if line.split()]


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("Ελληνικά κείμενα", "Noto-Sans"),
        ("Русский текст", "Noto-Sans"),
        ("שלום לכולם", "Noto-Sans-Hebrew"),
        ("مرحبا بالجميع", "Noto-Sans-Arabic"),
        ("Հայերեն", "Noto-Sans-Armenian"),
        ("ქართული", "Noto-Sans-Georgian"),
        ("हिन्दी", "Noto-Sans-Devanagari"),
        ("বাংলা", "Noto-Sans-Bengali"),
        ("ਪੰਜਾਬੀ", "Noto-Sans-Gurmukhi"),
        ("ગુજરાતી", "Noto-Sans-Gujarati"),
        ("ଓଡ଼ିଆ", "Noto-Sans-Oriya"),
        ("தமிழ்", "Noto-Sans-Tamil"),
        ("తెలుగు", "Noto-Sans-Telugu"),
        ("ಕನ್ನಡ", "Noto-Sans-Kannada"),
        ("മലയാളം", "Noto-Sans-Malayalam"),
        ("සිංහල", "Noto-Sans-Sinhala"),
        ("ไทย", "Noto-Sans-Thai"),
        ("ລາວ", "Noto-Sans-Lao"),
        ("ខ្មែរ", "Noto-Sans-Khmer"),
        ("မြန်မာ", "Noto-Sans-Myanmar"),
        ("አማርኛ", "Noto-Sans-Ethiopic"),
        ("བོད་ཡིག", "Noto-Serif-Tibetan"),
        ("ᠮᠣᠩᠭᠣᠯ", "Noto-Sans-Mongolian"),
        ("ᏣᎳᎩ", "Noto-Sans-Cherokee"),
        ("✔ ☐ ☑ ➔", "Noto-Sans-Symbols2"),
        ("𝔸 ⟶", "Noto-Sans-Math"),
        ("👩‍💻 🇩🇪 👍🏽 1️⃣", "Noto-Color-Emoji"),
    ],
)
def test_every_script_has_a_font_of_its_own_in_text_heads_and_code(text: str, font: str):
    html = f"{ENGLISH}<p>{text}</p><p><strong>{text}</strong></p><h1>{text}</h1><code>{text}</code>"

    sheet = printed(html)

    assert any(name == font or name.startswith(font + "-") for name in fonts(sheet))
    assert sheet.unset == ""
    assert not any("DejaVu" in name for name in fonts(sheet))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("サーバーの設定手順です。骨と直", "JP"),
        ("서버의 설정 절차입니다 骨", "KR"),
        ("设置服务器后应该发现这个问题骨", "SC"),
        ("設置伺服器後應該發現這個問題骨", "TC"),
    ],
)
def test_shared_characters_have_the_shapes_of_the_page_s_language(text: str, region: str):
    sheet = printed(f"<p>{text}</p><p><b>{text}</b></p><p><code>{text}</code></p>")

    cjk = {name for name in fonts(sheet) if "CJK" in name}
    assert cjk == {
        f"Noto-Sans-CJK-{region}",
        f"Noto-Sans-CJK-{region}-Bold",
        f"Noto-Sans-Mono-CJK-{region}",
    }


def test_a_title_on_the_front_sheet_has_the_shapes_of_its_page():
    tree = PageTree(SPACE, tuple(a_tree("1 Guide", "  2 骨")))
    body = [
        print_chunk(
            compose.body(
                [Illustrated(clean(a_page("", ref.title, ref.id), tree, SITE), {})], SPACE.name
            ),
            STYLE,
        )
        for ref in tree
    ]

    chapters = [Chapter(ref, (), language="ja" if ref.id == "2" else "en") for ref in tree]
    chunk = front.compose(a_front(chapters, place(body), language="en"))

    assert any(name.startswith("Noto-Sans-CJK-JP") for name in fonts(print_chunk(chunk, STYLE)))


def test_no_line_begins_with_a_mark_that_closes():
    text = "設定、" * 200

    sheet = printed(f"<p>サーバーの手順。</p><p>{text}</p>")

    starts = [mark.text for mark in marks(sheet) if mark.left < LEFT + 8 and mark.text in "設定、"]
    assert len(starts) > 5
    assert "、" not in starts


def test_korean_words_are_kept_whole_but_endless_ones_stay_on_the_sheet():
    words = "데이터베이스 설정파일을 확인하고 관리자에게 문의하여 주시기 바랍니다. " * 6

    sheet = printed(f"<p>{words}</p><p>{'데이터베이스서버설정파일위치' * 20}</p>")

    assert {
        "데이터베이스",
        "설정파일을",
        "확인하고",
        "관리자에게",
        "문의하여",
        "주시기",
        "바랍니다.",
    } & set(line_ends(sheet))
    assert max(mark.right for mark in marks(sheet)) <= RIGHT + 1


def test_emoji_beside_digits_leave_the_digits_alone():
    html = (
        "<h1>Step 1 🚀</h1><table><tbody><tr><th>Done ✅ 12</th></tr></tbody></table>"
        "<pre>port = 8090  # 🎉 👨‍👩‍👧‍👦</pre><p>❤️ ⚠️ 34</p>"
    )

    sheet = printed(ENGLISH + html)

    assert "Noto-Color-Emoji" in fonts(sheet)
    assert "8090" in Sheets(sheet.pdf).text()
    for page in Sheets(sheet.pdf).pdf.pages:
        for font in dict(page.Resources.Font).values():
            if "Emoji" in str(font.BaseFont):
                assert not re.search(rb"<003[0-9]>\s*$", font.ToUnicode.read_bytes(), re.MULTILINE)


def test_a_page_from_right_to_left_stands_at_the_right():
    html = f"{HEBREW}<ul><li>ראשון</li><li>C++ 20</li></ul><p>2024</p>"

    sheet = printed(html, title="מדריך")

    for words in ("2024", "C++20"):
        left, right = box(sheet, words)
        assert left > (LEFT + RIGHT) / 2, words
        assert right <= RIGHT + 1
    assert max(mark.right for mark in marks(sheet) if "א" <= mark.text <= "ת") > RIGHT - 2


def test_the_first_column_is_at_the_right_on_a_page_from_right_to_left():
    html = (
        f"{HEBREW}<table><tbody><tr><td>First 1</td><td>Second 2</td></tr></tbody></table>"
        f"<table><tbody><tr><td>ערך ראשון</td><td>Third 3</td></tr></tbody></table>"
    )

    sheet = printed(html)

    assert box(sheet, "First 1")[0] > box(sheet, "Second 2")[1]
    assert box(sheet, "First 1")[1] <= RIGHT


def test_code_runs_from_left_to_right_on_every_page():
    sheet = printed(f'{HEBREW}<pre>print("abc"); // end</pre><p>הקובץ <code>-x (1)</code> כאן</p>')

    left, right = box(sheet, 'print("abc"); // end')
    assert left < LEFT + 20
    assert right < (LEFT + RIGHT) / 2
    where = {mark.text: mark.left for mark in marks(sheet)}
    assert where["-"] < where["x"] < where["1"]


def test_the_bar_of_a_panel_stands_where_reading_begins():
    panel = (
        '<div class="confluence-information-macro confluence-information-macro-information">'
        '<div class="confluence-information-macro-body">{}</div></div>'
    )

    hebrew = printed(HEBREW + panel.format("<p>הערה חשובה</p>"))
    english = printed(ENGLISH + panel.format("<p>Remark</p>"))

    assert _bar(hebrew) > (LEFT + RIGHT) / 2 > _bar(english)


def test_long_words_are_hyphenated_in_the_language_of_the_page():
    words = "Rechnungslegungsvorschriften und Veröffentlichungsrechte"
    cells = f"<td>{words}</td>" * 7
    article = Article(a_page(), f'<table class="xp-table"><tr>{cells}</tr></table>', language="de")

    ends = _hyphenated(print_chunk(compose.body([Illustrated(article, {})], SPACE.name), STYLE))

    patterns = pyphen.Pyphen(lang="de_DE", left=3, right=3)
    ways = [start for word in words.split() for start, _ in patterns.iterate(word)]
    assert any(end.endswith(tuple(way for way in ways if way.startswith("Rech"))) for end in ends)
    assert any(end.endswith(tuple(way for way in ways if way.startswith("Ver"))) for end in ends)


LONG = "counterrevolutionaries incomprehensibilities uncharacteristically internationalisation "


def test_long_words_in_text_are_hyphenated_where_a_line_would_end_far_too_early():
    assert _hyphenated(printed(f"{ENGLISH}<p>{LONG * 20}</p>"))


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>{LONG * 9}</h1>",
        f"<p><a href='https://example.com'>{LONG * 20}</a></p>",
        f"<p><code>{'antidisestablishmentarianism and ' * 9}</code></p>",
        f"<p>{LONG.replace(' ', '.yaml ') * 20}</p>",
        f"<p>{LONG.title().replace(' ', '_') * 20}</p>",
    ],
    ids=["head", "link", "code", "file", "identifier"],
)
def test_names_addresses_links_and_heads_are_never_hyphenated(html: str):
    assert _hyphenated(printed(ENGLISH + html)) == []


def test_a_page_of_no_language_is_not_hyphenated():
    cells = "<td>Configuration Administration Documentation</td>" * 9

    assert _hyphenated(printed(f"<table><tbody><tr>{cells}</tr></tbody></table>")) == []


@pytest.mark.parametrize(
    "character",
    ["\ue000", "\U000f0000", "\U0002a6d6", "\u0378"],
    ids=["private", "plane-15", "rare-han", "unassigned"],
)
def test_a_character_that_no_font_has_is_told_and_leaves_a_box(character: str):
    sheet = printed(f"{ENGLISH}<p>before {character} after</p>")

    assert sheet.unset == character
    picture = _picture(sheet, box(sheet, "before")[1] + 1, box(sheet, "after")[0] - 1)
    assert picture.getextrema()[0] < 128  # there is ink between the words


@pytest.mark.parametrize(
    "text",
    [
        "a\u200bb\u200dc\u2060d\ufeff",
        "soft\u00adhyphen",
        "❤\ufe0f x\U000e0100",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "no\u00a0break\u202fspace\u2011s",
        "line\u2028separator",
        "नमस्\u200dते",
    ],
)
def test_characters_that_are_never_seen_are_not_missed(text: str):
    assert printed(f"<p>{text}</p>").unset == ""


def _hyphenated(sheet: Printed) -> list[str]:
    """The letters before each hyphen of the printer's (U+2010), which authors do not type."""
    text = "".join(mark.text for mark in marks(sheet))
    return text.split("\N{HYPHEN}")[:-1]


def _bar(sheet: Printed) -> float:
    """Where the bar of the only panel stands, in points: a column of its blue (content.css)."""
    picture = _picture(sheet, 0, 210 * POINTS_A_MM, "RGB")
    pixels = picture.load()
    blue = [
        sum(pixels[x, y] == (29, 100, 208) for y in range(picture.height))
        for x in range(picture.width)
    ]
    return blue.index(max(blue)) / _PIXELS_A_POINT


def _picture(sheet: Printed, left: float, right: float, mode: str = "L") -> Pillow.Image:
    """What is printed on the first sheet's text between two edges, in points."""
    document = pypdfium2.PdfDocument(sheet.pdf)
    whole = document[0].render(scale=_PIXELS_A_POINT).to_pil().convert(mode)
    document.close()
    text = round(50 * POINTS_A_MM * _PIXELS_A_POINT)  # below the title block
    return whole.crop(
        (round(left * _PIXELS_A_POINT), text, round(right * _PIXELS_A_POINT), whole.height)
    )
