"""Sites: a source of the corpus in, a playground site folder out.

An HTML export is imported as `python -m playground import-html` does it. Bodies that a REST API
answered are laid out as a site by hand: with their attachments, and their ADF where it is there.
"""

from __future__ import annotations

import contextlib
import io
import json
import mimetypes
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

from playground.html_export import main as import_html

_ADMIN = {"accountId": "712020:c0ffee", "displayName": "Reader", "locale": "en-US", "admin": True}
_HOME = "1000"
_SPACE = "1"


class NoCorpus(Exception):
    """There is nothing to run over; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """Pages that came from one place."""

    name: str
    folder: Path
    kind: Literal["export", "bodies"]
    corpus: Path


def sources(shared: Path) -> list[Source]:
    """All sources of the corpus in the shared folder."""
    corpus = shared / "corpus"
    if not corpus.is_dir():
        raise NoCorpus(
            f"There is no corpus at {corpus}. Set XPRESS_SHARED to the folder that holds it."
        )
    exports = (Source(x.name, x, "export", corpus) for x in _folders(corpus / "html-export"))
    bodies = (Source(x.name, x, "bodies", corpus) for x in _folders(corpus / "view"))
    return [*exports, *bodies]


def build(source: Source, out: Path) -> None:
    """Make the site folder of a source."""
    if source.kind == "export":
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = import_html([str(source.folder), "-o", str(out)])
        if code:
            raise NoCorpus(f"{source.folder} cannot be imported: {said.getvalue().strip()}")
        return
    out.mkdir(parents=True, exist_ok=True)
    site = _site(source, out)
    (out / "site.json").write_text(json.dumps(site, ensure_ascii=False, indent=1), "utf-8")


def _folders(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.is_dir() and any(path.glob("*.html")))


def _site(source: Source, out: Path) -> dict[str, Any]:
    rows = json.loads((source.corpus / "INDEX.json").read_text("utf-8"))
    index = {str(row["file"]): row for row in rows}
    (out / "home.html").write_text("<p>The pages below come from one source.</p>", "utf-8")
    home = {"id": _HOME, "spaceId": _SPACE, "title": source.name, "body": "home.html"}
    files = sorted(source.folder.glob("*.html"))
    pages = [
        _page(file, number, index.get(file.relative_to(source.corpus).as_posix(), {}), source, out)
        for number, file in enumerate(files, start=int(_HOME) + 1)
    ]
    space = {"id": _SPACE, "key": "CORPUS", "name": source.name, "homepageId": _HOME, "admins": []}
    return {
        "title": source.name,
        "users": [_ADMIN],
        "spaces": [space],
        "pages": [home, *pages],
    }


def _page(
    file: Path, number: int, row: Mapping[str, Any], source: Source, out: Path
) -> dict[str, Any]:
    page_id = file.stem if file.stem.isdecimal() else str(number)
    shutil.copyfile(file, out / file.name)
    page = {
        "id": page_id,
        "spaceId": _SPACE,
        "title": str(row.get("title") or file.stem),
        "parentId": _HOME,
        "body": file.name,
        "attachments": list(_attachments(page_id, row, source, out)),
    }
    adf = source.corpus / "adf" / source.name / f"{file.stem}.adf.json"
    if adf.is_file():
        shutil.copyfile(adf, out / adf.name)
        page["adf"] = adf.name
    return page


def _attachments(
    page_id: str, row: Mapping[str, Any], source: Source, out: Path
) -> Iterator[dict[str, Any]]:
    ids = _ids_in(source.folder / f"{page_id}.html")
    for number, name in enumerate(row.get("attachments") or ()):
        path = source.corpus / str(name)
        if not path.is_file():
            continue
        file = f"attachments/{page_id}/{path.name}"
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / file)
        found, title = ids.get(_key(path.name), (f"{page_id}{number:04}", path.name))
        yield {
            "id": found,
            "title": title,
            "mediaType": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            "file": file,
        }


def _ids_in(body: Path) -> dict[str, tuple[str, str]]:
    """Ids and titles of attachments, as the pictures of a body give them."""
    if not body.is_file():
        return {}
    found: dict[str, tuple[str, str]] = {}
    for tag in re.findall(r"<(?:img|a)\s[^>]*>", body.read_text("utf-8")):
        number = re.search(r'data-linked-resource-id="(\d+)"', tag)
        alias = re.search(r'data-linked-resource-default-alias="([^"]*)"', tag)
        if number and alias and 'data-linked-resource-type="attachment"' in tag:
            title = unescape(alias[1])
            found[_key(title)] = (number[1], title)
    return found


def _key(name: str) -> str:
    """How file names are compared: macOS writes decomposed letters and narrow blanks."""
    return " ".join(normalize("NFKC", name).split())
