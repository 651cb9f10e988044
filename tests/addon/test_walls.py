"""Tenants apart in PostgreSQL itself: what a query forgot, the database does not (0003)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from addon import store
from addon.errors import XPressError
from addon.models import SavedSettings, SavedTemplate, Tenant
from addon.options import ExportOptions
from addon.settings import Settings
from tests.addon.choices import choose, holds, kept

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no rules for rows and one writer"
)
ROLE = "xpress_walls_test"
TABLES = ("addon_savedsettings", "addon_savedtemplate", "addon_tenant")


@pytest.fixture
def tenants(db: None) -> tuple[int, int]:
    """Two sites with the same in both."""
    rows = [Tenant.objects.create(client_key=name) for name in ("acme", "globex")]
    for row in rows:
        choose(row.pk, "DOC", paper="A5")
        store.create_template(row.pk, "DOC", "Ours", ExportOptions())
    return rows[0].pk, rows[1].pk


@pytest.fixture
def as_server(tenants: tuple[int, int]) -> Iterator[None]:
    """As the role a server should connect with: the owner of nothing, and no superuser."""
    _execute(f"CREATE ROLE {ROLE}")
    _execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)} TO {ROLE}")
    _execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
    _execute(
        "SELECT set_config('xpress.tenant', '', true)"
    )  # as after a transaction that named one
    _execute(f"SET LOCAL ROLE {ROLE}")
    yield
    _execute("RESET ROLE")


def test_a_query_without_its_tenant_sees_nothing(as_server):
    assert SavedSettings.objects.count() == SavedTemplate.objects.count() == 0
    assert Tenant.objects.count() == 2


def test_within_one_tenant_all_rows_are_its_own(as_server, tenants):
    for tenant in tenants:
        with store._scope(tenant):
            for model in (SavedSettings, SavedTemplate):
                assert [row.tenant_id for row in model.objects.all()] == [tenant]


def test_nothing_is_written_for_another_tenant(as_server, tenants):
    mine, other = tenants
    with store._scope(mine):
        assert SavedSettings.objects.update(template="report") == 1
        assert SavedTemplate.objects.filter(tenant_id=other).delete() == (0, {})
        writes: list[Callable[[], Any]] = [
            lambda: SavedSettings.objects.create(tenant_id=other, space_key="HR"),
            lambda: SavedTemplate.objects.create(tenant_id=other, key="k", name="Foreign"),
            lambda: SavedSettings.objects.update(tenant_id=other),
        ]
        for write in writes:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                write()

    assert store.standing(other, "DOC").here.template == ""
    assert len(kept(other)) == 2


def test_the_store_works_behind_the_wall(as_server, tenants):
    mine, other = tenants
    choose(mine, "DOC", paper="A3")
    made = store.create_template(mine, "", "Site", ExportOptions())
    store.save_template(mine, "", made.key, {"name": "Whole site"})
    store.delete_template(mine, "", made.key)
    store.erase(other)

    assert holds(mine, "DOC").paper == "A3"
    assert kept(other) == []


def test_the_owner_of_the_tables_is_behind_the_wall_too(tenants):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} >= {TABLES[0], TABLES[1]}


# Two at once


def at_once(*works: Callable[[], Any]) -> list[str]:
    """Do all in threads that start together. → what became of each, "ok" or an error's code"""
    barrier = threading.Barrier(len(works))
    outcomes: list[str] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            work()
            outcomes.append("ok")
        except XPressError as error:
            outcomes.append(error.code)
        except (DatabaseError, threading.BrokenBarrierError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def tenant(transactional_db: None) -> int:
    return Tenant.objects.create(client_key="acme").pk


def saving(tenant: int, revision: int | None, **options: Any) -> Callable[[], Any]:
    def change(standing: Any) -> Settings:
        return standing.here.changed({"options": options}, is_site=False)

    return lambda: store.change_settings(tenant, "DOC", change, revision)


def test_of_two_who_save_at_once_one_is_told(tenant):
    for _ in range(5):
        seen = store.standing(tenant, "DOC").here.revision  # 0 in the first round: no row yet
        outcomes = at_once(saving(tenant, seen, paper="A5"), saving(tenant, seen, paper="A3"))
        assert outcomes == ["ok", "stale"]


def test_who_saves_without_having_looked_changes_only_what_is_named(tenant):
    works = [
        saving(tenant, None, paper="A5"),
        saving(tenant, None, images="small"),
        saving(tenant, None, cover="band"),
    ]

    assert at_once(*works) == ["ok"] * 3
    assert holds(tenant, "DOC") == ExportOptions(paper="A5", images="small", cover="band")


def test_of_two_templates_of_one_name_at_once_one_is_refused(tenant):
    def create() -> None:
        store.create_template(tenant, "DOC", "Ours", ExportOptions())

    assert at_once(create, create) == ["name_taken", "ok"]


def test_of_two_who_change_a_template_at_once_one_is_told(tenant):
    made = store.create_template(tenant, "DOC", "Ours", ExportOptions())

    def save(name: str) -> Callable[[], Any]:
        return lambda: store.save_template(tenant, "DOC", made.key, {"name": name}, made.revision)

    assert at_once(save("Yours"), save("Theirs")) == ["ok", "stale"]


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
