"""Jira: issues named on a page, and lists of them. Pure."""

from __future__ import annotations

from exports.content.draft import Draft, box
from exports.content.nodes import (
    Element,
    classes,
    drop,
    first,
    having,
    is_blank,
    make,
    plain,
    replace,
)

WAITING = ("Getting issue details...", "Getting issue details…")


def issues(draft: Draft) -> None:
    """`KEY – summary [STATUS]`; texts that only stood in for an answer are dropped (C-91)."""
    for macro in having(draft.body, "jira-issue"):
        if macro.getparent() is None:
            continue
        key = (macro.get("data-jira-key") or "").strip()
        link = first(macro, "jira-issue-key", "a")
        key = key or (plain(link) if link is not None else "")
        if not key:
            continue
        issue = make("span", "xp-issue")
        if link is not None and link.get("href"):
            issue.append(make("a", "", key, href=link.get("href") or ""))
        else:
            issue.text = key
        summary = first(macro, "summary")
        words = plain(summary) if summary is not None else ""
        if words and words not in WAITING:
            issue.append(make("span", "", f" – {words}"))
        status = first(macro, "aui-lozenge")
        if status is not None and "issue-placeholder" not in classes(status):
            status.tail = None
            issue.append(make("span", "", " "))
            issue.append(status)
        replace(macro, issue)
    for placeholder in having(draft.body, "issue-placeholder"):
        drop(placeholder)


def lists(draft: Draft) -> None:
    """A list of issues is a table; what it could not load is said (C-92)."""
    for macro in [*having(draft.body, "jira-issues"), *having(draft.body, "jira-table")]:
        if macro.getparent() is None:
            continue
        for row in list(macro.iter("tr")):
            if not len(row):
                drop(row)
        message = first(macro, "aui-message")
        if message is not None or is_blank(macro):
            _say_missing(draft, macro, plain(message) if message is not None else "")


def _say_missing(draft: Draft, macro: Element, message: str) -> None:
    draft.note(
        "jira_missing",
        f"A list of Jira work items could not be shown by Confluence. {message[:200]}".strip(),
        "A labelled box stands in its place.",
    )
    replace(macro, box("Jira work items not available.", message[:200]))
