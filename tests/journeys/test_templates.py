"""Templates of a site and its spaces: everybody reads, Confluence's admins write."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from addon.options import ExportOptions
from tests.addon.choices import kept
from tests.app import App
from tests.atlassian import Asked, Confluence, Reply

SITE = "/api/templates"
SPACE = "/api/spaces/DOC/templates"
A5 = {"paper": "A5"}


@pytest.fixture
def acme(acme: Confluence) -> Confluence:
    """Alice administers acme and its spaces DOC and HR; Bob does not. SECRET is not shown."""
    acme.lets_administer("alice")
    spaces = {"DOC": "98", "HR": "99"}

    def listed(asked: Asked) -> Reply:
        (key,) = parse_qs(asked.query)["keys"]
        return Reply({"results": [{"id": spaces[key], "key": key}] if key in spaces else []})

    acme.on_call("/wiki/api/v2/spaces", listed)
    reads = {"operations": [{"operation": "administer", "targetType": "space"}]}
    acme.on_rest("/api/v2/spaces/99/operations", Reply(reads))
    return acme


def create(app: App, site: Confluence, path: str = SPACE, **body: Any) -> dict[str, Any]:
    answer = app.call(site, "POST", path, json={"name": "Ours", **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def listed(app: App, site: Confluence, path: str = SPACE) -> list[str]:
    answer = app.call(site, "GET", path, "bob")
    assert answer.status_code == 200
    return [f"{row['origin']} {row['name']}" for row in answer.json()["templates"]]


def test_a_template_that_was_created_is_seen_from_its_place_and_below(app, acme):
    create(app, acme, SPACE, options=A5)
    create(app, acme, SITE, name="Whole site")

    shipped = ["shipped Article", "shipped Handbook", "shipped Report"]
    assert listed(app, acme) == ["space Ours", "site Whole site", *shipped]
    assert listed(app, acme, SITE) == ["site Whole site", *shipped]
    assert listed(app, acme, "/api/spaces/HR/templates") == ["site Whole site", *shipped]


def test_a_template_is_shown_with_all_its_options(app, acme):
    made = create(app, acme, options=A5)

    shown = app.call(acme, "GET", f"{SPACE}/{made['key']}", "bob").json()

    assert shown == made
    assert shown["options"] == ExportOptions(paper="A5").to_stored()
    assert app.call(acme, "GET", f"{SPACE}/report", "bob").json()["about"]


def test_only_what_is_named_changes_and_an_older_revision_changes_nothing(app, acme):
    made = create(app, acme, options=A5)
    address = f"{SPACE}/{made['key']}"
    change = {"options": {"cover": "band"}, "revision": made["revision"]}

    changed = app.call(acme, "PUT", address, json=change)
    late = app.call(acme, "PUT", address, json={"name": "Late", "revision": made["revision"]})

    assert changed.json()["options"] == ExportOptions(paper="A5", cover="band").to_stored()
    assert changed.json()["name"] == "Ours"
    assert (late.status_code, late.json()["code"]) == (409, "stale")


def test_an_archived_template_is_offered_to_nobody_until_it_is_restored(app, acme):
    made = create(app, acme)
    address = f"{SPACE}/{made['key']}"
    chosen = {"template": made["key"]}
    assert app.call(acme, "PUT", "/api/spaces/DOC/settings", json=chosen).status_code == 200

    assert app.call(acme, "PUT", address, json={"is_archived": True}).json()["is_archived"]
    shown = app.call(acme, "GET", "/api/spaces/DOC/settings").json()
    refused = app.call(acme, "PUT", "/api/spaces/DOC/settings", json=chosen)
    restored = app.call(acme, "PUT", address, json={"is_archived": False}).json()

    assert shown["template"] == "article"
    assert (refused.status_code, set(refused.json()["fields"])) == (400, {"template"})
    assert not restored["is_archived"]


def test_a_deleted_template_is_gone(app, acme):
    address = f"{SPACE}/{create(app, acme)['key']}"

    assert app.call(acme, "DELETE", address).status_code == 204

    for method, more in (("GET", {}), ("DELETE", {}), ("PUT", {"json": {"name": "Again"}})):
        answer = app.call(acme, method, address, **more)
        assert (answer.status_code, answer.json()["code"]) == (404, "template_gone")


def test_a_name_that_is_taken_is_told(app, acme):
    create(app, acme)

    answer = app.call(acme, "POST", SPACE, json={"name": " Ours "})

    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    assert "“Ours”" in answer.json()["message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_template_of_the_site_or_of_ours_is_not_changed_from_a_space(app, acme, method):
    site = create(app, acme, SITE)
    more = {"json": {"name": "Mine"}} if method == "PUT" else {}

    for key in (site["key"], "article"):
        answer = app.call(acme, method, f"{SPACE}/{key}", **more)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert "Duplicate it" in answer.json()["message"]
    assert app.call(acme, method, f"{SITE}/article", **more).status_code == 403
    assert app.call(acme, "GET", f"{SITE}/{site['key']}").json() == site


def test_a_template_goes_to_a_file_and_comes_back_as_it_was(app, acme, globex):
    globex.lets_administer("alice")
    made = create(app, acme, name="Größe / 1", options={"cover": "band", "watermark": "{date}"})

    file = app.call(acme, "GET", f"{SPACE}/{made['key']}/file", "bob")
    back = create(app, globex, SITE, **file.json())

    assert file.headers["Content-Disposition"].startswith("attachment; filename")
    assert file.json()["xpress_template"] == 1
    assert (back["name"], back["options"]) == (made["name"], made["options"])
    assert back["key"] != made["key"]


def test_a_copy_goes_where_the_caller_administers_and_nowhere_else(app, acme):
    made = create(app, acme, options=A5)
    create(app, acme, "/api/spaces/HR/templates", name="Report")
    wanted = {"spaces": ["HR", "SECRET", "HR"]}

    answer = app.call(acme, "POST", f"{SPACE}/{made['key']}/copies", json=wanted)
    taken = app.call(acme, "POST", f"{SPACE}/report/copies", json={"spaces": ["HR"]})
    as_bob = app.call(acme, "POST", f"{SPACE}/article/copies", "bob", json={"spaces": ["DOC"]})

    assert answer.json()["copied"] == ["HR"]
    assert [row["space"] for row in answer.json()["refused"]] == ["SECRET"]
    assert "space Ours" in listed(app, acme, "/api/spaces/HR/templates")
    assert "“Report”" in taken.json()["refused"][0]["message"]
    assert as_bob.json()["copied"] == []
    assert "administer" in as_bob.json()["refused"][0]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "is_archived": True}, "is_archived"),
        ({"name": "x", "options": {"paper": "A2"}}, "options"),
        ({"name": "x", "options": {"logo": "data:image/png;base64,AAAA"}}, "options"),
        ({"name": "x", "options": {"custom_css": "p { background: url(x) }"}}, "options"),
        ({"name": "x", "options": {"header_left": "{nothing}"}}, "options"),
        ({"name": "x", "key": "mine"}, "key"),
    ],
)
def test_what_a_template_cannot_be_is_refused_before_confluence_is_asked(app, acme, body, field):
    answer = app.call(acme, "POST", SPACE, json=body)

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {field})
    assert acme.asked == []


def test_all_data_is_taken_along_and_erased_by_the_site_admin_only(app, acme, globex):
    globex.lets_administer("alice")
    for site in (acme, globex):
        create(app, site, SITE, options=A5)
        app.call(site, "PUT", "/api/spaces/DOC/settings", json={"options": A5})

    refused = [
        app.call(acme, method, "/api/data", "bob").status_code for method in ("GET", "DELETE")
    ]
    taken = app.call(acme, "GET", "/api/data")
    erased = app.call(acme, "DELETE", "/api/data")

    assert refused == [403, 403]
    assert "attachment" in taken.headers["Content-Disposition"]
    assert [row["space_key"] for row in taken.json()["settings"]] == ["DOC"]
    assert [row["name"] for row in taken.json()["templates"]] == ["Ours"]
    assert erased.status_code == 204
    assert app.call(acme, "GET", "/api/data").json() == {"settings": [], "templates": []}
    assert len(kept()) == 2  # the other site's


def test_groups_are_searched_with_the_eyes_of_the_caller(app, acme):
    rows = {"results": [{"id": "g-7", "name": "writers", "type": "group"}]}
    acme.on_rest("/rest/api/group/picker", Reply(rows))

    found = app.call(acme, "GET", "/api/groups?query=writ", "bob")
    nothing = app.call(acme, "GET", "/api/groups", "bob")

    assert found.json() == {"groups": [{"id": "g-7", "name": "writers"}]}
    assert nothing.json() == {"groups": []}
    assert {acme.whose(asked) for asked in acme.asked} == {"bob"}
    assert app.call(acme, "GET", "/api/groups?query=" + "x" * 201).status_code == 400
