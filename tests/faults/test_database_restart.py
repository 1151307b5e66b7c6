"""PostgreSQL restarts while shoppers check out and Stripe delivers: what was charged is an order, once.

The PostgreSQL is one of the test's own, with durability on; its keeper starts it again. The shop is a process of its own,
reached over HTTP, as is the worker's part; Stripe's simulator delivers again what the door could not take.
"""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import embedded
from config.locks import wait_until
from config.notes import read_note
from tests.concurrency.together import PATIENCE, PROCESSES, enter
from tests.faults.stripe_side import StripeSide, eventually
from tests.faults.workers import point_at

BUYERS = 6
pytestmark = pytest.mark.embedded

# --- In the shop's process, which knows the test's database only ------------------------------------------------------

_web: Any = None


def _join(where: dict[str, Any]) -> None:
    enter(where)


def open_shop() -> str:
    """Make the tables and the shop; return its address. Tables come from the models, but for the stock's functions."""
    global _web  # noqa: PLW0603 (the process keeps its server)
    settings.MIGRATION_MODULES = {"shop": None, "licensing": None}
    # What the shop's tables refer to comes first.
    for app in ("config", "auth", "inventory"):
        call_command("migrate", app, verbosity=0)
    call_command("migrate", verbosity=0, run_syncdb=True)
    from tests import factories as make
    from tests.faults.web import Web

    make.agreement()
    make.tax_rates()
    make.variant("MUG-1", stock_at={"LON": 50})
    _web = Web(threads=6)
    settings.SITE_URL = _web.address
    return str(_web.address)


def know_stripe(address: str) -> None:
    """Point the shop at Stripe."""
    for name, value in point_at(address).items():
        setattr(settings, name, value)


def baskets(number: int) -> list[str]:
    """Make baskets with a mug each."""
    from shop.models import Variant
    from tests import factories as make

    mug = Variant.objects.get()
    return [make.basket((mug, 1)).token for _ in range(number)]


def claims_are_abandoned() -> None:
    """Two minutes pass for requests that the crash cut off: their keys are free again."""
    from shop.store_api.models import IdempotencyRecord

    connection.close()
    IdempotencyRecord.objects.filter(status=None).update(created_at=timezone.now() - timedelta(minutes=3))


def settle(state: dict[str, Any]) -> list[str]:
    """Sweep until nothing waits, then compare the books; return the orders' states."""
    from shop.models import Order
    from tests.faults.books import books_agree
    from tests.faults.sweeps import sweep

    connection.close()
    for _ in range(2):
        sweep()
    books_agree(_Told(state))
    return list(Order.objects.values_list("state", flat=True))


class _Told:
    """Stripe's state, as it was told to this process."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def state(self) -> dict[str, Any]:
        return self._state


# --- The test ---------------------------------------------------------------------------------------------------------


@contextmanager
def disturbed(state: Path, number: signal.Signals) -> Iterator[None]:
    """End the server by a signal, do the block while it is away or coming back, and wait until it is there again."""

    def server() -> dict[str, Any]:
        return dict(read_note(state / "status.json")["servers"]["postgres"])

    former = server()["pid"]
    os.kill(former, number)
    yield
    assert wait_until(lambda: server()["state"] == "ready" and server()["pid"] != former, within=PATIENCE)


def check_out(shop: str, basket: str) -> str:
    """Check out with one key until there is an answer; return the payment page's address, empty if none is there yet."""
    from tests import factories as make

    body = {
        "email": f"{basket.lower()[:12].strip('-_')}@example.org",
        "shipping_option": "standard",
        "ship_to": make.address(),
        "consents": make.consents(),
    }
    headers = {"Idempotency-Key": f"key-{basket}"}
    url = f"{shop}/api/v1/store/baskets/{basket}/checkout"

    said = []

    def answered() -> httpx.Response | None:
        answer = httpx.post(url, json=body, headers=headers, trust_env=False, timeout=60)
        said.append(answer.text[:300])
        # Away, or the same request may still be at work: try the same again.
        return None if answer.status_code == 503 or "idempotency-key-busy" in answer.text else answer

    try:
        answer = eventually(answered, within=2 * PATIENCE, every=0.5)
    except AssertionError as late:
        raise AssertionError(f"no answer: {said[-1]}") from late
    assert answer.status_code == 201, answer.text
    return str(answer.json()["payment"]["url"] or "")


def test_the_database_restarts_in_the_middle_of_sales(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with embedded.ensure(state, durable=True, valkey=False) as lease:
        found = environ.Env.db_url_config(lease.endpoints.database_url)
        where = {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        with ProcessPoolExecutor(1, mp_context=PROCESSES, initializer=_join, initargs=(where,)) as pool:
            shop = pool.submit(open_shop).result(timeout=4 * PATIENCE)
            stripe_side = StripeSide(tmp_path / "stripe", shop)
            try:
                pool.submit(know_stripe, stripe_side.address).result(timeout=PATIENCE)
                ready = pool.submit(baskets, 2 * BUYERS).result(timeout=PATIENCE)
                with ThreadPoolExecutor(BUYERS) as shoppers:
                    first = [page for page in shoppers.map(lambda one: check_out(shop, one), ready[:BUYERS]) if page]
                    with disturbed(state, signal.SIGQUIT):  # a crash: nothing is said good-bye to
                        late = [shoppers.submit(check_out, shop, one) for one in ready[BUYERS:]]
                        list(shoppers.map(stripe_side.press, first))
                    pool.submit(claims_are_abandoned).result(timeout=PATIENCE)
                    pages = [one.result(timeout=3 * PATIENCE) for one in late]
                    list(shoppers.map(stripe_side.press, filter(None, pages)))
                eventually(stripe_side.delivered)
                states = pool.submit(settle, stripe_side.state()).result(timeout=4 * PATIENCE)
            finally:
                stripe_side.close()
    assert len(states) == 2 * BUYERS
    assert states.count("paid") == len(paid_pages := [page for page in [*first, *pages] if page])
    assert len(set(paid_pages)) == len(paid_pages)
    assert "received immediate shutdown request" in (state / "log" / "postgres.log").read_text()
