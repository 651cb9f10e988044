"""One world under attack: a canary, bait, and a playground whose pages reach for both."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pytest

from playground.boot import World, running
from tests.attacks import site
from tests.attacks.attack import Bait
from tests.attacks.canary import Canary, listening
from tests.attacks.families import FAMILIES
from tests.attacks.families.drawings import svg
from tests.journeys.exporting import Outcome, export

DRAWING_WORDS = "Words of a drawing on the disk"


def squeezed(text: str) -> str:
    """The letters alone: where lines end, words are divided and marks stack says nothing here."""
    return "".join(
        letter for letter in text if unicodedata.category(letter)[0] not in "ZCM" and letter != "-"
    )


@dataclass(frozen=True, slots=True)
class Attacked:
    """A family after its export."""

    branch: site.Branch
    outcome: Outcome
    text: str  # of all sheets, squeezed
    calls: tuple[str, ...]  # what the canary heard meanwhile
    requests: tuple[tuple[str, str, str], ...]  # to the site: service, path, whose authority


class Siege:
    """Each family is exported once; every test looks at its own side of it."""

    def __init__(self, world: World, branches: dict[str, site.Branch], canary: Canary) -> None:
        self.world, self._branches, self._canary = world, branches, canary
        self._done: dict[str, Attacked] = {}

    def of(self, family: str) -> Attacked:
        if family not in self._done:
            self._done[family] = self._export(self._branches[family])
        return self._done[family]

    def _export(self, branch: site.Branch) -> Attacked:
        self._canary.clear()
        self.world.confluence.journal.clear()
        outcome = export(self.world, branch.folder, "tree")
        journal = self.world.confluence.journal
        asked = ((entry.service, entry.path, entry.authorization) for entry in journal)
        assert outcome.pdf, outcome.error
        text = squeezed(outcome.sheets.text())
        return Attacked(branch, outcome, text, tuple(self._canary.heard), tuple(sorted(set(asked))))


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    with listening() as canary:
        yield canary


@pytest.fixture(scope="session")
def secrets() -> list[str]:
    """Lines that stand in files of this machine, the first in the bait's."""
    accounts = Path("/etc/passwd").read_text().splitlines() if os.path.exists("/etc/passwd") else []
    return [f"secret {token_hex(16)}", *(line for line in accounts if len(line) > 20)]


@pytest.fixture(scope="session")
def bait(canary: Canary, secrets: list[str], tmp_path_factory: pytest.TempPathFactory) -> Bait:
    folder = tmp_path_factory.mktemp("disk")
    secret, drawing = folder / "secret.txt", folder / "secret.svg"
    secret.write_text(secrets[0])
    drawing.write_text(svg(f'<text id="words" y="20">{DRAWING_WORDS}</text>'))
    return Bait(canary.port, secret, drawing, site.HIDDEN_FILE, site.HIDDEN)


@pytest.fixture(scope="session")
def siege(canary: Canary, bait: Bait, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    folder = tmp_path_factory.mktemp("attacks") / "site"
    families = {name: list(attacks(bait)) for name, attacks in FAMILIES.items()}
    hidden = svg(f'<text y="20">{site.HIDDEN_WORDS}</text>').encode()
    branches = site.write(folder, families, hidden)
    with running(folder) as world:
        yield Siege(world, branches, canary)
