"""What was offered before a reduction.

Directive 98/6/EC, article 6a (inserted by Directive (EU) 2019/2161): an announced reduction names the prior price, the
lowest one applied in at least the 30 days before the reduction. CJEU C-330/23 (Aldi Süd): the percentage too is
reckoned from it. Article 6a(5) lets national law name the price before the first step of a progressive reduction; we
do not use that: every new step counts as a reduction of its own, so the days before it hold the former step, which
is lawful in every member state. Prices of larger quantities are conditional offers, no prior prices.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.crossborder.models import Market

# A row of the history counts on a day unless a later row spoke of that day and was recorded before the day began.
LOWEST = """
, heard AS (
    SELECT c.id, c.variant_id, c.amount, asked.starts,
           c.valid * daterange(asked.starts - %(days)s, asked.starts) AS window
    FROM shop_pricechange c JOIN asked USING (variant_id)
    WHERE c.market_id = %(market)s AND c.min_quantity = 1 AND c.amount IS NOT NULL
      AND c.valid && daterange(asked.starts - %(days)s, asked.starts)
)
SELECT heard.variant_id, heard.starts, min(heard.amount)
FROM heard
WHERE NOT isempty(datemultirange(heard.window) - coalesce((
    SELECT range_agg(c.valid * daterange((c.recorded_at AT TIME ZONE %(zone)s)::date + 1, NULL))
    FROM shop_pricechange c
    WHERE c.variant_id = heard.variant_id AND c.market_id = %(market)s AND c.min_quantity = 1 AND c.id > heard.id
), '{}'::datemultirange))
GROUP BY heard.variant_id, heard.starts
"""
SINCE = """
WITH asked AS (
    SELECT unnest(%(variants)s::bigint[]) AS variant_id, %(starts)s::date AS starts
)
"""
# The last word on today is the price in force; it began where it says, and is a reduction where a list made it.
RUNNING = """
WITH word AS (
    SELECT DISTINCT ON (variant_id) variant_id, lower(valid) AS starts, price_list_id
    FROM shop_pricechange
    WHERE variant_id = ANY(%(variants)s::bigint[]) AND market_id = %(market)s AND min_quantity = 1
      AND valid @> %(on)s::date
    ORDER BY variant_id, id DESC
), asked AS (
    SELECT variant_id, starts FROM word WHERE price_list_id IS NOT NULL AND starts IS NOT NULL
)
"""


@dataclass(frozen=True)
class Prior:
    """The lowest price of the days before a reduction that began on ``since``."""

    since: date
    amount: Decimal


def _ask(first: str, market: Market, variant_ids: Collection[int], days: int, **more: date) -> dict[int, Prior]:
    if not variant_ids:
        return {}
    facts: dict[str, Any] = {
        "variants": list(variant_ids),
        "market": market.id,
        "days": days,
        "zone": timezone.get_default_timezone_name(),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(first + LOWEST, facts)
        return {variant_id: Prior(since, amount) for variant_id, since, amount in cursor.fetchall()}


def lowest_before(
    *, variant_ids: Collection[int], market: Market, reduction_start: date, days: int = 30
) -> dict[int, Decimal]:
    """Return variant id → lowest price of one unit applied in the ``days`` days before ``reduction_start``.

    In the market's currency; its first day itself is not counted, prices of lists are. Variants that were not on sale
    in those days are absent. One statement.
    """
    found = _ask(SINCE, market, variant_ids, days, starts=reduction_start)
    return {variant_id: prior.amount for variant_id, prior in found.items()}


def priors(*, variant_ids: Collection[int], market: Market, on: date, days: int = 30) -> dict[int, Prior]:
    """Return variant id → prior price of the reduction in force on that day, for those that have one. One statement.

    A reduction begins on the first day of its present price: a further step begins anew.
    """
    return _ask(RUNNING, market, variant_ids, days, on=on)
