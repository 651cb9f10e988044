"""Imitation: markup that one parser reads otherwise than the next, and content that plays product.

Mutation XSS as of RUSTSEC-2025-0071 and its followers in sanitisers built on html5ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from exports.content.sanitize import CLASSES
from tests.attacks.attack import Attack, Bait, File, listed

CLAIM = "A claim of the author"


def attacks(bait: Bait) -> Iterator[Attack]:
    image = f'<img src="{bait.web("mutation")}" onerror="fetch(1)">'
    yield from listed(_mutations(image), "Mutation")
    yield from listed(_unclosed(image), "Unclosed", swallows=True)
    yield from listed(_imitations(), "Imitation")
    for number, title in enumerate(_titles(bait)):
        yield Attack(f"Title {number}", "<p>words</p>", title=title)
    for number, title in enumerate(_titles(bait)):
        file = File(title[:200].replace("/", "_"), "image/png", b"not a picture")
        html = (
            f'<p><img class="confluence-embedded-image" src="x" alt="{escape(title)}"'
            f' data-linked-resource-default-alias="{escape(title)}" title="{escape(title)}"></p>'
            f'<h2>{escape(title)}</h2><h2 id="{escape(title)}">words</h2>'
        )
        yield Attack(f"File name {number}", html, (file,))


def _mutations(image: str) -> dict[str, str]:
    quoted = image.replace('"', "&quot;")
    return {
        "style in mathematics": (
            f"<math><mtext><table><mglyph><style><!--</style>{quoted}--></mglyph></table></math>"
        ),
        "style in a drawing": f'<svg></p><style><a title="</style>{quoted}">',
        "template in a drawing": f"<svg><template><desc><style><a title='</style>{image}'>",
        "annotation": (
            "<math><annotation-xml encoding='text/html'><style><p title='</style>"
            f"{image}'></p></annotation-xml></math>"
        ),
        "form in a form": (
            f"<form><math><mtext></form><form><mglyph><style></math>{image}</style></form>"
        ),
        "noscript": f"<noscript><p title='</noscript>{image}'></noscript>",
        "text area": f"<textarea></textarea>{image}<p title='</textarea>{image}'></textarea>",
        "select": f"<select><option><style></option></select>{image}</style></select>",
        "comment ends": f"<!--><!-->{image}--!>{image}<!---!>{image}<!-- --!>{image}-->",
        "section": f"<svg><![CDATA[><a title=']]></svg>{image}'></svg>",
        "foreign content": f"<svg><desc><math><mi><table><svg><style>{image}</style></svg></svg>",
        "animated": '<svg><set attributeName="href" to="javascript:alert(1)"/></svg>',
        "raw text": f"<xmp><p title='</xmp>{image}'></xmp><noembed></noembed>{image}",
        "entities twice": f"<p>&amp;lt;img src=x&amp;gt; {escape(escape(image))}</p>",
        "broken attributes": f'<p a=\'><b c=">{image}" d=\'e" f=g`h><i/{image}j=>k</i></b></p>',
        "no such element": "<x:y z=1><abc-def onload=alert(1)><1a><a1/><!a><?b><%c%></abc-def>",
        "controls": "<p>a\0b\x01c\x0bd\x0ce\x1bf\x7fg\x80h\ufffei\uffffj</p><p\0 \0id=\0>k</p>",
        "separators": "<p>a\u2028b\u2029c\u0085d\ufeffe\u200bf</p>",
        "table out of place": (
            f"<table><b><tr><td>a</b>{image}<p></table></td><table><a><table></a>"
        ),
        "element of ours": '<article id="p65537" class="article" data-title="x"><header>h</header>',
        "the end of everything": (
            f"</div></article></body></html>{image}<article class=article id=p65537></article>"
        ),
    }


def _unclosed(image: str) -> dict[str, str]:
    return {
        "comment": "<p>a</p><!-- ",
        "script": f"<script>{image}",
        "style": "<style>p { color: red",
        "text area": "<textarea>",
        "title": "<title>",
        "xmp": "<xmp>",
        "plain text": "<plaintext>",
        "template": "<template>",
        "drawing": "<svg><g>",
        "mathematics": "<math><mi>",
        "frame": "<iframe>",
        "attribute": '<p title="',
        "tag": "<p ",
        "section": "<![CDATA[",
        "select": "<select><option>",
        "table": "<table><tr><td><table><tr><td>",
        "marks": "<b><i><u><a href='https://example.com'>",
    }


def _imitations() -> dict[str, str]:
    """Content dressed up as our own notes, heads and numbers; ids that are somebody else's."""
    all_classes = " ".join(sorted(CLASSES))
    return {
        "of classes": (
            f'<p class="{all_classes}">{CLAIM}</p><div class="article-head">{CLAIM}</div>'
            f'<p class="page-failed xp-error">{CLAIM}</p><p class="&#120;p-error">{CLAIM}</p>'
            f'<span class="xp-sheet-number">1</span><p class="XP-ERROR">{CLAIM}</p>'
        ),
        "of marks": (
            '<div data-xp-panel="error" data-xp-icon="x" data-xp-state="undecided"'
            ' data-xp-widths="1 1" data-xp-table="" data-level="1">marks</div>'
        ),
        "of marks in storage format": (
            '<div data-xp-panel="error" data-xp-gap="1" data-xp-icon="&lt;b&gt;">marks</div>'
            '<p data-xp-exporters="1" class="xp-error">' + CLAIM + "</p>"
            '<ac:structured-macro ac:name="info"><ac:rich-text-body><p class="xp-error">i</p>'
            "</ac:rich-text-body></ac:structured-macro>"
        ),
        "of anchors": (
            '<h2 id="p65537">Head</h2><h2 id="cover">Head</h2><p id="p65539"><a name="p65539">x</a>'
            '</p><a href="#p65539">to it</a><a href="#cover">to it</a>'
        ),
        "of templates": "<p>{{ 7|add:7 }} {% include 'pdf/body.html' %} {# x #} ${7*7} %(x)s</p>",
    }


def _titles(bait: Bait) -> list[str]:
    address = bait.web("title")
    return [
        f"</h1></article><img src={address}>",
        f"</title><script>fetch('{address}')</script>",
        '" onload="alert(1)" data-x="',
        f"\\22; }} @page {{ background: url({address}) }} /*",
        f"}} p {{ content: url({address}) }}",
        "{{ 7|add:7 }} {% debug %} %s %(x)s {0}",
        "invoice\u202efdp.exe",
        ") >> /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> (",
        "a\u2028b\u2029c\u0085d\ufffee",
        "&lt;b&gt; &amp;amp; &#60;",
        "/etc/passwd",
        "../../../etc/passwd",
        "CON",
        "=cmd|'/c calc'!A1",
        "x" * 255,
        "a\u0301" * 120,
    ]
