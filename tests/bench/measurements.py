"""What is measured: the stock write against a bare UPDATE, the pure quote, a whole order."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection

from inventory.stock import actions as stock
from shop.checkout import actions as checkout
from shop.crossborder.quote import Line, make_quote
from tests import factories as make

SECONDS = 3.0


def rate(work: Callable[[], None]) -> float:
    """Calls per second, over about three seconds after a warm-up."""
    for _ in range(20):
        work()
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        work()
        done += 1
    return done / (time.perf_counter() - started)


def run_all() -> list[dict[str, Any]]:
    """Return one figure per measurement."""
    make.agreement()
    make.tax_rates()
    balance = make.balance(1_000_000)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE inventory_balance SET safety = safety WHERE id = %s AND on_hand - held >= 1", [balance.id]
            )

    def hold() -> None:
        stock.hold(
            demand={balance.item_id: 1},
            warehouses=[balance.warehouse_id],
            holder="bench",
            cause_key=uuid4().hex,
            expires_at=None,
        )

    lines = [Line(f"SKU-{n}", "mugs", n, Decimal("18.00")) for n in (1, 2, 3)]
    mug = make.variant("BENCH-1", stock_at={"LON": 1_000_000})
    rules = []

    def quote() -> None:
        make_quote(lines=lines, shipping=Decimal("4.95"), rules=rules, country="GB", currency="GBP", tax_included=True)

    def order() -> None:
        checkout.place_order(
            basket=make.basket((mug, 1)),
            email="bench@example.org",
            ship_to=make.address(),
            shipping_option="standard",
            cause_key=uuid4().hex,
        )

    bare_rate, hold_rate, order_rate = rate(bare), rate(hold), rate(order)
    return [
        {"what": "bare conditional UPDATE, one row", "per_second": bare_rate},
        {
            "what": "stock hold with ledger, one row",
            "per_second": hold_rate,
            "ratio": hold_rate / bare_rate,
            "of": "bare UPDATE",
        },
        {
            "what": "order placed (hold, rights, quote, lines)",
            "per_second": order_rate,
            "ratio": order_rate / hold_rate,
            "of": "hold",
        },
        {"what": "pure quote, three lines", "per_second": rate(quote)},
    ]
