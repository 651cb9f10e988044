"""Trees: how many pages in, a playground site folder of them out.

Made ones come from `bench.made_pages`, each page below an earlier one; real ones from the corpus,
as many from each HTML export as from the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from bench.made_pages import FIRST_ID, SPACE_KEY, MadePage, page

_SPACE_ID = "32769"
_CHILDREN = 6  # of each page
_READER = {"accountId": "712020:c0ffee", "displayName": "Reader", "locale": "en-GB", "admin": True}


def write_made(out: Path, pages: int, executor: Executor, *, pictures: bool = True) -> None:
    """Make so many pages. The first ones are the same, however many follow."""
    made = executor.map(partial(page, pictures=pictures), range(pages), chunksize=8)
    write(out, made)


def write(out: Path, pages: Iterable[MadePage]) -> None:
    """Write pages as a site folder, each below an earlier one."""
    out.mkdir(parents=True)
    rows = [_row(out, made, number) for number, made in enumerate(_with_files(out, pages))]
    space = {
        "id": _SPACE_ID,
        "key": SPACE_KEY,
        "name": "Handbook",
        "homepageId": str(FIRST_ID),
        "admins": [],
    }
    site = {"title": "Bench", "users": [_READER], "spaces": [space], "pages": rows}
    (out / "site.json").write_text(json.dumps(site, indent=1), "utf-8")


def _with_files(out: Path, pages: Iterable[MadePage]) -> Iterator[MadePage]:
    for made in pages:
        (out / f"{made.id}.html").write_text(made.html, "utf-8")
        for picture in made.pictures:
            file = out / "attachments" / made.id / picture.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture.content)
        yield made


def _row(out: Path, made: MadePage, number: int) -> dict[str, Any]:
    files = [
        {
            "id": f"att{picture.id}",
            "title": picture.name,
            "mediaType": picture.media_type,
            "file": f"attachments/{made.id}/{picture.name}",
        }
        for picture in made.pictures
    ]
    return {
        "id": made.id,
        "spaceId": _SPACE_ID,
        "title": made.title,
        "parentId": str(FIRST_ID + (number - 1) // _CHILDREN) if number else None,
        "position": number,
        "version": {"number": 1, "createdAt": "2026-03-01T09:30:00.000Z"},
        "body": f"{made.id}.html",
        "attachments": files,
    }
