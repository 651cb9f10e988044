"""The descriptor that Confluence reads before anything else."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.urls import resolve

from addon.descriptor import descriptor
from tests.shared import shared_json


def addresses() -> list[str]:
    """Every address of ours in it."""
    value = descriptor()
    modules = value["modules"]
    single = [modules["configurePage"], modules["postInstallPage"]]
    return [
        *value["lifecycle"].values(),
        *(item["url"] for item in [*modules["webItems"], *modules["spaceToolsTabs"], *single]),
    ]


def test_the_descriptor_is_served_to_everybody_as_json(client):
    answer = client.get("/atlassian-connect.json")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == descriptor()


def test_it_names_the_app_its_address_and_all_four_callbacks(settings):
    settings.XPRESS_BASE_URL = "https://xpress.example.com"

    value = descriptor()

    assert value["key"] == settings.XPRESS_APP_KEY
    assert value["baseUrl"] == "https://xpress.example.com"
    assert value["links"]["self"] == "https://xpress.example.com/atlassian-connect.json"
    assert set(value["lifecycle"]) == {"installed", "enabled", "disabled", "uninstalled"}


def test_it_asks_for_reading_in_the_name_of_the_reader_only():
    assert descriptor()["scopes"] == ["READ", "ACT_AS_USER"]


def test_callbacks_and_context_tokens_are_signed():
    value = descriptor()

    assert value["authentication"] == {"type": "jwt"}
    assert value["apiMigrations"] == {"signed-install": True, "context-qsh": True}


def test_the_page_menu_opens_the_dialog_for_page_and_space():
    (item,) = descriptor()["modules"]["webItems"]

    assert item["location"] == "system.content.action"
    assert item["target"]["type"] == "dialog"
    assert item["url"] == "/dialog?page={content.id}&space={space.key}"


def test_every_address_leads_somewhere_and_has_an_undisputed_hash():
    for address in addresses():
        path = address.partition("?")[0]

        assert resolve(path)
        assert path.isascii()
        assert not set(path) & set("%;&")
        assert "//" not in path
        assert not path.endswith("/")


def test_the_published_schema_takes_it(settings: Any):
    schema = shared_json("specs/confluence-global-schema.derived.json")
    settings.XPRESS_BASE_URL = settings.XPRESS_VENDOR_URL = "https://xpress.example.com"

    errors = jsonschema.Draft4Validator(schema).iter_errors(descriptor())

    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_the_published_schema_is_not_a_formality():
    schema = shared_json("specs/confluence-global-schema.derived.json")
    broken = descriptor() | {"scopes": ["EVERYTHING"]}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema, jsonschema.Draft4Validator)
