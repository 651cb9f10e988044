"""Sample: the main job without a browser. An order goes in, a PDF and a report come out.

Asks for the export over HTTP as the dialog does, and shows its progress on the terminal.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import requests

from playground.boot import World

FRAMES = "application/vnd.xpress.frames"
SILENCE_SECONDS = 30  # a heartbeat comes every second


class ExportFailed(Exception):
    """There is no PDF; the message is the app's own where it had one."""


class Readable(Protocol):
    """What frames are read from."""

    def read(self, count: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What to export, and where to."""

    page: str
    scope: str  # "page", "tree" or "space"
    out: Path
    options: dict[str, Any]
    report: Path | None
    user: str  # account id; empty: the first of the site


def export(world: World, order: Order) -> str:
    """Write PDF and report, and sum up in one line."""
    started = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = _ask(session, world, order)
            with answer:
                report = _receive(answer, order)
        except requests.RequestException as error:
            raise ExportFailed(f"The app broke off the export: {error}") from error
    if order.report:
        text = json.dumps(report, ensure_ascii=False, indent=2)
        order.report.write_text(text + "\n", encoding="utf-8")
    return _summary(order, report, time.monotonic() - started)


def frames(stream: Readable) -> Iterator[tuple[str, bytes]]:
    """Cut a stream into frames: kind, then payload.

    >>> from io import BytesIO
    >>> list(frames(BytesIO(b"P\\0\\0\\0\\2{}H\\0\\0\\0\\0")))
    [('P', b'{}'), ('H', b'')]
    """
    while head := _exactly(stream, 5, may_end=True):
        yield chr(head[0]), _exactly(stream, int.from_bytes(head[1:], "big"))


def _exactly(stream: Readable, count: int, *, may_end: bool = False) -> bytes:
    parts: list[bytes] = []
    missing = count
    while missing:
        part = stream.read(missing)
        if not part:
            if may_end and not parts:
                return b""
            raise ExportFailed("The app ended its answer in the middle of a frame.")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _ask(session: requests.Session, world: World, order: Order) -> requests.Response:
    answer = session.post(
        f"{world.app_url}/api/exports",
        json={"page": order.page, "scope": order.scope, "options": order.options},
        headers={**world.authorization(order.user), "Accept": FRAMES},
        stream=True,
        timeout=SILENCE_SECONDS,
        allow_redirects=False,
    )
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith(FRAMES):
        with answer:
            raise ExportFailed(f"The app answered {answer.status_code}: {_reason(answer)}")
    return answer


def _receive(answer: requests.Response, order: Order) -> dict[str, Any]:
    """Write the PDF as it arrives, and give the report that ends it."""
    partial = order.out.with_name(order.out.name + ".part")
    report: dict[str, Any] | None = None
    progress = _Progress()
    try:
        with partial.open("wb") as pdf:
            for kind, payload in frames(answer.raw):
                if kind == "P":
                    progress.show(json.loads(payload))
                elif kind == "D":
                    pdf.write(payload)
                elif kind == "E":
                    raise ExportFailed(str(json.loads(payload).get("message")))
                elif kind == "R":
                    report = json.loads(payload)
        if report is None:
            raise ExportFailed("The app ended its answer without a report.")
        partial.replace(order.out)
    finally:
        progress.end()
        partial.unlink(missing_ok=True)
    return report


class _Progress:
    """One line on a terminal that is written over; one line a stage elsewhere."""

    def __init__(self) -> None:
        self._stage = ""
        self._terminal = sys.stderr.isatty()

    def show(self, step: dict[str, Any]) -> None:
        stage, total = str(step.get("stage", "")), step.get("total")
        count = f" {step.get('done')}/{total}" if total else ""
        line = f"{stage}{count} {step.get('label') or ''}".rstrip()
        if self._terminal:
            print(f"\r\033[K{line[:100]}", end="", file=sys.stderr, flush=True)
        elif stage != self._stage:
            print(line, file=sys.stderr, flush=True)
        self._stage = stage

    def end(self) -> None:
        if self._terminal and self._stage:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _reason(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.text[:200] or answer.reason
    return str(body.get("message") or body)


def _summary(order: Order, report: dict[str, Any], seconds: float) -> str:
    counts = [f"{value} {name}" for name, value in report.items() if isinstance(value, int)]
    counts += [f"{len(value)} {name}" for name, value in report.items() if isinstance(value, list)]
    megabytes = order.out.stat().st_size / 1_000_000
    return f"{order.out}: {', '.join([f'{megabytes:.1f} MB', f'{seconds:.1f} s', *counts])}"
