"""Inquiry: what an export's texts stand for, as far as Confluence has to be asked for it.

Only what some text in use names is asked for, once an export, people many at a time. All of it as
the caller; whom or what Confluence does not name is left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from addon.host import Host
from addon.options import ExportOptions
from exports import confluence
from exports.attempts import attempt
from exports.confluence import Version
from exports.document import Note, Page, Revision, Role
from exports.facts import Used, Viewer, moment
from exports.tree import PageRef

_ROLES: tuple[Role, ...] = ("author", "editor", "owner")


class Inquiry:
    """Asks for one export. Threads may share it."""

    def __init__(self, host: Host, options: ExportOptions) -> None:
        self.used = Used.by(options)
        self._roles = [role for role in _ROLES if role in self.used.names]
        self._most_revisions = options.revisions
        self._host = host
        self._names: dict[str, str] = {}  # by account id; empty for whom Confluence does not name
        self._is_lost = False  # Confluence names nobody
        self._has_no_versions = False  # though they were asked for
        self._lock = threading.Lock()

    def viewer(self, told: Viewer) -> Viewer:
        """Who exports: what the order tells, and what it does not where a text needs it."""
        needs_zone = self.used.has_clock and not told.time_zone
        if "exporter" not in self.used.names and not needs_zone:
            return told
        name, zone = attempt(self._host, lambda: confluence.fetch_viewer(self._host)) or ("", "")
        return replace(told, name=name, time_zone=told.time_zone or zone)

    def site_name(self) -> str:
        """What people call the site; its address where Confluence does not say."""
        if "site" not in self.used.names:
            return ""
        name = attempt(self._host, lambda: confluence.fetch_site_name(self._host))
        site = self._host.site
        return name or urlsplit(site.display_url or site.base_url).hostname or ""

    def meet(self, pages: Iterable[Mapping[Role, str]]) -> None:
        """Ask for the people of many pages at once, if a text names any of them."""
        if self._roles:
            self._learn({page[role] for page in pages for role in self._roles if role in page})

    def people(self, page: Page) -> dict[Role, str]:
        """The names of those of a page's people that a text names."""
        self.meet([page.accounts])
        found = {role: self._names.get(page.accounts.get(role, ""), "") for role in self._roles}
        return {role: name for role, name in found.items() if name}

    def revisions(self, ref: PageRef) -> tuple[Revision, ...]:
        """The latest versions of a page, the newest first, as many as the options ask for."""
        if not self._most_revisions or ref.type not in ("page", "blogpost"):
            return ()
        versions = attempt(
            self._host, lambda: confluence.fetch_versions(self._host, ref, self._most_revisions)
        )
        if versions is None:
            self._has_no_versions = True
            return ()
        self._learn({version.account for version in versions if version.account})
        return tuple(self._revisions(versions))

    def notes(self, ref: PageRef) -> Iterator[Note]:
        """What could not be learned, as lines about the document's first page."""
        if self._is_lost:
            what = "Confluence did not say what the authors of these pages are called."
            yield Note(ref, "people_unread", what, "Their names were left out.")
        if self._has_no_versions:
            what = "Confluence did not send the versions of this page."
            yield Note(ref, "versions_unread", what, "The table of versions was left out.")

    def _revisions(self, versions: Iterable[Version]) -> Iterator[Revision]:
        for it in versions:
            if when := moment(it.created_at):
                who = self._names.get(it.account, "")
                yield Revision(it.number, when, who, it.message, it.is_minor)

    def _learn(self, accounts: set[str]) -> None:
        # Others wait meanwhile: most pages have the same people, and each is asked for once.
        with self._lock:
            unknown = sorted(accounts - self._names.keys())
            if not unknown or self._is_lost:
                return
            names = attempt(self._host, lambda: confluence.fetch_names(self._host, unknown))
            self._is_lost = names is None
            self._names |= dict.fromkeys(unknown, "") | (names or {})
