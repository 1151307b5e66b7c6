"""One page of what a market offers, narrowed and in order, with the counts of every facet: one statement.

A facet's counts are made with the other facets' choices alone, so that they say what choosing one more would find.
"""
# ruff: noqa: S608 (what is put into these statements is ours; what was typed is a parameter)

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.crossborder.models import Market
from shop.crossborder.offering.narrowing import AVAILABILITY, FACETS, PERIOD, Filters, bands, condition

PAGE_SIZE = 24
LAST_PAGE = 1_000_000
NEW_FOR = "60 days"
# What a find counts more when it can be had, is new, or is bought often (one for a thousand units).
BOOST = (
    "(1 + CASE WHEN po.state > 0 THEN 0.5 ELSE 0 END"
    f" + CASE WHEN p.created_at > %s::timestamptz - interval '{NEW_FOR}' THEN 0.1 ELSE 0 END"
    " + 0.3 * ln(1 + least(p.popularity, 1000)) / ln(1001))"
)
ORDERS: Mapping[str, str] = {
    "recommended": "score DESC, (state = 0), sort_order, popularity DESC, slug",
    "newest": "created_at DESC, id DESC",
    "price": "amount, sort_order, slug",
    "-price": "amount DESC, sort_order, slug",
}
OFFERED = """
WITH c AS MATERIALIZED (
    SELECT po.product_id AS id, po.amount, po.state, p.category, p.museum_id, p.sort_order, p.slug, p.created_at,
        p.popularity, {score} AS score, {flags}
    FROM shop_productoffer po JOIN shop_product p ON p.id = po.product_id JOIN shop_museum m ON m.id = p.museum_id
    {hits}
    WHERE po.market_id = %s AND %s = ANY(po.languages)
), shown AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY {order}) AS place FROM c WHERE {every}
), known AS MATERIALIZED (
    SELECT c.*, o.culture, {period} AS period
    FROM c JOIN shop_product_objects_shown l ON l.product_id = c.id JOIN shop_museumobject o ON o.id = l.museumobject_id
), page AS (
    SELECT count(*) AS total, least(%s::bigint, greatest((count(*) + %s - 1) / %s, 1)) AS number FROM shown
)
SELECT '', 'total', number::text, total FROM page
UNION ALL
SELECT '', 'product', NULL, id FROM (
    SELECT shown.id FROM shown, page
    WHERE place > (number - 1) * %s AND place <= number * %s ORDER BY place) one
"""
LABEL = "COALESCE({labels} ->> %s, {labels} ->> 'en')"
NAME = """COALESCE((SELECT x.name FROM {texts} x WHERE x.{column} = {of} AND x.language IN (%s, 'en')
    ORDER BY x.language = 'en' LIMIT 1), {slug})"""
COUNTS: Mapping[str, str] = {
    "category": "SELECT 'category', category, NULL, count(*) FROM c WHERE {others} GROUP BY category",
    "museum": (
        f"SELECT 'museum', m.slug, {NAME.format(texts='shop_museumtext', column='museum_id', of='m.id', slug='m.slug')}"
        ", n FROM (SELECT museum_id, count(*) AS n FROM c WHERE {others} GROUP BY museum_id) g "
        "JOIN shop_museum m ON m.id = g.museum_id"
    ),
    "theme": (
        f"SELECT 'theme', t.slug, {NAME.format(texts='shop_themetext', column='theme_id', of='t.id', slug='t.slug')}"
        ", n FROM (SELECT l.theme_id, count(*) AS n FROM c JOIN shop_themeproduct l ON l.product_id = c.id "
        "WHERE {others} GROUP BY l.theme_id) g JOIN shop_theme t ON t.id = g.theme_id AND t.published"
    ),
    "culture": (
        "SELECT 'culture', culture, NULL, count(*) FROM (SELECT DISTINCT c.id, culture FROM known c "
        "WHERE culture <> '' AND {others}) one GROUP BY culture"
    ),
    "period": (
        "SELECT 'period', period::text, NULL, count(*) FROM (SELECT DISTINCT c.id, period FROM known c "
        "WHERE period IS NOT NULL AND {others}) one GROUP BY period"
    ),
    "material": (
        f"SELECT 'material', op.code, {LABEL.format(labels='op.labels')}, n FROM ("
        "SELECT av.option_id, count(*) AS n FROM c JOIN shop_attributevalue av ON av.product_id = c.id "
        "JOIN shop_attribute a ON a.id = av.attribute_id AND a.code = 'material' "
        "WHERE {others} GROUP BY av.option_id) g JOIN shop_attributeoption op ON op.id = g.option_id"
    ),
}
LABELLED = ("museum", "theme", "material")


@dataclass(frozen=True)
class Found:
    """The page's product ids, how many there are in all, which page it is, and facet → [(value, label, count)].

    Labels that the database does not have are empty: of kinds, prices, periods and stock.
    """

    ids: list[int] = field(default_factory=list)
    total: int = 0
    number: int = 1
    pages: int = 1
    counts: Mapping[str, list[tuple[str, str, int]]] = field(default_factory=dict)


def browse(
    *,
    market: Market,
    language: str,
    filters: Filters,
    page: int = 1,
    size: int = PAGE_SIZE,
    scores: Mapping[int, float] | None = None,
    facets: Collection[str] = FACETS,
    now: datetime | None = None,
) -> Found:
    """Return one page (counted from 1, brought into what there is); one statement.

    ``scores``: product id → how well it was found; None where nothing was searched for.
    """
    select: list[Any] = []
    flags = []
    for code in FACETS:
        wanted = filters.chosen.get(code)
        sql, given = condition(code, wanted) if wanted else ("true", [])
        flags.append(f"({sql}) AS f_{code}")
        select += given
    score, hits, joined = "0", "", []
    if scores is not None:
        score = f"h.score * {BOOST}"
        hits = "JOIN unnest(%s::bigint[], %s::float8[]) AS h (id, score) ON h.id = p.id"
        select.insert(0, now or timezone.now())
        joined = [list(scores), [float(one) for one in scores.values()]]
    offered = OFFERED.format(
        score=score,
        flags=", ".join(flags),
        hits=hits,
        period=PERIOD,
        order=ORDERS[filters.sort],
        every=" AND ".join(f"f_{code}" for code in FACETS),
    )
    asked = min(max(page, 1), LAST_PAGE)
    values = [*select, *joined, market.pk, language, asked, size, size, size, size]
    counts, more = _counts(facets, language, market.currency)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([offered, *counts]), [*values, *more])
        rows = cursor.fetchall()
    return _found(rows, size)


def _counts(facets: Collection[str], language: str, currency: str) -> tuple[list[str], list[Any]]:
    statements: list[str] = []
    values: list[Any] = []
    for code in facets:
        others = " AND ".join(f"c.f_{one}" for one in FACETS if one != code)
        if code in COUNTS:
            statements.append(COUNTS[code].format(others=others))
            values += [language] if code in LABELLED else []
        elif code == "price":
            ends = bands(currency)
            cases = " ".join(
                f"WHEN amount >= {low} AND amount < {high} THEN '{low}-{high}'"
                if high is not None
                else f"WHEN amount >= {low} THEN '{low}-'"
                for low, high in ends
            )
            statements.append(f"SELECT 'price', CASE {cases} END, NULL, count(*) FROM c WHERE {others} GROUP BY 2")
        else:
            cases = " ".join(
                f"WHEN state IN ({', '.join(str(int(one)) for one in states)}) THEN '{value}'"
                for value, states in AVAILABILITY.items()
            )
            statements.append(
                f"SELECT 'availability', CASE {cases} END, NULL, count(*) FROM c WHERE {others} GROUP BY 2"
            )
    return statements, values


def _found(rows: list[tuple[Any, ...]], size: int) -> Found:
    ids: list[int] = []
    counts: dict[str, list[tuple[str, str, int]]] = {}
    total, number = 0, 1
    for code, value, label, amount in rows:
        if code:
            counts.setdefault(code, []).append((value, label or "", amount))
        elif value == "total":
            total, number = amount, int(label)
        else:
            ids.append(amount)
    return Found(ids=ids, total=total, number=number, pages=max(-(-total // size), 1), counts=counts)


def product_ids(*, market: Market, language: str, filters: Filters, scores: Mapping[int, float] | None) -> list[int]:
    """Return every product that the filters leave; one statement."""
    everything = 1_000_000
    found = browse(market=market, language=language, filters=filters, size=everything, scores=scores, facets=())
    return found.ids
