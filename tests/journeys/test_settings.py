"""Settings of a site and its spaces: everybody reads, Confluence's admins write."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from addon.options import ExportOptions
from tests.addon.choices import kept
from tests.app import App
from tests.atlassian import Confluence, Reply

SITE = "/api/settings"
SPACE = "/api/spaces/DOC/settings"
USUAL = ExportOptions().to_stored()
LETTER = {"options": {"paper": "Letter"}}


@pytest.fixture
def acme(acme: Confluence) -> Confluence:
    """Alice administers acme and its space DOC; Bob does not."""
    acme.lets_administer("alice")
    return acme


def put(app: App, site: Confluence, path: str, body: Any, account: str = "alice") -> Any:
    return app.call(site, "PUT", path, account, json=body)


def get(app: App, site: Confluence, path: str, account: str = "bob") -> Any:
    answer = app.call(site, "GET", path, account)
    assert answer.status_code == 200
    return answer.json()


def test_before_anybody_chose_the_usual_holds(app, acme):
    common = {
        "template": "article",
        "options": USUAL,
        "chosen": [],
        "locked": [],
        "site_locked": [],
        "access": {"who": "everyone", "groups": []},
        "revision": 0,
    }

    assert get(app, acme, SPACE) == {"inherited": True, **common}
    assert get(app, acme, SITE) == {
        "inherited": False,
        **common,
        "switched_off": [],
        "limits": {},
    }


def test_an_admin_chooses_for_the_site_and_its_spaces_follow(app, acme):
    answer = put(app, acme, SITE, LETTER)

    assert answer.status_code == 200
    for shown in (answer.json(), get(app, acme, SITE), get(app, acme, SPACE)):
        assert shown["options"] == USUAL | {"paper": "Letter"}
        assert shown["chosen"] == ["paper"]
    assert get(app, acme, SPACE)["inherited"]


def test_a_space_goes_its_own_way_and_comes_back(app, acme):
    put(app, acme, SITE, LETTER)

    own = put(app, acme, SPACE, {"options": {"contents": False}}).json()
    assert not own["inherited"]
    assert own["options"] == USUAL | {"paper": "Letter", "contents": False}
    assert get(app, acme, "/api/spaces/HR/settings")["inherited"]

    back = put(app, acme, SPACE, {"inherited": True, "revision": own["revision"]}).json()
    assert back["inherited"]
    assert back["options"] == USUAL | {"paper": "Letter"}
    assert back["revision"] == 0


def test_all_that_a_space_may_choose_is_kept_and_shown(app, acme):
    chosen = {
        "template": "report",
        "options": {"paper": "A5", "images": "small"},
        "locked": ["paper"],
        "access": {"who": "groups", "groups": [{"id": "g-7", "name": "writers"}]},
    }
    put(app, acme, SITE, {"options": {"cover": "none"}, "locked": ["cover"]})

    put(app, acme, SPACE, chosen)

    shown = get(app, acme, SPACE)
    assert (shown["template"], shown["access"]) == ("report", chosen["access"])
    assert (shown["locked"], shown["site_locked"]) == (["paper"], ["cover"])
    assert shown["chosen"] == ["cover", "images", "paper"]
    assert shown["options"]["font"] == "Noto Serif"  # the template's
    assert shown["options"]["cover"] == "none"  # the site's lock


def test_a_value_that_is_taken_back_takes_its_lock_with_it(app, acme):
    put(app, acme, SPACE, {"options": {"paper": "A5", "cover": "band"}, "locked": ["paper"]})

    shown = put(app, acme, SPACE, {"options": {"paper": None}}).json()

    assert (shown["chosen"], shown["locked"]) == (["cover"], [])
    assert shown["options"]["paper"] == "A4"


def test_a_site_limits_and_switches_off(app, acme):
    chosen = {"switched_off": ["HR"], "limits": {"pages": 7, "seconds": 60}}

    shown = put(app, acme, SITE, chosen).json()

    assert {name: shown[name] for name in chosen} == chosen
    assert put(app, acme, SITE, LETTER).json()["limits"] == chosen["limits"]
    assert put(app, acme, SITE, {"limits": {}}).json()["limits"] == {}
    assert put(app, acme, SPACE, chosen).status_code == 400


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"template": "gone"}, "template", "There is no such template here."),
        ({"locked": ["paper"]}, "locked", "Choose a value for “Paper” before you lock it."),
    ],
)
def test_what_cannot_hold_here_is_refused_with_a_sentence(app, acme, body, field, sentence):
    answer = put(app, acme, SPACE, body)

    assert (answer.status_code, answer.json()["fields"]) == (400, {field: sentence})
    assert kept() == []


def test_whoever_saves_over_somebody_elses_change_is_told(app, acme):
    acme.lets_administer("alice", "carol")
    first = put(app, acme, SPACE, LETTER | {"revision": 0}).json()
    put(app, acme, SPACE, {"options": {"paper": "A3"}, "revision": first["revision"]}, "carol")

    late = put(app, acme, SPACE, {"options": {"paper": "A5"}, "revision": first["revision"]})

    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert "Somebody else has saved" in late.json()["message"]
    assert get(app, acme, SPACE)["options"]["paper"] == "A3"


def test_a_later_change_of_the_site_leaves_a_space_with_its_own(app, acme):
    put(app, acme, SPACE, {"options": {"paper": "A4"}})
    put(app, acme, SITE, LETTER)

    assert get(app, acme, SPACE)["options"]["paper"] == "A4"


def test_the_site_returns_to_the_usual(app, acme):
    put(app, acme, SITE, LETTER)

    assert put(app, acme, SITE, {"inherited": True}).json()["options"] == USUAL
    assert kept() == []


def test_the_dialog_starts_with_the_options_of_the_space(app, acme):
    put(app, acme, SPACE, LETTER)

    def starts_with(space: str) -> str:
        text = app.frame(acme, f"/dialog?page=1&space={space}").text
        choices = re.search(r'<script id="choices" type="application/json">(.*?)</script>', text)
        assert choices
        return str(json.loads(choices[1])["templates"]["article"]["start"]["paper"])

    assert (starts_with("DOC"), starts_with("HR")) == ("Letter", "A4")


def test_confluence_is_asked_as_the_person_who_saves(app, acme):
    put(app, acme, SPACE, LETTER)
    put(app, acme, SITE, LETTER, "bob")

    assert [acme.whose(asked) for asked in acme.asked] == ["alice", "alice", "bob"]


@pytest.mark.parametrize("path", [SITE, SPACE])
@pytest.mark.parametrize("body", [LETTER, {"inherited": True}])
def test_whoever_does_not_administer_it_changes_nothing(app, acme, path, body):
    put(app, acme, path, {"options": {"contents": False}})
    before = get(app, acme, path)

    answer = put(app, acme, path, body, "bob")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert get(app, acme, path) == before


def test_a_space_admin_is_no_admin_of_the_site(app, acme):
    only_reading = {"operations": [{"operation": "administer", "targetType": "space"}]}
    acme.on_rest("/rest/api/user/current", Reply(only_reading))

    assert put(app, acme, SITE, LETTER).status_code == 403
    assert put(app, acme, SPACE, LETTER).status_code == 200


@pytest.mark.parametrize("key", ["HR", "doc", "~alice"])
def test_a_space_that_confluence_does_not_show_cannot_be_changed(app, acme, key):
    answer = put(app, acme, f"/api/spaces/{key}/settings", LETTER)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_visible")
    assert kept() == []


@pytest.mark.parametrize("key", ["D%20C", "%3Cb%3E", "D%00", "x" * 256, "D%2FC", "é"])
def test_a_key_that_is_none_is_404(app, acme, key):
    for method in ("GET", "PUT"):
        answer = app.call(acme, method, f"/api/spaces/{key}/settings", json=LETTER)
        assert answer.status_code == 404
    assert acme.asked == []


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
@pytest.mark.parametrize("path", [SITE, SPACE])
def test_when_confluence_does_not_answer_nobody_may(app, acme, path, status):
    elsewhere = {"Location": "https://id.atlassian.com/login"}
    for rest in ("/rest/api/user/current", "/api/v2/spaces"):
        acme.on_rest(rest, Reply({}, status, elsewhere))

    answer = put(app, acme, path, LETTER)

    assert answer.status_code in (403, 404, 502)
    assert kept() == []


def test_without_impersonation_nobody_may(app, atlassian, acme):
    atlassian.authorization.on("/oauth2/token", Reply({"error": "invalid_grant"}, 400))

    answer = put(app, acme, SITE, LETTER)

    assert (answer.status_code, answer.json()["code"]) == (403, "no_access")
    assert acme.asked == []


def test_a_limit_of_confluence_is_passed_on(app, acme):
    limited = {"Retry-After": "90", "RateLimit-Reason": "confluence-quota-tenant-based"}
    acme.on_rest("/rest/api/user/current", Reply({}, 429, limited))

    answer = put(app, acme, SITE, LETTER)

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "90"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "non_field_errors"),
        ([], "non_field_errors"),
        ({"inherited": True, "options": {}}, "non_field_errors"),
        ({"inherited": 1}, "inherited"),
        ({"options": {"paper": "A2"}}, "options"),
        ({"options": {"contents": "yes"}}, "options"),
        ({"options": {"margin": 7}}, "options"),
        ({"options": {}, "tenant_id": 2}, "tenant_id"),
        ({"locked": ["half\ud800"]}, "locked"),
        ({"half\ud800": 1}, "half\ud800"),
        ({"options": {"header_left": "half\ud800"}}, "options"),
    ],
)
def test_settings_of_another_form_are_refused_before_confluence_is_asked(app, acme, body, field):
    for path in (SITE, SPACE):
        answer = put(app, acme, path, body)
        assert answer.status_code == 400
        assert set(answer.json()["fields"]) == {field}
    assert acme.asked == []


def test_the_settings_of_two_sites_do_not_mix(app, acme, globex):
    globex.lets_administer("alice")
    put(app, acme, SITE, LETTER)
    put(app, acme, SPACE, {"options": {"contents": False}})

    assert get(app, globex, SITE)["chosen"] == []
    assert get(app, globex, SPACE)["inherited"]

    put(app, globex, SPACE, {"inherited": True})
    put(app, globex, SITE, {"inherited": True})
    assert get(app, acme, SITE)["options"]["paper"] == "Letter"
    assert not get(app, acme, SPACE)["inherited"]


def test_an_admin_of_one_site_is_nobody_on_another(app, acme, globex):
    globex.lets_administer("carol")

    assert put(app, globex, SITE, LETTER, "alice").status_code == 403
    assert globex.whose(globex.asked[-1]) == "alice"
    assert acme.asked == []
