"""Inline: what stands inside a line – lozenges, dates, people, comment markers. Pure."""

from __future__ import annotations

import re

from exports.content.draft import Draft
from exports.content.nodes import classes, drop, find, having, make, plain, replace, unwrap

# Confluence's class → the colour people chose (C-71).
LOZENGES = {
    "aui-lozenge-complete": "blue",
    "aui-lozenge-success": "green",
    "aui-lozenge-current": "yellow",
    "aui-lozenge-moved": "yellow",
    "aui-lozenge-error": "red",
    "aui-lozenge-progress": "purple",
}
LONG_LOZENGE = 25  # characters; a longer one may be broken

_ACCOUNT_STATE = re.compile(r"\s*\((?:Unlicensed|Deactivated)\)\s*$", re.IGNORECASE)


def lozenges(draft: Draft) -> None:
    for lozenge in [*having(draft.body, "status-macro"), *having(draft.body, "aui-lozenge")]:
        if lozenge.getparent() is None:
            continue
        text = plain(lozenge)
        if not text:
            drop(lozenge)
            continue
        colour = next((LOZENGES[name] for name in classes(lozenge) if name in LOZENGES), "grey")
        long = " xp-long" if len(text) > LONG_LOZENGE else ""
        replace(lozenge, make("span", f"xp-status xp-{colour}{long}", text))


def dates(draft: Draft) -> None:
    """A date is printed as written; past and future look alike on paper (C-72)."""
    for date in list(draft.body.iter("time")):
        text = plain(date) or (date.get("datetime") or "").strip()
        replace(date, make("span", "xp-date", text))


def mentions(draft: Draft) -> None:
    """A person is their name, not a link to their profile (C-73)."""
    people = [
        *having(draft.body, "user-mention"),
        *having(draft.body, "confluence-userlink"),
        *find(draft.body, ".//a[@data-linked-resource-type='userinfo']"),
    ]
    for person in people:
        if person.getparent() is not None:
            name = _ACCOUNT_STATE.sub("", plain(person)).removeprefix("@") or "Former user"
            replace(person, make("span", "xp-mention", f"@{name}"))


def comment_markers(draft: Draft) -> None:
    """The text that was commented on stays, the marker goes (C-24)."""
    for marker in having(draft.body, "inline-comment-marker"):
        unwrap(marker)
