"""What a printer hands back, as bytes; what no printer writes is tried in test_pool."""

from __future__ import annotations

import pytest

from exports import results
from exports.document import Chunk, Image, Logo, Printed, Spot


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "a text with \x00, \ud800 and 日本",
        b"",
        [1, 2.5, [b"\xff"]],
        {"": {"bytes": b"x"}},
        {"Image": "no picture"},
        Image(b"\x89PNG", "image/png", 4, 5, natural_width=8, depth=2),
        Logo(Image(b"\x89PNG", "image/png", 4, 5), 255),
        {"key": Image(b"", "image/svg+xml", 1, 1), "other": "it cannot be read"},
        Printed(
            b"%PDF" * 1000, 3, {"p1-Setup": Spot(0, 1.5, 2), "map": Spot(2, 0.0, 1e-9)}, "𪛖", "utu"
        ),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_results_arrive_as_they_were(value):
    assert results.decode(results.encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [object(), {1: "a"}, {"a"}, Chunk("", {}), [float("nan")], {"a": (1, {2})}, ValueError("x")],
    ids=lambda value: type(value).__name__,
)
def test_nothing_else_is_a_result(value):
    with pytest.raises(ValueError):  # noqa: PT011  # any of json's or ours
        results.encode(value)


def test_bytes_are_carried_as_they_are():
    content = bytes(range(256)) * 4000

    assert len(results.encode(content)) < len(content) + 100


def test_a_text_that_is_too_large_is_refused_on_both_sides():
    with pytest.raises(ValueError, match="too large"):
        results.encode("x" * 17 * 1024 * 1024)
    with pytest.raises(ValueError, match="too large"):
        results.decode(b"\xff\xff\xff\xff" + b"0" * 100)
