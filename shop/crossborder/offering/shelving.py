"""Keeping each market's :class:`Shelf` in the process, as true as the database at the time of asking.

A shelf carries what the market's :class:`OfferSweep` said when it was read. Where it says the same now, the shelf is
true; where only the version grew, the rows that are newer than the shelf are read; where the whole market was swept
anew, or a row went, all are. What a transaction sees that has itself written is never kept: it may be rolled back.
"""

# ruff: noqa: S608 (what is put into these statements is ours)

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import connection

from shop.crossborder.models import Market
from shop.crossborder.offering.narrowing import PERIOD
from shop.crossborder.offering.shelf import Row, Shelf

MOST_SHELVES = 24  # markets a process keeps
FEW = 100  # rows; more are sooner laid out anew than put in one by one
LABEL = "COALESCE({labels} ->> %s, {labels} ->> 'en', '')"
NAME = """COALESCE((SELECT x.name FROM {texts} x WHERE x.{column} = {of}.id AND x.language IN (%s, 'en')
    ORDER BY x.language = 'en' LIMIT 1), {of}.slug)"""
# The state of the market, and the values that have labels of their own: museums, published themes, materials.
STANDING = f"""
SELECT '', s.version::text, s.swept_at::text, '', pg_current_xact_id_if_assigned() IS NULL
FROM shop_offersweep s WHERE s.market_id = %s
UNION ALL
SELECT 'museum', m.id::text, m.slug, {NAME.format(texts="shop_museumtext", column="museum_id", of="m")}, NULL
FROM shop_museum m
UNION ALL
SELECT 'theme', t.id::text, t.slug, {NAME.format(texts="shop_themetext", column="theme_id", of="t")}, NULL
FROM shop_theme t WHERE t.published
UNION ALL
SELECT 'material', op.id::text, op.code, {LABEL.format(labels="op.labels")}, NULL
FROM shop_attributeoption op JOIN shop_attribute a ON a.id = op.attribute_id WHERE a.code = 'material'
"""
# Also how many there are at the same instant: where a row went, there are fewer than expected.
ROWS = f"""
SELECT every.many, one.* FROM (SELECT count(*) AS many FROM shop_productoffer WHERE market_id = %s) every LEFT JOIN (
SELECT po.product_id, po.amount, po.state, po.languages, p.category, p.museum_id::text, p.sort_order, p.slug,
    p.created_at, p.popularity,
    ARRAY(SELECT l.theme_id::text FROM shop_themeproduct l WHERE l.product_id = p.id),
    ARRAY(SELECT av.option_id::text FROM shop_attributevalue av JOIN shop_attribute a ON a.id = av.attribute_id
        WHERE av.product_id = p.id AND a.code = 'material' AND av.option_id IS NOT NULL),
    known.cultures, known.periods, po.version
FROM shop_productoffer po JOIN shop_product p ON p.id = po.product_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT o.culture) FILTER (WHERE o.culture <> ''), '{{}}') AS cultures,
        coalesce(array_agg(DISTINCT {PERIOD}::text) FILTER (WHERE {PERIOD} IS NOT NULL), '{{}}') AS periods
    FROM shop_product_objects_shown l JOIN shop_museumobject o ON o.id = l.museumobject_id WHERE l.product_id = p.id
) known
WHERE po.market_id = %s AND po.version > %s
) one ON true
ORDER BY one.product_id
"""


@dataclass(frozen=True)
class Labels:
    """The values of museum, theme and material: facet → id → (code in addresses, label in the language)."""

    known: dict[str, dict[str, tuple[str, str]]]

    def ids(self, facet: str, codes: tuple[str, ...]) -> list[str]:
        """Return the ids of the codes; one that is unknown has none."""
        wanted = set(codes)
        return [key for key, (code, _label) in self.known.get(facet, {}).items() if code in wanted]


@dataclass(frozen=True)
class _Kept:
    shelf: Shelf
    version: int
    swept: str


_lock = Lock()
_kept: "OrderedDict[int, _Kept]" = OrderedDict()


def forget() -> None:
    """Forget every shelf of this process."""
    with _lock:
        _kept.clear()


def shelf_and_labels(*, market: Market, language: str) -> tuple[Shelf, Labels, bool]:
    """Return what the market offers at present and the labels of its facets: one statement, two where it changed.

    The third says whether all of it is committed, so that what is made of it may be kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [market.pk, language, language, language])
        known: dict[str, dict[str, tuple[str, str]]] = {}
        version, swept, settled = 0, "", False
        for facet, key, code, label, unwritten in cursor.fetchall():
            if facet:
                known.setdefault(facet, {})[key] = (code, label or code)
            else:
                version, swept, settled = int(key), code or "", unwritten
    return _shelf(market, version, swept, keep=settled), Labels(known), settled


def _shelf(market: Market, version: int, swept: str, *, keep: bool) -> Shelf:
    with _lock:
        old = _kept.get(market.pk)
    if old and keep and old.shelf.currency == market.currency:
        if (old.version, old.swept) == (version, swept):
            return old.shelf
        if old.swept == swept and old.version < version:
            changed, every = _rows(market, old.version)
            shelf = old.shelf.with_rows(changed[:FEW])
            if len(changed) <= FEW and len(shelf.rows) == every:
                return _keep(market, _Kept(shelf, version, swept)).shelf
    shelf = Shelf.of(_rows(market, -1)[0], currency=market.currency)
    if keep:
        _keep(market, _Kept(shelf, version, swept))
    return shelf


def _keep(market: Market, made: _Kept) -> _Kept:
    with _lock:
        there = _kept.get(market.pk)
        # Another thread may have read later than this one.
        if there is None or there.version <= made.version:
            _kept[market.pk] = made
            _kept.move_to_end(market.pk)
        while len(_kept) > MOST_SHELVES:
            _kept.popitem(last=False)
    return made


def _rows(market: Market, since: int) -> tuple[list[Row], int]:
    """Return the rows that are newer than the version, and how many there are of any."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [market.pk, market.pk, since])
        found = cursor.fetchall()
    return [_row(one[1:]) for one in found if one[1] is not None], found[0][0]


def _row(one: tuple[Any, ...]) -> Row:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in one]
    return Row(*values)
