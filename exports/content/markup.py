"""Markup: the text Confluence gave in, a well-formed tree out. Pure.

html5ever (inside nh3) reads the text as browsers do. Its answer is well-formed, so lxml can read it
as XML and none of libxml2's own ideas about HTML get a say. Before that, one walk over the source
repairs what no HTML parser would: XML-style empty tags, code kept in `<script>`, tags never closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

import nh3
from lxml import etree

from exports.content.nodes import names

MAX_TAGS = 150_000  # opening tags, each counted once more for every character mark it stands in
MAX_DEPTH = 300  # blocks within blocks; parsing takes the square of it
MAX_MARKS = 20  # character marks open at once; a parser repeats them in every block
MAX_TAG_LENGTH = 65_536  # characters

VOID = names("area base br col embed hr img input link meta param source track wbr")
RAW = names("script style textarea title xmp iframe noembed noframes plaintext")
# Closed by what follows them, so an unclosed one does not deepen the tree.
CLOSED_BY_OTHERS = names("p li td th tr dt dd option tbody thead tfoot colgroup")
# Taken out as they are, for a printer to draw; an empty `svg` marks the place.
DRAWN = names("math mjx-container svg")
MARKS = names("a b big code em font i nobr s small strike strong tt u")

TAGS = names(
    """
    a abbr address area article aside audio b big blockquote br button caption center cite code col
    colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form h1
    h2 h3 h4 h5 h6 header hr i iframe img input ins kbd label li main map mark nav object ol p pre
    q s samp section select small span strike strong sub summary sup svg table tbody td tfoot th
    thead time tr tt u ul var video wbr
    """
)
ATTRIBUTES = names(
    """
    alt aria-label class colspan datetime height hidden href id lang name rowspan src start style
    title type usemap value width data-account-id data-attachment-filename data-base-url
    data-card-appearance data-colorid data-content-id data-datasource data-emoji-fallback
    data-emoji-id data-emoji-shortname data-emoticon-name data-excludeheaderregex data-file-src
    data-filename data-headerelements data-height data-highlight-colour data-image-src
    data-includeheaderregex data-jira-key data-layout data-linked-resource-container-id
    data-linked-resource-content-type data-linked-resource-default-alias data-linked-resource-id
    data-linked-resource-type data-linked-resource-version data-macro-name data-media-id
    data-mime-type data-nice-type data-numberedoutline data-structure data-syntaxhighlighter-params
    data-table-width data-type data-username data-width
    """
)
# Marks of ours, let through only where we wrote the text ourselves, from storage format.
MARKS_OF_OURS = names(
    """
    data-xp-exporters data-xp-gap data-xp-icon data-xp-language data-xp-panel data-xp-state
    """
)


def _reader(attributes: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={"*": set(attributes)},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )


_READER = _reader(ATTRIBUTES)
_READER_OF_OURS = _reader(ATTRIBUTES | MARKS_OF_OURS)
# No alternative can give back what it took, so the scan is linear.
_TOKEN = re.compile(
    r"<!--"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+)>"
    r"|<(?=[a-zA-Z/])"
)
_VOID_TAG = re.compile(rf"<((?:{'|'.join(VOID)})(?=[ >])[^>]*)>")
_CODE_SCRIPT = re.compile(r"brush\s*:|syntaxhighlighter", re.IGNORECASE)
_MATH_SCRIPT = re.compile(r"type\s*=\s*[\"']?math/(?:tex|mml)", re.IGNORECASE)
_BRUSH = re.compile(r"class\s*=\s*[\"']?([^\"'>]*)", re.IGNORECASE)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_XML = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False)


@dataclass(slots=True)
class Source:
    """The repaired source, and what was taken out of it."""

    html: str
    styles: list[str] = field(default_factory=list)  # contents of `<style>` elements
    drawn: list[str] = field(default_factory=list)  # `<svg>`, `<math>` … by the number on the mark
    was_cut: bool = False  # the page has more tags than we print
    was_broken: bool = False  # a tag never ends; the rest is kept as text


def repair(html: str) -> Source:
    """Write out XML-style empty tags, turn script code into `pre`, take style sheets out.

    >>> repair('<p /><span class="icon" />x').html
    '<p ></p><span class="icon" ></span>x'
    """
    source = Source("")
    kept: list[str] = []
    position = weight = depth = marks = 0
    endless: set[str] = set()  # what was looked for and never ends
    while token := _TOKEN.search(html, position):
        kept.append(html[position : token.start()])
        position = token.end()
        name = (token["name"] or "").lower()
        if token[0] == "<!--":
            end = -1 if "-->" in endless else html.find("-->", position)
            if end < 0:  # it would swallow the rest of the page
                endless.add("-->")
            else:
                position = end + 3
        elif not name:
            source.was_broken = True
            kept.append(escape(html[token.start() :]))
            position = len(html)
        elif len(token[0]) > MAX_TAG_LENGTH or (token["close"] and name in VOID):
            continue
        elif name in DRAWN:
            end = -1 if token["close"] or name in endless else _end_of(name, html, token)
            if end < 0:
                endless.update([] if token["close"] else [name])
                continue
            weight += 1
            kept.append(_mark(html[token.start() : end], source.drawn))
            position = end
        elif name not in TAGS and name not in RAW:
            # Unwrapped here: html5ever would drop what stands in some of them.
            continue
        elif token["close"]:
            marks = max(0, marks - 1) if name in MARKS else marks
            depth = max(0, depth - 1) if name not in CLOSED_BY_OTHERS else depth
            kept.append(token[0])
        elif name in RAW and name not in endless:
            end_tag = re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE).search(html, position)
            if end_tag is None:
                endless.add(name)
                continue
            kept.append(_raw(name, token[0], html[position : end_tag.start()], source))
            position = end_tag.end()
        elif name in RAW:
            continue
        else:
            weight += 1 + marks
            if weight > MAX_TAGS:
                source.was_cut = True
                break
            empty = token["rest"].endswith("/") and name not in VOID
            if name in VOID:
                kept.append(token[0])
            elif empty:
                kept.append(f"<{name}{token['rest'][:-1]}></{name}>")
            elif depth < MAX_DEPTH and (marks < MAX_MARKS or name not in MARKS):
                kept.append(token[0])
                depth += name not in CLOSED_BY_OTHERS
                marks += name in MARKS
    else:
        kept.append(html[position:])
    source.html = "".join(kept)
    return source


def parse(html: str, is_ours: bool = False) -> etree._Element:
    """Read repaired HTML into a tree under a `div` of our own; `is_ours` keeps marks of ours."""
    reader = _READER_OF_OURS if is_ours else _READER
    well_formed = reader.clean(NOT_XML.sub("", html.replace("\x0c", " ")))
    xml = _VOID_TAG.sub(r"<\1/>", well_formed.replace("&nbsp;", "\u00a0"))
    return etree.fromstring(f"<div>{NOT_XML.sub('', xml)}</div>", _XML)


def _end_of(name: str, html: str, tag: re.Match[str]) -> int:
    """Where the element that begins with this tag ends; -1 when it never does."""
    if tag["rest"].endswith("/"):
        return tag.end()
    depth = 1
    for found in re.compile(rf"<(/?){name}(?=[\s/>])[^<>]*+>", re.IGNORECASE).finditer(
        html, tag.end()
    ):
        if found[1]:
            depth -= 1
        elif not found[0].endswith("/>"):
            depth += 1
        if not depth:
            return found.end()
    return -1


def _mark(drawn: str, sources: list[str]) -> str:
    sources.append(NOT_XML.sub("", drawn))  # its words and links become part of the tree
    return f'<svg data-type="{len(sources) - 1}"></svg>'


def _raw(name: str, tag: str, content: str, source: Source) -> str:
    """What becomes of an element whose content is not markup."""
    if name == "style":
        source.styles.append(content)
    elif name == "script" and _MATH_SCRIPT.search(tag):
        return _mark(f"{tag}{content}</script>", source.drawn)
    elif name == "script" and _CODE_SCRIPT.search(tag):
        brush = _BRUSH.search(tag)
        parameters = escape(unescape(brush[1])) if brush else ""
        code = content.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip("\n")
        return f'<pre data-syntaxhighlighter-params="{parameters}">{escape(unescape(code))}</pre>'
    elif name == "iframe":
        return f"{tag.rstrip('/>')}></iframe>"
    elif name in {"xmp", "plaintext", "noembed", "noframes", "title"}:
        return escape(content)
    return ""
