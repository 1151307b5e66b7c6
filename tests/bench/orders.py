"""One client: a whole order."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from shop.checkout import actions as checkout
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


def measure() -> list[dict[str, Any]]:
    """Return one figure per measurement."""
    make.agreement()
    make.tax_rates()
    mug = make.variant("BENCH-1", stock_at={"LON": 1_000_000})

    def order() -> None:
        checkout.place_order(
            basket=make.basket((mug, 1)),
            email=f"{uuid4().hex}@example.org",
            ship_to=make.address(),
            shipping_option="standard",
            cause_key=uuid4().hex,
        )

    return [
        {"what": "order placed (hold, rights, quote, lines), one client", "figure": rate(order), "unit": "/s"},
    ]
