"""What a long ledger costs: a hold on an item with a million movements, and the proofs over a million of them."""

import io
import time
from statistics import median
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection

from inventory.models import Balance, Movement
from inventory.stock import actions as stock
from tests import factories as make

SHORT, LONG = 1_000, 1_000_000
BALANCES = 20_000
HOLDS = 1_500
ROUNDS = 3

# Deliveries of one unit each, as the ledger would have written them, so that the proofs still hold.
HISTORY = """
INSERT INTO inventory_movement (balance_id, kind, on_hand_delta, on_hand_after, held_after, allocated_after, cause,
                                cause_key, occurred_at)
SELECT %(balance)s, 'receive', 1, %(before)s + n, 0, 0, 'bench', 'bench:' || %(balance)s || ':' || n,
       now() - (%(rows)s - n) * interval '1 minute'
  FROM generate_series(1, %(rows)s) AS n
"""
GROW = "UPDATE inventory_balance SET on_hand = on_hand + %(rows)s, version = version + %(rows)s WHERE id = %(balance)s"


def grow(balance: Balance, rows: int) -> None:
    """Give a balance so many more movements of one unit."""
    with connection.cursor() as cursor:
        numbers = {"balance": balance.id, "rows": rows, "before": balance.on_hand}
        cursor.execute(HISTORY, numbers)
        cursor.execute(GROW, numbers)
    balance.refresh_from_db()


def _cost(balance: Balance) -> float:
    """Median microseconds of one hold."""

    def hold() -> None:
        stock.hold(
            demand={balance.item_id: 1},
            warehouses=[balance.warehouse_id],
            holder="bench",
            cause_key=uuid4().hex,
            expires_at=None,
        )

    times = []
    for number in range(HOLDS + 100):
        started = time.perf_counter()
        hold()
        if number >= 100:
            times.append(time.perf_counter() - started)
    return median(times) * 1e6


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) inventory_movement, inventory_balance, inventory_holdline, inventory_hold")


def measure() -> list[dict[str, Any]]:
    """Return the cost of a hold after few and many movements, and the time of check_stock."""
    few, many = make.balance(10), make.balance(10)
    Balance.objects.filter(id__in=[few.id, many.id]).update(backorder_limit=LONG)
    grow(few, SHORT)
    _settle()
    short = median(_cost(few) for _ in range(ROUNDS))
    grow(many, LONG - Movement.objects.count())
    _settle()
    rounds = [(_cost(few), _cost(many)) for _ in range(ROUNDS)]
    beside, long = (median(costs) for costs in zip(*rounds, strict=True))
    return [
        {"what": f"hold, {SHORT:,} movements in the ledger", "figure": short, "unit": "µs"},
        {
            "what": f"hold, {LONG:,} movements, on another item",
            "figure": beside,
            "unit": "µs",
            "ratio": beside / short,
            "of": "few movements",
            "wanted": "<= 1.20",
        },
        {
            "what": f"hold, {LONG:,} movements, on the very item",
            "figure": long,
            "unit": "µs",
            "ratio": long / short,
            "of": "few movements",
            "wanted": "<= 1.20",
        },
        _proofs(),
    ]


def _proofs() -> dict[str, Any]:
    warehouse = make.warehouse()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_item (sku, description) SELECT 'BEN-' || n, 'bench' FROM generate_series(1, %s) AS n",
            [BALANCES],
        )
        cursor.execute(
            "INSERT INTO inventory_balance (item_id, warehouse_id) "
            "SELECT id, %s FROM inventory_item WHERE sku LIKE 'BEN-%%' AND description = 'bench'",
            [warehouse.id],
        )
    _settle()
    out, started = io.StringIO(), time.perf_counter()
    call_command("check_stock", stdout=out)
    return {
        "what": f"check_stock, {Movement.objects.count():,} movements, {Balance.objects.count():,} balances",
        "figure": time.perf_counter() - started,
        "unit": "s",
        "wanted": "< 10 s",
    }
