"""Links: addresses that a reader of the PDF must never be led to, in every place a link can stand.

Viewers hand schemes to whatever program says it knows them (`ms-word:`, `search-ms:`, UNC paths
give away the password's hash).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tests.attacks.attack import Attack, Bait, File
from tests.attacks.families.drawings import svg

SCHEMES = {
    "script": "javascript:app.alert(1)",
    "script in capitals": "JaVaScRiPt:app.alert(1)",
    "script after blanks": " \t\n javascript:app.alert(1)",
    "script after controls": "\x01\x02javascript:app.alert(1)",
    "script with a tab": "java\tscript:app.alert(1)",
    "script with a line break": "java\nscript:app.alert(1)",
    "script with a zero": "java\0script:app.alert(1)",
    "script with a comment": "javascript://example.com/%0aapp.alert(1)",
    "script with a soft hyphen": "java\u00adscript:app.alert(1)",
    "script in wide letters": "ｊａｖａｓｃｒｉｐｔ:app.alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "data packed": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "file": "file:///etc/passwd",
    "file in capitals": "FILE:///C:/Windows/win.ini",
    "file server": "\\\\192.0.2.1\\share\\x.exe",
    "file server with slashes": "////192.0.2.1/share/x.exe",
    "file server as a file": "file://192.0.2.1/share/x.exe",
    "other script": "vbscript:msgbox(1)",
    "word": "ms-word:ofe|u|https://192.0.2.1/x.docx",
    "search": "search-ms:query=x&crumb=location:\\\\192.0.2.1\\share",
    "diagnosis": "ms-msdt:/id PCWDiagnostic",
    "source": "view-source:https://example.com/",
    "jar": "jar:https://example.com!/x",
    "shell": "ssh://-oProxyCommand=calc/x",
    "blob": "blob:https://example.com/0a",
    "about": "about:blank",
    "feed": "feed:javascript:app.alert(1)",
    "intent": "intent://x#Intent;scheme=http;end",
    "credentials": "https://user:word@example.com/",
    "credentials of the site": "https://acme.atlassian.net@example.com/",
    "credentials in disguise": "https://acme.atlassian.net%40example.com@192.0.2.1/",
    "backslashes": "https:\\\\example.com\\x",
    "no host": "https:///etc/passwd",
    "ours": "xpress:p65537",
    "ours for numbers": "xpress-sheet:p65537",
    "ours for pictures": "xpress-image:att1",
    "ours in disguise": "XPRESS\t:p65537",
    "a word of the PDF": "https://example.com/) /S /JavaScript /JS (app.alert(1)",
    "a line of the PDF": "https://example.com/\n>> /OpenAction << /S /Launch >>",
    "endless": "https://example.com/" + "a" * 70_000,
}


def attacks(bait: Bait) -> Iterator[Attack]:
    for name, address in SCHEMES.items():
        yield Attack(f"Link of {name}", _everywhere(escape(address)))
    yield Attack("Links written as text", "".join(f"<p>{escape(x[:200])}</p>" for x in _all()))
    yield Attack("Links in a drawing", svg("".join(_drawn(x) for x in _all())))
    drawing = svg("".join(_drawn(x) for x in _all() if "\0" not in x and "\x01" not in x))
    file = File("links.svg", "image/svg+xml", drawing.encode())
    yield Attack("Links in a drawing's file", '<p><img src="links.svg"></p>', (file,))
    yield Attack("Links of the structure", "<p>link</p>" * len(SCHEMES), adf=_structure())
    yield Attack("Links of storage format", _storage())
    yield Attack(
        "Addresses of redirects",
        f'<a href="{bait.web("redirect")}?to=javascript:alert(1)">allowed, and never asked for</a>',
    )


def _all() -> Iterator[str]:
    yield from (address for name, address in SCHEMES.items() if name != "endless")


def _everywhere(address: str) -> str:
    """In each of the places from which links are made."""
    return (
        f'<p><a href="{address}">words</a> <a href="{address}"></a> <a href="{address}"><b>bold</b>'
        f'</a> <a class="external-link" href="{address}">{address[:60]}</a></p>'
        f'<a data-card-appearance="block" href="{address}">card</a>'
        f'<a data-card-appearance="inline" href="{address}">inline</a>'
        f'<a class="confluence-userlink" href="{address}">person</a>'
        f'<a class="createlink" href="{address}">nowhere</a>'
        f'<a name="{address[:90]}" href="{address}">anchor</a><h2 id="{address[:90]}">head</h2>'
        f'<img usemap="#m" src="x"><map name="m"><area alt="area" href="{address}"></map>'
        f'<a class="confluence-embedded-file" href="{address}">file</a>'
        f'<form action="{address}"><input type="submit"></form>'
        f'<a href="#{address[:90]}">inside</a><q cite="{address}">cited</q>'
    )


def _drawn(address: str) -> str:
    given = escape(address)
    return f'<a href="{given}" xlink:href="{given}"><text y="9">drawn</text></a>'


def _structure() -> dict[str, object]:
    """The same words and links as ADF has them: marks, and cards of all sizes."""
    paragraphs: list[object] = [
        {
            "type": "paragraph",
            "content": [
                {
                    "type": "text",
                    "text": "link",
                    "marks": [{"type": "link", "attrs": {"href": address, "title": address}}],
                },
                {"type": "inlineCard", "attrs": {"url": address}},
            ],
        }
        for address in _all()
    ]
    cards: list[object] = [
        {"type": kind, "attrs": {"url": address, "layout": "wide"}}
        for kind in ("blockCard", "embedCard")
        for address in _all()
    ]
    return {"type": "doc", "version": 1, "content": paragraphs + cards}


def _storage() -> str:
    return "".join(
        f'<p><a href="{escape(address)}">a</a><ac:link><ri:url ri:value="{escape(address)}"/>'
        f"<ac:plain-text-link-body><![CDATA[b]]></ac:plain-text-link-body></ac:link>"
        f'<ac:image><ri:url ri:value="{escape(address)}"/></ac:image></p>'
        for address in _all()
    )
