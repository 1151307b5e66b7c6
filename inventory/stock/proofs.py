"""The proofs: each is one SQL statement that returns the rows that differ, and none when all is well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

COUNTERS = ("on_hand", "held", "allocated", "fenced", "quarantined", "damaged")
_PLACE = "JOIN inventory_item i ON i.id = b.item_id JOIN inventory_warehouse w ON w.id = b.warehouse_id"

LEDGER = f"""
SELECT i.sku, w.code,
       {", ".join(f"b.{one}" for one in COUNTERS)},
       {", ".join(f"COALESCE(m.{one}, 0)" for one in COUNTERS)}
  FROM inventory_balance b {_PLACE}
  LEFT JOIN (
        SELECT balance_id, {", ".join(f"SUM({one}_delta) AS {one}" for one in COUNTERS)}
          FROM inventory_movement GROUP BY balance_id
  ) m ON m.balance_id = b.id
 WHERE ({", ".join(f"b.{one}" for one in COUNTERS)})
       IS DISTINCT FROM ({", ".join(f"COALESCE(m.{one}, 0)" for one in COUNTERS)})
 ORDER BY i.sku, w.code
"""  # noqa: S608 (the names are constants)

CLAIMS = f"""
SELECT i.sku, w.code, b.held, b.allocated, COALESCE(h.held, 0), COALESCE(h.allocated, 0)
  FROM inventory_balance b {_PLACE}
  LEFT JOIN (
        SELECT l.balance_id,
               SUM(l.quantity) FILTER (WHERE h.state = 'active') AS held,
               SUM(l.quantity - l.shipped - l.cancelled) FILTER (WHERE h.state = 'committed') AS allocated
          FROM inventory_holdline l JOIN inventory_hold h ON h.id = l.hold_id
         WHERE h.state IN ('active', 'committed')
         GROUP BY l.balance_id
  ) h ON h.balance_id = b.id
 WHERE (b.held, b.allocated) IS DISTINCT FROM (COALESCE(h.held, 0), COALESCE(h.allocated, 0))
 ORDER BY i.sku, w.code
"""  # noqa: S608 (the names are constants)

FENCES = f"""
SELECT i.sku, w.code, b.fenced, COALESCE(f.remaining, 0)
  FROM inventory_balance b {_PLACE}
  LEFT JOIN (SELECT balance_id, SUM(remaining) AS remaining FROM inventory_ringfence GROUP BY balance_id) f
    ON f.balance_id = b.id
 WHERE b.fenced <> COALESCE(f.remaining, 0)
 ORDER BY i.sku, w.code
"""  # noqa: S608 (the names are constants)

LOTS = f"""
SELECT i.sku, w.code, b.on_hand, COALESCE(t.units, 0), COALESCE(m.units, 0)
  FROM inventory_balance b {_PLACE}
  LEFT JOIN (SELECT balance_id, SUM(units) AS units FROM inventory_lotbalance GROUP BY balance_id) t
    ON t.balance_id = b.id
  LEFT JOIN (
        SELECT v.balance_id, SUM(l.delta) AS units
          FROM inventory_lotmovement l JOIN inventory_movement v ON v.id = l.movement_id GROUP BY v.balance_id
  ) m ON m.balance_id = b.id
 WHERE COALESCE(t.units, 0) <> COALESCE(m.units, 0) OR COALESCE(t.units, 0) > b.on_hand
 ORDER BY i.sku, w.code
"""  # noqa: S608 (the names are constants)


@dataclass(frozen=True)
class Proof:
    """One thing that must hold for every balance, the columns of its differences after SKU and warehouse, its SQL."""

    name: str
    columns: tuple[str, ...]
    sql: str

    def differences(self) -> Sequence[tuple[Any, ...]]:
        """Return a row per balance for which it does not hold: SKU, warehouse code, then ``columns``."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


PROOFS = (
    Proof("The ledger explains every balance", (*COUNTERS, *(f"ledger {one}" for one in COUNTERS)), LEDGER),
    Proof("Every claim is a hold", ("held", "allocated", "live holds", "committed holds"), CLAIMS),
    Proof("Every fenced unit has its fence", ("fenced", "fences"), FENCES),
    Proof("Lots are within the stock", ("on hand", "in lots", "lot ledger"), LOTS),
)


def differences() -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return proof name → rows that differ, for the proofs that fail; empty when all is well."""
    return {proof.name: rows for proof in PROOFS if (rows := proof.differences())}
