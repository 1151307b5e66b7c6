"""Purchase order numbers: PO-2026-000012, from a PostgreSQL sequence of the year; never reused, gaps allowed."""

from django.db import connection


def next_number(year: int) -> str:
    """Return the next purchase order number of the year."""
    sequence = f"purchase_number_{int(year)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [sequence])
        if cursor.fetchone()[0]:
            # The first of the year. IF NOT EXISTS alone can still collide with another session's.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [sequence])
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence}")
        cursor.execute("SELECT nextval(%s)", [sequence])
        return f"PO-{year}-{cursor.fetchone()[0]:06d}"
