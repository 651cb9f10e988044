"""The site that the playground shows by default hangs together."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, UnidentifiedImageError

from playground.site_folder import load

SITE = Path(__file__).parents[2] / "playground" / "site"
MISSING_PAGES = {"99999"}  # linked to on purpose
BROKEN_PICTURES = {"attachments/65545/broken.png"}  # a text file, on purpose
CONTENT: dict[str, Any] = json.loads((SITE / "site.json").read_text(encoding="utf-8"))
PAGES: dict[str, dict[str, Any]] = {page["id"]: page for page in CONTENT["pages"]}
ATTACHMENTS = [file for page in PAGES.values() for file in page["attachments"]]
BODIES = {
    page["id"]: (SITE / page["body"]).read_text(encoding="utf-8")
    for page in PAGES.values()
    if "body" in page
}
ADF: dict[str, dict[str, Any]] = {
    page["id"]: json.loads((SITE / page["adf"]).read_text(encoding="utf-8"))
    for page in PAGES.values()
    if "adf" in page
}


def test_the_playground_takes_it() -> None:
    assert len(load(SITE).pages) == len(CONTENT["pages"]) == 15


def test_ids_are_unique() -> None:
    ids = [page["id"] for page in CONTENT["pages"]] + [file["id"] for file in ATTACHMENTS]

    assert len(ids) == len(set(ids))


def test_every_parent_space_and_account_is_known() -> None:
    accounts = {user["accountId"] for user in CONTENT["users"]}
    spaces = {space["id"]: space for space in CONTENT["spaces"]}

    assert {page["parentId"] for page in PAGES.values()} <= {None, *PAGES}
    assert {page["spaceId"] for page in PAGES.values()} == set(spaces)
    assert {space["homepageId"] for space in spaces.values()} <= set(PAGES)
    named = {account for space in spaces.values() for account in space["admins"]}
    for page in PAGES.values():
        named |= {page["version"]["authorId"], *(page["restrictedTo"] or ())}
    assert named <= accounts


def test_every_page_leads_up_to_the_homepage_in_three_steps_at_most() -> None:
    depths = [len(load(SITE).ancestors(page)) for page in load(SITE).pages.values()]

    assert [page["id"] for page in PAGES.values() if page["parentId"] is None] == ["65537"]
    assert max(depths) == 3


def test_all_files_are_there_and_no_others() -> None:
    named = {page[field] for page in PAGES.values() for field in ("body", "adf") if field in page}
    named |= {file["file"] for file in ATTACHMENTS}

    found = {
        path.relative_to(SITE).as_posix()
        for folder in ("bodies", "attachments")
        for path in (SITE / folder).rglob("*")
        if path.is_file()
    }

    assert found == named


def test_the_site_stays_small() -> None:
    assert sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) < 1_500_000


@pytest.mark.parametrize("page_id", BODIES)
def test_links_lead_to_pages_that_exist(page_id: str) -> None:
    targets = set(re.findall(r"/wiki/spaces/DOC/pages/(\d+)", BODIES[page_id]))

    assert targets <= PAGES.keys() | MISSING_PAGES


def test_the_missing_page_is_linked_to() -> None:
    assert 'href="/wiki/spaces/DOC/pages/99999/' in BODIES["65538"]


@pytest.mark.parametrize("page_id", BODIES)
def test_anchors_across_pages_exist(page_id: str) -> None:
    links = re.findall(r"/wiki/spaces/DOC/pages/(\d+)/[^\"#]*#([^\"]+)\"", BODIES[page_id])

    for target, anchor in links:
        ids = [unescape(found) for found in re.findall(r'\sid="([^"]*)"', BODIES[target])]
        assert unescape(anchor) in ids


@pytest.mark.parametrize("page_id", BODIES)
def test_pictures_and_files_are_attachments_of_the_site(page_id: str) -> None:
    shown = re.findall(r'\ssrc="(attachments/[^"]*)"', BODIES[page_id])
    offered = re.findall(r"/wiki/download/\w+/(\d+/[^\"?]+)", BODIES[page_id])

    files = {file["file"] for file in ATTACHMENTS}
    assert {*shown, *(f"attachments/{path}" for path in offered)} <= files


def test_pictures_can_be_opened_but_for_the_broken_one() -> None:
    broken = set()
    for file in ATTACHMENTS:
        if file["mediaType"].startswith("image/") and file["mediaType"] != "image/svg+xml":
            try:
                with Image.open(SITE / file["file"]) as image:
                    assert image.get_format_mimetype() == file["mediaType"]
            except UnidentifiedImageError:
                broken.add(file["file"])

    assert broken == BROKEN_PICTURES


@pytest.mark.parametrize("page_id", BODIES)
def test_media_ids_are_those_that_the_playground_answers(page_id: str) -> None:
    site = load(SITE)

    for tag in re.findall(r"<[^>]*data-media-id=[^>]*>", BODIES[page_id]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        attachment = site.attachment(attributes["data-linked-resource-id"])
        assert attachment is not None
        assert attributes["data-media-id"] == attachment.media_id
        assert attributes["data-linked-resource-container-id"] == attachment.page_id


@pytest.mark.parametrize("page_id", ADF)
def test_captions_belong_to_pictures_of_the_same_body(page_id: str) -> None:
    captioned = [
        node["content"][0]["attrs"]["id"]
        for node in _nodes(ADF[page_id])
        if node["type"] == "mediaSingle" and len(node["content"]) == 2
    ]

    for media_id in captioned:
        assert f'data-media-id="{media_id}"' in BODIES[page_id]


@pytest.mark.parametrize("page_id", ADF)
def test_adf_has_the_code_of_the_body_in_the_same_order(page_id: str) -> None:
    in_adf = [_text(node) for node in _nodes(ADF[page_id]) if node["type"] == "codeBlock"]
    in_body = [
        unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", BODIES[page_id], re.DOTALL)
    ]

    assert [text for text in in_adf if text in in_body] == in_body


def test_what_is_restricted_stands_nowhere_else() -> None:
    site = load(SITE)
    guest = next(user for user in site.users.values() if user.display_name == "Mina Park")

    hidden = site.pages.keys() - site.visible(guest.account_id)

    assert hidden == {"65546", "65547"}
    for page_id, body in BODIES.items():
        for secret in ("SENTINEL", "Confidential"):
            assert page_id in hidden or secret not in body


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(below for child in node.get("content", ()) for below in _nodes(child))]


def _text(node: dict[str, Any]) -> str:
    return "".join(below.get("text", "") for below in _nodes(node))
