"""Row-level security on PostgreSQL: a transaction sees the rows of the tenant it has named.

`addon.store` names it in `xpress.tenant`; who names none sees nothing and writes nothing. FORCE
makes it hold for the tables' owner too, who is whom the server connects as; superusers and roles
with BYPASSRLS stand above it. https://www.postgresql.org/docs/15/ddl-rowsecurity.html
A later migration that reads or writes these rows has to name each tenant in turn.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("addon_savedsettings", "addon_savedtemplate")
# After a transaction that named a tenant the setting is empty, not gone.
IS_NAMED = "tenant_id = NULLIF(current_setting('xpress.tenant', true), '')::bigint"


def secure(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema.execute(f"CREATE POLICY one_tenant ON {table} USING ({IS_NAMED})")
        schema.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def open_again(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema.execute(
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
        )
        schema.execute(f"DROP POLICY one_tenant ON {table}")


class Migration(migrations.Migration):
    dependencies = [("addon", "0002_settings_and_templates")]

    operations = [migrations.RunPython(secure, open_again, elidable=False)]
