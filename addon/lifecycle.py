"""Installation in, Tenant row out: the only writer of Tenant.

https://developer.atlassian.com/cloud/confluence/connect-app-descriptor/#lifecycle
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from addon import store, vault
from addon.errors import XPressError
from addon.models import Tenant
from addon.origins import Origins, origin_of
from addon.tokens import Claims, Reason, TokenRefused

logger = logging.getLogger(__name__)


class HostNotAllowed(XPressError):
    """The site's address is not one that may install XPress."""

    status = 403
    code = "host_not_allowed"


class WrongApp(XPressError):
    status = 400
    code = "wrong_app"


@dataclass(frozen=True, slots=True)
class Installation:
    """What Confluence sends when XPress is installed, reinstalled, or its secret is rotated."""

    key: str
    client_key: str
    shared_secret: str = field(repr=False)
    base_url: str  # https://acme.atlassian.net/wiki
    display_url: str = ""
    oauth_client_id: str = ""


def install(installation: Installation, claims: Claims) -> None:
    """Write the tenant down: one path for install, reinstall and rotation, idempotent.

    The token does not cover the body, so the body must name the issuer and our own key.
    """
    _same_sender(installation.client_key, claims)
    if installation.key != settings.XPRESS_APP_KEY:
        raise WrongApp("This callback is meant for another app.")
    base_url = installation.base_url.rstrip("/")
    allowed = Origins.of(settings.XPRESS_ALLOWED_HOSTS).allows(base_url)
    if not allowed or "?" in base_url or "#" in base_url:
        logger.warning("install refused: host not allowed")
        raise HostNotAllowed("This Confluence address may not install XPress.")
    with transaction.atomic():
        tenant = _locked(claims)
        tenant.base_url = base_url
        tenant.display_url = _web_address(installation.display_url)
        tenant.oauth_client_id = installation.oauth_client_id
        tenant.sealed_secret = vault.seal(installation.shared_secret, tenant.client_key)
        tenant.state = Tenant.State.INSTALLED
        tenant.signed_at = claims.issued_at
        tenant.save()
    logger.info("installed tenant=%d", tenant.pk)


def uninstall(client_key: str, claims: Claims) -> None:
    """Erase the secret, the addresses and all settings. An unknown tenant has nothing to erase."""
    _same_sender(client_key, claims)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().filter(client_key=claims.issuer).first()
        if tenant is None:
            return
        _not_older(tenant, claims)
        store.erase(tenant.pk)
        tenant.base_url = tenant.display_url = tenant.oauth_client_id = tenant.sealed_secret = ""
        tenant.state = Tenant.State.UNINSTALLED
        tenant.signed_at = claims.issued_at
        tenant.save()
    logger.info("uninstalled tenant=%d", tenant.pk)


def switch(tenant_id: int, *, on: bool) -> None:
    """Enable or disable: a disabled tenant keeps its settings and gets no export."""
    state = Tenant.State.INSTALLED if on else Tenant.State.DISABLED
    known = Tenant.objects.filter(pk=tenant_id).exclude(state=Tenant.State.UNINSTALLED)
    known.update(state=state)
    logger.info("%s tenant=%d", "enabled" if on else "disabled", tenant_id)


def reseal_secrets() -> int:
    """Encrypt every stored secret with the newest key; the number of rows."""
    tenants = Tenant.objects.exclude(sealed_secret="").values_list("pk", flat=True)
    for pk in tenants:
        with transaction.atomic():
            tenant = Tenant.objects.select_for_update().get(pk=pk)
            if tenant.sealed_secret:
                secret = vault.unseal(tenant.sealed_secret, tenant.client_key)
                tenant.sealed_secret = vault.seal(secret, tenant.client_key)
                tenant.save(update_fields=["sealed_secret"])
    return len(tenants)


def _locked(claims: Claims) -> Tenant:
    Tenant.objects.get_or_create(client_key=claims.issuer, defaults={"signed_at": 0})
    tenant = Tenant.objects.select_for_update().get(client_key=claims.issuer)
    _not_older(tenant, claims)
    return tenant


def _web_address(url: str) -> str:
    """The address people see the site at. It goes into a header, so it must be beyond doubt."""
    return url.rstrip("/") if origin_of(url) else ""


def _same_sender(client_key: str, claims: Claims) -> None:
    if client_key != claims.issuer:
        raise TokenRefused(Reason.NOT_THE_SENDER)


def _not_older(tenant: Tenant, claims: Claims) -> None:
    if claims.issued_at < tenant.signed_at:
        raise TokenRefused(Reason.REPLAYED)
