"""Every construct of Confluence we know, as a folder: what came in, what we made of it.

Set XPRESS_REWRITE=1 to write `out.html` anew; then read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from exports.content.clean import clean
from exports.document import Article
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
    for note in article.notes:
        lines.append(f"<!-- {note.severity} {note.code}: {note.what} {note.did} -->")
    if article.language:
        lines.append(f"<!-- language {article.language} -->")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_is_printed_as_agreed(name: str) -> None:
    page = a_page((FOLDER / name / "in.html").read_text(encoding="utf-8"))
    tree = a_tree("65537 Guide", "  65538 Install", "  65539 Questions & answers")

    made = spread(clean(page, tree, SITE))

    agreed = FOLDER / name / "out.html"
    if os.environ.get("XPRESS_REWRITE"):
        agreed.write_text(made, encoding="utf-8")
    assert made == agreed.read_text(encoding="utf-8")


def test_there_are_constructs() -> None:
    assert len(CONSTRUCTS) >= 45
