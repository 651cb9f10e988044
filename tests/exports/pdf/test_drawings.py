"""SVG in, a drawing that is safe to print out."""

from __future__ import annotations

import base64
import gzip

import pytest
from lxml import etree

from exports.document import Chunk, Image
from exports.pdf import drawings
from exports.pdf.drawings import draw, is_drawing
from exports.pdf.illustrations import picture
from exports.pdf.pictures import PictureUnreadable
from exports.pdf.printing import print_chunk
from tests.exports.pdf.pictures import a_noisy_jpeg, a_png
from tests.patience import coming_to_an_end
from tests.pdf_reading import Sheets

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def an_svg(content: str, attributes: str = 'width="200" height="100"') -> bytes:
    return f"<svg {NAMES} {attributes}>{content}</svg>".encode()


def drawn(content: str, attributes: str = 'width="200" height="100"') -> str:
    return draw(an_svg(content, attributes)).content.decode()


def data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def sheets_of(image: Image) -> Sheets:
    return Sheets(print_chunk(Chunk('<img src="xpress-image:a">', {"a": image}), "").pdf)


def test_a_drawing_is_printed_as_lines_and_its_words_as_text():
    image = draw(an_svg('<rect width="50" height="50"/><text x="60" y="30">Pump house</text>'))

    sheets = sheets_of(image)

    assert (image.media_type, image.width, image.height) == ("image/svg+xml", 200, 100)
    assert "Pump house" in sheets.text()
    assert sheets.images() == 0


def test_a_drawing_is_told_by_what_is_in_it():
    assert is_drawing(an_svg(""))
    assert is_drawing(b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><svg xmlns="x"/>')
    assert is_drawing(an_svg("").decode().encode("utf-16"))
    assert is_drawing(gzip.compress(an_svg("")))
    assert not is_drawing(a_png())
    assert not is_drawing(b"<!doctype html><title>Sign in</title>")
    assert picture(an_svg("<rect width='9' height='9'/>")).media_type == "image/svg+xml"
    assert picture(a_png()).media_type == "image/png"


@pytest.mark.parametrize("content", [an_svg("<g/>"), gzip.compress(an_svg("<g/>"), mtime=0)])
def test_a_packed_drawing_is_unpacked(content):
    assert draw(content).width == 200


@pytest.mark.parametrize(
    ("attributes", "size", "view_box"),
    [
        ('width="40mm" height="1in"', (152, 96), "0 0 151.1811 96"),
        ('viewBox="0 0 30 60"', (30, 60), "0 0 30 60"),
        ('width="100%" height="100%" viewBox="-5 -5 300 200"', (300, 200), "-5 -5 300 200"),
        ('width="90" viewBox="0 0 30 60"', (90, 180), "0 0 30 60"),
        ('height="30" viewBox="0 0 30 60"', (15, 30), "0 0 30 60"),
        ("", (300, 150), "0 0 300 150"),
        ('width="2em" height="calc(1px)"', (32, 150), "0 0 32 150"),
        ('viewBox="0 0 0 5"', (300, 150), "0 0 300 150"),
        ('width="1000000" height="1000000" viewBox="0 0 10 10"', (10_000, 10_000), "0 0 10 10"),
        ('width="999999" height="10"', (10_000, 1), "0 0 999999 10"),
    ],
)
def test_the_size_is_told_in_pixels(attributes, size, view_box):
    image = draw(an_svg("<rect/>", attributes))

    root = etree.fromstring(image.content)
    assert (image.width, image.height) == size
    assert root.get("viewBox") == view_box


def test_style_sheets_become_attributes():
    css = "#a .b rect{fill:red} .c,.d{stroke:blue;stroke-width:2px} rect{fill:lime}"
    content = f"<style>{css}</style><g id='a'><g class='b'><rect class='d' width='9' height='9'/>"

    out = drawn(f"{content}</g></g>")

    assert '<rect width="9" height="9" fill="#ff0000" stroke="#0000ff" stroke-width="2px"/>' in out
    assert "style" not in out


def test_what_use_points_to_is_written_out():
    out = drawn(
        '<defs><symbol id="s" viewBox="0 0 4 4"><path d="M0 0h4"/></symbol></defs>'
        '<use xlink:href="#s" x="10" y="20" width="40" height="50" fill="red"/>'
    )

    assert '<g fill="#ff0000" transform="translate(10,20)"><svg' in out
    assert '<svg viewBox="0 0 4 4" width="40" height="50"><path d="M0 0L4 0"/></svg>' in out
    assert "use" not in out


def test_a_gradient_is_measured_for_each_shape():
    out = drawn(
        '<linearGradient id="a" gradientTransform="rotate(90)"><stop stop-color="red"/>'
        '<stop offset="1" stop-color="blue"/></linearGradient><linearGradient id="b" href="#a"/>'
        '<rect x="10" y="20" width="100" height="50" fill="url(#b)"/><text fill="url(#a)">x</text>'
    )

    assert 'gradientUnits="userSpaceOnUse" x1="10" y1="20" x2="10" y2="70"' in out
    assert '<text fill="#0000ff">x</text>' in out
    assert "gradientTransform" not in out


def test_words_in_html_are_kept_at_their_place_and_whole():
    label = '<div xmlns="http://www.w3.org/1999/xhtml" style="width:90px;font-size:10px">'
    words = "The cellar door stays shut in winter"
    out = drawn(
        f"<switch><foreignObject>{label}{words}<br/>always</div></foreignObject>"
        '<text x="50" y="40" text-anchor="middle">The cellar do...</text></switch>'
        f'<foreignObject width="80" height="20" x="100"><p xmlns="x">Attic</p></foreignObject>'
    )

    lines = etree.fromstring(out.encode()).xpath("//*[local-name()='text']/text()")
    assert " ".join(lines) == f"{words} always Attic"
    assert len(lines) == 5


def test_the_note_that_drawings_carry_for_viewers_without_html_is_not_printed():
    extensible = "http://www.w3.org/TR/SVG11/feature#Extensibility"
    out = drawn(
        f'<switch><g requiredFeatures="{extensible}"/>'
        '<a href="https://example.com/"><text>Text is not SVG - cannot display</text></a></switch>'
    )

    assert "cannot display" not in out


def test_embedded_photos_are_encoded_anew_and_printed():
    photo = data("image/jpeg", a_noisy_jpeg() + b"SECRET")

    image = draw(an_svg(f'<image width="90" height="60" xlink:href="{photo}"/>'))

    assert b"SECRET" not in base64.b64decode(image.content.partition(b"base64,")[2].split(b'"')[0])
    assert sheets_of(image).images() == 1


def test_embedded_drawings_are_written_in_and_made_safe_too():
    inner = an_svg('<script>x</script><rect onload="x" width="5" height="5"/>', 'viewBox="0 0 9 9"')

    out = drawn(f'<image x="1" width="50" height="50" href="{data("image/svg+xml", inner)}"/>')

    assert '<rect width="5" height="5"/>' in out
    assert "image" not in out
    assert "script" not in out


ELSEWHERE = '<image href="http://evil.example/a.png"/>'
FETCHING = [
    ELSEWHERE,
    '<image xlink:href="file:///etc/passwd" width="9" height="9"/>',
    '<use href="http://evil.example/a.svg#x"/>',
    '<use href="data:image/svg+xml,x#y"/>',
    "<style>@import url(http://evil.example/a.css);</style>",
    "<style>@font-face{font-family:x;src:url(http://evil.example/f)}</style>",
    '<style>rect{fill:url("http://evil.example/#a")}</style><rect/>',
    '<rect width="9" height="9" fill="url(http://evil.example/#a)"/>',
    '<rect width="9" height="9" style="fill:url(http://evil.example/#a);mask:url(http://evil.example/)"/>',
    '<rect width="9" height="9" filter="url(http://evil.example/#f)" clip-path="url(http://evil.example/#c)"/>',
    '<a href="http://evil.example/"><rect width="9" height="9"/></a>',
    '<text font-family="x" style="font-family:url(http://evil.example/f)">words</text>',
    '<filter id="f"><feImage href="http://evil.example/a.png"/></filter>',
    '<linearGradient id="g" href="http://evil.example/#g"/>',
    '<script href="http://evil.example/a.js"/>',
    '<foreignObject><img xmlns="x" src="http://evil.example/a.png"/></foreignObject>',
    '<foreignObject><iframe xmlns="x" src="http://evil.example/"/></foreignObject>',
    '<animate attributeName="href" to="http://evil.example/"/>',
    '<g xml:base="http://evil.example/"><image href="a.png"/></g>',
    "<?xml-stylesheet href='http://evil.example/a.css'?>",
    '<tref href="http://evil.example/#t"/>',
    f'<image href="{data("image/svg+xml", an_svg(ELSEWHERE))}"/>',
]


@pytest.mark.parametrize("content", FETCHING)
def test_nothing_is_left_that_could_be_fetched(content):
    out = drawn(content).replace("http://www.w3.org/2000/svg", "")

    assert "evil" not in out
    assert "://" not in out
    assert "href" not in out
    assert "url(" not in out


@pytest.mark.parametrize(
    "content",
    [
        '<script>alert(1)</script><rect onload="alert(1)" onclick="alert(1)"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<handler type="x">alert(1)</handler>',
        "<text><script>alert(1)</script></text>",
        '<foreignObject><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></foreignObject>',
        '<rect style="behavior:url(alert(1))" width="9" height="9"/>',
    ],
)
def test_nothing_that_runs_is_kept(content):
    out = drawn(content)

    assert "onload" not in out
    assert "onclick" not in out
    assert "script" not in out.lower()
    assert "behavior" not in out


@pytest.mark.parametrize("place", ["<text>&a;</text>", '<text fill="&a;">x</text>'])
@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY a SYSTEM "http://evil.example/">',
        "".join(
            f'<!ENTITY {name} "{f"&{below};" * 10}">'
            for name, below in zip("abcdefghi", "bcdefghij", strict=True)
        )
        + '<!ENTITY j "JJJJJJJJJJ">',
    ],
)
def test_entities_are_not_followed(declared, place):
    content = f"<!DOCTYPE svg [{declared}]>".encode() + an_svg(place)

    with coming_to_an_end():
        try:
            out = draw(content).content
        except PictureUnreadable:
            out = b""

    assert b"root:" not in out
    assert out.count(b"JJJJJJJJJJ") < 10


def test_a_drawing_that_uses_itself_is_printed_once():
    out = drawn('<g id="a"><rect width="5" height="5"/><use href="#a"/></g><use href="#none"/>')

    assert out.count("<rect") == 2  # as itself, and where it uses itself


def nested_uses(levels: int, each: int) -> str:
    groups = "".join(
        f'<g id="g{level}">{f"""<use href="#g{level - 1}"/>""" * each}</g>'
        for level in range(1, levels)
    )
    last = f'<use href="#g{levels - 1}"/>'
    return f'<defs><g id="g0"><rect width="1" height="1"/></g>{groups}</defs>{last}'


def nested_parts(kind: str, attribute: str, levels: int) -> str:
    """Parts that each draw the one before ten times."""
    size = 'width="9" height="9" patternUnits="userSpaceOnUse"' if kind == "pattern" else ""
    parts = "".join(
        f'<{kind} id="p{level}" {size}>'
        + f'<rect width="5" height="5" {attribute}="url(#p{level - 1})"/>' * 10
        + f"</{kind}>"
        for level in range(1, levels)
    )
    first = f'<{kind} id="p0" {size}><rect width="1" height="1"/></{kind}>'
    return f'{first}{parts}<rect width="9" height="9" {attribute}="url(#p{levels - 1})"/>'


SQUARE = '<rect width="9" height="9" {}/>'
TILE = '<pattern id="{}" width="5" height="5" patternUnits="userSpaceOnUse">{}</pattern>'
DOT = '<circle r="1"/>'
BOMBS = {
    "uses": nested_uses(12, 10),
    "deep groups": "<g>" * 100 + "</g>" * 100,
    "deep text": "<text>" + "<tspan>" * 100 + "x" + "</tspan>" * 100 + "</text>",
    "deep switches": "<switch>" * 100 + "</switch>" * 100,
    "long chain of uses": "".join(f'<g id="c{n}"><use href="#c{n + 1}"/></g>' for n in range(500)),
    "many elements": "<rect/>" * 60_001,
    "more than can be drawn": SQUARE.format('opacity=".5"') * 19_000,
    "a path of a million points": f'<path d="M0 0L{"1 1 " * 1_000_000}"/>',
    "many points": f'<polygon points="{"1 1 " * 400_000}"/>',
    "a novel": f"<text>{'words ' * 50_000}</text>",
    "patterns in patterns": nested_parts("pattern", "fill", 12),
    "clips in clips": nested_parts("clipPath", "clip-path", 12),
    "a marker at each of many points": (
        f'<marker id="m">{DOT * 40}</marker><path marker-mid="url(#m)" d="M0 0{"l1 1" * 20_000}"/>'
    ),
    "selectors": (
        f"<style>{'* * * * * * *{fill:red}' * 500}</style>"
        + ("<g>" * 40 + DOT * 30 + "</g>" * 40) * 200
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_keep_the_printer_too_long_is_refused(name):
    with coming_to_an_end(), pytest.raises(PictureUnreadable, match="too complex"):
        draw(an_svg(BOMBS[name]))


FILLED = SQUARE.format('fill="url(#a)"')
LINE = '<path d="M0 0L5 5"/>'
ARROW = '<path d="M0 0L5 5" marker-end="url(#a)"/>'
LOOPS = {
    "a gradient of itself": '<linearGradient id="a" href="#a"><stop/></linearGradient>' + FILLED,
    "gradients of each other": (
        '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>' + FILLED
    ),
    "a pattern of itself": TILE.format("a", FILLED) + FILLED,
    "patterns of each other": (
        TILE.format("a", SQUARE.format('fill="url(#b)"')) + TILE.format("b", FILLED) + FILLED
    ),
    "a clip of itself": (
        f'<clipPath id="a" clip-path="url(#a)">{DOT}</clipPath>'
        + SQUARE.format('clip-path="url(#a)"')
    ),
    "a marker of itself": f'<marker id="a">{ARROW}</marker>{ARROW}',
    "a marker that all inherit": (
        f'<g marker-end="url(#a)"><marker id="a">{LINE}</marker>{LINE}</g>'
    ),
    "a use that stands in what it uses": (
        '<symbol id="a"><use href="#a"/></symbol><use href="#a"/>'
    ),
    "a stripe that repeats without end": (
        '<linearGradient id="a" spreadMethod="repeat" x2="1e-9"><stop/><stop offset="1"/>'
        f"</linearGradient>{FILLED}"
    ),
    "a tile without size": TILE.format("a", DOT).replace('"5"', '"1e-9"') + FILLED,
}


@pytest.mark.parametrize("name", LOOPS)
def test_what_leads_back_to_itself_is_left_out_and_the_rest_printed(name):
    image = draw(an_svg(f"{LOOPS[name]}<text y='20'>The rest</text>"))

    with coming_to_an_end():
        assert "The rest" in sheets_of(image).text()


ODD = [
    '<rect width="a" height="5"/><circle r="-5"/><ellipse rx="1e999"/>',
    '<rect width="9" height="9" stroke="red" stroke-miterlimit="x" stroke-dasharray="a b"/>',
    '<rect width="9" height="9" transform="matrix(1 2)"/><g transform="rotate(x)"/>',
    '<rect width="9" height="9" transform="scale(0)" fill="currentcolor" opacity="abc"/>',
    '<path d="M0 0a1 1 0 5 5 1"/><path d="T5 5"/><path d="M 1"/><path d="M0 0Z"/><path/>',
    '<path d="M0 0" marker-end="url(#m)"/><marker id="m" orient="x" markerWidth="0"/>',
    '<path d="M0 0h9" marker-end="url(#m)"/><marker id="m" orient="1x"><path d="M0 0h9"/></marker>',
    '<text x="a b" y="," dx="1 2 x" rotate="a">words</text><text/>',
    '<text font-size="medium" font-weight="heavy" font-style="slanted" textLength="9">a</text>',
    '<linearGradient id="a"/><rect width="9" height="9" fill="url(#a)" stroke="url(#none) red"/>',
    '<radialGradient id="a" r="0"><stop/><stop offset="2"/></radialGradient>'
    '<rect width="9" height="9" fill="url(#a)"/>',
    '<linearGradient id="a" gradientTransform="scale(0)"><stop/><stop/></linearGradient>'
    '<rect width="9" height="9" fill="url(#a)"/>',
    '<svg viewBox="0 0"><rect/></svg><svg width="0" height="0" viewBox="0 0 1 1"><rect/></svg>',
    '<polyline points="1"/><polyline points="1 2 3"/><polygon points=""/><line/>',
    '<image width="9" height="9" href="data:image/png;base64,AAAA"/><image/>',
    '<use/><use href="#"/><symbol/><switch/><foreignObject/>',
    "<unknown><text>inside</text></unknown>",
]


@pytest.mark.parametrize("content", ODD)
def test_what_cannot_be_read_costs_itself_only(content):
    image = draw(an_svg(f"{content}<text y='50'>After all</text>"))

    assert "After all" in sheets_of(image).text()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg", b"<html/>", b"<svg xmlns='x'><g></svg>", gzip.compress(b"x" * 99, mtime=0)],
)
def test_what_is_no_drawing_is_refused(content):
    with pytest.raises(PictureUnreadable, match="cannot be read"):
        draw(content)


def test_a_drawing_within_html_is_read_with_its_mistakes():
    content = (
        b'<svg width=10 height="20"><text>a &nbsp;b<tspan>c</text><use xlink:href="#x"/></svg>'
    )

    image = draw(content, is_part_of_html=True)

    assert image.height == 20
    assert "a" in sheets_of(image).text()


def test_a_packed_bomb_is_not_unpacked_whole():
    content = gzip.compress(b"<svg>" + b" " * 200_000_000, compresslevel=1)

    with pytest.raises(PictureUnreadable, match="too large"):
        draw(content)


def test_a_drawing_that_the_printer_gives_up_is_refused_before_it_spoils_a_sheet(monkeypatch):
    broken = Image(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="x"/>', "image/svg+xml", 1, 1)
    monkeypatch.setattr(drawings, "written", lambda *_: broken)

    with pytest.raises(PictureUnreadable, match="cannot be read"):
        draw(an_svg(""))
