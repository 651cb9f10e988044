"""What administrators have chosen, written and read as the store does it."""

from __future__ import annotations

from typing import Any

from addon import store
from addon.models import Tenant
from addon.options import ExportOptions
from addon.settings import Settings


def choose(tenant_id: int, space_key: str = "", **options: Any) -> None:
    """Give a space, or the site, start values of its own."""
    store.change_settings(tenant_id, space_key, lambda _: Settings(options=options))


def forget(tenant_id: int, space_key: str = "") -> None:
    store.change_settings(tenant_id, space_key, lambda _: None)


def holds(tenant_id: int, space_key: str = "") -> ExportOptions:
    """What an export starts with there."""
    return store.standing(tenant_id, space_key).start()


def kept(tenant_id: int | None = None) -> list[dict[str, Any]]:
    """All rows of settings and templates of a tenant, or of all tenants."""
    tenants = Tenant.objects.order_by("pk").values_list("pk", flat=True)
    return [
        {"tenant": pk, **row}
        for pk in (tenants if tenant_id is None else [tenant_id])
        for rows in store.everything(pk).values()
        for row in rows
    ]
