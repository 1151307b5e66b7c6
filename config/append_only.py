"""Append-only tables: PostgreSQL itself refuses UPDATE, DELETE and TRUNCATE (DESIGN law 2)."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION vitrine_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused; post a reversing row', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Return the migration operation that makes ``table`` append-only."""
    return migrations.RunSQL(
        sql=f"""{FUNCTION}
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION vitrine_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION vitrine_refuse_change();
""",
        reverse_sql=f"""
DROP TRIGGER {table}_append_only ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
""",
    )
