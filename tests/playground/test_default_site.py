"""The site that the playground shows by default hangs together."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from PIL import Image, UnidentifiedImageError

from playground.site_folder import load
from tests.adf_schema import faults

SITE = Path(__file__).parents[2] / "playground" / "site"
MISSING_PAGES = {"99999"}  # linked to on purpose
BROKEN_PICTURES = {  # text files, on purpose
    "attachments/65545/broken.png",
    "attachments/65556/torn.png",
}
CONSTRUCTS = "65552"  # the chapter that shows what pages are made of
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
    assert len(load(SITE).pages) == len(CONTENT["pages"]) == 38


def test_the_handbook_itself_has_fifteen_pages_and_folders() -> None:
    """The constructs hang beside it, so that exports of its branch stay small."""
    branch = [page for page in PAGES.values() if _root(page) == "65537"]

    assert len(branch) == 15


def test_odd_pages_are_there() -> None:
    titles = [page["title"] for page in PAGES.values()]

    assert {"Minutes: Q1", "Minutes Q1", "🚢 Ships we know 🌊"} <= set(titles)
    assert max(len(title) for title in titles) == 200
    assert (SITE / PAGES["65569"]["body"]).read_text(encoding="utf-8") == ""
    assert [page["type"] for page in PAGES.values()].count("blogpost") == 1


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


def test_every_page_leads_up_to_a_root_in_three_steps_at_most() -> None:
    depths = [len(load(SITE).ancestors(page)) for page in load(SITE).pages.values()]

    roots = {
        page["id"]
        for page in PAGES.values()
        if page["parentId"] is None and page["type"] != "blogpost"
    }
    assert roots == {"65537", CONSTRUCTS}
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
    targets = set(re.findall(r"/wiki/spaces/DOC/(?:pages|blog/[\d/]+)/(\d+)", BODIES[page_id]))

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
        unescape(text)
        for text in re.findall(r"<pre class=\"syntax[^>]*>(.*?)</pre>", BODIES[page_id], re.DOTALL)
    ]

    assert [text for text in in_adf if text in in_body] == in_body


@pytest.mark.parametrize("page_id", ADF)
def test_adf_is_what_the_editor_could_have_written(page_id: str) -> None:
    assert faults(ADF[page_id]) == []


@pytest.mark.parametrize("page_id", ADF)
def test_adf_has_the_words_of_the_body(page_id: str) -> None:
    """All but captions, which Confluence leaves out of its HTML."""
    written = lxml.html.fromstring(f"<div>{BODIES[page_id]}</div>").text_content()
    captions = [node for node in _nodes(ADF[page_id]) if node["type"] == "caption"]
    unwritten = {id(node) for caption in captions for node in _nodes(caption)}
    lines = [node for node in _nodes(ADF[page_id]) if id(node) not in unwritten]
    in_adf = " ".join(node.get("text", "") for node in lines)

    missing = [word for word in re.findall(r"\w{4,}", in_adf) if word not in written]

    assert missing == []


def test_the_chapter_of_constructs_has_a_page_for_every_family() -> None:
    families = [page for page in PAGES.values() if page["parentId"] == CONSTRUCTS]

    assert len([page for page in families if page["type"] == "page"]) == 15
    for page in families:
        assert page["type"] == "folder" or len(BODIES[page["id"]]) > 1000


def test_the_record_of_the_page_knows_what_its_html_does_not() -> None:
    kinds = {node["type"] for page in ADF.values() for node in _nodes(page)}
    attributes = [node.get("attrs", {}) for page in ADF.values() for node in _nodes(page)]
    keys = {
        attrs["extensionKey"].rsplit("/")[-1] for attrs in attributes if "extensionKey" in attrs
    }

    assert {"caption", "codeBlock", "decisionItem", "layoutColumn", "mediaInline"} <= kinds
    assert {attrs.get("language") for attrs in attributes} >= {"python", "yaml", "sql"}
    assert {attrs.get("panelType") for attrs in attributes} >= {"note", "custom", "success"}
    assert {attrs.get("state") for attrs in attributes} >= {"DECIDED", "UNDECIDED", "TODO"}
    assert any("datasource" in attrs for attrs in attributes)
    assert {"tide-clock", "drawio", "mathblock", "mathinline"} <= keys
    assert {"scroll-pagebreak", "scroll-landscape", "scroll-ignore", "scroll-only"} <= keys


def test_what_is_restricted_stands_nowhere_else() -> None:
    site = load(SITE)
    guest = next(user for user in site.users.values() if user.display_name == "Mina Park")

    hidden = site.pages.keys() - site.visible(guest.account_id)

    assert hidden == {"65546", "65547"}
    for page_id, body in BODIES.items():
        for secret in ("SENTINEL", "Confidential"):
            assert page_id in hidden or secret not in body


def _root(page: dict[str, Any]) -> str:
    while page["parentId"] is not None:
        page = PAGES[page["parentId"]]
    return str(page["id"])


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(below for child in node.get("content", ()) for below in _nodes(child))]


def _text(node: dict[str, Any]) -> str:
    return "".join(below.get("text", "") for below in _nodes(node))
