"""The screens of the harness in Debian's Chromium, and axe to look them over."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.screens.harness import Answer, Backend, Open, Server

AXE = Path(__file__).parents[3] / "playground/node_modules/axe-core/axe.min.js"


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


# Of the module, not of the session: while Playwright runs, Django refuses the database.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "Chromium is missing: install Debian's package `chromium`."
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


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


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Run axe → what it finds, one line each."""
    assert AXE.exists(), "axe-core is missing: run `npm ci` in playground/."
    source = AXE.read_text()

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("axe.run()")
        return [
            f"{violation['impact']}: {violation['id']}: {node['html']}: {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
