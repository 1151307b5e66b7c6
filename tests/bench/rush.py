"""Everybody at once: buyers with a basket each check out one article through the store API of a running demo."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from tests.e2e.conftest import REPO, Demo, clean_environment

SHIP_TO = {"name": "Ada Lovelace", "line1": "12 Quay Street", "city": "London", "postcode": "SW1Y 4JS", "country": "GB"}
# The article of which most are left in London, brought to exactly so many units through the ledger.
SET_STOCK = """
from uuid import uuid4
from inventory.models import Balance
from inventory.stock import actions
from shop.models import Price, Variant
priced = Price.objects.filter(market__code="gb").values("variant__item")
balance = Balance.objects.filter(warehouse__code="LON", item__in=priced).order_by("-on_hand", "id")[0]
wanted = {units} + balance.safety + balance.held + balance.allocated + balance.fenced - balance.on_hand
if wanted:
    actions.correct(item=balance.item, warehouse=balance.warehouse, delta=wanted, cause="rush", cause_key=uuid4().hex)
print("SKU", balance.item.sku)
"""


@dataclass(frozen=True)
class Answer:
    """What one buyer was told, and how long it took (seconds, from the start of the rush: ``at``)."""

    status: int
    code: str
    seconds: float
    at: float


@dataclass(frozen=True)
class Rush:
    """How a rush went."""

    sku: str
    units: int
    answers: Sequence[Answer]

    @property
    def sold(self) -> list[Answer]:
        """The buyers who got a unit."""
        return [one for one in self.answers if one.status == 201]

    @property
    def outcomes(self) -> Counter[str]:
        """Status and problem code → buyers."""
        return Counter(f"{one.status} {one.code}".strip() for one in self.answers)

    @property
    def p95(self) -> float:
        """Seconds within which 95 % of the buyers had their answer."""
        times = sorted(one.seconds for one in self.answers)
        return times[int(0.95 * (len(times) - 1))]

    @property
    def sold_out_after(self) -> float:
        """Seconds from the start until the last unit was sold."""
        return max((one.at for one in self.sold), default=0.0)


AGREED = [
    {"kind": "terms", "version": "terms-2026-11"},
    {"kind": "withdrawal_information", "version": "withdrawal-2026-11"},
]


def run(demo: Demo, *, buyers: int, at_once: int, units: int) -> Rush:
    """Prepare a basket for each buyer, then let ``at_once`` of them check out at a time until each has an answer."""
    sku = _set_stock(demo, units)
    doors = [_door(demo, number) for number in range(at_once)]
    try:
        with ThreadPoolExecutor(8) as pool:
            baskets = list(pool.map(lambda number: _basket(doors[number % at_once], sku), range(buyers)))
        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            answers = list(
                pool.map(
                    lambda number: _buy(doors[number % at_once], number, baskets[number], started=started),
                    range(buyers),
                )
            )
    finally:
        for door in doors:
            door.close()
    return Rush(sku=sku, units=units, answers=answers)


def _door(demo: Demo, number: int) -> httpx.Client:
    """A connection from an address of its own, as shoppers have: the store API counts requests by address."""
    transport = httpx.HTTPTransport(local_address=f"127.0.1.{number + 1}")
    return httpx.Client(base_url=f"{demo.url}/api/v1/store", timeout=120, transport=transport)


def _set_stock(demo: Demo, units: int) -> str:
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", SET_STOCK.format(units=units)],
        cwd=REPO,
        env=clean_environment(demo.state, demo.port) | {"LOG_LEVEL": "ERROR", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return next(line.removeprefix("SKU ") for line in said.splitlines() if line.startswith("SKU "))


def _basket(client: httpx.Client, sku: str) -> str:
    basket = client.post("/baskets", json={"market": "gb", "language": "en"}).raise_for_status().json()["id"]
    client.post(f"/baskets/{basket}/lines", json={"sku": sku, "quantity": 1}).raise_for_status()
    return str(basket)


def _buy(client: httpx.Client, number: int, basket: str, *, started: float) -> Answer:
    body = {
        "email": f"buyer{number}@example.org",
        "ship_to": SHIP_TO,
        "shipping_option": "standard",
        "consents": AGREED,
    }
    before = time.perf_counter()
    answer = client.post(f"/baskets/{basket}/checkout", json=body, headers={"Idempotency-Key": f"rush-{basket}"})
    now = time.perf_counter()
    told: Any = answer.json()
    return Answer(answer.status_code, str(told.get("code", "")), now - before, now - started)
