"""What the documents of products and objects are made from: a statement for any number of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import translation

from shop.catalogue.models import Category
from shop.catalogue.search.documents import Document, document

PRODUCTS = """
SELECT p.id, t.language, p.revision, t.name, p.category, t.material, t.description, t.seo_title, t.seo_description,
    (SELECT string_agg(v.sku, ' ' ORDER BY v.position, v.sku) FROM shop_variant v WHERE v.product_id = p.id),
    (SELECT string_agg(concat_ws(' ', COALESCE(ot.title, o.title), o.maker), ' ' ORDER BY o.id)
       FROM shop_product_objects_shown l JOIN shop_museumobject o ON o.id = l.museumobject_id
       LEFT JOIN shop_objecttext ot ON ot.museum_object_id = o.id AND ot.language = t.language
      WHERE l.product_id = p.id),
    (SELECT string_agg(concat_ws(' ', o.culture, o.date_text, o.technique), ' ' ORDER BY o.id)
       FROM shop_product_objects_shown l JOIN shop_museumobject o ON o.id = l.museumobject_id
      WHERE l.product_id = p.id),
    (SELECT m.name FROM shop_museumtext m WHERE m.museum_id = p.museum_id AND m.language IN (t.language, 'en')
      ORDER BY m.language = 'en' LIMIT 1),
    (SELECT string_agg(tt.name, ' ' ORDER BY tt.id)
       FROM shop_themeproduct l JOIN shop_theme th ON th.id = l.theme_id AND th.published
       JOIN shop_themetext tt ON tt.theme_id = th.id AND tt.language = t.language
      WHERE l.product_id = p.id),
    (SELECT string_agg(COALESCE(op.labels ->> t.language, op.labels ->> 'en'), ' ' ORDER BY av.id)
       FROM shop_attributevalue av JOIN shop_attributeoption op ON op.id = av.option_id
      WHERE av.product_id = p.id)
FROM shop_product p JOIN shop_producttext t ON t.product_id = p.id
WHERE p.id = ANY(%s)
ORDER BY p.id, t.language
"""
# An object has a document in English, from the museum's record, and one for each text of ours.
OBJECTS = """
SELECT o.id, COALESCE(t.language, 'en'), o.revision, COALESCE(t.title, o.title),
    CASE WHEN COALESCE(t.language, 'en') = 'en' THEN o.title ELSE '' END,
    o.maker, o.culture, o.classification, o.date_text, o.technique, o.accession_number,
    array_to_string(o.subjects, ' '), COALESCE(t.description, '')
FROM shop_museumobject o
LEFT JOIN LATERAL (
    SELECT language, title, description FROM shop_objecttext x WHERE x.museum_object_id = o.id
    UNION ALL
    SELECT 'en', o.title, '' WHERE NOT EXISTS (
        SELECT 1 FROM shop_objecttext x WHERE x.museum_object_id = o.id AND x.language = 'en')
) t ON true
WHERE o.id = ANY(%s)
ORDER BY o.id, t.language
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A document as it ought to be; ``owner`` is the id of the product or object."""

    owner: int
    language: str
    revision: int
    title: str
    document: Document


def _rows(statement: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def of_products(ids: Iterable[int]) -> Iterator[Gathered]:
    """Yield the documents of these products, in the order of their ids."""
    for row in _rows(PRODUCTS, ids):
        owner, language, revision, name, category, material, description, seo_title, seo_words, *more = row
        skus, objects, cultures, museum, themes, options = (one or "" for one in more)
        with translation.override(language):
            kind = str(Category(category).label) if category in Category.values else category
        fields = {
            "A": [name, skus],
            "B": [objects, museum, themes],
            "C": [kind, material, options, cultures, seo_title, seo_words],
            "D": [description],
        }
        yield Gathered(owner, language, revision, name, document(fields))


def of_objects(ids: Iterable[int]) -> Iterator[Gathered]:
    """Yield the documents of these objects, in the order of their ids."""
    for row in _rows(OBJECTS, ids):
        owner, language, revision, title, record_title, maker, culture, kind, date, technique, number, *rest = row
        fields = {
            "A": [title, "" if record_title == title else record_title],
            "B": [maker],
            "C": [culture, kind, date, technique, number],
            "D": rest,
        }
        yield Gathered(owner, language, revision, title, document(fields))
