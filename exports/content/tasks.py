"""Tasks: task and decision lists. Pure."""

from __future__ import annotations

from exports.content.draft import Draft
from exports.content.nodes import classes, drop, find, having, is_blank, rename, unwrap


def tasks(draft: Draft) -> None:
    """A task shows whether it is done; a task without words is dropped (C-78)."""
    for task_list in having(draft.body, "inline-task-list"):
        for item in list(task_list.iterchildren("li")):
            done = "checked" in classes(item)
            for shell in find(item, "./span[contains(@class, 'placeholder-inline-tasks')]"):
                unwrap(shell)
            if is_blank(item):
                drop(item)
            else:
                rename(item, "li", "xp-done" if done else "xp-todo")
        rename(task_list, "ul", "xp-tasks")
        if not len(task_list):
            drop(task_list)


def decisions(draft: Draft) -> None:
    """A decision list; only the ADF tells what is still open (C-79)."""
    for decision_list in having(draft.body, "decision-list"):
        for item in list(decision_list.iterchildren("li")):
            if is_blank(item):
                drop(item)
            else:
                is_open = item.get("data-xp-state") == "undecided"
                rename(item, "li", "xp-undecided" if is_open else "")
        rename(decision_list, "ul", "xp-decisions")
        if not len(decision_list):
            drop(decision_list)
