"""The database restarts, first cleanly and then by a crash, while eight clients hold: every answer stays true.

The PostgreSQL is one of the test's own, with durability on; its keeper starts it again whenever it ends.
"""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.models import Sum
from django.utils import timezone

from config import embedded
from config.locks import wait_until
from config.notes import read_note
from inventory.models import Balance, Hold, HoldLine
from inventory.stock import actions, proofs
from inventory.stock.errors import OutOfStock, StockBusy
from tests import factories as make
from tests.concurrency.together import PATIENCE, PROCESSES, enter

CLIENTS = 8
SCARCE = 40  # units of what sells out
PLENTY = 100_000
# Holds that must come through between one disturbance and the next.
STRETCH = 200
pytestmark = pytest.mark.embedded


@dataclass
class Told:
    """What one client was told: the keys that hold, those refused, and how often the stock was busy."""

    held: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    busy: int = 0
    repeated: int = 0


# --- In processes of their own, which know the test's database only ---------------------------------------------------

_over: Any = None  # set when the clients have done enough


def _join(where: dict[str, Any], over: Any) -> None:
    global _over  # noqa: PLW0603 (events are handed over when a process starts, and in no other way)
    _over = over
    enter(where)


def stock_up() -> tuple[list[int], int]:
    """Make the tables and three items; return what can be asked for and where."""
    call_command("migrate", "inventory", verbosity=0)
    balances = [make.balance(SCARCE), make.balance(PLENTY), make.balance(PLENTY)]
    return [balance.item_id for balance in balances], balances[0].warehouse_id


def buy_on(number: int, items: list[int], warehouse: int) -> Told:
    """Hold one basket after the other, each with a key that is repeated until there is an answer."""
    told = Told()
    scarce, one, other = items
    turn = 0
    while not _over.is_set():
        turn += 1
        key = f"client:{number}:{turn}"
        baskets = ({scarce: 1}, {one: 1, other: 2}, {other: 1, one: 1}, {one: 1})
        tries = 0

        def answered(key: str = key, demand: dict[int, int] = baskets[turn % 4]) -> bool:
            nonlocal tries
            tries += 1
            try:
                hold = actions.hold(
                    demand=demand,
                    warehouses=[warehouse],
                    holder=f"client:{number}",
                    cause_key=key,
                    expires_at=timezone.now() + timedelta(hours=1),
                )
            except StockBusy:
                told.busy += 1
                return False
            except OutOfStock:
                told.refused.append(key)
            else:
                told.held[key] = str(hold.id)
            return True

        assert wait_until(answered, within=2 * PATIENCE), f"{key} has no answer"
        told.repeated += tries > 1
    connections.close_all()
    return told


def holds_there() -> int:
    """The number of holds in the database, or -1 while it does not answer."""
    try:
        return Hold.objects.count()
    except DatabaseError:
        connection.close()
        return -1


def books() -> dict[str, Any]:
    """What the database says in the end."""
    return {
        "holds": {hold.cause_key: str(hold.id) for hold in Hold.objects.all()},
        "units": HoldLine.objects.aggregate(units=Sum("quantity"))["units"],
        "held": Balance.objects.aggregate(units=Sum("held"))["units"],
        "scarce": Balance.objects.filter(on_hand=SCARCE).values_list("held", flat=True).get(),
        "differences": proofs.differences(),
    }


# --- The test -------------------------------------------------------------------------------------------------------


def restart(state: Path, number: signal.Signals) -> None:
    """End the server by a signal and return when another answers in its place."""

    def server() -> dict[str, Any]:
        return read_note(state / "status.json")["servers"]["postgres"]

    former = server()["pid"]
    os.kill(former, number)
    assert wait_until(lambda: server()["state"] == "ready" and server()["pid"] != former, within=PATIENCE)


def test_restarts_in_the_middle_lose_nothing_and_sell_nothing_twice(tmp_path: Path) -> None:
    state = tmp_path / "state"
    over = PROCESSES.Event()
    with embedded.ensure(state, durable=True, valkey=False) as lease:
        found = environ.Env.db_url_config(lease.endpoints.database_url)
        where = {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        with ProcessPoolExecutor(CLIENTS + 1, mp_context=PROCESSES, initializer=_join, initargs=(where, over)) as pool:
            items, warehouse = pool.submit(stock_up).result(timeout=2 * PATIENCE)
            try:
                clients = [pool.submit(buy_on, number, items, warehouse) for number in range(CLIENTS)]
                for disturbance in (signal.SIGINT, signal.SIGQUIT):  # fast: sessions ended; immediate: a crash
                    _wait_for_holds(pool)
                    restart(state, disturbance)
                _wait_for_holds(pool)
            finally:
                over.set()
            told = [client.result(timeout=3 * PATIENCE) for client in clients]
            found = pool.submit(books).result(timeout=PATIENCE)

    reported = {key: hold for one in told for key, hold in one.held.items()}
    refused = {key for one in told for key in one.refused}
    # Each client met a restart and got through it by its key.
    assert all(one.busy and one.repeated for one in told)
    assert found["holds"] == reported
    assert not refused & reported.keys()
    assert found["units"] == found["held"]
    assert found["scarce"] == SCARCE
    assert refused
    assert found["differences"] == {}
    log = (state / "log" / "postgres.log").read_text()
    assert "received fast shutdown request" in log
    assert "received immediate shutdown request" in log


def _wait_for_holds(pool: ProcessPoolExecutor) -> None:
    """Wait until the clients have made a good number of further holds."""
    first = -1

    def enough() -> bool:
        nonlocal first
        now = pool.submit(holds_there).result(timeout=PATIENCE)
        if first < 0:
            first = now
        return 0 <= first <= now - STRETCH

    assert wait_until(enough, within=2 * PATIENCE)
