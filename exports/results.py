"""Results: what a printer hands back, as bytes, and as values again. Pure.

A printer that content has taken over can write any bytes. They are no pickle, so they name nothing
that would be run, and what is made of them is not much larger than they are.

Made of None, truth values, numbers, texts, bytes, lists, mappings by text, and Image, Logo,
Printed and Spot of exports.document. First the length of a JSON text, then that text, then all
bytes in the order in which the text counts them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

from exports.document import Image, Logo, Printed, Spot

MOST_BYTES = 512 * 1024 * 1024  # of one result
_MOST_TEXT = 16 * 1024 * 1024  # of its JSON: 200,000 anchors
_LENGTH = struct.Struct(">I")

_CLASSES: Mapping[str, tuple[type, tuple[Any, ...]]] = {
    "Image": (Image, (bytes, str, int, int, int, int)),
    "Logo": (Logo, (Image, int)),
    "Printed": (Printed, (bytes, int, dict, str, str)),
    "Spot": (Spot, (int, (int, float), (int, float))),
}
_NAMES = {kind: name for name, (kind, _) in _CLASSES.items()}


def encode(value: object) -> bytes:
    """Raises ValueError for what no result is made of.

    >>> decode(encode({"a": [1, b"\\x00", Spot(2, 0.5, 1.0)]}))
    {'a': [1, b'\\x00', Spot(sheet=2, x=0.5, y=1.0)]}
    """
    pieces: list[bytes] = []
    text = json.dumps(_plain(value, pieces), separators=(",", ":"), allow_nan=False).encode()
    size = len(text) + sum(map(len, pieces))
    if len(text) > _MOST_TEXT or size > MOST_BYTES - _LENGTH.size:
        raise ValueError("a result is too large")
    return b"".join([_LENGTH.pack(len(text)), text, *pieces])


def decode(content: bytes | bytearray) -> Any:
    """Raises ValueError, KeyError, TypeError, struct.error or RecursionError for anything else."""
    (length,) = _LENGTH.unpack_from(content)
    if length > _MOST_TEXT:
        raise ValueError("a result is too large")
    start = _LENGTH.size
    reading = _Reading(memoryview(content)[start + length :])
    text = bytes(memoryview(content)[start : start + length])
    value = reading.value(json.loads(text, parse_constant=_no_number))
    if reading.rest:
        raise ValueError("a result holds more than it says")
    return value


def _plain(value: Any, pieces: list[bytes]) -> Any:
    """The value as JSON has it: every object names in its one key what it stands for."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        pieces.append(value)
        return {"bytes": len(value)}
    if isinstance(value, list | tuple):
        return [_plain(item, pieces) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {"map": {key: _plain(item, pieces) for key, item in value.items()}}
    name = _NAMES.get(type(value))
    if name is None:
        raise ValueError("a result holds what no result is made of")
    fields = [getattr(value, field) for field in type(value).__dataclass_fields__]
    return {name: [_plain(field, pieces) for field in fields]}


class _Reading:
    """The bytes that follow the text, as far as they have not been asked for."""

    def __init__(self, rest: memoryview) -> None:
        self.rest = rest

    def value(self, plain: Any) -> Any:
        if isinstance(plain, list):
            return [self.value(item) for item in plain]
        if not isinstance(plain, dict):
            return plain
        ((name, content),) = plain.items()
        if name == "bytes":
            return self._bytes(content)
        if name == "map":
            return {key: self.value(item) for key, item in content.items()}
        kind, types = _CLASSES[name]
        fields = [self.value(field) for field in content]
        if not all(map(isinstance, fields, types)) or len(fields) != len(types):
            raise ValueError("a result holds a value of an impossible kind")
        return kind(*fields)

    def _bytes(self, length: Any) -> bytes:
        if not isinstance(length, int) or not 0 <= length <= len(self.rest):
            raise ValueError("a result holds less than it says")
        content, self.rest = bytes(self.rest[:length]), self.rest[length:]
        return content


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")
