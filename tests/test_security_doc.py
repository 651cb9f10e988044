"""docs/security.md names places and tests; they are where it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attacks.attack import Bait
from tests.attacks.families import FAMILIES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_file_that_is_named_is_there():
    named = re.findall(r"`((?:addon|exports|tests)/[\w/]+(?:\.py|/))`", TEXT)

    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_there_are_as_many_attacks_as_it_says():
    bait = Bait(1, ROOT / "secret.txt", ROOT / "secret.svg", "2", "3")
    attacks = [attack for family in FAMILIES.values() for attack in family(bait)]

    assert len(attacks) > 450
    assert len({attack.name for attack in attacks}) == len(attacks)
