"""Numbers that people read out: VT-2026-000123, from a PostgreSQL sequence of the year; never reused, gaps allowed."""

from django.db import connection


def next_number(prefix: str, *, sequence: str, year: int) -> str:
    """Return the next number of ``sequence`` in ``year``. Both are the program's own words, never anybody's input."""
    name = f"{sequence}_{int(year)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
        if cursor.fetchone()[0]:
            # The first of the year. Creating is guarded by a lock: IF NOT EXISTS alone can still collide.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {name}")
        cursor.execute("SELECT nextval(%s)", [name])
        return f"{prefix}-{year}-{cursor.fetchone()[0]:06d}"
