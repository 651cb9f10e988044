"""Words: two texts in, the words of one that the other lacks out. Pure.

Typesetting changes how a text is written and not what it says: lines are broken and hyphenated,
letters joined, forms of Unicode exchanged, blanks added or left out. None of that is a loss here,
and everything else is: each word counts, as often as it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from unicodedata import normalize

CUT = "\ue000"  # ends the piece of a word that was hyphenated at the end of a line
SHEET = "\f"  # stands between the words of two sheets
_MOST_PIECES = 200  # of one broken word: an address over many lines of a narrow cell
_MOST_SEARCHED = 100  # words that are looked for longest; where more are lost they are
_LONGEST_GLUE = 400  # characters of a printed word that is tried as several

# Hyphens come and go at the ends of lines; what is invisible may be lost.
_UNSEEN = re.compile(
    "[-\u2010\u2011\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]"
)
_CUT_LINE = re.compile("(?<=\\w)[-\u2010\u2011\u00ad][^\\S\n]*\n")
# Ideographs are words of their own: their lines break anywhere.
_IDEOGRAPH = "\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+{CUT}?|[^\w\s{CUT}]")


def words(text: str) -> list[str]:
    """The words of a text, one form each; a sign is a word too.

    >>> words("The ﬁrst well-known – exam\\u00adple: 漢字")
    ['The', 'first', 'wellknown', '–', 'example', ':', '漢', '字']
    """
    return _WORD.findall(normalize("NFKC", _UNSEEN.sub("", text)))


def words_of_lines(text: str) -> list[str]:
    """The words of a text that was set in lines; where one is cut its piece ends with CUT.

    >>> [word.replace(CUT, "|") for word in words_of_lines("an exam-\\nple")]
    ['an', 'exam|', 'ple']
    """
    return words(_CUT_LINE.sub(f"{CUT}\n", text))


def lacking(wanted: Iterable[str], printed: Sequence[str]) -> Counter[str]:
    """Count the wanted words that are not among the printed ones.

    A word may be printed in pieces, and several as one; each piece stands for one word only. SHEET
    may stand between the words of two sheets.

    >>> lacking(["an", "example", "an"], words_of_lines("an exam-\\nple"))
    Counter({'an': 1})
    """
    lost, spare = Counter(wanted), Counter(printed)
    lost, spare = lost - spare, spare - lost
    if lost and spare:
        _mend(lost, spare, printed)
        _join(lost, spare, printed)
        _part(lost, spare)
    if 0 < (+lost).total() <= _MOST_SEARCHED:
        _carry(lost, spare, printed)
        _swap(lost, spare, printed)
    return +lost


def _mend(lost: Counter[str], spare: Counter[str], printed: Sequence[str]) -> None:
    """Find lost words that were hyphenated, even from one sheet to the next."""
    taken: set[int] = set()
    while _join(lost, spare, printed, taken):
        # A piece it took may have passed for a whole word, which is now to be found itself.
        lost.update(-spare)
        spare.update(-spare)
    cut = [piece for piece in printed if piece.endswith(CUT)]
    for goes_on in (True, False):  # a hyphen of the author's may end a line, and the word with it
        for piece in cut:
            start = piece.removesuffix(CUT)
            for word in lost if spare[piece] > 0 else ():
                rest = word.removeprefix(start)
                is_begun = lost[word] > 0 and word.startswith(start) and bool(rest) == goes_on
                if is_begun and (not rest or spare[rest] > 0):
                    lost[word] -= 1
                    spare.subtract([piece, rest] if rest else [piece])
                    break


def _join(
    lost: Counter[str],
    spare: Counter[str],
    printed: Sequence[str],
    taken: set[int] | None = None,
) -> int:
    """Find lost words that were printed in pieces, one after the other; tell how many.

    With `taken`, the places of pieces found before, only words that were hyphenated are looked
    for: what follows the first piece belongs to it, even where nothing seemed to be spare.
    """
    beginnings = {word[:end] for word in lost for end in range(1, len(word) + 1)}
    count = 0
    for start, piece in enumerate(printed):
        joined = piece.removesuffix(CUT)
        if spare[piece] <= 0 or joined not in beginnings:
            continue
        if taken is not None and (joined == piece or start in taken):
            continue
        pieces = [piece]
        for following in printed[start + 1 : start + _MOST_PIECES]:
            longer = joined + following.removesuffix(CUT)
            if longer not in beginnings:
                if len(following) == 1 and not following.isalnum():
                    continue  # what stands between two sheets: the markers of lists
                break
            pieces.append(following)
            joined = longer
            if following.endswith(CUT):
                continue
            if lost[joined] > 0 and (taken is not None or not Counter(pieces) - spare):
                lost[joined] -= 1
                spare.subtract(pieces)
                if taken is not None:
                    taken.add(start)
                count += 1
                break
    return count


def _swap(lost: Counter[str], spare: Counter[str], printed: Sequence[str]) -> None:
    """Find lost words of which a piece passed for a whole word, if that one is found elsewhere.

    Of the lines "a se / t / set / up" the words "a set setup" are made, and "set" is found first.
    """
    for word in list((+lost).elements()):
        for pieces in _runs(word, printed):
            fewer, left = lost.copy(), spare.copy()
            fewer[word] -= 1
            left.subtract(pieces)
            fewer.update(-left)
            left.update(-left)
            _join(fewer, left, printed)
            if (+fewer).total() < (+lost).total():
                lost.clear()
                lost.update(+fewer)
                spare.clear()
                spare.update(+left)
                break


def _runs(text: str, printed: Sequence[str]) -> Iterator[list[str]]:
    """Each run of printed pieces, one after the other, that makes up the text."""
    for start, piece in enumerate(printed):
        if not text.startswith(piece.removesuffix(CUT)):
            continue
        joined, end = piece.removesuffix(CUT), start + 1
        while len(joined) < len(text) and end < len(printed):
            joined += printed[end].removesuffix(CUT)
            end += 1
        if joined == text:
            yield list(printed[start:end])


def _carry(lost: Counter[str], spare: Counter[str], printed: Sequence[str]) -> None:
    """Find lost words that begin on one sheet and end on the next, with other words between."""
    for before, after in pairwise(_sheets(printed)):
        for word in list((+lost).elements()):
            for pieces in _halves(word, before, after):
                if not Counter(pieces) - spare:
                    lost[word] -= 1
                    spare.subtract(pieces)
                    break


def _halves(word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[list[str]]:
    """The pieces of a word whose start is on one sheet and whose rest is on another."""
    for cut in range(1, len(word)):
        for start in _runs(word[:cut], before):
            for rest in _runs(word[cut:], after):
                yield start + rest


def _sheets(printed: Sequence[str]) -> Iterator[Sequence[str]]:
    at = 0
    for end in [*(number for number, word in enumerate(printed) if word == SHEET), len(printed)]:
        yield printed[at:end]
        at = end + 1


def _part(lost: Counter[str], spare: Counter[str]) -> None:
    """Find lost words that were printed without a blank between them."""
    for glued in [word for word, count in spare.items() if count > 0 and len(word) > 1]:
        while spare[glued] > 0 and (pieces := _pieces(glued.removesuffix(CUT), lost)):
            spare[glued] -= 1
            lost.subtract(pieces)


def _pieces(glued: str, lost: Counter[str]) -> list[str]:
    """The lost words that make up `glued`, longest first; empty where it is not made of them."""
    if len(glued) > _LONGEST_GLUE:
        return []
    lengths = sorted({len(word) for word, count in lost.items() if count > 0}, reverse=True)
    if not any(lost[glued[:length]] > 0 for length in lengths):
        return []

    @cache
    def parts(start: int) -> tuple[str, ...] | None:
        if start == len(glued):
            return ()
        for length in lengths:
            piece = glued[start : start + length]
            if len(piece) == length and lost[piece] > 0:
                rest = parts(start + length)
                if rest is not None:
                    return (piece, *rest)
        return None

    found = parts(0) or ()
    return list(found) if not Counter(found) - lost else []
