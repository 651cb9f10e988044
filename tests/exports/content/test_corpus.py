"""Real pages of real sites, where they are at hand: no page fails, and no word is lost.

XPRESS_SHARED names the folder that holds `corpus/`; without it these tests are skipped.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from exports.content.clean import clean
from tests.builders import SITE, a_page, a_tree

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / os.environ.get("XPRESS_SHARED", "../shared") / "corpus"
LEAST_KEPT = 0.995
WINDOW = 60  # words we add at one place, at most

# What is dropped on purpose, or said in other words.
DROPPED = """
    //style | //script[not(contains(@class, 'brush'))] | //button | //input | //select | //textarea
    | //iframe | //form[contains(@class, 'plugin_attachments')] | //*[contains(@class, 'hidden')
    and not(contains(@class, 'expand-hidden'))] | //*[contains(@class, 'toc-macro')]
    | //*[contains(@class, 'issue-placeholder')] | //*[contains(@class, 'jira-issue')]
    | //*[contains(@class, 'macro-blank-experience')] | //*[contains(@class, 'text-placeholder')]
    | //*[contains(@class, 'plugin_attachments_container')] | //*[@data-datasource]
    | //*[contains(@class, 'labels-section-content')] | //*[contains(@class, 'aui-button')]
    | //*[contains(@class, 'plugin_pagetree')] | //*[contains(@class, 'content-type-')]
    | //*[contains(@class, 'user-mention')] | //*[contains(@class, 'confluence-embedded-file')
    and self::a] | //*[contains(translate(@style, ' ', ''), 'display:none')
    and not(contains(@class, 'expand'))] | //a[starts-with(normalize-space(), 'http')]
    | //*[contains(@class, 'collapse-source')] | //comment()
"""

_EMPTY_TAG = re.compile(r"<(p|span|div|th|td|a|li|strong|em)\b([^<>]*?)/>")
# Formulas and drawings that are still to be drawn: their words stand in `alt`.
_DRAWN = re.compile(r'<img [^<>]*?src="xpress-image:(?:math|svg)-\w+" alt="([^"]*)"[^<>]*>')
_BLOCK = re.compile(
    r"<(?=/?(?:a|p|div|ul|ol|li|table|tr|td|th|h[1-6]|pre|br|hr|blockquote|dt|dd|figure|figcaption)\b)"
)
_WORD = re.compile(r"\w+")


def bodies() -> Iterator[tuple[str, str, str]]:
    """Every page as (file, title, body)."""
    files = [*CORPUS.glob("html-export/*/*.html"), *CORPUS.glob("view/*/*.html")]
    for file in sorted([*files, *CORPUS.glob("synthetic/*.html")]):
        if file.name == "index.html":
            continue
        html = file.read_text(encoding="utf-8", errors="replace")
        start = 0
        ends: tuple[str, ...] = ()
        if '<div id="main-content"' in html:
            start = html.index('<div id="main-content"')
            ends = (
                '<div id="main-content-2"',
                '<div class="pageSection group">',
                '<div id="footer"',
            )
        elif '<div class="wiki-content">' in html:
            start = html.index('<div class="wiki-content">')
            ends = ('<div class="tabletitle">', '<div class="footer">')
        stops = [at for end in ends if (at := html.find(end, start)) > 0]
        title = re.search(r"<title>(?:[^:<]{1,40} : )?(.*?)</title>", html, re.DOTALL)
        yield (
            str(file.relative_to(CORPUS)),
            (title[1].strip() if title else "Page"),
            (html[start : min(stops, default=len(html))]),
        )


def words_before(html: str) -> list[str]:
    expanded = _EMPTY_TAG.sub(r"<\1\2></\1>", _BLOCK.sub(" <", html))
    expanded = expanded.replace("<![CDATA[", "").replace("]]>", "")
    tree = lxml.html.fromstring(f"<div>{expanded}</div>")
    for element in tree.xpath(DROPPED):
        if element.getparent() is not None:
            element.drop_tree()
    for script in tree.iter("script"):
        script.text = lxml.html.fromstring(f"<pre>{script.text or ''}</pre>").text_content()
    return _WORD.findall(tree.text_content().replace("\u200b", ""))


def words_after(html: str) -> list[str]:
    spread = _BLOCK.sub(" <", _DRAWN.sub(r" \1 ", html.replace("\u200b", "")))
    tree = lxml.html.fromstring(f"<div>{spread}</div>")
    for element in tree.xpath(".//*[@class='xp-toc' or @class='xp-issue' or @class='xp-mention']"):
        if element.getparent() is not None:
            element.drop_tree()
    return _WORD.findall(tree.text_content())


def lost(before: list[str], after: list[str]) -> list[str]:
    """The words that do not come again in order."""
    missing, position = [], 0
    for word in before:
        try:
            position = after.index(word, position, position + WINDOW) + 1
        except ValueError:
            missing.append(word)
    return missing


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus: set XPRESS_SHARED to its folder")
def test_every_page_of_the_corpus_is_cleaned_and_keeps_its_words():
    short: list[str] = []
    count = 0
    for file, title, html in bodies():
        count += 1
        article = clean(a_page(html, title), a_tree(f"65537 {title}"), SITE)
        assert "page_failed" not in {note.code for note in article.notes}, file
        before = words_before(html)
        missing = lost(before, words_after(article.html))
        if len(missing) > max(2, (1 - LEAST_KEPT) * len(before)):
            short.append(f"{file}: {len(missing)} of {len(before)}: {' '.join(missing[:20])}")
    assert count > 900
    assert short == []
