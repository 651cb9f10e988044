"""Language: what a page and its blocks are written in, and which way they run. Pure.

Confluence does not say. A printer must know: fonts for Chinese, Japanese and Korean differ in the
shape of the same characters, words are hyphenated by language, right-to-left pages are set from
the right. Scripts are told by their letters; languages that share one by function words. A guess
that is not sure is none: wrong hyphens are worse than no hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import takewhile

from lxml import etree

from exports.content.draft import Draft
from exports.content.function_words import WEIGHTS
from exports.content.nodes import (
    INLINE,
    Element,
    find,
    forget,
    is_within,
    make,
    names,
    texts,
)
from exports.document import is_right_to_left

MIN_SHARE = 0.15  # of a page's letters; a quoted word does not make it Japanese
MIN_BLOCK_SHARE = 0.5  # of a block's letters; it has no code that stands beside the words
SAMPLE = 8_000  # characters of a page
BLOCK_SAMPLE = 500  # characters of a block
MIN_PHRASE = 20  # characters; function words say nothing in less
MIN_LETTERS = 3  # different ones of a script; fewer are signs, as in 5 kΩ
DENSITY = 3  # Latin letters that say as much as one of Chinese, Japanese or Korean

# Of function words: what they say together, in proportion to all words, and more than the next.
MIN_EVIDENCE = 4.0
MIN_BLOCK_EVIDENCE = 3.0
MIN_DIFFERENT = 3  # words; one that is repeated may be a name
MIN_WORDS_SHARE = 0.12
MIN_LEAD = 1.4

SCRIPTS = {
    "ko": re.compile("[\uac00-\ud7a3\u1100-\u11ff]"),
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff\u3400-\u4dbf]"),
    "ar": re.compile("[\u0620-\u06ff\u0750-\u077f]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "lo": re.compile("[\u0e81-\u0edf]"),
    "km": re.compile("[\u1780-\u17dd]"),
    "my": re.compile("[\u1000-\u109f]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "pa": re.compile("[\u0a00-\u0a7f]"),
    "gu": re.compile("[\u0a80-\u0aff]"),
    "or": re.compile("[\u0b00-\u0b7f]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "te": re.compile("[\u0c00-\u0c7f]"),
    "kn": re.compile("[\u0c80-\u0cff]"),
    "ml": re.compile("[\u0d00-\u0d7f]"),
    "si": re.compile("[\u0d80-\u0dff]"),
    "hy": re.compile("[\u0531-\u0587]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "am": re.compile("[\u1200-\u139f]"),
}
_DENSE = names("ko ja zh")
_TRADITIONAL = re.compile("[這個們來說對時會國學發現點問題後還應該開關設頁面檔]")
_SIMPLIFIED = re.compile("[这个们来说对时会国学发现点问题后还应该开关设页面档]")
# Letters by which languages of one script know each other; Russian and Arabic have none of them.
_CYRILLIC = {
    "uk": re.compile("[ЄІЇҐєіїґ]"),
    "be": re.compile("[Ўў]"),
    "sr": re.compile("[ЂЈЉЊЋЏђјљњћџ]"),
    "mk": re.compile("[ЃЅЌѓѕќ]"),
    "bg": re.compile("[ъѝ]"),
}
_RUSSIAN = re.compile("[ыэёЫЭЁ]")
_ARABIC = {"ur": re.compile("[ٹڈڑےں]"), "fa": re.compile("[پچژگ]")}
MIN_OWN_LETTERS = 0.01  # of the script's letters

_ALIKE = (
    names("zh-Hans zh-Hant"),
    *(names(f"{alike} zh-Hans") | names(f"{alike} zh-Hant") for alike in ("ja", "ko")),
    names("ru uk be bg sr mk"),
    names("ar fa ur"),
)

_WORD = re.compile(r"\b[^\W\d_]+\b")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_LATIN = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2e80-\ud7ff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_LEFT_TO_RIGHT = re.compile(
    r"(?![\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff])[^\W\d_]"
)

BLOCKS = (
    *("p", "li", "td", "th", "h2", "h3", "h4", "h5", "h6", "dt", "dd"),
    *("blockquote", "figcaption", "caption"),
)
_SILENT = names("pre code kbd samp")  # what stands in them is no language's
_OURS = names("xp-box xp-error")  # in English on every page
_UNHYPHENATED = _SILENT | names("a h2 h3 h4 h5 h6")  # the style sheet says so

# Hyphens in these would be read as part of them.
_TECHNICAL = re.compile(
    r"(?<!\S)(?=\S*[^\W\d_]{7})"  # long enough for the printer to try
    r"(?=\S*(?:[^\W_][/\\._:@=#?&%+~][^\W_]|[^\W_]_|_[^\W_]|[a-z][A-Z]|\d[^\W\d_]|[^\W\d_]\d|://))"
    r"\S+"
)


def guess(text: str) -> str:
    """Name the language as BCP 47; empty where nothing tells it well enough.

    >>> guess("설치 안내서"), guess("インストール手順"), guess("Setup")
    ('ko', 'ja', '')
    """
    return _guess(text[:SAMPLE], MIN_EVIDENCE, MIN_SHARE)


def languages(draft: Draft) -> None:
    """Guess the page's language, and mark the blocks clearly written in another one.

    What authors pasted says what their word processor was set to, so it does not count.
    """
    for element in find(draft.body, ".//*[@lang]"):
        forget(element, "lang")
    prose = _prose(draft.body)
    draft.language = guess(f"{draft.page.ref.title} {_sample(text for _, text in prose)}")
    for block, text in prose:
        if block is draft.body:
            continue
        if language := _guess(text, MIN_BLOCK_EVIDENCE, MIN_BLOCK_SHARE):
            around = (outer.get("lang") for outer in block.iterancestors())
            outer_language = next((name for name in around if name), draft.language)
            if language != outer_language and not _is_a_matter_of_length(language, outer_language):
                block.set("lang", language)


def directions(draft: Draft) -> None:
    """Mark what does not run the way its page does.

    On a page from left to right the first letter decides, as `dir=auto` does. On a page from right
    to left everything with a letter of its script runs that way, even where a name comes first;
    names and numbers in lists and tables keep their order but stand at the right.
    """
    if not _RIGHT_TO_LEFT.search("".join(texts(draft.body))):
        return
    if is_right_to_left(draft.language):
        _mark_left_to_right(draft.body)
        return
    for block in draft.body.iter(*BLOCKS):
        if _begins_right_to_left(block):
            block.set("dir", "rtl")
    for outer in draft.body.iterdescendants("ul", "ol", "table", "div"):
        if outer.get("class") != "xp-code" and _begins_right_to_left(outer):
            outer.set("dir", "rtl")


def technical_words(draft: Draft) -> None:
    """Keep addresses, paths and identifiers in running text from being hyphenated."""
    if not draft.language and not find(draft.body, ".//*[@lang]"):
        return
    for holder, child in _running_text(draft.body):
        _wrap(holder, child)


def _sample(pieces: Iterable[str]) -> str:
    taken, size = [], 0
    for text in pieces:
        taken.append(text)
        size += len(text)
        if size >= SAMPLE:
            break
    return " ".join(taken)


def _is_a_matter_of_length(language: str, around: str) -> bool:
    """Say whether a few words may look like `language` although they are of the one around.

    A Japanese line may have no kana, a Ukrainian one none of the letters that Russian lacks.
    """
    return any({language, around} <= group for group in _ALIKE)


def _guess(sample: str, evidence: float, share: float) -> str:
    if not _NOT_LATIN.search(sample):
        return _by_words(sample, evidence)
    letters = len(_LETTER.findall(sample)) or 1
    counts = {name: len(pattern.findall(sample)) for name, pattern in SCRIPTS.items()}
    han, kana = counts["zh"], counts["ja"]
    if kana * 10 > han:
        counts["ja"] += han
    best = max(counts, key=lambda name: counts[name])
    weight = DENSITY if best in _DENSE else 1
    if len(set(SCRIPTS[best].findall(sample))) < MIN_LETTERS:
        return _by_words(sample, evidence)
    if counts[best] / letters < share or letters - counts[best] > counts[best] * weight:
        # It may still be foreign words in a text in Latin letters.
        if latin := _by_words(sample, evidence):
            return latin
        if counts[best] / letters < share:
            return ""
    return _among_neighbours(best, sample, counts[best])


def _among_neighbours(best: str, sample: str, letters: int) -> str:
    """Tell apart the languages that are written in one script."""
    if best == "zh":
        traditional = len(_TRADITIONAL.findall(sample)) > len(_SIMPLIFIED.findall(sample))
        return "zh-Hant" if traditional else "zh-Hans"
    if best == "ru" and not _RUSSIAN.search(sample):
        return _by_letters(_CYRILLIC, sample, letters) or "ru"
    if best == "ru":
        own = _by_letters(_CYRILLIC, sample, letters)
        return own if own in {"uk", "be"} else "ru"
    if best == "ar":
        return _by_letters(_ARABIC, sample, letters) or "ar"
    return best


def _by_letters(patterns: dict[str, re.Pattern[str]], sample: str, letters: int) -> str:
    counts = {name: len(pattern.findall(sample)) for name, pattern in patterns.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > letters * MIN_OWN_LETTERS else ""


def _by_words(sample: str, evidence: float) -> str:
    """Tell by function words; empty for lists, code and what is too short to say."""
    if len(sample) < MIN_PHRASE:
        return ""
    words = _WORD.findall(unicodedata.normalize("NFC", sample).lower())
    said: defaultdict[str, float] = defaultdict(float)
    times: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, count in Counter(words).items():
        for language, weight in WEIGHTS.get(word, ()):
            said[language] += weight * count
            times[language] += count
            different[language] += 1
    best = max(said, key=lambda language: said[language], default="")
    if (
        said[best] < evidence
        or different[best] < MIN_DIFFERENT
        or times[best] < MIN_WORDS_SHARE * len(words)
    ):
        return ""
    runner_up = max((said[language] for language in said if language != best), default=0.0)
    return best if said[best] >= MIN_LEAD * runner_up else ""


def _prose(body: Element) -> list[tuple[Element, str]]:
    """What holds text itself, the body among it, with the beginning of it, without code."""
    pieces: dict[Element, list[str]] = {}
    sizes: Counter[Element] = Counter()
    holders = [body]
    silent = 0
    blocks = frozenset(BLOCKS)

    def take(text: str | None) -> None:
        if text and not silent and sizes[holders[-1]] < BLOCK_SAMPLE:
            pieces.setdefault(holders[-1], []).append(text[:BLOCK_SAMPLE])
            sizes[holders[-1]] += len(text)

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            silent += _is_silent(element)
            if element.tag in blocks:
                holders.append(element)
            take(element.text)
        else:
            silent -= _is_silent(element)
            if element.tag in blocks:
                holders.pop()
            if element is not body:
                take(element.tail)
    return [(holder, "".join(written)) for holder, written in pieces.items()]


def _is_silent(element: Element) -> bool:
    """Say whether what stands in the element is code, or words of ours."""
    if element.tag in _SILENT:
        return True
    name = element.get("class")
    return name is not None and not _OURS.isdisjoint(name.split())


def _running_text(body: Element) -> list[tuple[Element, Element | None]]:
    """Where text stands that may be hyphenated: at an element's start, or after its child."""
    places: list[tuple[Element, Element | None]] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _UNHYPHENATED:
                walk.skip_subtree()
            else:
                places.append((element, None))
        elif element is not body:
            places.append((element.getparent(), element))
    return places


def _mark_left_to_right(body: Element) -> None:
    """On a page from right to left, mark the blocks that have no letter of that direction."""
    for block, text in _prose(body):
        if block is body:
            continue
        if _RIGHT_TO_LEFT.search(text) or not _LEFT_TO_RIGHT.search(text):
            continue
        if block.tag in {"li", "td", "th"} or is_within(block, "li", "td", "th"):
            _isolate(block)
        else:
            block.set("dir", "ltr")


def _isolate(block: Element) -> None:
    """Wrap the line at the start of the block, so that it keeps its order but not its place."""
    inline = list(takewhile(lambda child: child.tag in INLINE, block))
    if not inline and not (block.text or "").strip():
        return
    line = make("span", dir="ltr")
    line.text, block.text = block.text, None
    line.extend(inline)
    block.insert(0, line)


def _begins_right_to_left(block: Element) -> bool:
    size = 0
    for text in texts(block):
        if letter := _LETTER.search(text):
            return unicodedata.bidirectional(letter[0]) in {"R", "AL"}
        size += len(text)
        if size > BLOCK_SAMPLE:
            break
    return False


def _wrap(holder: Element, child: Element | None) -> None:
    """Wrap the technical words of the holder's text, or of the text after its child."""
    text = holder.text if child is None else child.tail
    if not text or len(text) < 7:
        return
    end = 0
    last = child
    for match in _TECHNICAL.finditer(text):
        word = make("span", "xp-verbatim", match[0])
        before = text[end : match.start()]
        if last is None:
            holder.insert(0, word)
            holder.text = before
        else:
            last.addnext(word)  # takes the text after `last` along, so that is set next
            last.tail = before
        last, end = word, match.end()
    if end and last is not None:
        last.tail = text[end:]
