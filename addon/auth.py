"""A request in, a Caller out: three authenticators, one for each kind of token.

The view names its authenticator; the token has no say. https://developer.atlassian.com/cloud/
confluence/security-for-connect-apps/
"""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from addon import tickets, tokens, vault
from addon.host import AsAccount, Host
from addon.impersonation import AuthorizationServer
from addon.keys import InstallKeys
from addon.models import Site, Tenant
from addon.origins import Origins
from addon.outbound import Budget
from addon.qsh import CONTEXT_QSH, query_string_hash
from addon.tokens import Claims, Reason, TenantSecret, TokenRefused

if TYPE_CHECKING:  # DRF imports this module while its views are being defined
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a site, and the account on it."""

    site: Site
    account_id: str | None  # none for an anonymous reader

    is_authenticated = True

    def host(self, budget: Budget) -> Host:
        """The caller's own view of their site. Anonymous readers have none."""
        if not self.account_id:
            raise TokenRefused(Reason.ANONYMOUS)
        identity = AsAccount(self.site, self.account_id, _authorization_server())
        return Host(self.site, identity, budget, Origins.of(settings.XPRESS_MEDIA_HOSTS))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who calls back about an installation: Atlassian itself, for the issuer of the claims."""

    claims: Claims

    is_authenticated = True


class IsVerified(BasePermission):
    """The default everywhere: some authenticator of the view has vouched for the request."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.user is None:
            raise TokenRefused(Reason.MISSING)
        return True


class InstallAuthentication(BaseAuthentication):
    """RS256, signed by Atlassian for this very request: `installed` and `uninstalled`."""

    def authenticate(self, request: Request) -> tuple[Sender, None]:
        token = _header_token(request)
        key = _install_keys().get(tokens.peek(token, "RS256").key_id)
        claims = tokens.verify(
            token,
            key,
            qsh=_qsh_of(request),
            audiences=frozenset({settings.XPRESS_BASE_URL}),
            audience_required=True,
            now=time.time(),
        )
        return Sender(claims), None

    def authenticate_header(self, request: Request) -> str:
        return "JWT"


class TenantAuthentication(BaseAuthentication):
    """HS256 with the tenant's secret, signed by Confluence for this very request."""

    takes_parameter = False
    states: tuple[str, ...] = (Tenant.State.INSTALLED, Tenant.State.DISABLED)

    def qsh(self, request: Request) -> str:
        return _qsh_of(request)

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        token = _any_token(request) if self.takes_parameter else _header_token(request)
        issuer = tokens.peek(token, "HS256").issuer
        tenant = Tenant.objects.filter(client_key=issuer).first()
        known = tenant is not None and tenant.sealed_secret != ""
        site = tenant.as_site() if tenant is not None and known else None
        secret = site.secret if site else _secret_of_nobody()
        try:
            claims = tokens.verify(
                token,
                secret,
                qsh=self.qsh(request),
                audiences=frozenset({settings.XPRESS_BASE_URL, settings.XPRESS_APP_KEY}),
                audience_required=False,
                now=time.time(),
            )
        except TokenRefused:
            if site is None:
                raise TokenRefused(
                    Reason.NOT_INSTALLED if tenant else Reason.UNKNOWN_ISSUER
                ) from None
            raise
        if site is None or tenant is None or tenant.state not in self.states:
            raise TokenRefused(Reason.NOT_INSTALLED)
        return Caller(site, claims.account_id), None

    def authenticate_header(self, request: Request) -> str:
        return "JWT"


class CallbackAuthentication(TenantAuthentication):
    """The `enabled` and `disabled` callbacks: header only."""


class FrameAuthentication(TenantAuthentication):
    """Pages that Confluence frames: the token is in the address or the header; or a ticket is."""

    takes_parameter = True
    states = (Tenant.State.INSTALLED,)

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        if tickets.PARAMETER not in request.query_params:
            return super().authenticate(request)
        redeemed = tickets.redeem(request)
        if redeemed is None or "Authorization" in request.headers:
            raise TokenRefused(Reason.BAD_TICKET)
        client_key, account_id = redeemed
        tenant = Tenant.objects.filter(client_key=client_key, state__in=self.states).first()
        if tenant is None:
            raise TokenRefused(Reason.NOT_INSTALLED)
        return Caller(tenant.as_site(), account_id), None


class ContextAuthentication(TenantAuthentication):
    """Our own pages' calls, with a token of AP.context.getToken: bound to no address."""

    states = (Tenant.State.INSTALLED,)

    def qsh(self, request: Request) -> str:
        return CONTEXT_QSH


def _header_token(request: Request) -> str:
    header = request.headers.get("Authorization", "")
    if "jwt" in request.query_params:
        raise TokenRefused(Reason.SEVERAL)
    return _from_header(header)


def _any_token(request: Request) -> str:
    header = request.headers.get("Authorization", "")
    given = request.query_params.getlist("jwt")
    if len(given) + bool(header) > 1:
        raise TokenRefused(Reason.SEVERAL)
    return given[0] if given else _from_header(header)


def _from_header(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme != "JWT" or not token:
        raise TokenRefused(Reason.MISSING)
    return token


def _qsh_of(request: Request) -> str:
    http: HttpRequest = request._request
    # Every signed route of ours is plain ASCII without escapes, so the decoded path is the path.
    return query_string_hash(http.method or "", http.path, http.META.get("QUERY_STRING", ""))


def _secret_of_nobody() -> TenantSecret:
    """Tried on tokens of unknown issuers, so that they take as long as those of known ones."""
    return TenantSecret(vault.unseal(_sealed_secret_of_nobody(), ""))


@lru_cache(maxsize=1)
def _sealed_secret_of_nobody() -> str:
    return vault.seal(secrets.token_hex(32), "")


@lru_cache(maxsize=1)
def _install_keys() -> InstallKeys:
    return InstallKeys(settings.XPRESS_INSTALL_KEYS_URL)


@lru_cache(maxsize=1)
def _authorization_server() -> AuthorizationServer:
    return AuthorizationServer(settings.XPRESS_AUTHORIZATION_SERVER_URL)
