"""Whole orders through the store API: basket, three lines, quote, checkout. The payment provider is left out.

The requests go through the whole of the web application (middleware, validation, answers), not through a socket.
"""

import json
import os
import time
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.bench.clients import together

BASE = "/api/v1/store"
LINES = 3
PAST = 200
REGULAR = "regular@example.org"
SECONDS = 3.0


class Shopper:
    """Somebody with an HTTP client; ``statements`` has how many SQL statements each call costs, when ``counting``."""

    def __init__(self) -> None:
        self.client = Client()
        self.counting = False
        self.statements: dict[str, int] = {}

    def call(self, what: str, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Send one request and return its answer."""
        with CaptureQueriesContext(connection) if self.counting else nullcontext() as captured:
            answer = self.client.post(BASE + path, json.dumps(body), content_type="application/json", headers=headers)
        if captured is not None:
            self.statements[what] = len(captured)
        if answer.status_code >= 300:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content.decode()}")
        found: dict[str, Any] = answer.json()
        return found

    def count(self, email: str) -> dict[str, int]:
        """Buy once and return the number of SQL statements of each call."""
        self.counting = True
        self.buy(email)
        self.counting = False
        return dict(self.statements)

    def buy(self, email: str = "") -> None:
        """Open a basket, put three things in, ask what it costs, and order."""
        basket = self.call("basket", "/baskets", {"market": "gb", "language": "en"})["id"]
        for number in range(LINES):
            self.call("line", f"/baskets/{basket}/lines", {"sku": f"BENCH-{number}", "quantity": 1})
        self.call("quote", f"/baskets/{basket}/quote", {"ship_to": {"country": "GB"}})
        order = {
            "email": email or f"{uuid4().hex}@example.org",
            "ship_to": make.address(),
            "shipping_option": "standard",
            "consents": make.consents(),
        }
        self.call("checkout", f"/baskets/{basket}/checkout", order, **{"Idempotency-Key": uuid4().hex})


def rate(shopper: Shopper) -> float:
    """Orders per second of one client, over about three seconds after a warm-up."""
    for _ in range(5):
        shopper.buy()
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        shopper.buy()
        done += 1
    return done / (time.perf_counter() - started)


def measure() -> list[dict[str, Any]]:
    """Return the figures."""
    from django.conf import settings

    settings.LIVE_HOLDS_PER_HOLDER = 0
    settings.ALLOWED_HOSTS = ["testserver"]
    make.agreement()
    make.tax_rates()
    for number in range(LINES):
        make.variant(f"BENCH-{number}", stock_at={"LON": 1_000_000})
    shopper = Shopper()
    shopper.buy(REGULAR)
    first = shopper.count(REGULAR)
    for _ in range(PAST):
        shopper.buy(REGULAR)
    later = shopper.count(REGULAR)
    alone = rate(shopper)
    clients = os.cpu_count() or 1
    crowd = together(Shopper().buy, clients=clients)
    return [
        {"what": f"order of {LINES} lines through the store API, one client", "figure": alone, "unit": "/s"},
        {"what": f"the same, {clients} clients", "figure": crowd, "unit": "/s"},
        *(
            {"what": f"SQL statements: {what}", "figure": count, "unit": ""}
            | ({"wanted": "at most 25"} if what == "checkout" else {})
            for what, count in first.items()
        ),
        {
            "what": f"SQL statements: checkout after {PAST} orders of the same shopper",
            "figure": later["checkout"],
            "unit": "",
        },
    ]
