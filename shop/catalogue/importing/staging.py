"""A chunk of records into ``MuseumObject``: COPY into a temporary table, then a fixed number of statements.

The temporary tables live as long as the database session, so the connection must be a session of its own (a pooler in
transaction mode will not do).
"""
# ruff: noqa: S608 (every name put into these statements is a constant of ours)

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from shop.catalogue.importing.record import KEPT_FIELDS, ObjectRecord
from shop.catalogue.importing.rejects import Rejection
from shop.catalogue.models import Museum, MuseumObject, Product
from shop.catalogue.search.indexing import index_objects, index_products

OBJECTS = MuseumObject._meta.db_table  # noqa: SLF001 (public by Django's documentation)
KEPT = ", ".join(KEPT_FIELDS)

# The accession numbers met in this run stand in the database: in memory, a large file's would have no bound.
CREATE = f"""
DROP TABLE IF EXISTS pg_temp.import_stage, pg_temp.import_seen;
CREATE TEMPORARY TABLE import_seen (accession_number text PRIMARY KEY, row_number bigint NOT NULL);
CREATE TEMPORARY TABLE import_stage AS
    SELECT 0::bigint AS row_number, 0::bigint AS line_number, source_digest, {KEPT} FROM {OBJECTS} WITH NO DATA
"""
COPY = f"COPY import_stage (row_number, line_number, source_digest, {KEPT}) FROM STDIN"
NOTE_FIRST = """
INSERT INTO import_seen (accession_number, row_number)
    SELECT accession_number, min(row_number) FROM import_stage GROUP BY accession_number
    ON CONFLICT (accession_number) DO NOTHING
"""
TAKE_OUT_REPEATED = """
DELETE FROM import_stage AS staged USING import_seen AS seen
    WHERE seen.accession_number = staged.accession_number AND seen.row_number <> staged.row_number
    RETURNING staged.row_number, staged.line_number, staged.accession_number, seen.row_number
"""
# The join leaves unchanged rows alone entirely; ON CONFLICT by itself would lock, and so write to, each of them.
# An inserted row version has no xmax, one that replaces another has.
UPSERT = f"""
INSERT INTO {OBJECTS} AS kept (museum_id, slug, ornament, palette, imported_at, source_digest, {KEPT})
    SELECT %(museum)s, '', '', '', %(now)s, staged.source_digest, {", ".join(f"staged.{name}" for name in KEPT_FIELDS)}
    FROM import_stage AS staged
    LEFT JOIN {OBJECTS} AS known
        ON known.museum_id = %(museum)s AND known.accession_number = staged.accession_number
    WHERE known.id IS NULL OR known.source_digest IS DISTINCT FROM staged.source_digest
    ORDER BY staged.row_number
    ON CONFLICT (museum_id, accession_number) DO UPDATE
        SET imported_at = EXCLUDED.imported_at, source_digest = EXCLUDED.source_digest,
            {", ".join(f"{name} = EXCLUDED.{name}" for name in KEPT_FIELDS if name != "accession_number")}
        WHERE kept.source_digest IS DISTINCT FROM EXCLUDED.source_digest
    RETURNING kept.id, (xmax = 0)
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """A record with the row and line of the file it comes from."""

    row: int
    line: int
    record: ObjectRecord


@dataclass(frozen=True, slots=True)
class Stored:
    """What one chunk did: numbers of objects, and the rows whose accession number an earlier row has."""

    created: int
    updated: int
    unchanged: int
    repeated: list[Rejection]


@contextmanager
def tables() -> Iterator[None]:
    """Provide the session's temporary tables; they go with it, whatever happens."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        yield
        cursor.execute("DROP TABLE pg_temp.import_stage, pg_temp.import_seen")


def store(*, museum: Museum, chunk: Sequence[Staged]) -> Stored:
    """Insert what is new and rewrite what the source has changed, in one transaction that is committed on return.

    Texts, slugs and plates that the shop has given an object are left as they are. A second import for the same museum
    waits for this chunk, so two at once neither block each other for good nor repeat work.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        Museum.objects.select_for_update(no_key=True).get(pk=museum.pk)
        cursor.execute("TRUNCATE import_stage")
        with cursor.copy(COPY) as copy:
            for staged in chunk:
                copy.write_row((staged.row, staged.line, staged.record.digest(), *staged.record.kept()))
        cursor.execute(NOTE_FIRST)
        cursor.execute(TAKE_OUT_REPEATED)
        repeated = [
            Rejection(row, line, accession, f"the accession number is already in row {first}")
            for row, line, accession, first in cursor.fetchall()
        ]
        cursor.execute(UPSERT, {"museum": museum.pk, "now": timezone.now()})
        written = cursor.fetchall()
        changed = [identity for identity, _inserted in written]
        fresh = [inserted for _identity, inserted in written]
        index_objects(changed)
        index_products(Product.objects.filter(objects_shown__in=changed).values_list("pk", flat=True))
    created = sum(fresh)
    unchanged = len(chunk) - len(repeated) - len(fresh)
    return Stored(created=created, updated=len(fresh) - created, unchanged=unchanged, repeated=repeated)
