"""Layout bombs: pages of ordinary size whose layout would take minutes, gigabytes or the stack.

All of them end by themselves in a time that a reader waits; what only the clock can end is in
tests/attacks/test_endless.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.attack import Attack, Bait, listed

_ROW = "<tr><td>cell</td><td>cell</td><td>cell</td></tr>"


def attacks(bait: Bait) -> Iterator[Attack]:
    for bombs in (_spans(), _numbers(), _words(), _many(), _sheets()):
        yield from listed(bombs, "Bomb of")
    yield from _nesting()
    yield Attack("Bomb of open elements", "<div><table><tr><td><ul><li><b>" * 3_000, swallows=True)
    yield Attack("Bomb of an open tag", f'<p title="{"x" * 30_000}', swallows=True)
    yield Attack("Bomb of attributes", f"<p {' '.join(f'a{n}=b' for n in range(20_000))}>x</p>")


def _spans() -> dict[str, str]:
    return {
        "wide cells": '<table><tr><td colspan="1000000000">a</td></tr></table>',
        "high cells": f'<table><tr><td rowspan="1000000000">a</td></tr>{_ROW * 30}</table>',
        "wide and high cells": (
            "<table>"
            + '<tr><td colspan="999" rowspan="999">a</td><td>b</td></tr>' * 60
            + "</table>"
        ),
        "wide columns": '<table><col span="100000000"><tr><td>a</td></tr></table>',
        "negative cells": '<table><tr><td colspan="-1" rowspan="0">a</td></tr></table>',
        "many columns": f"<table><tr>{'<td>a</td>' * 800}</tr></table>",
        "overlapping cells": (
            f"<table>{'<tr><td rowspan=40 colspan=3>a</td><td rowspan=2>b</td></tr>' * 80}</table>"
        ),
    }


def _nesting() -> Iterator[Attack]:
    """Things within themselves. The innermost words must be on the sheet, not beyond its edge."""
    layout = '<div class="columnLayout two-equal"><div class="cell normal"><div class="innerCell">'
    panel = '<div class="panel"><div class="panelContent">'
    macro = '<div class="conf-macro output-block" data-macro-name="x" data-hasbody="true">'
    nests = {
        "boxes": ("<div>", "</div>", 5_000),
        "tables": ("<table><tr><td>", "</td></tr></table>", 200),
        "cells": ("<table><tr><td>a</td><td>", "</td></tr></table>", 60),
        "lists": ("<ul><li>a ", "</li></ul>", 200),
        "definitions": ("<dl><dd>a ", "</dd></dl>", 100),
        "quotations": ("<blockquote>", "</blockquote>", 800),
        "marks": ("<b><i><u>", "</u></i></b>", 2_000),
        "layouts": (layout, "</div></div></div>", 60),
        "panels": (panel, "</div></div>", 200),
        "macros": (macro, "</div>", 40),
        "cells in boxes": (
            "<table><tr><td><div><ul><li>",
            "</li></ul></div></td></tr></table>",
            40,
        ),
    }
    for name, (start, end, times) in nests.items():
        deepest = f"deepest {name}"
        html = f"{start * times}<p>{deepest}</p>{end * times}"
        yield Attack(f"Bomb of nested {name}", html, shows=deepest)
    yield Attack("Bomb of crossing marks", "<p>" + "<b>a<i>b</b>c</i>" * 300 + "</p>")


def _numbers() -> dict[str, str]:
    return {
        "huge sizes": (
            '<p style="font-size: 10000000px; width: 1e300px; margin: 9e9px; padding: 9e9em;'
            ' line-height: 1e9; letter-spacing: 1e9px; text-indent: -1e9px">large</p>'
            '<p style="height: 99999999px; position: absolute; left: -1e9px; top: 1e9px">far</p>'
        ),
        "sizes of sizes": '<span style="font-size: 10em">' * 40 + "large" + "</span>" * 40,
        "no sizes": '<p style="font-size: 0; width: 0; line-height: 0; columns: 0">none</p>',
        "huge tables": (
            '<table style="width: 99999999px" width="1e9"><col style="width: 1e9px">'
            '<col width="999999999"><tr><td style="width: 1e9px" height="1e9">wide</td></tr>'
            "</table>"
        ),
        "list numbers": (
            '<ol start="99999999999999999999"><li value="-99999999999">a</li></ol>'
            '<ol start="-2147483649" type="I" reversed><li>b</li></ol>'
        ),
        "turned pages": '<p style="transform: scale(1e9) rotate(1e9deg); rotate: 1e9turn">t</p>',
    }


def _words() -> dict[str, str]:
    return {
        "an endless word": f"<p>{'w' * 30_000}</p>",
        "endless words in cells": "<table><tr>" + f"<td>{'w' * 1_000}</td>" * 6 + "</tr></table>",
        "accents": "<p>a" + "\u0301" * 60_000 + "b</p>",
        "accents of many scripts": (
            "<p>" + ("\u0e01" + "\u0e47" * 40 + "\u0627" + "\u064b" * 40) * 400 + "</p>"
        ),
        "joiners": "<p>" + "\u200d".join("👩" * 500) + "</p>",
        "turns of direction": "<p>" + "\u202ea\u202db\u2067c\u2066d" * 4_000 + "</p>",
        "isolates in isolates": "<p>" + "\u2067" * 4_000 + "deep" + "\u2069" * 4_000 + "</p>",
        "long words to hyphenate": (
            '<p lang="de" style="hyphens: auto">'
            + "Donaudampfschifffahrtsgesellschaft " * 1_200
            + "</p>"
        ),
        "soft hyphens": "<p>" + "a\u00ad" * 20_000 + "</p>",
        "blanks": f"<p>{'&nbsp;' * 6_000}x</p><pre>{' ' * 30_000}x</pre>",
        "line breaks": f"<p>{'<br>' * 800}x</p>",
        "a line of code": f"<pre>{'x' * 40_000}</pre>",
        "lines of code": "<pre>" + "x = 1;\n" * 1_500 + "</pre>",
        "code in colours": (
            '<pre data-syntaxhighlighter-params="brush: cpp">'
            f"{'/* ' * 3_000}{'(' * 9_000}{'&quot;' * 9_001}</pre>"
        ),
        "all of Unicode": f"<p>{''.join(map(chr, range(0x20, 0x1800)))}</p>",
    }


def _many() -> dict[str, str]:
    return {
        "rows": f"<table>{_ROW * 300}</table>",
        "marks": f"<p>{'<b>a</b><i>b</i><u>c</u> ' * 400}</p>",
        "pieces in colours": "".join(
            f'<span style="color: #{number:06x}">a</span>' for number in range(600)
        ),
        "floats": (
            '<span class="confluence-embedded-file-wrapper image-left-wrap-wrapper">'
            '<div style="float: left; width: 1px">f</div></span>' * 600
        ),
        "boxes of flexible size": (
            '<div style="display: flex; flex-wrap: wrap"><div style="display: grid">' * 40
            + "deep"
            + "</div></div>" * 40
        ),
        "headings": "".join(f"<h{n % 6 + 1}>Head {n}</h{n % 6 + 1}>" for n in range(500)),
        "equal anchors": '<h2 id="same">Same</h2>' * 400 + '<a href="#same">to it</a>' * 500,
        "links": "".join(f'<a href="https://example.com/{n}">l</a> ' for n in range(1_000)),
        "empty elements": "<p></p><div></div><span></span>" * 8_000,
        "entities": f"<p>{'&amp;&lt;&nbsp;&#x1F600;&notanentity;' * 300}</p>",
        "notes at the foot": '<p>a<span style="float: footnote">note</span></p>' * 1_000,
        "formulas": '<script type="math/tex">x^{x^{x^{x}}}</script>' * 150,
        "one deep formula": f'<script type="math/tex">{"x^{" * 400}{"}" * 400}</script>',
        "contents": '<div class="toc-macro">' + '<ul><li><a href="#x">x</a>' * 90 + "</div>",
    }


def _sheets() -> dict[str, str]:
    doubled = "".join(f"--v{n}: var(--v{n - 1}) var(--v{n - 1});" for n in range(1, 40))
    stops = ", ".join(f"red {n / 1e6}px" for n in range(3_000))
    return {
        "variables": f'<p style="--v0: x x; {doubled} font-family: var(--v39)">v</p>',
        "variables in a sheet": f"<style>* {{ --v0: x; {doubled} color: var(--v39) }}</style>",
        "gradients": (
            f'<p style="background: repeating-linear-gradient({stops})">g</p>'
            f"<style>* {{ background: repeating-radial-gradient({stops}) }}</style>"
        ),
        "selectors": (
            "<style>"
            + ":has(:has(*)) :nth-child(1n) > * ~ * + *, " * 2_000
            + "p { color: red }</style>"
        ),
        "counters": "<style>* { counter-increment: a 99999 b 99999; counter-reset: c }</style>",
        "sizes of paper": (
            "<style>@page { size: 1mm 1mm; margin: 0 } p { page: other; break-before: page }"
            "@page other { size: 99999in 99999in }</style>" + "<p>word</p>" * 300
        ),
        "breaks": '<p style="page-break-before: always; break-after: right">sheet</p>' * 300,
        "columns": '<div style="columns: 100000; column-gap: 0">one two three</div>',
        "blocks in a sheet": f"<style>{'a{' * 30_000}</style><style>{'(' * 60_000}</style>",
        "calculations": f'<p style="width: {"calc(" * 900}1px{")" * 900}">c</p>',
    }
