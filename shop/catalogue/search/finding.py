"""Products and objects that a search finds, with how well; typed words put right where they find nothing."""
# ruff: noqa: S608 (what is put into these statements is ours; what was typed is a parameter)

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from shop.catalogue.models import Synonym
from shop.catalogue.search import spelling
from shop.catalogue.search.folding import Token
from shop.catalogue.search.indexing import STEMS
from shop.catalogue.search.parsing import Plan, Term, clean, parse, plan, sequences

MOST_OBJECTS = 12
WEIGHED_OBJECTS = 300  # of so many that are found the best are shown; to weigh all would have no bound
MOST_CANDIDATES = 24
SIMPLE = "pg_catalog.simple"
WEIGHTS = "{0.05,0.2,0.4,1}"  # of D to A
MOST_WEIGHED = 600  # documents; where more are found the words tell little apart, and the shop's order decides
UNWEIGHED = 0.1  # what each of those counts
OTHER_LANGUAGE = 0.6  # what a find in another language than the page's counts


@dataclass(frozen=True)
class ObjectHit:
    """An object found in the collection; ``slug`` is empty where it has no page, ``external_url`` its museum's."""

    slug: str
    title: str
    maker: str
    date_text: str
    museum: str
    picture: str
    external_url: str


@dataclass(frozen=True)
class Hits:
    """Product id → how well it was found, and the best objects. ``corrected`` is the text that found them instead."""

    products: Mapping[int, float] = field(default_factory=dict)
    objects: tuple[ObjectHit, ...] = ()
    corrected: str = ""
    terms: int = 0


MATCHED = """
m{number} AS MATERIALIZED (
    SELECT id AS document, {column} AS id FROM shop_searchdocument
    WHERE {column} IS NOT NULL AND {languages} AND tsv @@ {query} {limit})
"""
# The vector is fetched by the key, and only where it is weighed at all.
WEIGHED = """
SELECT m{number}.id, {factor} * CASE WHEN n.n <= {most}
    THEN ts_rank('{weights}', (SELECT tsv FROM shop_searchdocument d WHERE d.id = m{number}.document), {query})
    ELSE {unweighed} END AS score
FROM m{number}, n
"""
PRODUCTS = """
WITH {matched}, n AS MATERIALIZED (SELECT {count} AS n), p AS ({weighed})
SELECT id, max(score) FROM p GROUP BY id
"""
OBJECTS = """
WITH {matched}, n AS MATERIALIZED (SELECT 0 AS n), o AS ({weighed})
SELECT ob.id, o.score, ob.slug, COALESCE(mine.title, english.title, ob.title), ob.maker, ob.date_text,
    COALESCE((SELECT m.name FROM shop_museumtext m WHERE m.museum_id = ob.museum_id AND m.language IN (%s, 'en')
        ORDER BY m.language = 'en' LIMIT 1), ''),
    ob.picture, ob.external_url
FROM (SELECT id, max(score) AS score FROM o GROUP BY id) o
JOIN shop_museumobject ob ON ob.id = o.id
LEFT JOIN shop_objecttext mine ON mine.museum_object_id = ob.id AND mine.language = %s
LEFT JOIN shop_objecttext english ON english.museum_object_id = ob.id AND english.language = 'en'
ORDER BY (ob.slug <> '') DESC, o.score DESC, ob.id LIMIT %s
"""


def _found(wanted: Plan, frame: str, column: str, language: str, *, limit: int = 0) -> tuple[str, list[Any]]:
    """Return the statement that finds documents: in the page's language and English, runs of Han in any."""
    own = list(dict.fromkeys([language, "en"]))
    parts: list[tuple[str, list[Any], str, bool, bool]]
    parts = [("language = %s", [one], STEMS.get(one, SIMPLE), one not in STEMS, one == language) for one in own]
    if wanted.has_runs:
        parts.append(("language <> ALL(%s)", [own], SIMPLE, True, False))
    matched: list[str] = []
    weighed: list[str] = []
    values: list[Any] = []
    later: list[Any] = []
    for number, (languages, named, config, runs, mine) in enumerate(parts):
        query, given = wanted.expression(config, runs=runs)
        facts = {"number": number, "column": column, "languages": languages, "query": query, "weights": WEIGHTS}
        facts |= {"limit": f"LIMIT {limit}" if limit else "", "most": MOST_WEIGHED, "unweighed": UNWEIGHED}
        matched.append(MATCHED.format(**facts))
        weighed.append(WEIGHED.format(**facts, factor=1.0 if mine else OTHER_LANGUAGE))
        values += [*named, *given]
        later += given
    count = " + ".join(f"(SELECT count(*) FROM m{number})" for number in range(len(parts)))
    return frame.format(matched=",".join(matched), weighed=" UNION ALL ".join(weighed), count=count), [*values, *later]


def _search(wanted: Plan, *, language: str, most_objects: int) -> Hits:
    if not wanted:
        return Hits()
    statement, values = _found(wanted, PRODUCTS, "product_id", language)
    statement = f"SELECT 'p', id, max, {', '.join(['NULL'] * 7)} FROM ({statement}) AS p"
    if most_objects:
        objects, more = _found(wanted, OBJECTS, "museum_object_id", language, limit=WEIGHED_OBJECTS)
        statement += f" UNION ALL SELECT 'o', o.* FROM ({objects}) AS o"
        values += [*more, language, language, most_objects]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return Hits(
        products={row[1]: row[2] for row in rows if row[0] == "p"},
        objects=tuple(ObjectHit(*(str(one or "") for one in row[3:])) for row in rows if row[0] == "o"),
        terms=len(wanted.groups),
    )


def synonyms_of(terms: tuple[Term, ...]) -> dict[str, list[str]]:
    """Return folded term → its fellows, of every run of terms that a group names. One statement."""
    said = sequences(terms)
    if not said:
        return {}
    found: dict[str, list[str]] = {}
    for folded in Synonym.objects.filter(folded__overlap=said).order_by("pk").values_list("folded", flat=True)[:20]:
        for one in set(said) & set(folded):
            found.setdefault(one, []).extend(other for other in folded if other != one)
    return found


def find(text: str, *, language: str, most_objects: int = MOST_OBJECTS, mend: bool = True) -> Hits:
    """Return what the text finds; two statements.

    Where it finds no product, alphabetic words that stand nowhere are put right (with ``mend``): four statements then.
    """
    terms = parse(text)
    if not terms:
        return Hits()
    synonyms = synonyms_of(terms)
    hits = _search(plan(terms, synonyms), language=language, most_objects=most_objects)
    if hits.products or not mend:
        return hits
    changed, corrected = _put_right(terms, language=language)
    if not corrected:
        return hits
    again = _search(Plan(tuple(changed)), language=language, most_objects=most_objects)
    if not again.products and (hits.objects or not again.objects):
        return hits
    return Hits(again.products, again.objects, corrected=corrected, terms=again.terms)


def _put_right(terms: tuple[Term, ...], *, language: str) -> tuple[list[tuple[Term, ...]], str]:
    """Return each term with the words it may have meant, and the text as it should have been typed."""
    doubtful = [term.word for term in terms if term.word and not term.exact and spelling.allowed(term.word)]
    candidates = _candidates(doubtful, language=language) if doubtful else {}
    groups: list[tuple[Term, ...]] = []
    said: list[str] = []
    changed = False
    for term in terms:
        known = candidates.get(term.word, {})
        near = [] if term.exact or term.word in known else spelling.nearest(term.word, known)
        if near:
            groups.append(tuple(Term((Token(word, run=False),)) for word in near))
            said.append(known[near[0]])
            changed = True
        else:
            groups.append((term,))
            said.append(f'"{term.text}"' if term.exact else term.text)
    return groups, clean(" ".join(said)) if changed else ""


def _candidates(words: list[str], *, language: str) -> dict[str, dict[str, str]]:
    """Return word → similar word → as it is written; words of products first, the most similar first."""
    arms = " UNION ALL ".join(
        "(SELECT %s, word, shown, of_product, similarity(word, %s) AS near FROM shop_searchword "
        "WHERE (word %% %s OR word = ANY(%s)) AND language IN ('en', %s) ORDER BY near DESC, of_product DESC LIMIT %s)"
        for _word in words
    )
    values: list[Any] = []
    for word in words:
        values += [word, word, word, spelling.swapped(word), language, MOST_CANDIDATES]
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(arms, values)
        for typed, word, shown, _of_product, _near in sorted(cursor.fetchall(), key=lambda row: (not row[3], -row[4])):
            found.setdefault(typed, {}).setdefault(word, shown)
    return found
