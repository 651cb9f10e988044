"""What we ask Confluence is in its published description: each address, each parameter."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest

from playground.boot import running
from tests.journeys.exporting import export
from tests.shared import shared

HOME, OLD_CORNERS, EMPTY = "65537", "65545", "65569"
# Placeholders and options for which Confluence has to be asked more than for a plain export.
CURIOUS = {
    "page_facts": "{author} · {editor} · {owner} · {labels} · {exporter} · {site} · {time}",
    "revisions": 5,
    "left_out_labels": ["owned"],
}

Asked = set[tuple[str, str]]


@pytest.fixture(scope="module")
def exports() -> tuple[Asked, Asked]:
    """Every REST request of plain exports, and of others, as path and query, each once."""
    with running() as world:
        for scope, more in (("tree", {}), ("space", {}), ("chosen", {"pages": [OLD_CORNERS]})):
            assert export(world, HOME, scope, **more).kinds[-1] == "R"
        plain = len(list(world.confluence.journal))
        assert export(world, EMPTY, "page", options=CURIOUS).kinds[-1] == "R"
        entries = list(world.confluence.journal)
    return _requests(entries[:plain]), _requests(entries[plain:])


def _requests(entries: list[Any]) -> Asked:
    return {(entry.path, entry.query) for entry in entries if entry.service == "rest"}


@pytest.fixture(scope="module")
def asked(exports) -> Asked:
    plain, curious = exports
    return plain | curious


def test_a_plain_export_asks_for_nothing_that_only_placeholders_need(exports):
    plain, curious = exports
    named = {"people", "viewer", "site", "versions", "labels", "labelled"}

    assert _beside_content(curious) == named
    assert _beside_content(plain) == set()


def _beside_content(asked: Asked) -> set[str]:
    kinds = {
        "people": r"/wiki/rest/api/user/bulk\?.*",
        "viewer": r"/wiki/rest/api/user/current\?.*",
        "site": r"/wiki/rest/api/settings/.*",
        "versions": r".*/versions\?.*",
        "labels": r".*include-labels.*|.*/labels\?.*",
        "labelled": r"/wiki/rest/api/search\?cql=space%20%3D%20.*label%20in.*",
    }
    requests = [f"{path}?{query}" for path, query in asked]
    return {kind for kind, form in kinds.items() if any(re.fullmatch(form, it) for it in requests)}


def test_every_request_is_in_the_description_of_the_rest_api(asked):
    paths = _described()

    unknown = {path for path, _ in asked if not _operation(paths, path)}
    assert unknown == set()


def test_every_parameter_is_known_and_within_its_bounds(asked):
    paths = _described()

    for path, query in asked:
        known = {one["name"]: one["schema"] for one in _operation(paths, path)["parameters"]}
        for name, value in parse_qsl(query, strict_parsing=bool(query)):
            assert name in known, (path, name)
            if known[name].get("type") == "integer":
                assert int(value) <= known[name].get("maximum", int(value)), (path, name)


def _described() -> dict[str, Any]:
    """GET operations of both versions by the pattern of their path."""
    found: dict[str, Any] = {}
    for name, prefix in (("confluence-rest-v2", "/wiki/api/v2"), ("confluence-rest-v1", "")):
        text = shared(f"specs/{name}.openapi.json").read_text()
        for template, operations in json.loads(text)["paths"].items():
            if "get" in operations:
                pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(prefix + template))
                found[pattern] = {"parameters": [], **operations["get"]}
    return found


def _operation(paths: dict[str, Any], path: str) -> Any:
    return next((paths[pattern] for pattern in paths if re.fullmatch(pattern, path)), None)
