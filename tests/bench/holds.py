"""Holds per second against a bare UPDATE … WHERE by as many clients, on one hot item and on a hundred."""

import random
from typing import Any
from uuid import uuid4

from django.db import connection

from inventory.stock import actions as stock
from tests import factories as make
from tests.bench.clients import CLIENTS, side_by_side

PLENTY = 1_000_000


def measure() -> list[dict[str, Any]]:
    """Return the two ratios."""
    balances = [make.balance(PLENTY) for _ in range(100)]
    figures = []
    for name, pool in (("one hot item", balances[:1]), ("a hundred items", balances)):
        spots = [(balance.id, balance.item_id, balance.warehouse_id) for balance in pool]

        def bare(spots: list[tuple[int, int, int]] = spots) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE inventory_balance SET version = version + 1 "
                    "WHERE id = %s AND on_hand - held - allocated - safety >= 1",
                    [random.choice(spots)[0]],
                )

        def hold(spots: list[tuple[int, int, int]] = spots) -> None:
            _balance, item, warehouse = random.choice(spots)
            stock.hold(demand={item: 1}, warehouses=[warehouse], holder="bench", cause_key=uuid4().hex, expires_at=None)

        base, rate, ratio = side_by_side(bare, hold)
        figures += [
            {"what": f"bare UPDATE, {name}, {CLIENTS} clients", "figure": base, "unit": "/s"},
            {
                "what": f"hold with ledger, {name}, {CLIENTS} clients",
                "figure": rate,
                "unit": "/s",
                "ratio": ratio,
                "of": "bare UPDATE",
                "wanted": ">= 0.50" if len(pool) == 1 else ">= 0.60",
            },
        ]
    return figures
