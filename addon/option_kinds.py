"""Kinds of options: what a value may be, how it is read, and how the API describes it. Pure.

Each kind answers two questions: `read` takes a value from outside and refuses what it may not be;
`schema` tells the same in JSON Schema words. https://json-schema.org/draft/2020-12/schema
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from addon import custom_css, logos, placeholders
from addon.placeholders import Scope

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NAME = re.compile(r"[^\x00-\x20\x7f-\xa0,;\"\\]{1,255}")


class BadValue(ValueError):
    """The value is not one the option takes; the message is a sentence for people."""


class Kind(Protocol):
    """What an option's value may be."""

    word: str  # how screens tell the kinds apart, e.g. "choice"

    def read(self, value: Any) -> Any:
        """The value in its usual form. Raises BadValue."""

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    labels: Mapping[str, Any]  # the word → what people read, translated when shown
    word = "choice"

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.labels:
            raise BadValue(f"Choose one of {', '.join(self.labels)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.labels)}


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off; not "yes", not 1."""

    word = "toggle"

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise BadValue("Send true or false.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two others, in whole steps from the least."""

    least: float
    most: float
    step: float = 1
    unit: str = ""  # e.g. "mm"
    word = "number"

    def read(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValue("Send a number.")
        if not self.least <= value <= self.most:  # NaN is between no two numbers
            raise BadValue(f"Choose a number from {self.least:g} to {self.most:g}.")
        steps = round((value - self.least) / self.step)
        exact = round(self.least + steps * self.step, 6)
        return int(exact) if exact == int(exact) else exact

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, with placeholders for what is known while printing."""

    scope: Scope  # how much is known where the text stands
    most: int = 300  # characters
    word = "text"

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise BadValue("Send text.")
        if len(value) > self.most:
            raise BadValue(f"Use at most {self.most} characters.")
        if _CONTROL.search(value):
            raise BadValue("Use one line of plain text.")
        if problem := placeholders.problem(value, self.scope):
            raise BadValue(problem)
        return value.strip()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as six hexadecimal digits."""

    word = "colour"

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not _COLOUR.fullmatch(value.lower()):
            raise BadValue("Send a colour such as #1558bc.")
        return value.lower()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}


@dataclass(frozen=True, slots=True)
class Names:
    """A few names, such as labels; each once, in the order given."""

    most: int = 20
    word = "names"

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise BadValue("Send a list of names.")
        if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in value):
            raise BadValue("A name has no spaces, commas or quotation marks.")
        if len(value) > self.most:
            raise BadValue(f"Use at most {self.most} names.")
        return tuple(dict.fromkeys(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class Picture:
    """A small PNG as a `data:` address, or nothing."""

    word = "picture"

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise BadValue("Send a picture as a data: address.")
        if value and (problem := logos.problem(value)):
            raise BadValue(problem)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": logos.MOST_CHARACTERS}


@dataclass(frozen=True, slots=True)
class Css:
    """Style rules that can reach nothing but the look of the text."""

    most: int = custom_css.MOST_CHARACTERS
    word = "css"

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise BadValue("Send text.")
        if len(value) > self.most:
            raise BadValue(f"Use at most {self.most:,} characters.")
        if problem := custom_css.problem(value):
            raise BadValue(problem)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most}
