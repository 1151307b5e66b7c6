"""Numbers that people read out: VT-2026-000123, from a PostgreSQL sequence of the year; never reused, gaps allowed."""

from django.db import connection


def next_number(prefix: str, *, sequence: str, year: int) -> str:
    """Return the next number of ``sequence`` in ``year``; both are the program's own words, never anybody's input.

    One statement, but for the first of a year.
    """
    name = f"{sequence}_{int(year)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(to_regclass(%s))", [name])
        number = cursor.fetchone()[0]
        if number is None:
            # The first of the year. Creating is guarded by a lock: IF NOT EXISTS alone can still collide.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {name}")
            cursor.execute("SELECT nextval(%s)", [name])
            number = cursor.fetchone()[0]
        return f"{prefix}-{year}-{number:06d}"
