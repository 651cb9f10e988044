"""What people try before they save it, over HTTP: sheets of a page, logos, pages to try it on."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from playground.boot import World, running
from tests.exports.pdf.pictures import a_png
from tests.journeys.exporting import ADMIN, EDITOR, GUEST, SOON_SECONDS, account, comes_true

HOME, STARTING, LONG, SALARIES = "65537", "65538", "65544", "65546"
A_BODY = "GET .*body-format=export_view"
SECRETS = (b"salary", b"Getting started", b"iVBORw0KGgo", b"%PDF")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running(app_environment={"XPRESS_EXPORTS": "1"}) as world:
        yield world


@pytest.fixture(autouse=True)
def _as_before(world: World) -> Iterator[None]:
    yield
    world.confluence.faults.clear()
    for path in ("/api/settings", "/api/spaces/DOC/settings"):
        wanted = {"access": {"who": "everyone"}, "locked": [], "options": {"heading_colour": None}}
        assert call(world, "PUT", path, wanted).ok
    world.confluence.journal.clear()


def call(world: World, method: str, path: str, body: Any = None, who: int = ADMIN) -> Any:
    headers = world.authorization(account(world, who))
    return requests.request(method, world.app_url + path, json=body, headers=headers, timeout=60)


def ask(world: World, page: str = STARTING, who: int = ADMIN, **options: Any) -> Any:
    return call(world, "POST", "/api/preview", {"page": page, "options": options}, who)


def sheets(answer: Any) -> list[Image.Image]:
    assert answer.status_code == 200, answer.text
    told = answer.json()["sheets"]
    pictures = [Image.open(io.BytesIO(base64.b64decode(sheet["png"]))) for sheet in told]
    assert [picture.size for picture in pictures] == [(it["width"], it["height"]) for it in told]
    assert {(picture.format, picture.width) for picture in pictures} == {("PNG", 960)}
    return [picture.convert("RGB") for picture in pictures]


def colours(sheet: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in sheet.getcolors(1 << 20) or ()}  # type: ignore[misc]


def test_the_sheets_of_a_page_are_shown_as_its_options_have_them(world):
    usual = ask(world)
    other = ask(world, paper="A5", orientation="landscape", heading_colour="#d01884")

    assert usual.json()["total_known"]
    assert usual.json()["total"] == len(usual.json()["sheets"])
    assert sheets(usual)[0].height == pytest.approx(960 * 297 / 210, abs=1)
    assert sheets(other)[0].height == pytest.approx(960 * 148 / 210, abs=1)
    assert (0xD0, 0x18, 0x84) in colours(sheets(other)[0])
    assert (0xD0, 0x18, 0x84) not in colours(sheets(usual)[0])
    assert (255, 255, 255) in colours(sheets(usual)[0])


def test_a_long_page_is_shown_by_its_first_sheets_and_the_answer_says_that_there_are_more(world):
    answer = ask(world, LONG, paper="A5", font_size=14)

    assert len(sheets(answer)) == 3
    assert (answer.json()["total_known"], answer.json()["total"]) == (False, None)


def test_a_preview_reads_as_its_viewer_and_shows_nobody_what_they_may_not_see(world):
    assert ask(world, SALARIES).status_code == 200

    refused = ask(world, SALARIES, GUEST)

    assert (refused.status_code, refused.json()["code"]) == (404, "not_visible")
    assert "salary" not in refused.text


def test_style_rules_are_for_administrators(world):
    rules = {"custom_css": "p { color: #d01884 }"}

    refused = ask(world, who=EDITOR, **rules)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (0xD0, 0x18, 0x84) in colours(sheets(ask(world, **rules))[0])
    assert sheets(ask(world, who=EDITOR, custom_css="", paper="Letter"))


def test_what_is_fixed_may_be_tried_by_administrators_only(world):
    fixed = {"options": {"heading_colour": "#007700"}, "locked": ["heading_colour"]}
    assert call(world, "PUT", "/api/spaces/DOC/settings", fixed).ok

    refused = ask(world, who=EDITOR, heading_colour="#d01884")

    assert (refused.status_code, refused.json()["code"]) == (403, "option_locked")
    assert (0, 0x77, 0) in colours(sheets(ask(world, who=EDITOR))[0])
    assert (0xD0, 0x18, 0x84) in colours(sheets(ask(world, heading_colour="#d01884"))[0])


def test_who_may_not_export_may_not_preview_either_but_administrators_may(world):
    nobody = {"access": {"who": "nobody", "groups": []}}
    assert call(world, "PUT", "/api/spaces/DOC/settings", nobody).ok

    refused = ask(world, who=EDITOR)

    assert (refused.status_code, refused.json()["code"]) == (403, "exports_off")
    assert sheets(ask(world))


def test_whether_somebody_may_is_asked_of_confluence_and_doubt_refuses(world):
    world.confluence.faults.add(match="GET .*/operations", status=500)

    assert not ask(world).ok


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"page": STARTING, "options": {"header_left": "{nonsense}"}}, 400, "header_left"),
        ({"page": STARTING, "options": {"papers": "A4"}}, 400, "papers"),
        ({"page": "../65537"}, 400, "page"),
        ({"page": STARTING, "more": 1}, 400, "more"),
        ({"page": STARTING, "template": "gone"}, 422, "no_template"),
        ({"page": "999999"}, 404, "not_visible"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_order_that_cannot_be_shown_says_why(world, body, status, field):
    answer = call(world, "POST", "/api/preview", body)

    assert answer.status_code == status
    assert field in answer.text


def test_a_newer_preview_ends_the_older_one(world):
    world.confluence.faults.add(match=A_BODY, delayMs=8000, times=1)
    older: list[Any] = []
    thread = threading.Thread(target=lambda: older.append(ask(world)))
    thread.start()
    assert comes_true(lambda: _is_reading(world))

    newer = ask(world)

    assert sheets(newer)
    thread.join(timeout=5)  # long before its own answer could have come
    assert older[0].json()["code"] == "cancelled"


def test_others_come_back_when_all_is_taken_and_who_goes_away_makes_room(world):
    world.confluence.faults.add(match=A_BODY, delayMs=20_000, times=1)
    holder = HTTPConnection(world.app_url.removeprefix("http://"))
    body = json.dumps({"page": STARTING}).encode()
    headers = world.authorization(account(world, ADMIN)) | {"Content-Type": "application/json"}
    holder.request("POST", "/api/preview", body, headers)
    assert comes_true(lambda: _is_reading(world))

    refused = ask(world, who=EDITOR)
    holder.close()

    assert (refused.status_code, refused.json()["code"]) == (429, "busy")
    assert int(refused.headers["Retry-After"]) > 0
    until = time.monotonic() + SOON_SECONDS
    assert comes_true(lambda: ask(world, who=EDITOR).status_code == 200)
    assert time.monotonic() < until


def test_a_logo_comes_back_as_an_address_that_options_take(world):
    answer = call(world, "POST", "/api/logo", {"file": _base64(a_png(600, 200))})

    made = answer.json()
    assert (answer.status_code, made["width"], made["height"], made["warnings"]) == (
        200,
        600,
        200,
        [],
    )
    with_logo = ask(world, logo=made["logo"], header_logo="left", logo_alt="Us")
    assert sheets(with_logo)[0].tobytes() != sheets(ask(world, logo_alt="Us"))[0].tobytes()


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (base64.b64encode(b"<html>").decode(), 422),
        ("no base64!", 400),
        ("é", 400),
        ("", 400),
        (["a"], 400),
        ("A" * (8 * 1024 * 1024), 413),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_file_that_is_no_logo_is_refused(world, file, status):
    answer = call(world, "POST", "/api/logo", {"file": file})

    assert answer.status_code == status
    assert answer.json()["message"]


def test_pages_to_try_it_on_are_those_that_the_caller_may_see(world):
    def titles(query: str, who: int = ADMIN) -> list[str]:
        answer = call(world, "GET", f"/api/pages{query}", who=who)
        assert answer.status_code == 200
        return [page["title"] for page in answer.json()["pages"]]

    assert titles("?space=DOC&query=getting st") == ["Getting started"]
    assert any("salary" in title for title in titles("?space=DOC&query=salary"))
    assert titles("?space=DOC&query=salary", GUEST) == []
    assert titles("?query=getting") == ["Getting started"]
    assert titles("?space=NOWHERE") == []
    assert titles('?space=DOC&query=") or (title ~ "') == []
    assert 5 < len(titles("?space=DOC")) <= 20


def test_nothing_of_what_was_shown_is_kept(world):
    assert world.app_log
    folder = world.app_log.parent
    before = _databases(folder)
    assert sheets(ask(world, SALARIES))
    assert call(world, "POST", "/api/logo", {"file": _base64(a_png(600, 200))}).ok

    assert _databases(folder) == before
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert not [secret for secret in SECRETS if secret in kept]
    assert b"previewed tenant=" in world.app_log.read_bytes()


def _databases(folder: Path) -> list[tuple[str, str]]:
    """What each file but the log holds."""
    return [
        (file.name, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix != ".log"
    ]


def _is_reading(world: World) -> bool:
    """Rights are asked for while the page is read, which the journal has when it has been."""
    return any(entry.path.endswith("/operations") for entry in world.confluence.journal)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
