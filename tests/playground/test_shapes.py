"""Answers of the REST API against Atlassian's own description of it."""

import json
from typing import Any

import jsonschema
import pytest
import requests

from tests.playground.builders import ADMIN, EDITOR, GUEST
from tests.playground.conftest import Api
from tests.shared import shared

V2 = "specs/confluence-rest-v2.openapi.json"
V1 = "specs/confluence-rest-v1.openapi.json"


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/pages/{id}", "/pages/2?body-format=view&include-labels=true"),
        ("/pages", "/pages?body-format=storage"),
        ("/pages/{id}/descendants", "/pages/1/descendants?depth=10&limit=2"),
        ("/pages/{id}/direct-children", "/pages/1/direct-children"),
        ("/pages/{id}/ancestors", "/pages/3/ancestors"),
        ("/pages/{id}/attachments", "/pages/2/attachments"),
        ("/pages/{id}/labels", "/pages/2/labels"),
        ("/pages/{id}/versions", "/pages/2/versions?sort=-modified-date&limit=1"),
        ("/blogposts/{id}/versions", "/blogposts/9/versions"),
        ("/pages/{id}/operations", "/pages/2/operations"),
        ("/folders/{id}", "/folders/4"),
        ("/folders/{id}/descendants", "/folders/4/descendants"),
        ("/folders/{id}/direct-children", "/folders/4/direct-children"),
        ("/spaces", "/spaces?keys=DOC"),
        ("/spaces/{id}", "/spaces/7"),
        ("/spaces/{id}/pages", "/spaces/7/pages?depth=root&body-format=atlas_doc_format"),
        ("/spaces/{id}/operations", "/spaces/7/operations"),
        ("/spaces/{id}/blogposts", "/spaces/7/blogposts"),
        ("/blogposts", "/blogposts?space-id=7"),
        ("/blogposts/{id}", "/blogposts/9?body-format=storage"),
        ("/attachments/{id}", "/attachments/att900"),
    ],
)
def test_an_answer_of_version_2_has_the_described_shape(api: Api, template: str, path: str) -> None:
    answer = api.get(f"/api/v2{path}")

    assert answer.status_code == 200
    _check(answer.json(), V2, template, "get")


def test_people_of_version_2_have_the_described_shape(api: Api) -> None:
    answer = requests.post(
        f"{api.confluence.base_url}/api/v2/users-bulk",
        json={"accountIds": [ADMIN, "nobody"]},
        headers=api.token(),
        timeout=10,
    )

    assert [row["accountId"] for row in answer.json()["results"]] == [ADMIN]
    _check(answer.json(), V2, "/users-bulk", "post")


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/wiki/rest/api/user/current", "/rest/api/user/current?expand=operations"),
        ("/wiki/rest/api/user", f"/rest/api/user?accountId={ADMIN}"),
        ("/wiki/rest/api/user/bulk", f"/rest/api/user/bulk?accountId={ADMIN}&accountId={GUEST}"),
        ("/wiki/rest/api/user/memberof", f"/rest/api/user/memberof?accountId={EDITOR}&limit=1"),
        (
            "/wiki/rest/api/group/picker",
            "/rest/api/group/picker?query=e&shouldReturnTotalSize=true",
        ),
        ("/wiki/rest/api/settings/systemInfo", "/rest/api/settings/systemInfo"),
    ],
)
def test_people_and_settings_of_version_1_have_the_described_shape(
    api: Api, template: str, path: str
) -> None:
    _check(api.get(path).json(), V1, template, "get")


@pytest.mark.parametrize(
    "query",
    [
        "cql=type+in+(page,folder,blogpost)&limit=3",
        "cql=space%3DDOC&start=1&limit=2&excerpt=none"
        "&expand=content.history.ownedBy,content.version,content.metadata.labels,content.space",
    ],
)
def test_a_search_has_the_described_shape(api: Api, query: str) -> None:
    answer = api.get(f"/rest/api/search?{query}").json()

    assert answer["results"]
    _check(answer, V1, "/wiki/rest/api/search", "get")


def _check(answer: Any, spec: str, template: str, method: str) -> None:
    described = json.loads(shared(spec).read_text(encoding="utf-8"))
    operation = described["paths"][template][method]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {"components": _json_schema(described["components"]), **_json_schema(schema)}
    jsonschema.Draft202012Validator(whole).validate(answer)
    _nothing_unknown(answer, schema, described, template)


def _json_schema(node: Any) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema, as far as the two differ here."""
    if isinstance(node, list):
        return [_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _json_schema(value) for key, value in node.items() if key != "nullable"}
    # The description says "or null" in words where the schema forgets it.
    says_null = node.get("nullable") or "null if" in str(node.get("description", ""))
    if says_null and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def _nothing_unknown(answer: Any, schema: Any, described: Any, where: str) -> None:
    """Refuse fields that Confluence does not have: nobody must come to rely on them."""
    known = _properties(schema, described)
    if isinstance(answer, list):
        items = _resolved(schema, described).get("items", {})
        for item in answer:
            _nothing_unknown(item, items, described, where)
    elif isinstance(answer, dict) and known:
        for name, value in answer.items():
            assert name in known, f"{where}.{name}"
            # Links are described in two places, of which one overrides the other here.
            if name != "_links":
                _nothing_unknown(value, known[name], described, f"{where}.{name}")


def _resolved(schema: Any, described: Any) -> Any:
    if "$ref" in schema:
        return described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _properties(schema: Any, described: Any) -> dict[str, Any]:
    node = _resolved(schema, described)
    found = dict(node.get("properties", {}))
    for part in (*node.get("allOf", ()), *node.get("oneOf", ())):
        found |= _properties(part, described)
    return found
