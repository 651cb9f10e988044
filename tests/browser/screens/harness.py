"""A small server that shows the screens, and answers them as XPress and Confluence would.

Templates, styles and scripts are the real ones, under the same content security policy; what they
ask for is answered by `Backend`, which a test sets up in its "given" and asks in its "then".
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Page

from addon import rights
from addon.settings import Settings, Standing, Template, offered, shipped_templates
from exports import dialog

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
# What Confluence's own script gives a framed page, as far as the screens use it.
CONNECT_JS = """
window.host = { tokens: 0, closed: 0, resized: 0 };
window.AP = {
  context: { getToken: (use) => setTimeout(() => use(`token-${(window.host.tokens += 1)}`)) },
  dialog: { close: () => { window.host.closed += 1; } },
  user: { getLocale: (use) => setTimeout(() => use("de_DE")) },
  resize: () => { window.host.resized += 1; },
};
"""
PDF = b"%PDF-1.7 " + bytes(range(256)) * 400 + b" %%EOF"

Step = bytes | threading.Event  # what a stream is made of: bytes, and waiting for the test


def frame(kind: str, payload: bytes | dict[str, Any] = b"") -> bytes:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return kind.encode() + len(content).to_bytes(4, "big") + content


def a_progress(stage: str, done: int, total: int, label: str = "") -> bytes:
    return frame("P", {"stage": stage, "done": done, "total": total, "label": label})


def a_note(title: str = "Roll-out plan", severity: str = "warning") -> dict[str, Any]:
    return {
        "page": {"id": "9", "title": title, "url": f"https://acme.example/wiki/{title}"},
        "code": "image_missing",
        "what": "An image could not be loaded.",
        "did": "Its name stands in its place.",
        "severity": severity,
    }


def a_report(pdf: bytes = PDF, **changes: Any) -> bytes:
    report = {
        "file_name": "Release handbook.pdf",
        "bytes": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "pages": 7,
        "sheets": 12,
        "left_out": 0,
        "seconds": 1.5,
        "notes": [],
    }
    return frame("R", report | changes)


def a_stream(pdf: bytes = PDF, **changes: Any) -> list[Step]:
    """A whole export, the PDF in pieces."""
    pieces = [pdf[start : start + 30_000] for start in range(0, len(pdf), 30_000)]
    return [
        a_progress("listing", 7, 0),
        a_progress("reading", 3, 7, "Roll-out plan"),
        frame("H"),
        a_progress("printing", 1, 2),
        *[frame("D", piece) for piece in pieces],
        a_report(pdf, **changes),
    ]


def a_listing(*rows: str) -> dict[str, Any]:
    """Rows like `"  2 Setup"`: two spaces a level, the id, the title; a title in `[ ]` is a folder.

    Without rows: a handbook with six pages and a folder below it.
    """
    rows = rows or (
        "1 Release handbook",
        "  2 Planning",
        "    3 Roll-out plan",
        "    4 Risks",
        "  5 [Recipes]",
        "    6 Hotfix",
        "    7 Rollback, step by step, for every service that has state",
        "  8 Glossary",
    )
    pages = []
    for row in rows:
        number, title = row.split(maxsplit=1)
        depth = (len(row) - len(row.lstrip())) // 2
        kind = "folder" if title.startswith("[") else "page"
        pages.append({"id": number, "title": title.strip("[]"), "type": kind, "depth": depth})
    root = {"id": pages[0]["id"], "title": pages[0]["title"]}
    space = {"id": "77", "key": "DOCS", "name": "Documentation"}
    estimate = {"sheets_per_page": 3.2, "seconds_per_page": 0.12, "start_seconds": 1.0}
    return {
        "page": root,
        "space": space,
        "pages": pages,
        "truncated": False,
        "estimate": estimate,
        "advice": "",
    }


def a_standing(*templates: Template, **settings: Any) -> Standing:
    """A space with its own settings, and its own templates besides the shipped ones."""
    own = Settings(**settings) if settings else None
    return Standing(Settings(), own, offered((*templates, *shipped_templates())), "DOCS")


@dataclass
class Asked:
    method: str
    address: str
    token: str
    body: Any


@dataclass
class Refusal:
    status: int
    message: str = "No."
    headers: dict[str, str] = field(default_factory=dict)
    code: str = "refused"
    fields: dict[str, Any] = field(default_factory=dict)  # what is wrong with each


@dataclass
class Backend:
    """What the server answers next, and what it was asked."""

    tree: dict[str, Any] | Refusal = field(default_factory=a_listing)
    space: dict[str, Any] | Refusal = field(
        default_factory=lambda: a_listing("1 Home", "  2 Other")
    )
    stream: list[Step] = field(default_factory=a_stream)
    refusals: list[Refusal] = field(default_factory=list)  # of exports, before the stream
    standing: Standing = field(default_factory=a_standing)  # what the dialog is drawn from
    page_limit: int = 1000
    sheet_limit: int = 5000
    second_limit: int = 900
    connect_js: str = CONNECT_JS
    words_js: str = ""  # the catalogue of words; without one, scripts speak English
    is_admin: bool = True  # of the site
    asked: list[Asked] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)  # the browser went away

    def exports(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.address == "/api/exports"]

    def api(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        """The answer to what only some screens ask for; None leaves it to the others."""

    def screen(self, path: str) -> str | None:
        common = {"connect_js_url": "/connect.js", "space_key": "DOCS"}
        if path == "/dialog":
            limits = {
                "pages": self.page_limit,
                "sheets": self.sheet_limit,
                "seconds": self.second_limit,
            }
            extra = {
                "page": "1",
                "limits": limits,
                "site_url": "https://acme.example/wiki",
                "why_not": rights.why_off(self.standing),
            }
            choices = dialog.context(self.standing)
            return render_to_string("exports/dialog.html", common | extra | choices)
        if path == "/failure":
            title, message = "XPress is not installed", "Ask an administrator to install it again."
            return render_to_string(
                "failure.html", {"status": 404, "title": title, "message": message}
            )
        if path == "/get_started":
            common |= {"is_admin": self.is_admin, "site_page": "https://acme.example/configure"}
        if path in ("/space_settings", "/configure", "/get_started"):
            return render_to_string(f"addon{path}.html", common)
        return None


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend: Backend

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/api/"):
            self.note(None)
        if address.path.startswith("/static/"):
            file = Path(finders.find(address.path.removeprefix("/static/")))
            self.send(200, file.read_bytes(), TYPES[file.suffix])
        elif address.path == "/connect.js":
            self.send(200, self.backend.connect_js.encode(), "text/javascript")
        elif address.path.startswith("/words/"):
            self.send(200, self.backend.words_js.encode(), "text/javascript")
        elif address.path.startswith("/api/") and self.answered(None):
            pass
        elif address.path == "/api/tree":
            whole = parse_qs(address.query).get("scope") == ["space"]
            self.answer(self.backend.space if whole else self.backend.tree)
        elif screen := self.backend.screen(address.path):
            self.send(200, screen.encode(), "text/html; charset=utf-8")
        else:
            self.send(404, b"", "text/plain")

    def answered(self, body: Any) -> bool:
        """Whether the backend has an answer of its own, which is then given."""
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        content = self.backend.api(self.command, address.path, query, body)
        if content is None:
            return False
        try:
            self.answer(content)
        except OSError:
            self.backend.hung_up.set()
        return True

    def do_DELETE(self) -> None:
        self.note(None)
        assert self.answered(None)

    def do_PUT(self) -> None:
        assert self.answered(self.note(self.read()))

    def do_POST(self) -> None:
        if self.answered(self.note(self.read())):
            return None
        if self.backend.refusals:
            return self.answer(self.backend.refusals.pop(0))
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.xpress.frames")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for step in self.backend.stream:
                self.write(step)
        except OSError:
            self.backend.hung_up.set()

    def write(self, step: Step) -> None:
        """Send bytes, or keep the line alive until the event is set."""
        if isinstance(step, bytes):
            self.wfile.write(step)
            return
        deadline = time.monotonic() + 20
        while not step.wait(0.05) and time.monotonic() < deadline:
            self.wfile.write(frame("H"))

    def read(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def note(self, body: Any) -> Any:
        token = self.headers["Authorization"]
        self.backend.asked.append(Asked(self.command, self.path, token, body))
        return body

    def answer(self, content: dict[str, Any] | Refusal | bytes) -> None:
        if isinstance(content, bytes):
            name = {"Content-Disposition": "attachment; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf"}
            return self.send(200, content, "application/pdf", name)
        if isinstance(content, Refusal):
            body = {"code": content.code, "message": content.message}
            body |= {"fields": content.fields} if content.fields else {}
            return self.send(content.status, json.dumps(body).encode(), headers=content.headers)
        return self.send(200, json.dumps(content).encode())

    def send(
        self,
        status: int,
        content: bytes,
        media_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when the browser closed a connection: it may, at any time."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


Open = Callable[..., Page]  # the fixture `open_screen`
