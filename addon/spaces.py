"""The options a site and its spaces have chosen, and who may change them."""

from __future__ import annotations

from typing import Any

from addon.errors import XPressError
from addon.host import Host, NotVisible, OddAnswer, segment
from addon.models import SavedOptions
from addon.options import ExportOptions


class NotAllowed(XPressError):
    """The caller may not administer what they want to change."""

    status = 403
    code = "not_allowed"


def site_options(tenant_id: int) -> ExportOptions:
    return _saved(tenant_id, "") or ExportOptions()


def space_options(tenant_id: int, space_key: str) -> tuple[ExportOptions, bool]:
    """The options that hold in a space, and whether they are the site's."""
    own = _saved(tenant_id, space_key)
    return (own, False) if own else (site_options(tenant_id), True)


def save_options(tenant_id: int, space_key: str, options: ExportOptions | None) -> None:
    """Write a space's own options (the site's: key ``""``); None returns to the site's."""
    rows = SavedOptions.objects.filter(tenant_id=tenant_id, space_key=space_key)
    if options is None:
        rows.delete()
    else:
        SavedOptions.objects.update_or_create(
            tenant_id=tenant_id, space_key=space_key, defaults={"options": options.to_stored()}
        )


def require_space_admin(host: Host, space_key: str) -> None:
    """Ask Confluence, in the caller's name, whether they administer the space."""
    rows = host.get("/api/v2/spaces", {"keys": space_key}).get("results")
    spaces = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ids = [row.get("id") for row in spaces if row.get("key") == space_key]
    if len(ids) != 1:
        raise NotVisible("Confluence does not show this space to you.")
    answer = host.get(f"/api/v2/spaces/{segment(str(ids[0]))}/operations")
    if not _grants(answer, "space"):
        raise NotAllowed("Only people who administer this space may do this.")


def require_site_admin(host: Host) -> None:
    answer = host.get("/rest/api/user/current", {"expand": "operations"})
    if not _grants(answer, "application"):
        raise NotAllowed("Only people who administer this site may do this.")


def _grants(answer: dict[str, Any], target: str) -> bool:
    operations = answer.get("operations")
    if not isinstance(operations, list):
        raise OddAnswer("Confluence did not say what you may do here.")
    wanted = {"operation": "administer", "targetType": target}
    return any(isinstance(row, dict) and wanted.items() <= row.items() for row in operations)


def _saved(tenant_id: int, space_key: str) -> ExportOptions | None:
    row = SavedOptions.objects.filter(tenant_id=tenant_id, space_key=space_key).first()
    return ExportOptions.from_stored(row.options) if row else None
