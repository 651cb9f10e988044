"""Tenant, SavedSettings and SavedTemplate: all that XPress keeps. Data and constraints only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import models

from addon import vault
from addon.origins import origin_of
from addon.tokens import TenantSecret


@dataclass(frozen=True, slots=True)
class Site:
    """A tenant as the rest of the program sees it: no database behind it, safe in any thread."""

    client_key: str
    base_url: str  # https://acme.atlassian.net/wiki
    display_url: str  # the address people see; another one where the site has its own domain
    oauth_client_id: str
    secret: TenantSecret
    tenant_id: int

    @property
    def origin(self) -> str:
        return origin_of(self.base_url) or ""

    @property
    def context_path(self) -> str:
        return urlsplit(self.base_url).path  # /wiki


class Tenant(models.Model):
    """A Confluence site that has, or had, XPress installed."""

    class State(models.TextChoices):
        INSTALLED = "installed"
        DISABLED = "disabled"
        UNINSTALLED = "uninstalled"

    client_key = models.CharField(max_length=255, unique=True)
    base_url = models.CharField(max_length=255, blank=True)  # https://acme.atlassian.net/wiki
    display_url = models.CharField(max_length=255, blank=True)
    oauth_client_id = models.CharField(max_length=255, blank=True)
    sealed_secret = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.INSTALLED)
    # `iat` of the newest install or uninstall token: an older one is a replay.
    signed_at = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["installed", "disabled", "uninstalled"]),
                name="tenant_state_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="uninstalled")
                | models.Q(sealed_secret="", base_url="", display_url="", oauth_client_id=""),
                name="uninstalled_tenant_keeps_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"tenant {self.pk}"

    def as_site(self) -> Site:
        return Site(
            client_key=self.client_key,
            base_url=self.base_url,
            display_url=self.display_url,
            oauth_client_id=self.oauth_client_id,
            secret=TenantSecret(vault.unseal(self.sealed_secret, self.client_key)),
            tenant_id=self.pk,
        )


class SavedSettings(models.Model):
    """What a site, or one of its spaces, has chosen as its own."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="saved_settings")
    space_key = models.CharField(max_length=255, blank=True)  # empty: the whole site's
    template = models.CharField(max_length=80, blank=True, default="")  # empty: the first there is
    options = models.JSONField(default=dict)  # those set here, over the template's
    locked = models.JSONField(default=list)  # names among them that nobody changes
    access = models.JSONField(default=dict)  # who may export
    site_only = models.JSONField(default=dict)  # spaces switched off, limits
    revision = models.PositiveIntegerField(default=1)  # another one after each save

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "space_key"], name="one_row_a_space")
        ]

    def __str__(self) -> str:
        return f"settings {self.pk}"


class SavedTemplate(models.Model):
    """A named set of options of a site or of one of its spaces."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="saved_templates")
    space_key = models.CharField(max_length=255, blank=True)  # empty: the whole site's
    key = models.CharField(max_length=32)  # random, never reused
    name = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    is_archived = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)  # counts saves

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="one_template_a_key"),
            models.UniqueConstraint(
                fields=["tenant", "space_key", "name"], name="one_template_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"template {self.pk}"
