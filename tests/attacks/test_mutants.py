"""Attacks mixed and mangled at random, by a seed: cleaned and set on sheets inside this process."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from addon.options import ExportOptions
from exports.content.clean import clean
from exports.content.settle import Missing, settle
from exports.document import Article, Illustrated, Page, Printed
from exports.paper import A4
from exports.pdf import compose
from exports.pdf.printing import print_chunk
from exports.tree import PageRef, PageTree, Space
from tests.attacks import site
from tests.attacks.attack import Attack, Bait
from tests.attacks.audit import faults
from tests.attacks.conftest import squeezed
from tests.attacks.families import FAMILIES
from tests.attacks.families.imitation import CLAIM
from tests.attacks.lawful import breaches
from tests.builders import SITE
from tests.patience import coming_to_an_end
from tests.pdf_reading import Sheets

SEED, ROUNDS, MUTANTS = 4, 8, 25  # mutants of each round are printed together
LONGEST_PIECE = 240  # characters, so that no mutant is a layout bomb
NASTY = (
    "\0",
    "\x01",
    "<",
    ">",
    '"',
    "'",
    "&",
    "\\",
    "\u202e",
    "\ufeff",
    "</",
    "<!--",
    "]]>",
    "\ud800",
)

_PIECE = re.compile(r"<[^<>]*>|[^<]+|<")


@pytest.fixture(scope="module")
def attacks(bait: Bait) -> list[Attack]:
    return [attack for family in FAMILIES.values() for attack in family(bait)]


def test_no_attack_leaves_anything_in_its_article_that_articles_may_not_hold(attacks):
    found = []
    with coming_to_an_end():
        for number, attack in enumerate(attacks):
            adf = attack.adf if isinstance(attack.adf, str) else json.dumps(attack.adf or {})
            article = _cleaned(number, attack.body, adf, attack.page_title)
            found += [(attack.name, breach) for breach in breaches(article)]

    assert found == []


def test_an_author_has_none_of_our_classes_to_speak_in(attacks):
    (attack,) = (attack for attack in attacks if attack.name == "Imitation of classes")

    html = _cleaned(1, attack.body).html

    assert html.count(CLAIM) == 5
    assert "class=" not in html


def test_no_mutant_gets_out_of_its_page_or_into_another(attacks):
    chance = random.Random(SEED)
    pieces = _pieces(attacks)
    style = compose.style(ExportOptions())
    with coming_to_an_end():
        for _ in range(ROUNDS):
            sources = [_mutant(pieces, chance) for _ in range(MUTANTS)]
            articles = [_cleaned(number, html) for number, html in enumerate(sources)]
            printed = _printed([_peaceful("Before"), *articles, _peaceful("After")], style)

            assert [breach for article in articles for breach in breaches(article)] == []
            assert _faults(printed) == []
            text = squeezed(Sheets(printed.pdf).text())
            for line in (*site.lines_of("Before"), *site.lines_of("After")):
                assert squeezed(line) in text


def _pieces(attacks: Sequence[Attack]) -> list[str]:
    """Tags and texts, each once."""
    found = (piece for attack in attacks for piece in _PIECE.findall(attack.body[:20_000]))
    return sorted({piece[:LONGEST_PIECE] for piece in found})


def _mutant(pieces: Sequence[str], chance: random.Random) -> str:
    html = "".join(chance.choice(pieces) for _ in range(chance.randint(3, 40)))
    for _ in range(chance.randint(0, 6)):
        start = chance.randrange(len(html) + 1)
        end = start + chance.choice((0, 0, 1, 2, 9))
        html = html[:start] + chance.choice(("", html[end : end + 9], *NASTY)) + html[end:]
    return html


def _cleaned(number: int, html: str, adf: str = "", title: str = "Mutant") -> Article:
    ref = PageRef(str(70_000 + number), title)
    tree = PageTree(Space("1", "ATK", "Attacks", homepage_id="1"), (ref,))
    return clean(Page(ref, html, url=f"{SITE}/x", adf=adf), tree, SITE)


def _peaceful(title: str) -> Article:
    ref = PageRef({"Before": "1", "After": "2"}[title], title)
    return Article(Page(ref, ""), "".join(f"<p>{line}</p>" for line in site.lines_of(title)))


def _printed(articles: Sequence[Article], style: str) -> Printed:
    return print_chunk(compose.body([_settled(it) for it in articles], "Attacks"), style)


def _settled(article: Article) -> Illustrated:
    """With boxes in place of all pictures: there are none to be had."""
    missing = {it.key: Missing("Gone.") for it in (*article.images, *article.drawings)}
    return Illustrated(replace(article, html=settle(article.html, {}, missing, A4)), {})


def _faults(printed: Printed) -> list[str]:
    """Our own links are settled by the merge, which is not part of this."""
    ours = re.compile(r"the link 'xpress(?:-sheet)?:p\d+(?:-[A-Za-z0-9._-]*)?'")
    return [fault for fault in faults(printed.pdf) if not ours.fullmatch(fault)]
