"""Writing search documents: in the transaction that changes a product or object, and by a sweep for what was missed.

Level, not edge: a document is always made anew from what stands in the tables.
"""
# ruff: noqa: S608 (every name put into these statements is a constant of ours)

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from shop.catalogue.models import SearchDocument, SearchWord
from shop.catalogue.search.gathering import Gathered, of_objects, of_products

BATCH = 1_000
# Stems of the languages that PostgreSQL knows; the others are found by their words and pairs of characters.
STEMS = {"en": "pg_catalog.english", "fr": "pg_catalog.french"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: the column of its owner, the table of its owners, and how documents are made."""

    column: str
    table: str
    gather: Callable[[Iterable[int]], Iterator[Gathered]]


PRODUCT = Kind("product_id", "shop_product", of_products)
OBJECT = Kind("museum_object_id", "shop_museumobject", of_objects)
KINDS = (PRODUCT, OBJECT)

_stemmed = " || ".join(
    f"setweight(to_tsvector(x.config::regconfig, x.{weight}), '{weight.upper()}')" for weight in "abcd"
)
WANTED = f"""
SELECT x.owner, x.language, x.revision, x.title,
    CASE WHEN x.config = '' THEN x.vector::tsvector ELSE x.vector::tsvector || {_stemmed} END AS tsv
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[])
    AS x (owner, language, revision, title, vector, config, a, b, c, d)
"""
WRITE = """
INSERT INTO shop_searchdocument AS kept ({column}, language, revision, title, tsv)
{wanted}
ON CONFLICT ({column}, language) DO UPDATE
    SET revision = EXCLUDED.revision, title = EXCLUDED.title, tsv = EXCLUDED.tsv
    WHERE kept.revision <= EXCLUDED.revision
"""
DROP = """
DELETE FROM shop_searchdocument d WHERE d.{column} = ANY(%s) AND NOT EXISTS (
    SELECT 1 FROM unnest(%s::bigint[], %s::text[]) AS x (owner, language)
    WHERE x.owner = d.{column} AND x.language = d.language)
"""
# In the order of the index, so that two writers of the same words wait for each other and never in a circle.
NOTE_WORDS = """
INSERT INTO shop_searchword (language, word, shown, of_product)
SELECT language, word, shown, %s FROM unnest(%s::text[], %s::text[], %s::text[]) AS x (language, word, shown)
WHERE NOT EXISTS (SELECT 1 FROM shop_searchword k
    WHERE k.word = x.word AND k.language = x.language AND k.of_product = %s)
ORDER BY word, language
ON CONFLICT DO NOTHING
"""
BEHIND = """
SELECT o.id FROM {table} o
LEFT JOIN (SELECT {column} AS owner, min(revision) AS revision FROM shop_searchdocument
            WHERE {column} IS NOT NULL GROUP BY 1) d ON d.owner = o.id
WHERE d.revision IS DISTINCT FROM o.revision AND ({anything})
ORDER BY o.id LIMIT %s
"""
ANYTHING = {
    PRODUCT.column: "d.owner IS NOT NULL OR EXISTS (SELECT 1 FROM shop_producttext t WHERE t.product_id = o.id)",
    OBJECT.column: "true",
}


def index_products(ids: Iterable[int]) -> int:
    """Write the documents of these products; return how many there are. Four statements for each thousand."""
    return _index(PRODUCT, ids)


def index_objects(ids: Iterable[int]) -> int:
    """Write the documents of these objects; return how many there are. Four statements for each thousand."""
    return _index(OBJECT, ids)


def columns(documents: list[Gathered]) -> list[list[Any]]:
    """Return the documents as the arrays that ``WANTED`` takes."""
    return [
        [one.owner for one in documents],
        [one.language for one in documents],
        [one.revision for one in documents],
        [one.title for one in documents],
        [one.document.vector for one in documents],
        [STEMS.get(one.language, "") for one in documents],
        *[[one.document.words[weight] for one in documents] for weight in range(4)],
    ]


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield the distinct ids in order, a thousand at a time."""
    rest = iter(sorted(set(ids)))
    while batch := list(islice(rest, BATCH)):
        yield batch


def _index(kind: Kind, ids: Iterable[int]) -> int:
    written = 0
    for batch in batches(ids):
        with transaction.atomic(), connection.cursor() as cursor:
            documents = list(kind.gather(batch))
            arrays = columns(documents)
            if documents:
                cursor.execute(WRITE.format(column=kind.column, wanted=WANTED), arrays)
            cursor.execute(DROP.format(column=kind.column), [batch, arrays[0], arrays[1]])
            _note_words(documents, of_product=kind is PRODUCT)
        written += len(documents)
    return written


def _note_words(documents: list[Gathered], *, of_product: bool) -> None:
    most = SearchWord._meta.get_field("word").max_length or 0  # noqa: SLF001 (public by Django's documentation)
    spellings = {
        (word, one.language): shown
        for one in documents
        for word, shown in one.document.spellings.items()
        if len(word) <= most and len(shown) <= most and not word.isdigit()
    }
    if spellings:
        languages = [language for _word, language in spellings]
        words = [word for word, _language in spellings]
        with connection.cursor() as cursor:
            cursor.execute(NOTE_WORDS, [of_product, languages, words, list(spellings.values()), of_product])


def follow(*, most: int = 5 * BATCH) -> int:
    """Write the documents that are behind their products and objects, ``most`` of each; return how many owners."""
    done = 0
    for kind in KINDS:
        with connection.cursor() as cursor:
            statement = BEHIND.format(table=kind.table, column=kind.column, anything=ANYTHING[kind.column])
            cursor.execute(statement, [most])
            behind = [owner for (owner,) in cursor.fetchall()]
        _index(kind, behind)
        done += len(behind)
    return done


def rebuild() -> int:
    """Write all documents anew and forget words that stand in none; return how many documents there are."""
    SearchWord.objects.all().delete()
    written = 0
    for kind in KINDS:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {kind.table}")
            owners = [owner for (owner,) in cursor.fetchall()]
        # What was written from a later revision than is there now can only be wrong.
        SearchDocument.objects.filter(**{f"{kind.column.removesuffix('_id')}__isnull": False}).update(revision=0)
        written += _index(kind, owners)
    return written
