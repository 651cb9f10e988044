"""Requests from style sheets: everything of CSS that takes an address, plain and in disguise."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.attack import Attack, Bait

_SHEETS = {
    "imports": '@import "{}1"; @import url({}2) screen; @import url("{}3") layer(a) supports(b);',
    "fonts": (
        '@font-face {{ font-family: Evil; src: local("/etc/passwd"), url({}1) format("woff2"),'
        ' url("{}2") }} p, td, h1 {{ font-family: Evil }}'
    ),
    "backgrounds": (
        "p {{ background: url({}1), url(\"{}2\") }} body {{ background-image: url('{}3') }}"
        " * {{ background: red url( {}4 ) }}"
    ),
    "generated content": (
        'p::before {{ content: url({}1) }} p::after {{ content: "x" url("{}2") }}'
        " h1 {{ content: url({}3) }} li::marker {{ content: url({}4) }}"
    ),
    "lists and borders": (
        "ul, li {{ list-style: url({}1); list-style-image: url({}2) }}"
        " p {{ border-image: url({}3) 30 round; border-image-source: url({}4) }}"
        " div {{ mask-border: url({}5); mask: url({}6); mask-image: url({}7) }}"
    ),
    "effects": (
        "p {{ filter: url({}1#a); clip-path: url({}2#a); cursor: url({}3), auto;"
        " shape-outside: url({}4); offset-path: url({}5); behavior: url({}6);"
        " -moz-binding: url({}7); width: expression(fetch('{}8')) }}"
    ),
    "sheets of paper": (
        "@page {{ background: url({}1); @top-left {{ content: url({}2) }}"
        " @bottom-center {{ background: url({}3); content: element(x) }}"
        " @footnote {{ background: url({}4) }} }} @page :first {{ size: 9999in 9999in }}"
    ),
    "rules around": (
        "@media print {{ p {{ background: url({}1) }} }}"
        " @supports (display: grid) {{ p {{ background: url({}2) }} }}"
        " @layer x {{ p {{ background: url({}3) }} }}"
        " @namespace url({}4); @color-profile x {{ src: url({}5) }}"
        " @container (width > 0) {{ p {{ background: url({}6) }} }}"
    ),
    "sets of images": (
        'p {{ background: image-set("{}1" 1x, url({}2) 2x); background-image:'
        " -webkit-image-set(url({}3) 1x); background: cross-fade(url({}4), url({}5)) }}"
    ),
    "escapes": (
        r"p {{ background: \75\72\6c({}1); background: \000075 rl({}2); background: URL({}3) }}"
        " p {{ background: u/**/rl({}4); back\\ground: url({}5); background:url(\\\n{}6) }}"
    ),
    "variables": (
        ":root {{ --a: url({}1); --b: var(--a) }} p {{ background: var(--b); background:"
        " var(--none, url({}2)); content: attr(title url) }}"
    ),
    "broken text": (
        'p {{ content: "unclosed\n; background: url({}1) }} }} p {{ background: url({}2) '
        '/* no end of comment <img src="{}3">'
    ),
    "selectors": (
        'a[href^="h"] {{ background: url({}1) }} :has(p) {{ background: url({}2) }}'
        " p:not([x]):nth-child(1n) {{ background: url({}3) }}"
    ),
    "of the printer": (
        "p {{ -weasy-link: url({}1); link: url({}2); -weasy-anchor: attr(id); bookmark-level: 1;"
        ' bookmark-label: "evil"; string-set: x content(); position: running(x) }}'
        " h1, article {{ string-set: title \"evil\", space 'evil'; display: none }}"
    ),
    "the end of the element": "</style {}><style>p {{ background: url({}1) }}</style><style>",
}

# In style attributes; each on every element that is kept.
_DECLARATIONS = (
    "background: url({}1)",
    "background-color: url({}2)",
    "background-image: url('{}3')",
    "list-style-image: url({}4)",
    "border-image: url({}5) 1",
    "content: url({}6)",
    r"background: \75 rl({}7)",
    "color: red; background: URL( {}8 )",
    "width: calc(1px + url({}9)); color: var(--x, url({}10))",
    'font-family: "; background: url({}11)"; background: url({}12)',
    "color: red /* ; */ ; background: url({}13)",
    "-weasy-link: url({}14); -weasy-anchor: attr(title); string-set: space 'evil'",
)
_ELEMENTS = ("p", "div", "span", "ul", "ol", "blockquote", "h2", "strong", "a", "pre", "code")
_CELLS = ("table", "tr", "td", "th", "col")


def attacks(bait: Bait) -> Iterator[Attack]:
    for name, sheet in _SHEETS.items():
        address = bait.web(f"css-{name.replace(' ', '-')}")
        written = _filled(sheet, address)
        yield Attack(f"Sheet {name}", f"<style>{written}</style><ul><li>one</li></ul>")
        yield Attack(f"Sheet in Microsoft's way {name}", _other_ways(written))
    address = bait.web("css-attribute")
    yield Attack("Style attributes", "".join(_styled(_filled(x, address)) for x in _DECLARATIONS))
    yield Attack("Colour attributes", _coloured(bait.web("css-colours")))


def _filled(text: str, address: str) -> str:
    return text.replace("{{", "{ ").replace("}}", " }").replace("{}", address)


def _other_ways(sheet: str) -> str:
    """Where else a style sheet could be found by who looks for one."""
    return (
        f"<STYLE type='text/css' media=print>{sheet}</STYLE><svg><style>{sheet}</style></svg>"
        f'<p title="</style><style>{sheet.replace(chr(34), "&quot;")}</style>">words</p>'
    )


def _styled(declaration: str) -> str:
    given = declaration.replace('"', "&quot;")
    flowing = "".join(f'<{tag} style="{given}">word</{tag}>' for tag in _ELEMENTS)
    table, row, cell, head, column = (f'{tag} style="{given}"' for tag in _CELLS)
    cells = f"<tbody><{row}><{head}>h</th><{cell}>c</td></tr></tbody>"
    return f"{flowing}<{table}><{column}>{cells}</table>"


def _coloured(address: str) -> str:
    """Attributes from which Confluence's own pages take colours."""
    return (
        f'<table><tr><td data-highlight-colour="url({address}1)" bgcolor="url({address}2)"'
        f' style="background-color: url({address}3)">cell</td></tr></table>'
        f'<font color="url({address}4)">font</font><style>[data-colorid=x]{{color:url({address}5)}}'
        f'</style><span data-colorid="x">id</span><div class="panel" style="background-color:'
        f' url({address}6); border-color: url({address}7)"><div class="panelContent">p</div></div>'
        f'<div class="columnLayout" data-layout="url({address}8)"><div class="cell">c</div></div>'
    )
