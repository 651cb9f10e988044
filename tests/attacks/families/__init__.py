"""Families: attacks by what they are after. Each gives its pages for a bait."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.attacks.attack import Attack, Bait
from tests.attacks.families import (
    disk,
    drawings,
    imitation,
    layouts,
    links,
    markup,
    pictures,
    sheets,
    structure,
)

FAMILIES: dict[str, Callable[[Bait], Iterator[Attack]]] = {
    "requests from HTML": markup.attacks,
    "requests from style sheets": sheets.attacks,
    "requests from drawings": drawings.attacks,
    "files": disk.attacks,
    "links": links.attacks,
    "image bombs and broken images": pictures.attacks,
    "layout bombs": layouts.attacks,
    "imitation": imitation.attacks,
    "structure and storage": structure.attacks,
}
