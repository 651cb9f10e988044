"""Builders of hosts: one account's view of a fake site."""

from __future__ import annotations

from addon.host import AsAccount, Host
from addon.impersonation import AuthorizationServer
from addon.models import Site
from addon.origins import Origins
from addon.outbound import Budget
from addon.tokens import TenantSecret
from tests.atlassian import Confluence, FakeAtlassian


def a_site(confluence: Confluence) -> Site:
    return Site(
        client_key=confluence.client_key,
        base_url=confluence.base_url,
        display_url=confluence.base_url,
        oauth_client_id=confluence.oauth_client_id,
        secret=TenantSecret(confluence.secret),
        tenant_id=1,
    )


def a_host(
    atlassian: FakeAtlassian,
    confluence: Confluence,
    account: str = "alice",
    budget: Budget | None = None,
    server: AuthorizationServer | None = None,
) -> Host:
    site = a_site(confluence)
    identity = AsAccount(site, account, server or AuthorizationServer(atlassian.authorization.url))
    return Host(site, identity, budget or Budget.of(10), Origins.of([atlassian.media.url]))
