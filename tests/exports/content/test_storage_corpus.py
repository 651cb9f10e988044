"""Storage format of real sites, where it is at hand: no word is lost, no setting is printed, and it
reads like the `view` of the same page.

XPRESS_SHARED names the folder that holds `corpus/`; without it these tests are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

import lxml.html
import pytest
from lxml import etree

from exports.content import storage
from exports.content.clean import clean
from exports.document import Article
from tests.builders import SITE, a_page, a_tree
from tests.exports.content.test_corpus import lost
from tests.shared import shared

LEAST_KEPT = 0.995
LEAST_ALIKE = 0.99
SPACES = {prefix: f"urn:{prefix}" for prefix in ("ac", "ri", "at", "fab")}
XML = {"recover": True, "resolve_entities": False, "huge_tree": True}

# No words of the page: settings, what its author hid, and the second form of one content.
UNSEEN = """
    //ac:parameter | //ac:default-parameter | //ac:placeholder | //ac:task-id | //ac:task-uuid
    | //ac:task-status | //ac:adf-attribute | //fab:* | //at:* | //comment()
    | //*[starts-with(@ac:name, 'scroll-') and contains(@ac:name, 'ignore')]
    | //*[@ac:name='scroll-only' and ac:parameter]
    | //*[(@ac:name='excerpt' or @ac:name='details')
        and ac:parameter[@ac:name='hidden' and normalize-space()='true']]
    | //ac:adf-extension[ac:adf-node[@type='panel']]/ac:adf-fallback
    | //ac:adf-extension[ac:adf-fallback and not(ac:adf-node[@type='panel'])]/ac:adf-node
    | //a[starts-with(normalize-space(), 'http')]
"""
# Parameters that people see on the page.
SHOWN = frozenset({"title", "body", "url", "name", "key", "", "src", "diagramname"})
# Parts of an article that are ours, not the author's.
OURS = """
    .//*[contains(@class, 'xp-toc') or contains(@class, 'xp-box')
        or contains(@class, 'xp-panel-emoji') or contains(@class, 'xp-sheet-number')
        or contains(@class, 'xp-macro-name')]
"""

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*;)")
# Formulas and drawings that are still to be drawn: their words stand in `alt`.
_DRAWN = re.compile(r'<img [^<>]*?src="xpress-image:(?:math|svg)-\w+" alt="([^"]*)"[^<>]*>')
_CDATA_OR_BLOCK = re.compile(
    r"<!\[CDATA\[.*?\]\]>|</?(?:(?!ac:inline-comment)[a-z]+:[\w-]+|p|div|ul|ol|li|table|tr|td|th"
    r"|h[1-6]|pre|br|hr|blockquote|a)\b",
    re.DOTALL,
)
_BLOCK = re.compile(
    r"<(?=/?(?:a|p|div|ul|ol|li|table|tr|td|th|h[1-6]|pre|br|hr|blockquote|figcaption)\b)"
)
_WORD = re.compile(r"\w+")


def bodies() -> Iterator[tuple[str, str]]:
    """Every body as (name, text), those inside of space backups included."""
    folder = shared("corpus/storage")
    for file in sorted(folder.glob("*/*")):
        name = str(file.relative_to(folder))
        if not name.endswith("entities.xml"):
            yield name, file.read_text(encoding="utf-8", errors="replace")
            continue
        backup = etree.parse(str(file), etree.XMLParser(**XML)).getroot()
        for count, found in enumerate(backup.iterfind(".//object[@class='BodyContent']")):
            body, kind = (
                found.find("property[@name='body']"),
                found.find("property[@name='bodyType']"),
            )
            if body is not None and body.text and kind is not None and kind.text == "2":
                yield f"{name}#{count}", body.text


def source(text: str) -> etree._Element:
    """The text read by libxml2, which has no part in the product's own reading."""
    text = _ENTITY.sub(lambda found: html5.get(found[1], found[0]), text)
    text = text.replace("]] ></ac:", "]]></ac:")
    apart = _CDATA_OR_BLOCK.sub(
        lambda found: found[0] if found[0].startswith("<!") else f" {found[0]}", text
    )
    declared = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in SPACES.items())
    return etree.fromstring(f"<x {declared}>{apart}</x>".encode(), etree.XMLParser(**XML))


def words_before(text: str) -> list[str]:
    tree = source(text)
    for element in tree.xpath(UNSEEN, namespaces=SPACES):
        parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
        if parent is None:
            continue
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(element)
    return _WORD.findall("".join(tree.itertext()))


def settings(text: str) -> tuple[set[str], set[str]]:
    """The values of parameters: those that are seen on the page, those that are not."""
    tree = source(text)
    # What a resource is called is printed where its link has no words.
    names = tree.xpath("//@ri:value | //@ri:content-title | //@ri:filename", namespaces=SPACES)
    shown = {" ".join(_WORD.findall(name)) for name in names}
    hidden = set()
    for parameter in tree.iter("{urn:ac}parameter", "{urn:ac}default-parameter"):
        name = (parameter.get("{urn:ac}name") or "").strip().lower()
        value = " ".join("".join(parameter.itertext()).split())
        (shown if name in SHOWN else hidden).add(" ".join(_WORD.findall(value)))
    return shown, {value for value in hidden if len(value) > 3 and re.search("[a-z]", value)}


def words_after(article: Article, *left_out: str) -> list[str]:
    spread = _BLOCK.sub(" <", _DRAWN.sub(r" \1 ", article.html.replace("\u200b", "")))
    tree = lxml.html.fromstring(f"<div>{spread}</div>")
    for path in (OURS, *left_out):
        for element in tree.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()
    return _WORD.findall(tree.text_content())


def test_no_word_of_a_real_body_is_lost():
    before = missed = count = 0
    short: list[str] = []
    for name, text in bodies():
        count += 1
        article = clean(a_page(text), a_tree(), SITE)
        assert "page_failed" not in {note.code for note in article.notes}, name
        words = words_before(text)
        missing = lost(words, words_after(article))
        before, missed = before + len(words), missed + len(missing)
        if len(missing) > max(2, (1 - LEAST_KEPT) * len(words)):
            short.append(f"{name}: {len(missing)} of {len(words)}: {' '.join(missing[:20])}")
    assert count > 300
    assert short == []
    assert missed <= (1 - LEAST_KEPT) * before


def test_no_setting_and_no_name_of_storage_is_printed():
    count = 0
    for name, text in bodies():
        if not storage.is_storage(text):
            continue
        view = storage.to_view(text, a_page().ref, a_tree())
        assert not re.search(r"</?(?:ac|ri|at|fab)[:-]", view), name
        seen, hidden = settings(text)
        before = " ".join(["", *words_before(text), *seen, ""])
        after = " ".join(["", *words_after(clean(a_page(text), a_tree(), SITE)), ""])
        for value in hidden:
            if f" {value} " not in before:
                count += 1
                assert f" {value} " not in after, (name, value)
    assert count > 150


@pytest.mark.parametrize("folder", ["html-export/dlx", "html-export/struts", "view/querypie"])
def test_html_of_real_sites_is_not_taken_for_storage(folder: str):
    files = list(shared(f"corpus/{folder}").glob("*.html"))

    assert files
    assert [x.name for x in files if storage.is_storage(x.read_text(errors="replace"))] == []


def kinds(article: Article) -> dict[str, int]:
    tree = lxml.html.fromstring(f"<div>{article.html}</div>")
    paths = {
        "tables": "//table",
        "images": "//img",
        "code": "//div[@class='xp-code']",
        "panels": "//div[contains(concat(' ', @class, ' '), ' xp-panel ')]",
        "expands": "//div[contains(@class, 'xp-expand')]",
        "files": "//span[@class='xp-file']",
        "status": "//span[contains(@class, 'xp-status')]",
        "boxes": "//span[contains(@class, 'xp-box') and not(contains(@class, 'label'))]",
        "links": "//a[@href]",
    }
    return {name: len(tree.xpath(path)) for name, path in paths.items()}


def test_storage_reads_like_the_view_of_the_same_page():
    files = sorted(shared("corpus/view/querypie").glob("*.html"))
    captions = 0
    for file in files:
        text = shared(f"corpus/storage/querypie/{file.stem}.xhtml").read_text(encoding="utf-8")
        ours, theirs = (
            clean(a_page(source, "Page"), a_tree("65537 Page"), SITE)
            for source in (text, file.read_text(encoding="utf-8"))
        )

        assert [(x.level, x.text) for x in ours.headings] == [
            (x.level, x.text) for x in theirs.headings
        ], file.name
        # Captions are what the view has lost (C-50), links in them included.
        words, expected = words_after(ours, ".//figcaption"), words_after(theirs)
        assert len(lost(expected, words)) <= (1 - LEAST_ALIKE) * len(expected), file.name
        assert len(lost(words, expected)) <= (1 - LEAST_ALIKE) * len(words), file.name
        assert kinds(ours) == kinds(theirs), file.name
        captions += ours.html.count("<figcaption>")
    assert len(files) >= 19
    assert captions == 63
