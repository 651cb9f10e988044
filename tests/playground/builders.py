"""Small site folders for tests: a row says what its test is about, the rest is filled in."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

ADMIN, EDITOR, GUEST = "712020:admin", "712020:editor", "712020:guest"


def a_page(page_id: int, title: str = "", parent: int | None = 1, **more: Any) -> dict[str, Any]:
    page = {
        "id": str(page_id),
        "spaceId": "7",
        "title": title or f"Page {page_id}",
        "parentId": None if parent is None else str(parent),
        "position": page_id,
        "type": "page",
        "version": {"number": 3, "createdAt": "2026-03-01T09:30:00.000Z", "authorId": ADMIN},
        "labels": ["guide"],
        "restrictedTo": None,
        "body": f"bodies/{page_id}.html",
        "attachments": [],
    }
    return page | more


def a_site_row(*pages: dict[str, Any], **more: Any) -> dict[str, Any]:
    users = [(ADMIN, "Ada"), (EDITOR, "Ed"), (GUEST, "Gus")]
    row = {
        "title": "Tests",
        "users": [{"accountId": of, "displayName": name, "locale": "en-GB"} for of, name in users],
        "spaces": [
            {"id": "7", "key": "DOC", "name": "Docs", "homepageId": "1", "admins": [EDITOR]}
        ],
        "groups": [
            {"id": "g-3", "name": "writers", "members": [EDITOR]},
            {"id": "g-1", "name": "Everybody", "members": [ADMIN, EDITOR, GUEST]},
            {"id": "g-2", "name": "Keepers", "members": [ADMIN]},
        ],
        "pages": [a_page(1, "Home", None), *pages],
    }
    return row | more


def a_folder(folder: Path, row: dict[str, Any], bodies: dict[int, str] | None = None) -> Path:
    """Write a site folder; pages without a body of their own say which page they are."""
    (folder / "bodies").mkdir(parents=True, exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    for page in row["pages"]:
        text = (bodies or {}).get(int(page["id"]), f"<p>This is page {page['id']}.</p>")
        (folder / "bodies" / f"{page['id']}.html").write_text(text, encoding="utf-8")
        for file in page.get("attachments", ()):
            if not file["file"].startswith(".."):
                (folder / file["file"]).write_bytes(a_png())
    (folder / "site.json").write_text(json.dumps(row), encoding="utf-8")
    return folder


def an_attachment(number: int, title: str = "plan of site.png") -> dict[str, Any]:
    file = f"files/{number}.png"
    return {"id": f"att{number}", "title": title, "mediaType": "image/png", "file": file}


def a_png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
