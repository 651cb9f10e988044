"""Faults: rules that make the site slow or unwell, by the address asked for.

A rule is an object such as `{"match": "GET .*/api/v2/pages/65537", "times": 1, "status": 503}`.
Of the rules that match a request, the first that is due is applied.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

FIELDS = {
    "match", "times", "after", "status", "headers", "body", "delayMs", "reset", "truncate",
    "redirect", "restrict", "quota",
}  # fmt: skip


class BadFault(Exception):
    """A rule cannot be understood; the message says why."""


@dataclass(slots=True)
class Rule:
    """What to do to requests that match, and how often it was done already."""

    match: re.Pattern[str]  # searched in "GET /wiki/api/v2/pages?limit=25"
    times: int | None = None  # None: always
    after: int = 0  # so many matching requests pass first
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    delay_ms: int = 0
    reset: bool = False  # close the connection without an answer
    truncate: int | None = None  # end the answer after so many bytes
    redirect: str = ""
    restrict: tuple[str, ...] = ()  # page ids closed to everybody from then on
    quota: int | None = None  # points an hour from then on
    seen: int = 0
    applied: int = 0

    def due(self, line: str) -> bool:
        """Count a request that matches, and tell whether the rule is to be applied to it."""
        if not self.match.search(line):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.applied >= self.times):
            return False
        self.applied += 1
        return True


class Faults:
    """The rules in force; they may be changed while the site runs."""

    def __init__(self, rules: Sequence[Mapping[str, Any]] = ()) -> None:
        self._lock = Lock()
        self._rules = [read(rule) for rule in rules]

    def add(self, **rule: Any) -> Rule:
        """Put a rule in force: `faults.add(match="GET .*/download", status=503, times=2)`."""
        made = read(rule)
        with self._lock:
            self._rules.append(made)
        return made

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def due(self, line: str) -> Rule | None:
        """Find the rule for a request such as "GET /wiki/api/v2/pages/7"."""
        with self._lock:
            return next((rule for rule in self._rules if rule.due(line)), None)


def load(path: Path) -> list[Mapping[str, Any]]:
    """Read rules from a file, and check them."""
    try:
        rules = json.loads(path.read_text(encoding="utf-8"))
        for rule in rules:
            read(rule)
    except (OSError, ValueError, TypeError) as error:
        raise BadFault(f"{path} cannot be read: {error}") from error
    return list(rules)


def read(rule: Mapping[str, Any]) -> Rule:
    """Check a rule.

    >>> read({"status": 500, "time": 1})
    Traceback (most recent call last):
    playground.faults.BadFault: A fault knows no "time".
    """
    unknown = sorted(rule.keys() - FIELDS)
    if unknown:
        raise BadFault(f'A fault knows no "{unknown[0]}".')
    body = rule.get("body", "")
    try:
        return Rule(
            match=re.compile(rule.get("match", "")),
            times=rule.get("times"),
            after=rule.get("after", 0),
            status=rule.get("status"),
            headers=rule.get("headers") or {},
            body=body if isinstance(body, str) else json.dumps(body),
            delay_ms=rule.get("delayMs", 0),
            reset=bool(rule.get("reset", False)),
            truncate=rule.get("truncate"),
            redirect=rule.get("redirect", ""),
            restrict=tuple(map(str, rule.get("restrict") or ())),
            quota=rule.get("quota"),
        )
    except re.error as error:
        raise BadFault(f"The match of a fault is no regular expression: {error}") from error
