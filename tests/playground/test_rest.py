"""The REST API: what callers see, how lists go on, who is refused."""

import time

import jwt
import pytest
import requests

from playground.qsh import qsh
from tests.playground.builders import ADMIN, EDITOR, GUEST
from tests.playground.conftest import Api


def test_a_page_comes_with_the_body_that_was_asked_for(api: Api) -> None:
    page = api.get("/api/v2/pages/2?body-format=export_view").json()

    assert page["title"] == "Guide"
    assert page["parentId"] == "1"
    assert page["body"]["export_view"]["value"] == "<p>This is page 2.</p>"
    assert page["_links"]["base"] == api.confluence.base_url


def test_restricted_pages_are_not_there_for_others(api: Api) -> None:
    assert api.get("/api/v2/pages/6", EDITOR).status_code == 200
    assert api.get("/api/v2/pages/6", GUEST).status_code == 404
    assert api.get("/api/v2/pages/8", GUEST).status_code == 404
    assert api.get("/api/v2/attachments/att901", GUEST).status_code == 404
    download = "/rest/api/content/6/child/attachment/att901/download"
    assert api.get(download, GUEST).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/pages/1/descendants?depth=10",
        "/api/v2/pages/1/direct-children",
        "/api/v2/spaces/7/pages",
        "/api/v2/pages",
        "/api/v2/pages?id=6&id=8",
    ],
)
def test_restricted_pages_are_in_no_list_of_others(api: Api, path: str) -> None:
    assert "6" in api.ids(path, ADMIN)
    assert not {"6", "8"} & set(api.ids(path, GUEST))


def test_a_list_goes_on_by_its_cursor_to_the_end(api: Api) -> None:
    found: list[str] = []
    path = "/api/v2/pages/1/descendants?depth=10&limit=4"
    while path:
        answer = api.get(path)
        found += [row["id"] for row in answer.json()["results"]]
        following = answer.json()["_links"].get("next", "")
        assert not following or f'<{following}>; rel="next"' in answer.headers["Link"]
        path = following.removeprefix("/wiki")

    assert found == ["2", "4", "6", "3", "5", "8"]


def test_a_cursor_that_was_made_up_or_moved_is_refused(api: Api) -> None:
    first = api.get("/api/v2/pages/1/descendants?limit=1").json()
    cursor = first["_links"]["next"].partition("cursor=")[2]

    assert api.get("/api/v2/pages/1/descendants?cursor=MTA").status_code == 400
    assert api.get(f"/api/v2/pages/2/descendants?cursor={cursor}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/pages/1/descendants?depth=11",
        "/api/v2/pages/1/descendants?limit=251",
        "/api/v2/pages?body-format=export_view",
        "/api/v2/pages/1?body-format=pdf",
        "/api/v2/spaces/7/pages?sort=beauty",
    ],
)
def test_parameters_beyond_what_is_allowed_are_refused(api: Api, path: str) -> None:
    answer = api.get(path)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["status"] == 400


def test_folders_are_part_of_the_tree_and_have_their_own_calls(api: Api) -> None:
    rows = api.get("/api/v2/pages/1/direct-children").json()["results"]

    assert [(row["id"], row["type"]) for row in rows][1] == ("4", "folder")
    assert api.get("/api/v2/folders/4").json()["title"] == "Drawer"
    assert api.ids("/api/v2/folders/4/descendants") == ["5"]
    assert api.ids("/api/v2/folders/4/direct-children") == ["5"]
    assert api.get("/api/v2/pages/4").status_code == 404


def test_blog_posts_are_listed_apart_from_pages(api: Api) -> None:
    assert api.ids("/api/v2/spaces/7/blogposts") == ["9"]
    assert api.ids("/api/v2/blogposts?space-id=7") == ["9"]
    assert "9" not in api.ids("/api/v2/spaces/7/pages")


def test_spaces_are_found_by_key(api: Api) -> None:
    assert api.ids("/api/v2/spaces?keys=DOC") == ["7"]
    assert api.ids("/api/v2/spaces?keys=NONE") == []


def test_administrators_of_a_space_may_administer_it(api: Api) -> None:
    right = {"operation": "administer", "targetType": "space"}

    assert right in api.get("/api/v2/spaces/7/operations", EDITOR).json()["operations"]
    assert right not in api.get("/api/v2/spaces/7/operations", GUEST).json()["operations"]


def test_the_administrator_of_the_site_may_administer_the_application(api: Api) -> None:
    right = {"operation": "administer", "targetType": "application"}
    path = "/rest/api/user/current?expand=operations"

    assert right in api.get(path, ADMIN).json()["operations"]
    assert right not in api.get(path, EDITOR).json()["operations"]
    assert "operations" not in api.get("/rest/api/user/current").json()


def test_an_attachment_is_found_by_its_name(api: Api) -> None:
    rows = api.get("/api/v2/pages/2/attachments?filename=plan%20of%20site.png").json()["results"]

    assert [row["id"] for row in rows] == ["att900"]
    assert api.ids("/api/v2/pages/2/attachments?filename=other.png") == []


def test_the_app_itself_sees_no_restricted_page(api: Api) -> None:
    def signed(path: str, hashed: str) -> requests.Response:
        now = int(time.time())
        claims = {"iss": api.stub.key, "iat": now, "exp": now + 60}
        claims["qsh"] = qsh("GET", *hashed.partition("?")[::2])
        token = jwt.encode(claims, api.stub.body("installed")["sharedSecret"], algorithm="HS256")
        url = api.confluence.base_url + path
        return requests.get(url, headers={"Authorization": f"JWT {token}"}, timeout=10)

    assert signed("/api/v2/pages/2", "/api/v2/pages/2").status_code == 200
    assert signed("/api/v2/pages/6", "/api/v2/pages/6").status_code == 404
    assert signed("/api/v2/pages/2?a=1", "/api/v2/pages/2").status_code == 401
    assert signed("/api/v2/pages/2", "/wiki/api/v2/pages/2").status_code == 401


@pytest.mark.parametrize("value", ["", "Bearer x", "Basic eDp5", "JWT x.y.z"])
def test_who_brings_no_valid_token_is_refused(api: Api, value: str) -> None:
    url = f"{api.confluence.base_url}/api/v2/pages/1"

    answer = requests.get(url, headers={"Authorization": value} if value else {}, timeout=10)

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"


def test_the_journal_tells_who_asked_for_what(api: Api) -> None:
    api.get("/api/v2/pages/2?body-format=view", GUEST)

    entry = list(api.confluence.journal)[-1]
    assert entry.line == "GET /wiki/api/v2/pages/2?body-format=view"
    assert (entry.service, entry.authorization, entry.account_id) == ("rest", "user", GUEST)
    assert (entry.status, entry.points) == (200, 2)


def test_a_page_says_who_wrote_it_who_changed_it_last_and_whose_it_is(api: Api) -> None:
    page = api.get("/api/v2/pages/2").json()

    assert (page["authorId"], page["version"]["authorId"]) == (EDITOR, ADMIN)
    assert page["ownerId"] == GUEST
    assert page["createdAt"] < page["version"]["createdAt"]
    assert api.get("/api/v2/pages/3").json()["ownerId"] == ADMIN  # who wrote it, unless told


def test_labels_come_with_a_page_when_asked_for(api: Api) -> None:
    asked = api.get("/api/v2/pages/2?include-labels=true").json()

    assert [row["name"] for row in asked["labels"]["results"]] == ["guide"]
    assert "labels" not in api.get("/api/v2/pages/2").json()


def test_versions_of_a_page_are_listed_from_either_end(api: Api) -> None:
    def numbers(path: str) -> list[int]:
        return [
            row["number"] for row in api.get(f"/api/v2/pages/2/versions{path}").json()["results"]
        ]

    assert numbers("?sort=-modified-date") == [3, 2, 1]
    assert numbers("?sort=modified-date&limit=2") == [1, 2]
    row = api.get("/api/v2/pages/2/versions").json()["results"][1]
    assert (row["message"], row["minorEdit"], row["authorId"]) == ("Lamps in order", True, ADMIN)
    assert api.get("/api/v2/pages/2/versions?sort=title").status_code == 400


def test_versions_of_a_restricted_page_are_not_there_for_others(api: Api) -> None:
    assert api.get("/api/v2/pages/6/versions", EDITOR).status_code == 200
    assert api.get("/api/v2/pages/6/versions", GUEST).status_code == 404


def test_many_people_are_named_in_one_answer(api: Api) -> None:
    found = api.get(f"/rest/api/user/bulk?accountId={GUEST}&accountId=nobody&accountId={EDITOR}")

    assert [row["displayName"] for row in found.json()["results"]] == ["Gus", "Ed"]
    assert api.get("/rest/api/user/bulk").status_code == 400


def test_people_beyond_the_first_hundred_are_not_named(api: Api) -> None:
    strangers = "&".join(f"accountId=x{number}" for number in range(99))

    path = f"/rest/api/user/bulk?{strangers}&accountId={ADMIN}&accountId={EDITOR}"

    assert [row["displayName"] for row in api.get(path).json()["results"]] == ["Ada"]


def test_the_groups_of_a_person_go_on_by_their_start(api: Api) -> None:
    found: list[str] = []
    path = f"/rest/api/user/memberof?accountId={EDITOR}&limit=1"
    while path:
        answer = api.get(path).json()
        found += [row["name"] for row in answer["results"]]
        path = answer["_links"].get("next", "")

    assert found == ["Everybody", "writers"]
    assert api.get("/rest/api/user/memberof?accountId=nobody").status_code == 404


def test_groups_are_found_by_a_part_of_their_name(api: Api) -> None:
    assert api.ids("/rest/api/group/picker?query=ER") == ["g-1", "g-2", "g-3"]
    assert api.ids("/rest/api/group/picker?query=er&start=1&limit=1") == ["g-2"]
    assert api.ids("/rest/api/group/picker?query=nobody") == []
    assert api.get("/rest/api/group/picker").status_code == 400


def test_the_site_says_what_it_is_called(api: Api) -> None:
    assert api.get("/rest/api/settings/systemInfo").json()["siteTitle"] == "Tests"


@pytest.mark.parametrize(
    "path",
    [
        f"/rest/api/user/bulk?accountId={ADMIN}",
        f"/rest/api/user/memberof?accountId={ADMIN}",
        "/rest/api/group/picker?query=e",
        "/rest/api/settings/systemInfo",
        "/api/v2/pages/2/versions",
    ],
)
def test_who_brings_no_token_or_one_without_the_scope_is_told_nothing(api: Api, path: str) -> None:
    app_key = next(iter(api.confluence.connect.installed))
    token = api.confluence.grants.issue(app_key, ADMIN, frozenset({"WRITE_ONLY"}))

    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        answer = requests.get(api.confluence.base_url + path, headers=headers, timeout=10)
        assert answer.status_code in (401, 403), path
