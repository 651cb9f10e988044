"""Export: a site folder in; the PDF, the report and the time it took out, as the dialog asks.

The product and the playground run as processes of their own for one export.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from exports.tree import PageRef, PageTree, Selection, Space, select
from playground.bodies import served
from playground.boot import World, running
from playground.sample import FRAMES, frames
from playground.site import Site

_SILENCE_SECONDS = 60
_LONGEST_SECONDS = "7200"


class ExportFailed(Exception):
    """There is no PDF; the message is the product's own where it had one."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came back, and what it was made of."""

    pdf: bytes = field(repr=False)
    report: dict[str, Any] = field(repr=False)
    seconds: float
    tree: PageTree  # as the product listed it
    site_url: str
    site: Site = field(repr=False)  # what the playground served

    def body(self, page_id: str) -> str:
        """The page's HTML as Confluence served it."""
        page = self.site.pages[page_id]
        return "" if page.type == "folder" else served(self.site, page, self.site_url)


def export(site: Path, most_pages: int) -> Exported:
    """Export a whole space, or as many of its pages as wished, evenly spread."""
    with running(site, app_environment={"XPRESS_EXPORT_SECONDS": _LONGEST_SECONDS}) as world:
        space = next(iter(world.confluence.site.spaces.values()))
        tree = _listed(world, space.homepage_id)
        order: dict[str, Any] = {"page": space.homepage_id, "scope": "space"}
        if 0 < most_pages < len(tree):
            chosen = spread([page.id for page in tree], most_pages)
            order |= {"scope": "chosen", "pages": chosen}
            tree = select(tree, Selection(space.homepage_id, "chosen", frozenset(chosen)))
        started = time.monotonic()
        pdf, report = _receive(world, order)
        seconds = time.monotonic() - started
        return Exported(pdf, report, seconds, tree, world.site_url, world.confluence.site)


def spread(items: Sequence[str], count: int) -> list[str]:
    """Take `count` items at even distances.

    >>> spread(["a", "b", "c", "d", "e"], 2)
    ['a', 'c']
    """
    return [items[number * len(items) // count] for number in range(count)]


def _listed(world: World, page_id: str) -> PageTree:
    answer = requests.get(
        f"{world.app_url}/api/tree",
        {"page": page_id, "scope": "space"},
        headers=world.authorization(),
        timeout=_SILENCE_SECONDS,
    )
    answer.raise_for_status()
    listing = answer.json()
    pages = world.confluence.site.pages
    refs = (
        PageRef(row["id"], row["title"], row["depth"], row["type"], pages[row["id"]].parent_id)
        for row in listing["pages"]
    )
    space = listing["space"]
    return PageTree(Space(space["id"], space["key"], space["name"], page_id), tuple(refs))


def answer_frames(world: World, order: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """What the product answers to an order, up to its report. Raises ExportFailed without one."""
    with requests.post(
        f"{world.app_url}/api/exports",
        json=order,
        headers={**world.authorization(), "Accept": FRAMES},
        stream=True,
        timeout=_SILENCE_SECONDS,
    ) as answer:
        if answer.status_code != 200:
            raise ExportFailed(f"The product answered {answer.status_code}: {answer.text[:300]}")
        for kind, payload in frames(answer.raw):
            if kind == "E":
                raise ExportFailed(str(json.loads(payload).get("message")))
            yield kind, payload
            if kind == "R":
                return
    raise ExportFailed("The product ended its answer without a report.")


def _receive(world: World, order: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    told = list(answer_frames(world, order))
    pdf = b"".join(payload for kind, payload in told if kind == "D")
    return pdf, json.loads(told[-1][1])
