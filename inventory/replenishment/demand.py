"""Demand as the ledger tells it. Units; days are of the server's time zone (UTC)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

# An order's demand is what it bought less what it cancelled or sent back, on the day it bought: so a bulk order that
# was cancelled an hour later is no demand at all. The cause of a movement is its order, whatever warehouse it names.
DEMAND = """
WITH sold AS (
    SELECT b.item_id, m.cause,
           MIN(m.occurred_at) FILTER (WHERE m.kind = 'commit') AS sold_at,
           MIN(m.channel) AS channel,
           (array_agg(b.warehouse_id ORDER BY m.kind = 'commit' DESC, m.id))[1] AS warehouse_id,
           SUM(CASE m.kind WHEN 'return' THEN -(m.on_hand_delta + m.quarantined_delta + m.damaged_delta)
                           ELSE m.allocated_delta END) AS units
      FROM inventory_movement m JOIN inventory_balance b ON b.id = m.balance_id
     WHERE m.kind IN ('commit', 'cancel', 'return') AND m.occurred_at >= %(since)s AND m.occurred_at < %(until)s
       AND (%(items)s::bigint[] IS NULL OR b.item_id = ANY (%(items)s::bigint[]))
       AND (%(warehouses)s::bigint[] IS NULL OR b.warehouse_id = ANY (%(warehouses)s::bigint[]))
     GROUP BY b.item_id, m.cause
)
SELECT item_id, warehouse_id, channel, (sold_at AT TIME ZONE 'UTC')::date AS day, SUM(units)::bigint
  FROM sold
 WHERE sold_at IS NOT NULL AND units > 0
 GROUP BY 1, 2, 3, 4
 ORDER BY 4, 1, 2, 3
"""


@dataclass(frozen=True)
class DayDemand:
    """Units of one item sold from one warehouse through one channel on one day."""

    item_id: int
    warehouse_id: int
    channel: str
    day: date
    units: int


def daily_demand(
    *,
    since: datetime,
    until: datetime,
    item_ids: Sequence[int] | None = None,
    warehouse_ids: Sequence[int] | None = None,
) -> list[DayDemand]:
    """Return the demand per item, warehouse, channel and day in ``since <= t < until``, oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            DEMAND,
            {
                "since": since,
                "until": until,
                "items": None if item_ids is None else list(item_ids),
                "warehouses": None if warehouse_ids is None else list(warehouse_ids),
            },
        )
        return [DayDemand(*row) for row in cursor.fetchall()]


def weekly(demand: Iterable[DayDemand], *, until: date, weeks: int) -> dict[tuple[int, int], list[int]]:
    """Return (item id, warehouse id) → units in each of the last ``weeks`` weeks before ``until``, the oldest first."""
    first = until - timedelta(days=7 * weeks)
    series: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * weeks)
    for one in demand:
        if first <= one.day < until:
            series[one.item_id, one.warehouse_id][(one.day - first).days // 7] += one.units
    return dict(series)
