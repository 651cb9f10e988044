"""Every construct of Confluence we know, as a folder: what came in, what we made of it.

`in.html` is the page's HTML; `adf.json` its ADF and `page.json` what else was read beside it, where
the construct needs them; `out.html` is the article.

Set XPRESS_REWRITE=1 to write `out.html` anew; then read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from exports.content.clean import clean
from exports.document import Article, Attachment, Listed, Page
from exports.tree import PageRef
from tests.builders import SITE, a_page, a_tree

FOLDER = Path(__file__).parents[2] / "constructs"
CONSTRUCTS = sorted(path.parent.name for path in FOLDER.glob("*/in.html"))

_BLOCK = re.compile(
    r"(?<!\n)(<(?:p|div|ul|ol|li|dl|table|colgroup|thead|tbody|tr|td|th|pre|h[2-6]|hr|blockquote"
    r"|figure|figcaption)[ >])"
)


def spread(article: Article) -> str:
    """The article as a person reads it: a block a line, then what else it says about itself."""
    lines = [_BLOCK.sub(r"\n\1", article.html).strip()]
    for heading in article.headings:
        lines.append(f"<!-- heading {heading.level}: {heading.text} ({heading.anchor}) -->")
    for image in article.images:
        lines.append(
            f"<!-- image {image.key}: {image.file_name}, attachment {image.attachment_id}"
            f" of {image.container_id} -->"
        )
    for drawing in article.drawings:
        lines.append(f"<!-- drawing {drawing.key}: {drawing.kind}, {drawing.label} -->")
    for note in article.notes:
        lines.append(f"<!-- {note.severity} {note.code}: {note.what} {note.did} -->")
    if article.language:
        lines.append(f"<!-- language {article.language} -->")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_is_printed_as_agreed(name: str) -> None:
    page = _page(FOLDER / name)
    tree = a_tree("65537 Guide", "  65538 Install", "  65539 Questions & answers")

    made = spread(clean(page, tree, SITE))

    agreed = FOLDER / name / "out.html"
    if os.environ.get("XPRESS_REWRITE"):
        agreed.write_text(made, encoding="utf-8")
    assert made == agreed.read_text(encoding="utf-8")


def _page(folder: Path) -> Page:
    """The page of a construct's folder, with its companions."""
    page = a_page((folder / "in.html").read_text(encoding="utf-8"))
    adf, beside = folder / "adf.json", folder / "page.json"
    if adf.exists():
        page = replace(page, adf=adf.read_text(encoding="utf-8"))
    if beside.exists():
        row = json.loads(beside.read_text(encoding="utf-8"))
        files = tuple(Attachment(**attachment) for attachment in row.pop("attachments", []))
        lists = {
            cql: tuple(Listed(**{**one, "labels": tuple(one.get("labels", ()))}) for one in rows)
            for cql, rows in row.pop("lists", {}).items()
        }
        below = {
            root: tuple(PageRef(id_, title, depth) for id_, title, depth in refs)
            for root, refs in row.pop("below", {}).items()
        }
        page = replace(page, attachments=files, below=below, lists=lists, **row)
    return page


def test_there_are_constructs() -> None:
    assert len(CONSTRUCTS) >= 100
