"""Engines: a manuscript in, a PDF out. Each runs in a process of its own, warm before it is timed.

`python -m bench.engines xpress FOLDER` writes a line when it is ready, then prints once for each
path that it reads from its input. What an engine needs is imported within it, so that none carries
what only another one needs.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING

import django

from bench.made_pages import small_page
from bench.manuscript import Manuscript

if TYPE_CHECKING:
    from addon.outbound import Budget
    from exports.printers import Printers

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_LONG_SECONDS = 3600.0
_WARM_HTML = (
    f'<!doctype html><html lang="en"><head><title></title></head><body><article class="article">'
    f"{small_page().html}</article></body></html>"
)
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_COMPILED = frozenset({"weasyprint", "cssselect2", "tinycss2", "tinyhtml5"})
_WARM_UPS = 4  # of each printer


class EngineMissing(Exception):
    """The engine cannot run here; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Made:
    """What an engine made of a manuscript."""

    pdf: bytes = field(repr=False)
    front: int = 0  # sheets before the first page's


Print = Callable[[], Made]
Engine = Callable[[Manuscript], AbstractContextManager[Print]]


@contextmanager
def xpress(manuscript: Manuscript) -> Iterator[Print]:
    """Print as `exports.pipeline` does once a page is read, by as many printers as cores."""
    with _printers(manuscript) as (printers, budget):
        yield partial(_print, manuscript, printers, budget)


@contextmanager
def preview(manuscript: Manuscript) -> Iterator[Print]:
    """Print as XPress does, and make pictures of the first sheets, as `exports.preview` does."""
    from exports.preview import SHEETS, WIDTH

    def run(printers: Printers, budget: Budget) -> Made:
        made = _print(manuscript, printers, budget)
        printers.rasters(made.pdf, range(SHEETS), WIDTH, budget)
        return made

    with _printers(manuscript) as (printers, budget):
        yield partial(run, printers, budget)


def _print(manuscript: Manuscript, printers: Printers, budget: Budget) -> Made:
    from addon.options import ExportOptions
    from exports.facts import Viewer, document_facts
    from exports.setting import Setting

    tree = manuscript.tree
    facts = document_facts(tree.root.title, tree.space, Viewer(), datetime.now(UTC))
    setting = Setting(budget, tree, ExportOptions(), printers, lambda *step: None, facts=facts)
    body = setting.print(manuscript.articles)
    placement = setting.place(body)
    title = tree.root.title
    front = setting.front(title, placement) if len(tree) > 1 else None
    pdf = setting.join(front, body, placement, title)
    return Made(pdf, front.sheets if front else 0)


@contextmanager
def _printers(manuscript: Manuscript) -> Iterator[tuple[Printers, Budget]]:
    """As many as cores, warm."""
    from addon.outbound import Budget
    from exports.document import Chunk
    from exports.printers import shared_printers

    printers = shared_printers()
    budget = Budget.of(_LONG_SECONDS)

    def warm() -> None:
        chunk = Chunk(_WARM_HTML, {})
        print_one = partial(printers.chunk, chunk, manuscript.style, budget)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for _ in range(_WARM_UPS * (os.cpu_count() or 1)):
                threads.submit(print_one)

    printers.warm_up()
    warm()
    time.sleep(1)  # a printer that was slow to start has come by now, and is warmed as well
    warm()
    try:
        yield printers, budget
    finally:
        printers.stop()


@contextmanager
def weasyprint(manuscript: Manuscript) -> Iterator[Print]:
    """Print one document, as whoever uses WeasyPrint would: from its sources, as published."""
    sys.path_hooks.insert(0, _as_published)
    sys.path_importer_cache.clear()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from exports.document import IMAGE_SCHEME

    class Files(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
        """Reads a picture when it is asked for."""

        def __init__(self, files: Mapping[str, tuple[Path, str]]) -> None:
            super().__init__()
            self._files = files

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path, media_type = self._files[url.removeprefix(IMAGE_SCHEME)]
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})

    def run() -> Made:
        fonts = FontConfiguration()
        fetcher = Files(manuscript.files)
        style = CSS(string=manuscript.style, url_fetcher=fetcher, font_config=fonts)
        html = HTML(string=manuscript.html.read_text("utf-8"), url_fetcher=fetcher)
        out = io.BytesIO()
        html.write_pdf(out, stylesheets=[style], font_config=fonts)
        return Made(out.getvalue())

    # The families that the style sheet names are looked for when they are first asked for.
    HTML(string=_WARM_HTML).write_pdf(stylesheets=[CSS(string=manuscript.style)])
    yield run


def _as_published(folder: str) -> FileFinder:
    """Find the sources of what deploy/compile-engine compiles, and leave aside what it made."""
    if _COMPILED.isdisjoint(Path(folder).parts):
        raise ImportError(f"{folder} is left to others")
    return FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))


@contextmanager
def chromium(manuscript: Manuscript) -> Iterator[Print]:
    """Open the document from disk in a browser that runs, and print it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise EngineMissing("Playwright is not installed") from None
    program = shutil.which("chromium")
    if program is None:
        raise EngineMissing("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_CHROMIUM))
        page = browser.new_page()
        page.set_content(_WARM_HTML.replace("</head>", f"<style>{manuscript.style}</style></head>"))
        page.pdf()
        page.close()

        def run() -> Made:
            page = browser.new_page()
            page.set_default_timeout(_LONG_SECONDS * 1000)
            page.goto(manuscript.browser_html.as_uri(), wait_until="load")
            pdf = page.pdf(prefer_css_page_size=True, print_background=True)
            page.close()
            return Made(pdf)

        yield run
        browser.close()


ENGINES: Mapping[str, Engine] = {
    "xpress": xpress,
    "preview": preview,
    "weasyprint": weasyprint,
    "chromium": chromium,
}


def main(argv: Sequence[str]) -> None:
    """Serve one engine: what is said goes to the output, one JSON object a line."""
    name, folder = argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xpress.settings")
    django.setup()
    _adopt_orphans()
    try:
        with ENGINES[name](Manuscript(Path(folder))) as run:
            _say({})
            for line in sys.stdin:
                started = time.perf_counter()
                made = run()
                seconds = time.perf_counter() - started
                Path(line.rstrip("\n")).write_bytes(made.pdf)
                _say({"seconds": seconds, "front": made.front})
    except EngineMissing as missing:
        _say({"missing": str(missing)})


def _say(words: Mapping[str, object]) -> None:
    print(json.dumps(words), flush=True)


def _adopt_orphans() -> None:
    """Keep the processes of this tree in it when those that started them end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
