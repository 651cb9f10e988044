"""What the caller may do here: asked of Confluence in their name, not taken from the frame."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from addon.errors import XPressError
from addon.host import Host, NotVisible, OddAnswer, segment
from addon.settings import Access, ExportsOff, Group, Standing

_GROUPS_A_CALL = "200"
_GROUPS_SHOWN = "20"  # of a search


class NotAllowed(XPressError):
    """The caller may not administer what they want to change."""

    status = 403
    code = "not_allowed"


def require_space_admin(host: Host, space_key: str) -> None:
    rows = host.get("/api/v2/spaces", {"keys": space_key}).get("results")
    spaces = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ids = [row.get("id") for row in spaces if row.get("key") == space_key]
    if len(ids) != 1:
        raise NotVisible(_("Confluence does not show this space to you."))
    answer = host.get(f"/api/v2/spaces/{segment(str(ids[0]))}/operations")
    if not _grants(answer, "space"):
        raise NotAllowed(_("Only people who administer this space may do this."))


def require_site_admin(host: Host) -> None:
    answer = host.get("/rest/api/user/current", {"expand": "operations"})
    if not _grants(answer, "application"):
        raise NotAllowed(_("Only people who administer this site may do this."))


def require_export(host: Host, account_id: str, standing: Standing) -> None:
    """Raises ExportsOff with the reason, for people."""
    if reason := why_off(standing):
        raise ExportsOff(reason)
    access = standing.here.access
    if access.who == "groups" and not _is_in(host, account_id, access):
        raise ExportsOff(_("Only some groups may export here. Ask an administrator of this space."))


def why_off(standing: Standing) -> str:
    """Why nobody at all may export here, for people; empty when somebody may."""
    if standing.space_key in standing.site.switched_off:
        return _("PDF export is switched off for this space. Ask a Confluence administrator.")
    if standing.here.access.who == "nobody":
        return _("PDF export is switched off here. Ask an administrator of this space.")
    return ""


def groups(host: Host, query: str) -> tuple[Group, ...]:
    """Some groups whose name holds the query; none for an empty one."""
    if not query:
        return ()
    wanted = {"query": query, "limit": _GROUPS_SHOWN}
    rows = host.get("/rest/api/group/picker", wanted).get("results")
    if not isinstance(rows, list):
        raise OddAnswer(_("Confluence did not say which groups there are."))
    found = Access.from_stored({"who": "groups", "groups": rows}).groups
    return found[: int(_GROUPS_SHOWN)]


def _is_in(host: Host, account_id: str, access: Access) -> bool:
    """Whether the account is in one of the groups. The list goes on by `start`, as v1 lists do."""
    wanted = {group.id for group in access.groups}
    query = {"accountId": account_id, "limit": _GROUPS_A_CALL}
    for start in range(0, 10_000, int(_GROUPS_A_CALL)):
        answer = host.get("/rest/api/user/memberof", {**query, "start": str(start)})
        rows = answer.get("results")
        if not isinstance(rows, list):
            raise OddAnswer(_("Confluence did not say which groups you are in."))
        if any(isinstance(row, dict) and row.get("id") in wanted for row in rows):
            return True
        links = answer.get("_links")
        if not rows or not isinstance(links, dict) or "next" not in links:
            return False
    return False


def _grants(answer: dict[str, Any], target: str) -> bool:
    operations = answer.get("operations")
    if not isinstance(operations, list):
        raise OddAnswer(_("Confluence did not say what you may do here."))
    wanted = {"operation": "administer", "targetType": target}
    return any(isinstance(row, dict) and wanted.items() <= row.items() for row in operations)
