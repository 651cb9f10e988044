"""A small site with a stub of an app, started for each test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from playground.confluence import Confluence
from playground.server import serving
from playground.site_folder import load
from tests.playground.builders import (
    ADMIN,
    EDITOR,
    GUEST,
    a_folder,
    a_page,
    a_site_row,
    an_attachment,
)
from tests.playground.stub_app import Stub, running_stub


@pytest.fixture
def site_folder(tmp_path: Path) -> Path:
    """Home > Guide > Steps, Home > Drawer (a folder) > Kept, Home > Secret > Below, and a post.

    Ed wrote the first version of Guide, Gus owns it.
    """
    row = a_site_row(
        a_page(
            2,
            "Guide",
            attachments=[an_attachment(900)],
            ownerId=GUEST,
            versions=[
                {"number": 1, "createdAt": "2026-01-07T08:00:00.000Z", "authorId": EDITOR},
                {
                    "number": 2,
                    "createdAt": "2026-02-01T08:00:00.000Z",
                    "authorId": ADMIN,
                    "message": "Lamps in order",
                    "minorEdit": True,
                },
            ],
        ),
        a_page(3, "Steps", 2),
        a_page(4, "Drawer", type="folder", body=None),
        a_page(5, "Kept", 4),
        a_page(6, "Secret", restrictedTo=[ADMIN, EDITOR], attachments=[an_attachment(901)]),
        a_page(8, "Below", 6),
        a_page(9, "News", None, type="blogpost"),
    )
    return a_folder(tmp_path / "site", row)


@pytest.fixture
def confluence(site_folder: Path) -> Iterator[Confluence]:
    with serving(load(site_folder)) as confluence:
        yield confluence


@pytest.fixture
def stub(confluence: Confluence) -> Iterator[Stub]:
    """An app that is not installed yet."""
    with running_stub(f"{confluence.origin}/connect/all.js") as stub:
        yield stub


class Api:
    """The REST API, asked in somebody's name."""

    def __init__(self, confluence: Confluence, stub: Stub) -> None:
        self.confluence = confluence
        self.stub = stub

    def token(self, account_id: str = ADMIN) -> dict[str, str]:
        answer = self.stub.ask_for_token(account_id, self.confluence.oauth_url)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def get(self, path: str, account_id: str = ADMIN) -> requests.Response:
        return requests.get(
            self.confluence.base_url + path,
            headers=self.token(account_id),
            timeout=10,
            allow_redirects=False,
        )

    def ids(self, path: str, account_id: str = ADMIN) -> list[str]:
        answer = self.get(path, account_id)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def api(confluence: Confluence, stub: Stub) -> Api:
    confluence.install(stub.descriptor_url)
    return Api(confluence, stub)
