"""TeX and MathML in, drawings of formulas out."""

from __future__ import annotations

import pytest

from exports.document import FORMULA_EM, Chunk, Drawing
from exports.pdf.formulas import draw
from exports.pdf.illustrations import drawn
from exports.pdf.pictures import PictureUnreadable
from exports.pdf.printing import print_chunk
from tests.patience import coming_to_an_end
from tests.pdf_reading import Sheets

ROOT = "<math><msqrt><mi>x</mi></msqrt><mo>&ne;</mo><mn>1</mn></math>"


@pytest.mark.parametrize(
    "tex",
    [
        r"E = mc^2",
        r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\left\lfloor \frac{n}{2} \right\rfloor \leq \lim_{x \to 0} \hat{x}",
        r"\mathbb{R}^n \ni \vec{v} \mapsto \lVert \mathbf{v} \rVert_2",
        r"a = b \tag{7}",
        r"\color{red}{x} + \boxed{y}",
    ],
)
def test_what_authors_write_is_drawn_in_outlines(tex):
    image = draw("tex", tex, display=True)

    assert image.media_type == "image/svg+xml"
    assert image.width > FORMULA_EM / 2
    assert b"<path" in image.content
    assert b"<text" not in image.content


def test_mathml_is_drawn_with_the_names_that_html_has_for_characters():
    assert draw("mathml", ROOT, display=False).width > 2 * FORMULA_EM


def test_a_formula_in_a_line_is_lower_than_one_of_its_own():
    tex = r"\sum_{i=1}^{n} \frac{1}{i}"

    assert draw("tex", tex, display=False).height < draw("tex", tex, display=True).height


def test_a_formula_tells_how_far_it_hangs_below_the_line():
    letter, fraction, minus = (draw("tex", tex, False) for tex in ("x", r"\frac{a}{b}", "-"))

    assert 0 <= letter.depth < FORMULA_EM / 10
    assert fraction.depth > FORMULA_EM / 3
    assert minus.depth < 0  # it floats above the line


@pytest.mark.parametrize("name", ["annotation", "annotation-xml"])
def test_what_only_says_the_same_in_other_words_is_not_drawn_twice(name):
    twice = f"<math><semantics><mi>x</mi><{name}>x y z</{name}></semantics></math>"

    assert (
        draw("mathml", twice, False).width == draw("mathml", "<math><mi>x</mi></math>", False).width
    )


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\unheardof{x}", "not known"),
        (r"\includegraphics{/etc/passwd}", "not known"),
        (r"\text{数}", "font does not have"),
        (r"\frac{a", "cannot be read"),
        (r"x_{", "cannot be read"),
        ("", "cannot be read"),
        (r"\quad", "empty"),
        ("x " * 3000, "too long"),
        ("x + " * 400, "wider than a sheet"),
    ],
)
def test_what_would_be_drawn_wrongly_is_refused_with_a_reason(tex, reason):
    with pytest.raises(PictureUnreadable, match=reason):
        draw("tex", tex, display=True)


HOSTILE = {
    "powers of powers": ("tex", "x^{" * 300 + "}" * 300),
    "brackets in brackets": ("tex", r"\left(" * 100 + r"\right)" * 100),
    "fractions of fractions": ("tex", r"\frac{" * 200 + "1" + "}{2}" * 200),
    "roots of roots": ("tex", r"\sqrt{" * 200 + "}" * 200),
    "groups": ("tex", "{" * 1900 + "}" * 1900),
    "a macro of itself": ("tex", r"\newcommand{\a}{\a\a}\a"),
    "lines": ("tex", "\\\\" * 1900),
    "columns": ("tex", "&" * 3900),
    "rows in rows": ("mathml", "<math>" + "<mrow><mi>a</mi>" * 300),
    "a long row": ("mathml", "<math>" + "<mi>x</mi>" * 7000 + "</math>"),
    "an entity": (
        "mathml",
        "<!DOCTYPE math [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><math><mi>&a;</mi></math>",
    ),
    "what is no formula": ("mathml", "<svg><script/></svg>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_takes_long_or_opens_a_file(name):
    kind, source = HOSTILE[name]

    with coming_to_an_end():
        try:
            content = draw(kind, source, display=True).content
        except PictureUnreadable:
            content = b""

    assert len(content) < 20_000


def test_links_and_scripts_of_mathml_do_not_get_through():
    source = (
        '<math href="http://evil.example/" onclick="x"><mi href="http://evil.example/">a</mi>'
        '<mglyph src="http://evil.example/"/><script>alert(1)</script><maction><mi>b</mi></maction>'
        "</math>"
    )

    content = draw("mathml", source, display=False).content

    assert b"evil" not in content
    assert b"alert" not in content


def test_of_many_formulas_those_that_cannot_be_drawn_say_why():
    wanted = [
        Drawing("a", "tex", "x^2"),
        Drawing("b", "tex", r"\unheardof"),
        Drawing("c", "svg", '<svg width="9" height="9"><rect width="9" height="9"/></svg>'),
        Drawing("d", "svg", "<html></html>"),
    ]

    found = drawn(wanted)

    assert [type(found[key]).__name__ for key in "abcd"] == ["Image", "str", "Image", "str"]


def test_a_formula_stands_on_the_line_of_the_words_round_it():
    image = draw("tex", "x", display=False)
    style = f"width:{image.width / FORMULA_EM}em;vertical-align:{-image.depth / FORMULA_EM}em"
    html = f'<p style="font:20pt Noto Sans">x<img src="xpress-image:a" style="{style}"></p>'

    pdfium = pytest.importorskip("pypdfium2")
    page = pdfium.PdfDocument(print_chunk(Chunk(html, {"a": image}), "").pdf)[0]

    letter = page.get_textpage().get_charbox(0)
    (formula,) = (it for it in page.get_objects() if it.type == 2)  # a path
    assert abs(formula.get_bounds()[1] - letter[1]) < 0.5
    assert Sheets(print_chunk(Chunk(html, {"a": image}), "").pdf).images() == 0
