"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "addon.options",
        "addon.origins",
        "addon.outbound",
        "addon.qsh",
        "bench.export",
        "bench.figures",
        "bench.preparation",
        "exports.admission",
        "exports.branches",
        "exports.content.code_lines",
        "exports.content.columns",
        "exports.content.cql",
        "exports.content.measure",
        "exports.content.storage.reading",
        "exports.content.storage.view",
        "exports.file_names",
        "exports.pipeline",
        "exports.results",
        "playground.cql",
    ],
)
def test_the_examples_of_a_module_hold(name):
    outcome = doctest.testmod(import_module(name))

    assert outcome.attempted > 0
    assert outcome.failed == 0
