"""An administrator's style rules: what is taken, what is refused, and what is printed of it."""

from __future__ import annotations

import random
import re

import pytest
import tinycss2

from addon.custom_css import (
    ELEMENTS,
    MOST_CHARACTERS,
    MOST_DECLARATIONS,
    MOST_RULES,
    PROPERTIES,
    BadRules,
    problem,
    scoped,
)
from addon.option_kinds import BadValue, Css

GOOD = """
/* House style */
h2, h3 { color: #123456; border-bottom: 0.5pt solid rgb(10, 20, 30) }
.xp-table td:nth-child(2n+1) { background-color: rgba(0, 0, 0, 0.05); padding: 1mm 2mm }
.xp-note > p + p { margin-top: 2mm; font-size: 90%; text-indent: 1em }
li::marker { color: hsl(210, 50%, 40%) } .article-title { letter-spacing: -0.2pt; font-weight: 600 }
"""
ODD = (
    *("url(", "URL(x)", "u\\72l(", "\\", "@import", "@media print{", "@", "expression(", "image("),
    *("!important", "-webkit-", "--x:", "var(--text)", "calc(1mm*9)", "attr(href)", "env(x)"),
    *("{", "}", "(", ")", "[", "]", "[href]", ";", ":", "::", ",", ">", "+", "~", "*", "#id", "."),
    *("/*", "*/", "<!--", "-->", "</style>", "'", '"', "\n", "\0", "\u2028", "é", "\U0001f600"),
    *("position:fixed", "content:'x'", "float:left", "display:none", "width:9999pt", "-9mm", "1e9"),
    *(":has(p)", ":not(p)", ":is(p,p)", ":where(p)", ":root", ":nth-child(n of p)", ":lang(de)"),
    *("PADDING", "Margin", "filter:none", "src:x", "font-family:x", "background:red", "100000px"),
)


def test_what_is_taken_is_written_anew_within_the_pages_content():
    assert scoped(GOOD).splitlines() == [
        ".article h2,.article h3{color:#123456;border-bottom:0.5pt solid #0a141e}",
        ".article .xp-table td:nth-child(2n+1){background-color:rgba(0,0,0,0.05);padding:1mm 2mm}",
        ".article .xp-note>p+p{margin-top:2mm;font-size:0.9rem;text-indent:1em}",
        ".article li::marker{color:#336699}",
        ".article .article-title{letter-spacing:-0.2pt;font-weight:600}",
    ]


def test_no_rules_are_no_rules():
    assert scoped("") == scoped(" /* nothing */ \n") == ""


@pytest.mark.parametrize(
    "rule",
    [
        "@import 'x';",
        "@font-face { font-family: x }",
        "@media print { p { color: red } }",
        "p { background: red }",
        "p { background-image: none }",
        "p { position: fixed }",
        "p { content: 'x' }",
        "p { -webkit-hyphens: auto }",
        "p { --accent: red }",
        "p { font-family: Lato }",
        "p { color: red !important }",
        "p { color: var(--text) }",
        "p { color: url(x) }",
        "p { color: u\\72l(x) }",
        "p { c\\6flor: red }",
        "p { color: lab(50% 40 59.5) }",
        "p { color: color-mix(in srgb, red, blue) }",
        "p { list-style-type: 'x' }",
        "p { margin: calc(1mm * 4000) }",
        "p { margin: -1mm }",
        "p { margin: 1000mm }",
        "p { padding: 1e30pt }",
        "p { font-size: 0 }",
        "p { font-size: 50em }",
        "p { line-height: 100 }",
        "p { opacity: 0 }",
        "p { border-style: dotted }",
        "p { white-space: nowrap }",
        "p { margin: 1vw }",
        "p { margin: 1mm 2mm 3mm 4mm 5mm }",
        "p { color: }",
        "p { color }",
        "p { p { color: red } }",
        "p { color: red } }",
        "{ color: red }",
        ", p { color: red }",
        "> p { color: red }",
        "p > > em { color: red }",
        "p ~ p { color: red }",
        "* { color: red }",
        "* * * * { color: red }",
        "p em strong code { color: red }",
        "p:has(em) { color: red }",
        "p:not(em) { color: red }",
        "p:nth-of-type(2) { color: red }",
        "p:nth-child(2 of em) { color: red }",
        "p:nth-child(99999999999n) { color: red }",
        "p:hover { color: red }",
        "p::first-letter { color: red }",
        "p::before em { color: red }",
        "[href] { color: red }",
        "#p1 { color: red }",
        ".front { color: red }",
        ".cover-title { color: red }",
        "html { color: red }",
        "body { color: red }",
        "svg|p { color: red }",
        f"{'.xp-note' * 40} {{ color: red }}",
        f"{'p,' * 301}p {{ color: red }}",
        "p { color: red } " * (MOST_RULES + 1),
        f"p {{ {'color: red;' * (MOST_DECLARATIONS + 1)} }}",
        f"p {{ color: {'(' * 5000}",
        f"p {{ color: {'rgb(' * 5000}",
        f"/* {'x' * MOST_CHARACTERS} */",
    ],
)
def test_what_is_no_plain_matter_of_style_is_refused_with_a_sentence(rule):
    reason = problem(rule)

    assert reason.endswith(".")
    assert len(reason) < 200
    with pytest.raises(BadValue, match=re.escape(reason)):
        Css().read(rule)


def test_the_line_of_what_is_refused_is_told():
    assert problem("p { color: red }\n\nh2 { float: left }").startswith("Line 3: ")


def test_sizes_of_type_do_not_multiply_from_level_to_level():
    assert scoped("li { font-size: 1.5em } li { font-size: 150% }") == (
        ".article li{font-size:1.5rem}\n.article li{font-size:1.5rem}"
    )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_taken_has_known_selectors_and_properties_only(seed):
    """Mutants of good rules: cut, doubled, swapped, and with odd pieces put in."""
    random_ = random.Random(seed)
    taken = 0
    for _ in range(200):
        text = _mutant(random_)
        try:
            printed = scoped(text)
        except BadRules:
            continue
        taken += 1
        _check(printed)
        assert scoped(printed.replace(".article ", "")) == printed

    assert taken > 20


def _mutant(random_: random.Random) -> str:
    text = GOOD
    for _ in range(random_.choice((1, 1, 2))):
        at, end = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + 12)
        match random_.randrange(5):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:end] + text[at:]
            case 2:
                text = text[:at] + text[at:end].swapcase() + text[end:]
            case _:
                text = text[:at] + random_.choice(ODD) + text[at:]
    return text


def _check(printed: str) -> None:
    assert not re.search(r"url\s*\(|@|expression|\\|!|/\*|<|'|\"", printed, re.IGNORECASE)
    assert printed.isascii()
    for rule in tinycss2.parse_stylesheet(printed, skip_whitespace=True):
        assert rule.type == "qualified-rule"
        for selector in tinycss2.serialize(rule.prelude).split(","):
            assert selector.startswith(".article ")
            names = re.findall(r"(?<![.:\w-])[a-z][a-z0-9]*\b(?![(-])", selector)
            assert set(names) - {"n", "even", "odd"} <= ELEMENTS
        for item in tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True):
            assert item.type == "declaration"
            assert item.name in PROPERTIES
            assert not item.important
            functions = {token.lower_name for token in item.value if token.type == "function"}
            assert functions <= {"rgba"}
