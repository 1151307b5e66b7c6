from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# pg_stat_statements only a superuser may create: where we are not one, readiness and the system check name it.
STAT_STATEMENTS = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_stat_statements was not created: ask a superuser to run CREATE EXTENSION pg_stat_statements';
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(STAT_STATEMENTS, migrations.RunSQL.noop),
    ]
