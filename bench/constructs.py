"""Constructs: names of macros and classes in; those out that nothing here knows. Pure.

A name is known when a step of `exports/content` speaks of it, or when it is listed here as one that
says nothing about content.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import exports.content

# Classes that say nothing about what stands in them, or that a step knows by their beginning.
_HARMLESS = re.compile(
    r"""
    confluence(?:Td|Th|-embedded-manual-size|-jim-macro) | pdl | aui | null | normal
    | output-(?:block|inline) | external-link | confluence-external-resource
    | syntaxhighlighter-pre | codeHeader | preformattedContent | Apple-tab-span
    | (?:brush|gutter|theme|collapse|first-line): | [\w#+-]+;   # parameters of code (C-62)
    | confluence-information-macro-(?:information|note|tip|warning)   # C-67
    | aui-icon(?:font)?-[\w-]+ | aui-lozenge-[\w-]+   # C-67, C-71
    | emoticon-[\w-]+   # C-74, C-75
    | legacy-color-text-[\w-]+   # C-22
    | toc-indentation | client-side-toc-macro | rbtoc\d+   # C-81, C-82
    | date-(?:past|future) | current-user-mention   # C-72, C-73
    | fixed-width | media-group | atl-forced-newline | expand-control-image   # C-80, C-51, C-16
    | resolved | jira-macro-single-issue-export-pdf   # C-91
    | label-details | aui-label-split-main | gallery-caption   # C-87, C-90
    | metadata-summary-macro   # C-86: a table like others
    """,
    re.VERBOSE,
)


def unknown(names: Iterable[str]) -> Iterator[str]:
    """The names that no step and no rule knows; a macro's with `macro:` before it."""
    known = _known()
    for name in names:
        bare = name.removeprefix("macro:")
        if bare.lower() not in known and not _HARMLESS.fullmatch(bare):
            yield name


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Every word in the texts of the steps' modules."""
    found: set[str] = set()
    folder = Path(exports.content.__file__).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"[\w-]+", node.value.lower()))
    return frozenset(found)
