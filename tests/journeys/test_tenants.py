"""Two sites with the same spaces, settings and templates: nothing of one is seen or changed by the
other, by no address there is. Run it on PostgreSQL too (DATABASE_URL).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from addon import store
from addon.models import Tenant
from tests.addon.choices import kept
from tests.app import App
from tests.atlassian import Confluence
from tests.routes import routes

PAGE = "65537"
GROUP = {"id": "g-7", "name": "writers"}
# What each endpoint is sent; {template} stands for a key of the site that is asked about. A new
# endpoint has to be added here, or to one of the two sets below.
CALLS: dict[str, list[tuple[str, str, Any]]] = {
    "site-settings": [
        ("GET", "/api/settings", None),
        ("PUT", "/api/settings", {"options": {"paper": "A3"}, "limits": {"pages": 1}}),
    ],
    "space-settings": [
        ("GET", "/api/spaces/DOC/settings", None),
        ("PUT", "/api/spaces/DOC/settings", {"access": {"who": "nobody"}}),
        ("PUT", "/api/spaces/DOC/settings", {"inherited": True}),
    ],
    "site-templates": [
        ("GET", "/api/templates", None),
        ("POST", "/api/templates", {"name": "Another"}),
    ],
    "space-templates": [
        ("GET", "/api/spaces/DOC/templates", None),
        ("POST", "/api/spaces/DOC/templates", {"name": "Another"}),
    ],
    "site-template": [
        ("GET", "/api/templates/{site}", None),
        ("PUT", "/api/templates/{site}", {"name": "Taken"}),
        ("DELETE", "/api/templates/{site}", None),
    ],
    "space-template": [
        ("GET", "/api/spaces/DOC/templates/{space}", None),
        ("PUT", "/api/spaces/DOC/templates/{space}", {"name": "Taken"}),
        ("DELETE", "/api/spaces/DOC/templates/{space}", None),
    ],
    "site-template-file": [("GET", "/api/templates/{site}/file", None)],
    "space-template-file": [("GET", "/api/spaces/DOC/templates/{space}/file", None)],
    "template-copies": [("POST", "/api/spaces/DOC/templates/{space}/copies", {"spaces": ["DOC"]})],
    "data": [("GET", "/api/data", None), ("DELETE", "/api/data", None)],
    "spaces": [("GET", "/api/spaces?query=do", None)],
    "groups": [("GET", "/api/groups?query=writ", None)],
    "tree": [("GET", f"/api/tree?page={PAGE}", None)],
    "exports": [("POST", "/api/exports", {"page": PAGE, "scope": "page", "template": "{space}"})],
    "logo": [("POST", "/api/logo", {"file": "bm9uZQ=="})],
    "preview": [("POST", "/api/preview", {"page": PAGE, "template": "{space}"})],
    "pages": [("GET", "/api/pages?space=DOC", None)],
}
# Framed pages, with a token in their address.
FRAMES = {
    "dialog": f"/dialog?page={PAGE}&space=DOC",
    "space-settings-page": "/space-settings?space=DOC",
    "configure": "/configure",
    "get-started": "/get-started",
}
# Nothing of a tenant is behind these, or they are told in tests/journeys/test_install.py.
OTHERS = {
    *("descriptor", "openapi", "words", "/healthz", "/readyz"),
    *("installed", "uninstalled", "enabled", "disabled"),
}


@pytest.fixture
def keys(app: App, acme: Confluence, globex: Confluence) -> dict[str, dict[str, str]]:
    """Alice administers both sites. Each has the same, but for a word of its own."""
    found: dict[str, dict[str, str]] = {}
    for site in (acme, globex):
        site.lets_administer("alice")
        word = f"of {site.name}"
        chosen = {"options": {"cover_title": word}, "locked": ["cover_title"]}
        for place, name in (("", "site"), ("/spaces/DOC", "space")):
            made = app.call(
                site,
                "POST",
                f"/api{place}/templates",
                json={"name": "Ours", "options": {"cover_subtitle": word}},
            )
            assert app.call(site, "PUT", f"/api{place}/settings", json=chosen).status_code == 200
            found.setdefault(site.name, {})[name] = made.json()["key"]
        site.asked.clear()
    return found


def tenant(site: Confluence) -> int:
    return Tenant.objects.get(client_key=site.client_key).pk


def calls(keys: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    for rows in CALLS.values():
        for method, path, body in rows:
            filled = json.dumps(body).replace("{space}", keys["space"])
            yield method, path.format(**keys), json.loads(filled)


def test_every_endpoint_is_in_this_matrix():
    assert set(routes()) == {*CALLS, *FRAMES, *OTHERS}


def test_one_site_sees_and_changes_nothing_of_the_other(app, acme, globex, keys):
    """Acme's admin, with acme's token, asks for everything, also by the other's keys."""
    before = kept(tenant(globex))

    for whose in (keys["globex"], keys["acme"]):
        for method, path, body in calls(whose):
            answer = app.call(acme, method, path, json=body)
            assert answer.status_code != 500, (method, path)
            assert "of globex" not in answer.text, (method, path)
            if whose is keys["globex"] and {*whose.values()} & {*path.split("/")}:
                assert answer.status_code == 404, (method, path)
    for address in FRAMES.values():
        answer = app.frame(acme, address)
        assert "of globex" not in answer.text
        assert globex.client_key not in answer.text

    assert not store.standing(tenant(acme), "DOC").has(keys["globex"]["space"])
    assert len(before) == 4
    assert kept(tenant(globex)) == before
    assert globex.asked == []


def test_a_token_of_the_other_site_opens_nothing_in_this_ones_name(app, acme, globex, keys):
    """Signed by globex, and saying that acme had signed it."""
    before = kept()
    forged = globex.context_token(iss=acme.client_key)

    for method, path, body in calls(keys["acme"]):
        answer = app.send(method, path, forged, json=body)
        assert answer.status_code == 401, (method, path)
    for address in FRAMES.values():
        answer = app.frame(globex, address, iss=acme.client_key)
        assert answer.status_code == 401, address

    assert kept() == before
    assert acme.asked == globex.asked == []


@pytest.mark.parametrize("account", ["bob", "guest"])
def test_whoever_administers_nothing_changes_nothing(app, acme, globex, keys, account):
    before = kept()

    for method, path, body in calls(keys["acme"]):
        if method in ("PUT", "DELETE") or path.endswith(("/templates", "/data")):
            answer = app.call(acme, method, path, account, json=body)
            wanted = 200 if method == "GET" and not path.endswith("/data") else 403
            assert answer.status_code == wanted, (method, path, answer.text)

    assert kept() == before


def test_an_anonymous_reader_changes_nothing(app, acme, globex, keys):
    before = kept()

    for method, path, body in calls(keys["acme"]):
        if method in ("PUT", "DELETE"):
            token = acme.context_token(account=None)  # type: ignore[arg-type]
            assert app.send(method, path, token, json=body).status_code in (401, 403)

    assert kept() == before


def test_uninstalling_one_site_leaves_the_other_whole(app, acme, globex, keys):
    before = kept(tenant(globex))

    assert app.uninstall(acme).status_code == 204

    assert kept() == before
    assert store.standing(tenant(globex), "DOC").fixed == {"cover_title": "of globex"}
