"""Order numbers: VT-2026-000123, from a PostgreSQL sequence of the year; never reused, gaps allowed."""

from django.db import ProgrammingError, connection, transaction


def next_number(year: int) -> str:
    """Return the next order number of the year."""
    sequence = f"order_number_{int(year)}"
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT nextval(%s)", [sequence])
        except ProgrammingError:
            # The first order of the year. Creating is guarded by a lock: IF NOT EXISTS alone can still collide.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [sequence])
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {sequence}")
            cursor.execute("SELECT nextval(%s)", [sequence])
        return f"VT-{year}-{cursor.fetchone()[0]:06d}"
