"""Files: pages that want something of this machine's disk in the PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from tests.attacks.attack import Attack, Bait, File, attached, listed, picture
from tests.attacks.families.drawings import svg

_DEVICES = ("/proc/self/environ", "/proc/self/cmdline", "/dev/zero", "/dev/urandom", "/etc/passwd")


def attacks(bait: Bait) -> Iterator[Attack]:
    yield from _whole_bodies(bait)
    spellings = dict(enumerate(_spellings(bait)))
    for number, address in spellings.items():
        yield Attack(f"File as address {number}", _everywhere(address))
    yield from listed(
        {
            "devices": "".join(_everywhere(f"file://{path}") for path in _DEVICES),
            "attachment links": "".join(
                f'<link rel="attachment" href="{x}"><a rel="attachment" href="{x}">file</a>'
                for x in (bait.file, str(bait.secret), "file:///proc/self/environ")
            ),
            "style sheets": (
                f'<style>@import "{bait.file}"; @import url({bait.drawing.as_uri()});'
                f"@font-face {{ font-family: f; src: url({bait.file}), local({bait.secret}) }}"
                f"p {{ background: url({bait.drawing.as_uri()}); font-family: f }}</style>"
            ),
            "formulas": (
                f'<script type="math/tex">\\input{{{bait.secret}}}</script>'
                f'<script type="math/tex">\\verbatiminput{{/etc/passwd}}</script>'
            ),
        },
        "File by",
    )
    yield from _drawings(bait)
    yield from _attachments(bait)


def _whole_bodies(bait: Bait) -> Iterator[Attack]:
    """APIs that take "text or path" open a body that looks like a path."""
    bodies = ("/etc/passwd", "file:///etc/passwd", str(bait.secret), bait.file, str(bait.drawing))
    for number, body in enumerate(bodies):
        yield Attack(f"Path as the whole body {number}", body, is_whole=True)


def _spellings(bait: Bait) -> Iterator[str]:
    for path in (str(bait.drawing), str(bait.secret)):
        yield f"file://{path}"
        yield f"FiLe://{path}"
        yield f"file:{path}"
        yield f"file://localhost{path}"
        yield f"file://127.0.0.1{path}"
        yield path
        yield "../" * 12 + path.removeprefix("/")
        yield f"file://{path}".replace("/", "%2f")
        yield f"file:\\\\\\{path}"
        yield f" \x01file://{path}"
        yield f"\\\\127.0.0.1{path}".replace("/", "\\")
        yield f"//127.0.0.1{path}"
        yield f"local-file://{path}"
        yield f"netdoc:{path}"
        yield f"jar:file://{path}!/"


def _everywhere(address: str) -> str:
    return (
        f'<img src="{address}"><img class="confluence-embedded-image" src="{address}"'
        f' data-image-src="{address}"><object data="{address}">o</object><embed src="{address}">'
        f'<iframe src="{address}"></iframe><link rel="stylesheet" href="{address}">'
        f'<a rel="attachment" href="{address}">a</a>'
        f'<p style="background: url({address}); content: url({address})">p</p>'
    )


def _drawings(bait: Bait) -> Iterator[Attack]:
    uri = bait.drawing.as_uri()
    inner = svg(f'<image href="{uri}" width="99" height="40"/>')
    packed = b64encode(inner.encode()).decode()
    sources = {
        "image": inner,
        "use": svg(f'<use href="{uri}#words"/><use xlink:href="{bait.drawing}#words"/>'),
        "entity": svg(
            "<text y='20'>&x;</text>", f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{bait.file}">]>'
        ),
        "inclusion": svg(f'<text y="20"><xi:include href="{bait.file}" parse="text"/></text>'),
        "nested": svg(f'<image href="data:image/svg+xml;base64,{packed}" width="99" height="40"/>'),
    }
    for name, source in sources.items():
        file = File("plan.svg", "image/svg+xml", source.encode())
        yield attached(f"File by a drawing's {name}", file)
    yield Attack("File by a drawing in the page", "".join(sources.values()))
    yield Attack(
        "File by an address in an address",
        f'<img src="data:image/svg+xml;base64,{packed}"><img src="data:text/html,{uri}">',
    )


def _attachments(bait: Bait) -> Iterator[Attack]:
    """Names and contents of attachments that are paths."""
    titles = ("../../../../etc/passwd", "/etc/passwd", str(bait.drawing), "..\\..\\secret.png")
    for number, title in enumerate(titles):
        file = File(title, "image/png", str(bait.secret).encode())
        page_of = f"/download/attachments/65537/{title}"
        html = picture(title) + picture(page_of)
        yield Attack(f"Path as the name of an attachment {number}", html, (file,))
    content = File("path.png", "image/png", b"/etc/passwd")
    yield attached("Path as the content of an attachment", content)
