"""Debian's Chromium, and axe to look a page over."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

AXE = Path(__file__).parents[2] / "playground/node_modules/axe-core/axe.min.js"


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
def axe() -> Callable[[Page | Frame], list[str]]:
    """Run axe → what it finds, one line each."""
    assert AXE.exists(), "axe-core is missing: run `npm ci` in playground/."
    source = AXE.read_text()

    def run(page: Page | Frame) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("axe.run()")
        return [
            f"{violation['impact']}: {violation['id']}: {node['html']}: {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
