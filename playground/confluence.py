"""Confluence: the site that runs, in one object that servers share and tests look into."""

from collections.abc import Mapping, Sequence
from secrets import token_bytes
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from playground.connect import Connect, Installation
from playground.faults import Faults
from playground.grants import Grants
from playground.journal import Journal
from playground.keys import InstallKey
from playground.limits import Meter
from playground.site import Page, Site, User

CONTEXT_PATH = "/wiki"


class Confluence:
    """A site with its people, apps, tokens, limits, faults and journal."""

    def __init__(
        self,
        site: Site,
        origin: str,
        media_origin: str,
        *,
        app_url: str = "",
        latency_ms: int = 0,
        faults: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.site = site
        self.origin = origin  # "http://127.0.0.1:8090"
        self.media_origin = media_origin
        self.app_url = app_url  # of the app that *Manage apps* proposes
        self.latency_ms = latency_ms
        self.faults = Faults(faults)
        self.journal = Journal()
        self.meter = Meter()
        self.grants = Grants()
        self.key = InstallKey()
        self.locked: frozenset[str] = frozenset()  # pages closed to everybody while it runs
        self.cloud_id = str(uuid5(NAMESPACE_URL, origin))
        self.connect = Connect(self.base_url, self.cloud_id, self.key)
        secret = token_bytes(32)
        self.cursors = URLSafeSerializer(secret, salt="cursor")
        self.downloads = URLSafeTimedSerializer(secret, salt="download")

    @property
    def base_url(self) -> str:
        return self.origin + CONTEXT_PATH

    @property
    def oauth_url(self) -> str:
        """The authorization server: the `aud` of assertions."""
        return f"{self.origin}/oauth"

    def install(self, descriptor_url: str) -> Installation:
        installation = self.connect.install(descriptor_url)
        self.grants.revoke(installation.app.key)
        return installation

    def uninstall(self, app_key: str) -> None:
        # The tokens go first: an app that is told it is gone can already do nothing.
        self.grants.revoke(app_key)
        self.connect.uninstall(app_key)

    def context_token(self, account_id: str, app_key: str = "") -> str:
        """Mint what `AP.context.getToken` gives; without a key, for the only app."""
        key = app_key or next(iter(self.connect.installed))
        return self.connect.installed[key].context_token(account_id)

    def first_user(self) -> User:
        return next(iter(self.site.users.values()))

    def restrict(self, *page_ids: str) -> None:
        """Close pages, and what is below them, to everybody."""
        self.locked |= frozenset(page_ids)

    def visible(self, account_id: str | None) -> frozenset[str]:
        return self.site.visible(account_id, self.locked)

    def page(self, page_id: str, account_id: str | None) -> Page | None:
        """Find a page, a folder or a blog post, if the account may see it."""
        return self.site.pages[page_id] if page_id in self.visible(account_id) else None


def here() -> Confluence:
    """Give the site that the current request is for."""
    return cast(Confluence, current_app.extensions["confluence"])
