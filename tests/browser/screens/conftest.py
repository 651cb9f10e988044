"""The screens of the harness in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.screens.harness import Answer, Backend, Open, Server


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def address(backend: Backend) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), type("Answers", (Answer,), {"backend": backend}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_screen(chromium: Browser, address: str) -> Iterator[Open]:
    """`open_screen("/dialog", width=320, color_scheme="dark")` → the page, loaded.

    Whatever a screen complains about in the console fails the test.
    """
    contexts, complaints = [], []

    def open_it(path: str, width: int = 600, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda line: complaints.append(line.text) if refused(line.text) else None
        )
        page.goto(address + path)
        return page

    def refused(line: str) -> bool:
        return "Content Security Policy" in line

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
