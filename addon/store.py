"""Settings and templates, written and read: every query within one tenant.

`_scope` names the tenant to the database as well, where PostgreSQL's row-level security holds
whatever a query should have forgotten. https://www.postgresql.org/docs/15/ddl-rowsecurity.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from addon.errors import XPressError
from addon.models import SavedSettings, SavedTemplate, Tenant
from addon.options import ExportOptions
from addon.settings import (
    LIMITS,
    Access,
    Settings,
    Standing,
    Template,
    offered,
    shipped_templates,
    sparse,
)
from addon.tokens import Reason, TokenRefused

MOST_TEMPLATES = 100  # of a site or a space
_GONE = gettext_lazy("This template is no longer there.")


class Stale(XPressError):
    """Somebody else has saved since the caller read."""

    status = 409
    code = "stale"


class NameTaken(XPressError):
    """Another template of the same place has this name."""

    status = 409
    code = "name_taken"


class TooManyTemplates(XPressError):
    """The place holds no more templates."""

    status = 422
    code = "too_many_templates"


class TemplateGone(XPressError):
    """The tenant has no such template in this place."""

    status = 404
    code = "template_gone"


def standing(tenant_id: int, space_key: str) -> Standing:
    """All that holds in a space of the tenant; an empty key means the site."""
    with _scope(tenant_id):
        rows = SavedSettings.objects.filter(tenant_id=tenant_id, space_key__in={"", space_key})
        found = {row.space_key: _settings(row) for row in rows}
        saved = _templates(tenant_id, {"", space_key})
    templates = offered((*saved, *shipped_templates()))
    own = found.get(space_key) if space_key else None
    return Standing(found.get("", Settings()), own, templates, space_key)


def templates(tenant_id: int, space_key: str) -> tuple[Template, ...]:
    """All that are seen from a place, by origin and name: its own, those put away among them; in a
    space the site's; and the shipped ones.
    """
    with _scope(tenant_id):
        saved = list(_templates(tenant_id, {"", space_key}))
    own = [it for it in saved if bool(space_key) == (it.origin == "space")]
    of_site = [it for it in saved if it not in own and not it.is_archived]
    return (*own, *of_site, *shipped_templates())


def template(tenant_id: int, space_key: str, key: str) -> Template:
    """One of those that are seen from a place. Raises TemplateGone."""
    for template in templates(tenant_id, space_key):
        if template.key == key:
            return template
    raise TemplateGone(_GONE)


def change_settings(
    tenant_id: int,
    space_key: str,
    change: Callable[[Standing], Settings | None],
    revision: int | None = None,
) -> Standing:
    """Write what a change makes of what holds in a space (the site: key ``""``); None forgets it.

    `revision` is that of the row the caller has seen, 0 for none; without one the change is made
    to whatever is there by now. Raises Stale.
    """
    with _writing(tenant_id):
        rows = SavedSettings.objects.filter(tenant_id=tenant_id, space_key=space_key)
        row = rows.first()
        _check_revision(row.revision if row else 0, revision)
        settings = change(standing(tenant_id, space_key))
        if settings is None:
            rows.delete()
        else:
            row = row or SavedSettings(tenant_id=tenant_id, space_key=space_key)
            _fill(row, settings)
            row.revision = row.revision + 1 if row.pk else _first_revision()
            row.save()
        return standing(tenant_id, space_key)


def create_template(tenant_id: int, space_key: str, name: str, options: ExportOptions) -> Template:
    """Raises NameTaken, TooManyTemplates."""
    with _writing(tenant_id):
        rows = SavedTemplate.objects.filter(tenant_id=tenant_id, space_key=space_key)
        if rows.count() >= MOST_TEMPLATES:
            message = _("There is room for %(most)d templates. Delete one.")
            raise TooManyTemplates(message % {"most": MOST_TEMPLATES})
        row = SavedTemplate(
            tenant_id=tenant_id,
            space_key=space_key,
            key=secrets.token_hex(8),
            name=name,
            options=options.to_stored(),
        )
        _save(row)
        return _template(row)


def save_template(
    tenant_id: int,
    space_key: str,
    key: str,
    changes: Mapping[str, Any],
    revision: int | None = None,
) -> Template:
    """Change `name`, `is_archived`, or some of the `options`.

    Raises TemplateGone, Stale, NameTaken.
    """
    with _writing(tenant_id):
        row = _row(tenant_id, space_key, key)
        _check_revision(row.revision, revision)
        row.name = changes.get("name", row.name)
        row.is_archived = changes.get("is_archived", row.is_archived)
        options = ExportOptions.from_stored(row.options)
        row.options = options.changed(changes.get("options", {})).to_stored()
        row.revision += 1
        _save(row)
        return _template(row)


def delete_template(tenant_id: int, space_key: str, key: str) -> None:
    """Raises TemplateGone."""
    with _writing(tenant_id):
        _row(tenant_id, space_key, key).delete()


def everything(tenant_id: int) -> dict[str, Any]:
    """All that is kept of what the tenant has chosen, as JSON takes it."""
    with _scope(tenant_id):
        settings = SavedSettings.objects.filter(tenant_id=tenant_id).order_by("space_key")
        saved = SavedTemplate.objects.filter(tenant_id=tenant_id).order_by("space_key", "name")
        kept = ("space_key", "template", "options", "locked", "access", "site_only", "revision")
        of_template = ("space_key", "key", "name", "options", "is_archived", "revision")
        return {
            "settings": list(settings.values(*kept)),
            "templates": list(saved.values(*of_template)),
        }


def erase(tenant_id: int) -> None:
    """Forget all settings and templates of the tenant."""
    with _scope(tenant_id):
        SavedSettings.objects.filter(tenant_id=tenant_id).delete()
        SavedTemplate.objects.filter(tenant_id=tenant_id).delete()


@contextmanager
def _scope(tenant_id: int) -> Iterator[None]:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # until the end of the transaction
                cursor.execute("SELECT set_config('xpress.tenant', %s, true)", [str(tenant_id)])
        yield


@contextmanager
def _writing(tenant_id: int) -> Iterator[None]:
    """One writer a tenant at a time, its uninstallation among them: that leaves nothing behind."""
    with _scope(tenant_id):
        tenants = Tenant.objects.filter(pk=tenant_id).exclude(state=Tenant.State.UNINSTALLED)
        # A write that changes nothing: it waits for its turn on SQLite too.
        if not tenants.update(state=F("state")):
            raise TokenRefused(Reason.NOT_INSTALLED)
        yield


def _fill(row: SavedSettings, settings: Settings) -> None:
    row.template = settings.template
    row.options = dict(settings.options)
    row.locked = sorted(settings.locked)
    row.access = settings.access.to_stored()
    row.site_only = {
        "switched_off": sorted(settings.switched_off),
        "limits": dict(settings.limits),
    }


def _first_revision() -> int:
    """Not 1: what was forgotten and saved anew must not pass for what somebody has seen before."""
    return 1 + secrets.randbelow(1_000_000_000)


def _templates(tenant_id: int, space_keys: set[str]) -> Iterator[Template]:
    rows = SavedTemplate.objects.filter(tenant_id=tenant_id, space_key__in=space_keys)
    return map(_template, rows.order_by("name"))


def _row(tenant_id: int, space_key: str, key: str) -> SavedTemplate:
    rows = SavedTemplate.objects.filter(tenant_id=tenant_id, space_key=space_key, key=key)
    row = rows.first()
    if row is None:
        raise TemplateGone(_GONE)
    return row


def _save(row: SavedTemplate) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("There is a template “%(name)s” already. Choose another name.")
        raise NameTaken(message % {"name": row.name}) from error


def _check_revision(current: int, seen: int | None) -> None:
    if seen is not None and seen != current:
        raise Stale(
            _(
                "Somebody else has saved in the meantime. Load again what they saved; what you "
                "typed is still in the form."
            )
        )


def _settings(row: SavedSettings) -> Settings:
    site_only = row.site_only if isinstance(row.site_only, dict) else {}
    limits = site_only.get("limits", {})
    return Settings(
        row.template,
        sparse(row.options),
        frozenset(row.locked),
        Access.from_stored(row.access),
        frozenset(site_only.get("switched_off", ())),
        {name: limits[name] for name in LIMITS if isinstance(limits.get(name), int)},
        row.revision,
    )


def _template(row: SavedTemplate) -> Template:
    return Template(
        row.key,
        row.name,
        "space" if row.space_key else "site",
        ExportOptions.from_stored(row.options),
        is_archived=row.is_archived,
        revision=row.revision,
    )
