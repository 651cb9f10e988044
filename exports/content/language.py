"""Language: what a page is written in, guessed from its letters, and which way it runs. Pure.

Fonts for Chinese, Japanese and Korean differ in the shape of the same characters, so a printer
must know; Confluence does not say.
"""

from __future__ import annotations

import re
import unicodedata

from exports.content.draft import Draft
from exports.content.nodes import Element, texts

MIN_SHARE = 0.15  # of the letters; a quoted word does not make a page Japanese
SAMPLE = 20_000  # characters

SCRIPTS = {
    "ko": re.compile("[\uac00-\ud7a3\u1100-\u11ff]"),
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ar": re.compile("[\u0620-\u06ff\u0750-\u077f]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "hy": re.compile("[\u0531-\u0587]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
}
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491]")
_TRADITIONAL = re.compile("[這個們來說對時會國學發現點問題後還應該開關設頁面檔]")
_SIMPLIFIED = re.compile("[这个们来说对时会国学发现点问题后还应该开关设页面档]")
_LETTER = re.compile(r"[^\W\d_]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NOT_ASCII = re.compile(r"[^\x00-\u036f]")

BLOCKS = (
    *("p", "li", "td", "th", "h2", "h3", "h4", "h5", "h6", "dt", "dd"),
    *("blockquote", "figcaption", "caption"),
)


def guess(text: str) -> str:
    """Name the language as BCP 47; empty where Latin letters prevail, as they do not tell.

    >>> guess("설치 안내서"), guess("インストール手順"), guess("Setup")
    ('ko', 'ja', '')
    """
    sample = text[:SAMPLE]
    if not _NOT_ASCII.search(sample):
        return ""
    letters = len(_LETTER.findall(sample)) or 1
    counts = {name: len(pattern.findall(sample)) for name, pattern in SCRIPTS.items()}
    han = counts["zh"]
    if counts["ja"] and (counts["ja"] + han) / letters >= MIN_SHARE and counts["ja"] * 10 > han:
        return "ja"
    cyrillic = len(_CYRILLIC.findall(sample))
    best = max(counts, key=lambda name: counts[name])
    if cyrillic > counts[best] and cyrillic / letters >= MIN_SHARE:
        return "uk" if _UKRAINIAN.search(sample) else "ru"
    if counts[best] / letters < MIN_SHARE:
        return ""
    if best == "zh":
        traditional = len(_TRADITIONAL.findall(sample)) > len(_SIMPLIFIED.findall(sample))
        return "zh-Hant" if traditional else "zh-Hans"
    return best


def directions(draft: Draft) -> None:
    """Mark the blocks that run from right to left: the first letter decides, as `dir=auto` does."""
    if not _RIGHT_TO_LEFT.search("".join(texts(draft.body))):
        return
    for block in draft.body.iter(*BLOCKS):
        if _runs_right_to_left(block):
            block.set("dir", "rtl")
    for outer in draft.body.iterdescendants("ul", "ol", "table", "div"):
        if outer.get("class") != "xp-code" and _runs_right_to_left(outer):
            outer.set("dir", "rtl")


def _runs_right_to_left(block: Element) -> bool:
    for text in texts(block):
        for character in text:
            direction = unicodedata.bidirectional(character)
            if direction in {"L", "R", "AL"}:
                return direction != "L"
    return False
