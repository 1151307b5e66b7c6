"""Proof that the documents are what they would be if they were written now."""

from django.db import connection

from shop.catalogue.search.indexing import KINDS, WANTED, Kind, batches, columns

# A revision that is behind alone is no fault: prices and pictures raise it too, and no word has changed.
COMPARE = """
WITH wanted AS ({wanted}),
kept AS (SELECT {column} AS owner, language, revision, title, tsv FROM shop_searchdocument WHERE {column} = ANY(%s))
SELECT owner, language,
    CASE WHEN k.tsv IS NULL THEN 'missing' WHEN w.tsv IS NULL THEN 'too many'
         WHEN k.revision <> w.revision THEN 'behind' ELSE 'different' END
FROM wanted w FULL JOIN kept k USING (owner, language)
WHERE (w.tsv, w.title) IS DISTINCT FROM (k.tsv, k.title)
ORDER BY owner, language
"""


def faults() -> list[str]:
    """Return a line for each document that is missing, too many, behind, or not what its texts make of it."""
    return [line for kind in KINDS for line in _faults(kind)]


def _faults(kind: Kind) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {kind.table}")  # noqa: S608 (a constant of ours)
        owners = [owner for (owner,) in cursor.fetchall()]
        for batch in batches(owners):
            arrays = columns(list(kind.gather(batch)))
            cursor.execute(COMPARE.format(wanted=WANTED, column=kind.column), [*arrays, batch])
            found += [
                f"{kind.column.removesuffix('_id')} {owner} in {language}: {what}"
                for owner, language, what in cursor.fetchall()
            ]
    return found
