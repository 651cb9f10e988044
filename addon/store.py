"""Settings and templates, written and read: every query within one tenant.

`_scope` names the tenant to the database as well, where PostgreSQL's row-level security holds
whatever a query should have forgotten. https://www.postgresql.org/docs/15/ddl-rowsecurity.html
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction

from addon.errors import XPressError
from addon.models import SavedSettings, SavedTemplate
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

MOST_TEMPLATES = 100  # of a site or a space


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
    """The templates saved in one place, those put away among them, by name."""
    with _scope(tenant_id):
        return tuple(_templates(tenant_id, {space_key}))


def template(tenant_id: int, space_key: str, key: str) -> Template:
    """Raises TemplateGone."""
    with _scope(tenant_id):
        return _template(_row(tenant_id, space_key, key))


def save_settings(
    tenant_id: int, space_key: str, settings: Settings, revision: int | None = None
) -> None:
    """Write the settings of a space (the site's: key ``""``). Raises Stale.

    `revision` is that of the row the caller has seen, 0 for none; None overwrites.
    """
    values = {
        "template": settings.template,
        "options": dict(settings.options),
        "locked": sorted(settings.locked),
        "access": settings.access.to_stored(),
        "site_only": {
            "switched_off": sorted(settings.switched_off),
            "limits": dict(settings.limits),
        },
    }
    with _scope(tenant_id):
        rows = SavedSettings.objects.select_for_update()
        row = rows.filter(tenant_id=tenant_id, space_key=space_key).first()
        _check_revision(row.revision if row else 0, revision)
        if row is None:
            SavedSettings.objects.create(tenant_id=tenant_id, space_key=space_key, **values)
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.revision += 1
        row.save()


def forget_settings(tenant_id: int, space_key: str, revision: int | None = None) -> None:
    """Return a space to the site's settings. Raises Stale."""
    with _scope(tenant_id):
        rows = SavedSettings.objects.select_for_update()
        row = rows.filter(tenant_id=tenant_id, space_key=space_key).first()
        if row is not None:
            _check_revision(row.revision, revision)
            row.delete()


def create_template(tenant_id: int, space_key: str, name: str, options: ExportOptions) -> Template:
    """Raises NameTaken, TooManyTemplates."""
    with _scope(tenant_id):
        rows = SavedTemplate.objects.filter(tenant_id=tenant_id, space_key=space_key)
        if rows.count() >= MOST_TEMPLATES:
            raise TooManyTemplates(f"There is room for {MOST_TEMPLATES} templates. Delete one.")
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
    """Change `name`, `options` (ExportOptions) or `is_archived`.

    Raises TemplateGone, Stale, NameTaken.
    """
    with _scope(tenant_id):
        row = _row(tenant_id, space_key, key, lock=True)
        _check_revision(row.revision, revision)
        row.name = changes.get("name", row.name)
        row.is_archived = changes.get("is_archived", row.is_archived)
        if "options" in changes:
            row.options = changes["options"].to_stored()
        row.revision += 1
        _save(row)
        return _template(row)


def delete_template(tenant_id: int, space_key: str, key: str) -> None:
    """Raises TemplateGone."""
    with _scope(tenant_id):
        _row(tenant_id, space_key, key, lock=True).delete()


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


def _templates(tenant_id: int, space_keys: set[str]) -> Iterator[Template]:
    rows = SavedTemplate.objects.filter(tenant_id=tenant_id, space_key__in=space_keys)
    return map(_template, rows.order_by("name"))


def _row(tenant_id: int, space_key: str, key: str, *, lock: bool = False) -> SavedTemplate:
    rows = SavedTemplate.objects.select_for_update() if lock else SavedTemplate.objects.all()
    row = rows.filter(tenant_id=tenant_id, space_key=space_key, key=key).first()
    if row is None:
        raise TemplateGone("This template is no longer there.")
    return row


def _save(row: SavedTemplate) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken(
            f"There is a template “{row.name}” already. Choose another name."
        ) from error


def _check_revision(current: int, seen: int | None) -> None:
    if seen is not None and seen != current:
        raise Stale(
            "Somebody else has saved these settings in the meantime. Load them again; what you "
            "typed is still in the form."
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
