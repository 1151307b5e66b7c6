"""Reading stock: availability, and the proofs that the ledger explains every balance."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import Greatest

from inventory.stock.models import Balance
from inventory.stock.sourcing import Offer


def offers(*, item_ids: Iterable[int], warehouse_ids: Iterable[int]) -> list[Offer]:
    """Return what each balance of these items and warehouses could promise (units). One statement."""
    rows = (
        Balance.objects.filter(item_id__in=list(item_ids), warehouse_id__in=list(warehouse_ids))
        .order_by("id")
        .values_list(
            "id",
            "item_id",
            "warehouse_id",
            F("on_hand") + F("backorder_limit") - F("safety") - F("held") - F("allocated"),
        )
    )
    return [Offer(balance_id, item, warehouse, max(free, 0)) for balance_id, item, warehouse, free in rows]


def available_by_item(*, item_ids: Iterable[int], warehouse_ids: Iterable[int]) -> dict[int, int]:
    """Return item id → units that can be promised over these warehouses together. One statement."""
    rows = (
        Balance.objects.filter(item_id__in=list(item_ids), warehouse_id__in=list(warehouse_ids))
        .order_by()
        .values("item_id")
        .annotate(free=Sum(Greatest(F("on_hand") + F("backorder_limit") - F("safety") - F("held") - F("allocated"), 0)))
    )
    return {row["item_id"]: row["free"] for row in rows}


LEDGER_DIFFERENCES = """
SELECT i.sku, w.code, b.on_hand, b.held, b.allocated,
       COALESCE(m.on_hand, 0), COALESCE(m.held, 0), COALESCE(m.allocated, 0)
  FROM inventory_balance b
  JOIN inventory_item i ON i.id = b.item_id
  JOIN inventory_warehouse w ON w.id = b.warehouse_id
  LEFT JOIN (
        SELECT balance_id, SUM(on_hand_delta) AS on_hand, SUM(held_delta) AS held, SUM(allocated_delta) AS allocated
          FROM inventory_movement GROUP BY balance_id
  ) m ON m.balance_id = b.id
 WHERE (b.on_hand, b.held, b.allocated)
       IS DISTINCT FROM (COALESCE(m.on_hand, 0), COALESCE(m.held, 0), COALESCE(m.allocated, 0))
 ORDER BY i.sku, w.code
"""

CLAIM_DIFFERENCES = """
SELECT i.sku, w.code, b.held, b.allocated, COALESCE(h.held, 0), COALESCE(h.allocated, 0)
  FROM inventory_balance b
  JOIN inventory_item i ON i.id = b.item_id
  JOIN inventory_warehouse w ON w.id = b.warehouse_id
  LEFT JOIN (
        SELECT l.balance_id,
               SUM(l.quantity) FILTER (WHERE h.state = 'active') AS held,
               SUM(l.quantity) FILTER (WHERE h.state = 'committed') AS allocated
          FROM inventory_holdline l JOIN inventory_hold h ON h.id = l.hold_id
         GROUP BY l.balance_id
  ) h ON h.balance_id = b.id
 WHERE (b.held, b.allocated) IS DISTINCT FROM (COALESCE(h.held, 0), COALESCE(h.allocated, 0))
 ORDER BY i.sku, w.code
"""


def _rows(sql: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def ledger_differences() -> Sequence[tuple[Any, ...]]:
    """Return rows where Σ ledger ≠ balance: SKU, warehouse, the three balances, the three sums. One statement."""
    return _rows(LEDGER_DIFFERENCES)


def claim_differences() -> Sequence[tuple[Any, ...]]:
    """Return rows where live holds ≠ held or committed holds ≠ allocated. One statement."""
    return _rows(CLAIM_DIFFERENCES)
