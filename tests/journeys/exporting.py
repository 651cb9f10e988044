"""Asks for exports as the dialog does, over HTTP, and takes the answer apart."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from playground.boot import World
from playground.sample import frames
from tests.pdf_reading import Sheets

LONG_SECONDS = 60
SOON_SECONDS = 15  # a slot is free within three; the rest is for busy machines
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
        try:
            received = list(frames(answer.raw))
        except Exception as error:  # cut off on the way: the server knows why
            error.add_note(last_words(world))
            raise
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


def last_words(world: World) -> str:
    """The end of the server's log."""
    log = world.app_log.read_text(errors="replace") if world.app_log else ""
    return "\n".join(["The server's log ends:", *log.splitlines()[-40:]])


def comes_true(state: Callable[[], bool]) -> bool:
    """Wait until it is so, as long as anybody would."""
    until = time.monotonic() + LONG_SECONDS
    while time.monotonic() < until:
        if state():
            return True
        time.sleep(0.05)
    return False


class Client:
    """An export that is asked for, its frames read as they come until it is closed."""

    def __init__(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text
        self.steps: list[dict[str, Any]] = []
        self.kinds = ""
        self.error: dict[str, Any] = {}
        self.report: dict[str, Any] = {}
        self.pdf = b""
        self._answer = answer
        self._is_closed = False
        self._came = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for kind, payload in frames(self._answer.raw):
                with self._came:
                    self._take(kind, payload)
                    self._came.notify_all()
        except Exception:
            assert self._is_closed  # we ended it ourselves

    def _take(self, kind: str, payload: bytes) -> None:
        if kind == "P":
            self.steps.append(json.loads(payload))
        elif kind == "D":
            self.pdf += payload
        elif kind == "R":
            self.report = json.loads(payload)
        elif kind == "E":
            self.error = json.loads(payload)
        self.kinds += kind

    def is_at(self, position: int) -> bool:
        """Come to this place in the queue, or past it."""
        return self.comes_to(
            lambda: (
                bool(self.steps)
                and (self.steps[-1]["stage"], self.steps[-1]["total"]) == ("waiting", position)
            )
        )

    def has_started(self) -> bool:
        """Leave the queue for a slot."""
        return self.comes_to(lambda: any(step["stage"] == "listing" for step in self.steps))

    def ends(self, kind: str) -> bool:
        return self.comes_to(lambda: self.kinds.endswith(kind))

    def comes_to(self, state: Callable[[], bool]) -> bool:
        with self._came:
            return self._came.wait_for(state, SOON_SECONDS)

    def close(self) -> None:
        self._is_closed = True
        with suppress(ValueError, RuntimeError):  # it has ended already
            self._answer.raw.shutdown()
        self._answer.close()
