"""Site: a folder for the playground whose pages are attacks, each family a branch of its own.

A family's branch begins and ends with a peaceful page: what an attack does to its neighbours shows
there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.attacks.attack import Attack

READER, STRANGER = "712020:reader", "712020:stranger"
HOME, HIDDEN, CONTROL = "65537", "65538", "65539"
HIDDEN_FILE = "70000"
HIDDEN_WORDS = "Words of the page that the reader may not see"
_FIRST_PAGE, _FIRST_FILE = 66000, 80000
_LINES = 24


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a family stands in the site."""

    folder: str  # page id
    before: str  # title of the first page
    after: str  # title of the last page
    pages: Mapping[str, Attack]  # by page id


def lines_of(title: str) -> list[str]:
    """What stands on a peaceful page; short lines, so that each is one on the sheet."""
    return [f"{title}: line {number} of {_LINES}." for number in range(1, _LINES + 1)]


def write(
    folder: Path, families: Mapping[str, Sequence[Attack]], hidden_picture: bytes
) -> dict[str, Branch]:
    """Write the site; tells where each family stands."""
    writer = _Writer(folder)
    writer.page(HOME, "Home", "<p>Nothing to see.</p>", parent=None)
    writer.page(CONTROL, "Control", _peaceful("Control"), parent=HOME)
    hidden = writer.file(HIDDEN_FILE, "hidden.svg", "image/svg+xml", hidden_picture)
    writer.page(
        HIDDEN,
        "A hidden title",
        f"<p>{HIDDEN_WORDS}.</p>",
        parent=HOME,
        restrictedTo=[STRANGER],
        attachments=[hidden],
    )
    branches = {name: writer.branch(name, attacks) for name, attacks in families.items()}
    writer.finish()
    return branches


class _Writer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[dict[str, Any]] = []
        self._page_ids = map(str, count(_FIRST_PAGE))
        self._file_ids = map(str, count(_FIRST_FILE))
        for name in ("bodies", "files"):
            (folder / name).mkdir(parents=True)

    def branch(self, name: str, attacks: Sequence[Attack]) -> Branch:
        top = next(self._page_ids)
        before, after = f"Before {name}", f"After {name}"
        self._rows.append(
            {"id": top, "spaceId": "1", "title": name, "parentId": HOME, "type": "folder"}
        )
        self.page(next(self._page_ids), before, _peaceful(before), parent=top)
        pages = {next(self._page_ids): attack for attack in attacks}
        for page_id, attack in pages.items():
            self._attack(page_id, attack, top)
        self.page(next(self._page_ids), after, _peaceful(after), parent=top)
        return Branch(top, before, after, pages)

    def _attack(self, page_id: str, attack: Attack, parent: str) -> None:
        files = [
            self.file(next(self._file_ids), file.title, file.media_type, file.content)
            for file in attack.files
        ]
        more: dict[str, Any] = {"attachments": files}
        if attack.adf is not None:
            text = attack.adf if isinstance(attack.adf, str) else json.dumps(attack.adf)
            more["adf"] = f"bodies/{page_id}.json"
            (self._folder / more["adf"]).write_text(text, encoding="utf-8")
        self.page(page_id, attack.page_title, attack.body, parent=parent, **more)

    def page(self, page_id: str, title: str, body: str, parent: str | None, **more: Any) -> None:
        path = f"bodies/{page_id}.html"
        (self._folder / path).write_bytes(body.encode("utf-8", "surrogatepass"))
        row = {"id": page_id, "spaceId": "1", "title": title, "parentId": parent, "body": path}
        self._rows.append({**row, "type": "page", "position": len(self._rows), **more})

    def file(self, file_id: str, title: str, media_type: str, content: bytes) -> dict[str, Any]:
        path = f"files/{file_id}"  # as neutral as the stores of Confluence
        (self._folder / path).write_bytes(content)
        return {"id": f"att{file_id}", "title": title, "mediaType": media_type, "file": path}

    def finish(self) -> None:
        users = [
            {"accountId": account, "displayName": account.partition(":")[2].title()}
            for account in (READER, STRANGER)
        ]
        space = {"id": "1", "key": "ATK", "name": "Attacks", "homepageId": HOME, "admins": []}
        site = {"title": "Attacks", "users": users, "spaces": [space], "pages": self._rows}
        (self._folder / "site.json").write_text(json.dumps(site), encoding="utf-8")


def _peaceful(title: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines_of(title))
