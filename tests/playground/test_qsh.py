"""The playground's own reading of the query string hash."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from playground.qsh import canonical, qsh
from tests.shared import shared


def test_the_hash_is_the_one_of_atlassians_example() -> None:
    expected = "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"

    assert qsh("GET", "/path", "") == expected


def test_inputs_on_which_the_official_libraries_agree_are_read_alike() -> None:
    for case in _read("vectors/qsh-ambiguous.json")["agreed"]:
        path, _, query = case["url"].partition("?")

        assert canonical("GET", path, query) == case["canonical"], case["why"]


@pytest.mark.parametrize("name", ["jwt-signed-urls.json", "jwt-signed-urls-2014.json"])
def test_the_published_signed_addresses_are_read_alike(name: str) -> None:
    for case in _read(f"vectors/{name}")["tests"]:
        parts = urlsplit(case["signedUrl"])
        path = parts.path.removeprefix("/base")

        assert canonical("GET", path, parts.query) == case["canonicalUrl"], case["name"]


def _read(name: str) -> Any:
    path: Path = shared(name)
    return json.loads(path.read_text(encoding="utf-8"))
