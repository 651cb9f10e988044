"""Manuscript: cleaned articles in a folder, in the form that each engine takes them in.

XPress draws them one by one, as it does while it reads from Confluence. WeasyPrint and Chromium get
one HTML document with all of them, its style sheet, and the pictures as files.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from addon.options import ExportOptions
from exports.document import IMAGE_SCHEME, Illustrated, Image
from exports.pdf import compose
from exports.pdf.marks import MARKS
from exports.tree import PageTree

# Chromium knows a drawing by its file's name only.
_ENDINGS = {"image/svg+xml": ".svg", "image/png": ".png", "image/jpeg": ".jpg"}
_ADDRESS = re.compile(rf"{IMAGE_SCHEME}([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A folder with articles."""

    folder: Path

    @property
    def tree(self) -> PageTree:
        tree: PageTree = pickle.loads((self.folder / "tree").read_bytes())
        return tree

    @property
    def articles(self) -> Iterator[Illustrated]:
        with (self.folder / "articles").open("rb") as file, suppress(EOFError):
            while True:
                yield pickle.load(file)

    @property
    def style(self) -> str:
        return compose.style(ExportOptions())

    @property
    def html(self) -> Path:
        """All articles as one document, its pictures' addresses as the product writes them."""
        return self.folder / "articles.html"

    @property
    def browser_html(self) -> Path:
        """The same with the style sheet in it, and addresses that a browser can open."""
        return self.folder / "browser.html"

    @property
    def files(self) -> dict[str, tuple[Path, str]]:
        """The pictures' files and media types, by key."""
        listed = json.loads((self.folder / "pictures.json").read_text("utf-8"))
        return {key: (self.folder / name, kind) for key, (name, kind) in listed.items()}


def write(folder: Path, tree: PageTree, articles: Iterable[Illustrated]) -> Manuscript:
    """Lay articles down, which are those of the tree in its order."""
    (folder / "pictures").mkdir(parents=True)
    (folder / "tree").write_bytes(pickle.dumps(tree))
    listed = _write_pictures(folder, MARKS)
    with (folder / "articles").open("wb") as file:
        for illustrated in articles:
            # The page's own HTML stays behind: nobody prints it.
            article = replace(illustrated.article, page=replace(illustrated.article.page, html=""))
            pickle.dump(replace(illustrated, article=article), file)
            listed |= _write_pictures(folder, illustrated.images)
    (folder / "pictures.json").write_text(json.dumps(listed), "utf-8")
    manuscript = Manuscript(folder)
    _write_documents(manuscript)
    return manuscript


def _write_documents(manuscript: Manuscript) -> None:
    bare = [replace(illustrated, images={}) for illustrated in manuscript.articles]
    html = compose.body(bare, manuscript.tree.space.name).html
    manuscript.html.write_text(html, "utf-8")
    whole = html.replace("</head>", f"<style>{manuscript.style}</style></head>", 1)
    files = {key: path for key, (path, _) in manuscript.files.items()}
    opened = _ADDRESS.sub(
        lambda found: f"{files[found[1]].parent.name}/{files[found[1]].name}", whole
    )
    manuscript.browser_html.write_text(opened, "utf-8")


def _write_pictures(folder: Path, images: Mapping[str, Image]) -> dict[str, tuple[str, str]]:
    listed: dict[str, tuple[str, str]] = {}
    for key, image in images.items():
        name = f"pictures/{key}{_ENDINGS.get(image.media_type, '')}"
        (folder / name).write_bytes(image.content)
        listed[key] = (name, image.media_type)
    return listed
