"""The words of the screens: everything marked is in the catalogues, translated and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(__file__).parents[1]
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
DOMAINS = ["django", "djangojs"]
_MARKED = {
    "django": (
        re.compile(r'{%\s*translate\s+"([^"]+)"'),
        ("templates/**/*.html",),
    ),
    "djangojs": (
        re.compile(r'\bn?gettext\(\s*"((?:[^"\\]|\\.)+)"'),
        ("addon/static/**/*.js", "exports/static/**/*.js"),
    ),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+(?::\w+)?\}")


def catalogue(language: str, domain: str) -> Catalog:
    path = ROOT / f"xpress/locale/{language}/LC_MESSAGES/{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(value: str | list[str] | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def marked(domain: str) -> Iterator[str]:
    pattern, places = _MARKED[domain]
    for place in places:
        for path in sorted(ROOT.glob(place)):
            for found in pattern.finditer(path.read_text("utf-8")):
                yield found[1].replace('\\"', '"')


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_marked_text_is_in_the_catalogue(domain):
    known = {forms(message.id)[0] for message in catalogue("de", domain) if message.id}

    assert sorted(set(marked(domain)) - known) == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_keeps_its_placeholders(language, domain):
    for message in catalogue(language, domain):
        if not message.id:
            continue
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id
        wanted = {frozenset(_PLACEHOLDER.findall(text)) for text in forms(message.id)}
        for text in forms(message.string):
            assert frozenset(_PLACEHOLDER.findall(text)) in wanted, message.id


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_served_is_what_was_translated(language, domain):
    path = ROOT / f"xpress/locale/{language}/LC_MESSAGES/{domain}.mo"
    with path.open("rb") as file:
        compiled = read_mo(file)

    served = {tuple(forms(it.id)): tuple(forms(it.string)) for it in compiled if it.id}
    wanted = {
        tuple(forms(it.id)): tuple(forms(it.string)) for it in catalogue(language, domain) if it.id
    }
    assert served == wanted, "run make words"
