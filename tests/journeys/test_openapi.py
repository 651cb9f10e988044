"""The API is what its description says: all of it is described, and Schemathesis finds no lie.

Schemathesis makes up requests from the description, good ones and bad ones, and compares what comes
back with it. https://schemathesis.readthedocs.io
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, positive_data_acceptance

from addon.option_kinds import Choice, Number
from addon.options import OPTIONS
from playground.boot import World, running
from tests.atlassian import qsh
from tests.journeys.exporting import ADMIN, account
from tests.routes import routes
from xpress.openapi import described

# For programs that know nothing of sites: whether the server lives, and the words of our scripts.
NO_API = {"/healthz", "/readyz", "/words/{language}.js"}
EXAMPLES = 5  # of each operation and kind, good and bad
URI_TOO_LONG = 414
PLACES = ("", "/spaces/DOC")


@pytest.fixture(scope="module")
def description() -> Any:
    return described()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running(app_environment={"XPRESS_MAX_SHEETS": "20"}) as world:
        yield world


def test_every_route_is_described_and_nothing_else(description):
    assert set(description["paths"]) | NO_API == set(routes().values())


def test_the_description_is_valid_and_leaves_no_question_open(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn")

    assert "openapi: 3.1.0" in capsys.readouterr().out


def operations(description: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_says_what_it_does_how_it_fails_and_who_may_ask(description):
    public = {"/openapi.json", "/atlassian-connect.json"}
    for path, method, operation in operations(description):
        assert operation["summary"], (path, method)
        assert "default" in operation["responses"], (path, method)
        assert ("security" in operation) == (path not in public), (path, method)
        assert ("401" in operation["responses"]) == (path not in public), (path, method)


def test_options_are_described_as_their_kinds_say(description):
    schemas = description["components"]["schemas"]
    described = schemas["OptionsForm"]["properties"]

    assert set(described) == set(OPTIONS)
    for name, option in OPTIONS.items():
        assert option.kind.schema().items() <= described[name].items()
        if isinstance(option.kind, Choice):
            assert described[name]["enum"] == list(option.kind.labels)
        if isinstance(option.kind, Number):
            assert described[name]["maximum"] == option.kind.most
        assert described[name]["description"].startswith(str(option.label))
    wishes = set(schemas["OrderOptionsForm"]["properties"])
    assert set(OPTIONS) - wishes == {name for name, it in OPTIONS.items() if it.admin_only}
    assert schemas["OrderForm"]["additionalProperties"] is False


def test_an_export_is_described_as_a_pdf_or_frames(description):
    (answer,) = (
        operation["responses"]["200"]["content"]
        for path, _, operation in operations(description)
        if path == "/api/exports"
    )

    assert set(answer) == {"application/pdf", "application/vnd.xpress.frames"}


def test_whoever_asks_gets_the_description(app, db):
    answer = app.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["paths"] == described()["paths"]


# Schemathesis


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_what_is_made_up_from_the_description_is_answered_as_described(world, mode):
    load_all_checks()
    schema = schemathesis.openapi.from_url(f"{world.app_url}/openapi.json")
    found = [result.ok() for result in schema.get_all_operations()]
    if mode is GenerationMode.NEGATIVE:  # what takes nothing cannot be sent anything wrong
        found = [it for it in found if {"parameters", "requestBody"} & set(it.definition.raw)]
    found.sort(key=lambda it: (it.method == "delete", it.path == "/api/data"))
    templates = {place: _created(world, place) for place in PLACES}
    answered: Counter[int] = Counter()
    for operation in found:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            if mode is GenerationMode.POSITIVE:
                _send_to_what_is_there(case, templates)
            headers = _verified(case, world)
            answer = case.call(headers=headers, timeout=30)
            if answer.status_code == URI_TOO_LONG:
                return  # said by gunicorn, before anything of ours
            case.validate_response(
                answer,
                headers=headers,
                # That a logo is a picture and a style rule harmless is more than a schema can say.
                excluded_checks=[positive_data_acceptance],
            )
            answered[answer.status_code] += 1

        ask()
    assert len(found) > 20
    if mode is GenerationMode.POSITIVE:
        assert answered[200] > answered.total() / 3


def _created(world: World, place: str) -> str:
    """The key of a new template of the site or the space."""
    answer = requests.post(
        f"{world.app_url}/api{place}/templates",
        json={"name": secrets.token_hex(4)},
        headers=world.authorization(),
        timeout=30,
    )
    return str(answer.json()["key"])


def _send_to_what_is_there(case: Case, templates: Mapping[str, str]) -> None:
    """Names of a space, a template and a page that nobody would hit upon."""
    path = case.path_parameters or {}
    case.path_parameters = path | {name: "DOC" for name in path if name == "key"}
    if "template" in path:
        case.path_parameters["template"] = templates["/spaces/DOC" if "key" in path else ""]
    if isinstance(case.body, dict) and "page" in case.body:
        case.body |= {"page": "65538"} | ({"scope": "page"} if "scope" in case.body else {})
        case.body.pop("pages", None)


def _verified(case: Case, world: World) -> dict[str, str]:
    """As the site's admin: by a header; in framed pages by a token that is good for the address."""
    if {"frame": []} not in case.operation.definition.raw.get("security", []):
        return world.authorization()
    case.query = {name: value for name, value in (case.query or {}).items() if name != "jwt"}
    sent = urlsplit(requests.Request(**case.as_transport_kwargs()).prepare().url or "")
    (installation,) = world.confluence.connect.installed.values()
    claim = qsh("GET", sent.path, sent.query)
    case.query["jwt"] = installation.token(account(world, ADMIN), claim)
    return {}
