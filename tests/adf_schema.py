"""Checks ADF against Atlassian's published JSON schema, node by node.

A validator that is given a whole page tries every kind of node on every child, which takes minutes
for a long table. A node names its type, so only the definitions of that type are tried here, each
without its children, which follow one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jsonschema import Draft4Validator

from tests.shared import shared_json

Json = dict[str, Any]


def faults(document: Json) -> list[str]:
    """What the editor could not have written, one line each."""
    return list(_faults(document, ("doc_node",), "doc"))


def _faults(node: Json, allowed: tuple[str, ...], path: str) -> Iterator[str]:
    """`allowed` are the names of the definitions that may stand in the node's place."""
    children = node.get("content", [])
    own = json.dumps({name: x for name, x in node.items() if name != "content"}, sort_keys=True)
    fitting = [name for name in allowed if _fits(own, name) and _may_hold(name, len(children))]
    if not fitting:
        yield f"{path}: {own[:300]} with {len(children)} children"
        return
    places = tuple(dict.fromkeys(place for name in fitting for place in _places(name)))
    for number, child in enumerate(children):
        yield from _faults(child, places, f"{path}/{number} {child['type']}")


@lru_cache(maxsize=65536)
def _fits(own: str, name: str) -> bool:
    return _validator(name).is_valid(json.loads(own))


def _may_hold(name: str, count: int) -> bool:
    content = _content(name)
    if not content:
        return not count
    return bool(content.get("minItems", 0) <= count <= content.get("maxItems", count))


@lru_cache
def _places(name: str) -> tuple[str, ...]:
    """The definitions that may stand inside one."""
    return tuple(_names_in(_content(name).get("items", [])))


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _names_in(item)
    elif "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        if "type" in _definition(name)["properties"]:
            yield name
        else:
            yield from _names_in(_schema()["definitions"][name])
    else:
        yield from _names_in(schema.get("anyOf", []))


def _content(name: str) -> Json:
    content: Json = _definition(name)["properties"].get("content", {})
    if "$ref" in content:
        content = _schema()["definitions"][content["$ref"].removeprefix("#/definitions/")]
    return content


@lru_cache
def _validator(name: str) -> Draft4Validator:
    definition = _definition(name)
    return Draft4Validator(
        {
            "type": "object",
            "properties": {
                key: x for key, x in definition["properties"].items() if key != "content"
            },
            "required": [key for key in definition.get("required", ()) if key != "content"],
            "additionalProperties": False,
            "definitions": _schema()["definitions"],
        }
    )


@lru_cache
def _definition(name: str) -> Json:
    """A definition together with those it builds on."""
    return _merged(_schema()["definitions"][name])


def _merged(definition: Json) -> Json:
    merged: Json = {"required": [*definition.get("required", ())], "properties": {}}
    for part in definition.get("allOf", ()):
        base = _definition(part["$ref"].removeprefix("#/definitions/")) if "$ref" in part else part
        merged["properties"].update(_merged(base)["properties"])
        merged["required"] += base.get("required", ())
    merged["properties"].update(definition.get("properties", {}))
    return merged


@lru_cache
def _schema() -> Json:
    schema: Json = shared_json("corpus/adf/adf-schema/full.schema.json")
    return schema
