"""The migration operations that install the functions and triggers of ``sql/``."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent / "sql"


def install(name: str, *, undo: str) -> migrations.RunSQL:
    """Return the operation that runs ``sql/<name>.sql``; ``undo`` takes it back."""
    return migrations.RunSQL(sql=(HERE / f"{name}.sql").read_text(encoding="utf-8"), reverse_sql=undo)
