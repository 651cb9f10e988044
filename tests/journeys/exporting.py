"""Asks for exports as the dialog does, over HTTP, and takes the answer apart."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import requests

from playground.boot import World
from playground.sample import frames
from tests.pdf_reading import Sheets

FRAMES = "application/vnd.xpress.frames"
ADMIN, EDITOR, GUEST = 0, 1, 2  # in the order of site.json


@dataclass
class Outcome:
    """All that came back for one order."""

    kinds: str  # the kinds of frames in order, e.g. "HPPDDR"
    steps: list[dict[str, Any]]
    pdf: bytes = field(repr=False)
    report: dict[str, Any]
    error: dict[str, Any]
    raw: bytes = field(repr=False)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self.pdf)

    def notes(self, code: str) -> list[dict[str, Any]]:
        return [note for note in self.report["notes"] if note["code"] == code]


def account(world: World, number: int) -> str:
    return list(world.confluence.site.users)[number]


def ask(world: World, page: str, scope: str, who: int = ADMIN, **more: Any) -> requests.Response:
    """Send an order; the answer is open, and streams."""
    accept = more.pop("accept", FRAMES)
    return requests.post(
        f"{world.app_url}/api/exports",
        json={"page": page, "scope": scope, **more},
        headers={**world.authorization(account(world, who)), "Accept": accept},
        stream=True,
        timeout=60,
    )


def export(world: World, page: str, scope: str, who: int = ADMIN, **more: Any) -> Outcome:
    """Send an order and read its frames to the end."""
    with ask(world, page, scope, who, **more) as answer:
        assert answer.status_code == 200, answer.text
        received = list(frames(answer.raw))
    payloads: dict[str, list[bytes]] = {kind: [] for kind in "PHDRE"}
    for kind, payload in received:
        payloads[kind].append(payload)
    return Outcome(
        kinds="".join(kind for kind, _ in received),
        steps=[json.loads(step) for step in payloads["P"]],
        pdf=b"".join(payloads["D"]),
        report=json.loads((payloads["R"] or [b"{}"])[0]),
        error=json.loads((payloads["E"] or [b"{}"])[0]),
        raw=b"".join(payload for _, payload in received),
    )
