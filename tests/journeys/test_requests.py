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

HOME, OLD_CORNERS = "65537", "65545"


@pytest.fixture(scope="module")
def asked():
    """Every REST request of a branch, a space and a chosen set, each kind once."""
    with running() as world:
        for scope, more in (("tree", {}), ("space", {}), ("chosen", {"pages": [OLD_CORNERS]})):
            assert export(world, HOME, scope, **more).kinds[-1] == "R"
        rest = [entry for entry in world.confluence.journal if entry.service == "rest"]
    return {(entry.path, entry.query) for entry in rest}


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
