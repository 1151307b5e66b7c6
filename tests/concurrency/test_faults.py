"""Workers killed in the middle: before and after each statement of a flow, no COMMIT excepted.

Whatever the point, what is written adds up, the same calls with the same keys complete the flow exactly once, and what
is never completed comes back by the sweep. A worker is a process forked from a warmed one; it counts its own statements
and sends itself SIGKILL, so that nothing of it can run any more, no ``finally`` and no rollback.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inventory.models import Balance, Hold, HoldLine, Item, Movement, Restock, Transfer, TransferLine, Warehouse
from inventory.stock import actions, proofs
from tests import factories as make
from tests.concurrency.together import PATIENCE, PROCESSES, database, enter

SERIAL = count(1)
DONE = 0
KILLED = -signal.SIGKILL
# The statements of the longest flow are far fewer: beyond, a flow does not end.
MOST = 120
pytestmark = pytest.mark.django_db(transaction=True)

World = dict[str, Any]
Flow = Callable[[World], object]


# --- Dying ----------------------------------------------------------------------------------------------------------


class _Statements:
    """Counts the statements of a connection, a COMMIT as one, and kills the process before or after the n-th."""

    def __init__(self, fatal: int, *, after: bool) -> None:
        self.fatal, self.after, self.seen = fatal, after, 0

    def __call__(self, run: Callable[..., Any], *args: Any) -> Any:
        self.seen += 1
        if self.seen == self.fatal and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = run(*args)
        if self.seen == self.fatal and self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def die_at(where: dict[str, Any], flow: Flow, world: World, fatal: int, after: bool) -> None:  # noqa: FBT001 (travels to the process)
    """Run in a process of its own: carry out ``flow`` as far as its ``fatal``-th statement."""
    enter(where)
    connection.ensure_connection()
    statements = _Statements(fatal, after=after)
    commit = connection._commit
    connection._commit = lambda: statements(commit)
    with connection.execute_wrapper(statements):
        flow(world)


def deaths(flow: Flow, make_world: Callable[[], World]) -> Iterator[World]:
    """Yield a world for every point at which a worker can die in ``flow``, as its death has left it.

    The last two are those that it went through undisturbed.
    """
    for fatal in range(1, MOST):
        ends = set()
        for after in (False, True):
            world = make_world()
            worker = PROCESSES.Process(target=die_at, args=(database(), flow, world, fatal, after))
            worker.start()
            worker.join(PATIENCE)
            bury()
            ends.add(worker.exitcode)
            assert proofs.differences() == {}, f"statement {fatal}"
            yield world
        if ends == {DONE}:
            return
        assert ends == {KILLED}
    raise AssertionError(f"The flow does not end within {MOST} statements.")


def bury() -> None:
    """Wait until the server has let go of what the dead worker held: until then its rows are locked."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.01)
    raise AssertionError("The dead worker's connection is still there.")


def sweep(worlds: list[World]) -> None:
    """Let the time of every live hold be over and give the units back."""
    Hold.objects.filter(state=Hold.State.ACTIVE).update(expires_at=timezone.now() - timedelta(seconds=1))
    while actions.expire_due():
        pass
    assert proofs.differences() == {}
    assert not Balance.objects.filter(item__in=[world["item"] for world in worlds]).exclude(held=0).exists()


# --- Worlds ---------------------------------------------------------------------------------------------------------


def stocked(units: int = 5) -> World:
    balance = make.balance(units)
    return {"item": balance.item_id, "place": balance.warehouse_id, "key": f"key:{next(SERIAL)}"}


def with_due_holds() -> World:
    world = stocked()
    for number in (1, 2):
        hold(world | {"key": f"{world['key']}:{number}"})
    Hold.objects.filter(lines__balance__item=world["item"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    return world


def shipped() -> World:
    world = stocked()
    hold_commit_ship(world)
    return world


def counters(world: World) -> tuple[int, int, int]:
    here = Balance.objects.filter(item=world["item"], warehouse=world["place"])
    return here.values_list("on_hand", "held", "allocated").get()


def moves(world: World, kind: Movement.Kind) -> int:
    return Movement.objects.filter(balance__item=world["item"], kind=kind).count()


# --- Flows ----------------------------------------------------------------------------------------------------------


def hold(world: World) -> Hold:
    return actions.hold(
        demand={world["item"]: 2},
        warehouses=[world["place"]],
        holder=world["key"],
        cause_key=world["key"],
        expires_at=timezone.now() + timedelta(minutes=5),
    )


def hold_beside_an_order(world: World) -> None:
    with transaction.atomic():
        made = hold(world)
        # What an order is to a hold: a row of the same transaction, once per hold.
        Item.objects.get_or_create(sku=world["key"].upper().replace(":", "-"), defaults={"description": str(made.id)})


def hold_commit_ship(world: World) -> None:
    made = hold(world)
    actions.commit(hold_id=made.id)
    actions.ship(hold_id=made.id)


def hold_release(world: World) -> None:
    actions.release(hold_id=hold(world).id)


def expire(_world: World) -> None:
    actions.expire_due()


def receive(world: World) -> None:
    actions.receive(
        item=Item.objects.get(id=world["item"]),
        warehouse=Warehouse.objects.get(id=world["place"]),
        quantity=3,
        cause="delivery",
        cause_key=world["key"],
    )


def transfer(world: World) -> None:
    source, destination = Warehouse.objects.get(id=world["place"]), Warehouse.objects.get(code="LIL")
    sent = actions.send_transfer(
        source=source, destination=destination, lines={world["item"]: 3}, cause_key=world["key"]
    )
    line = sent.lines.get()
    actions.receive_transfer(transfer=sent, parts={line.id: 1}, key="first")
    actions.receive_transfer(transfer=sent, parts={line.id: 2}, key="rest")


def return_units(world: World) -> None:
    actions.return_units(
        hold_id=Hold.objects.get(lines__balance__item=world["item"]).id,
        item=Item.objects.get(id=world["item"]),
        warehouse=Warehouse.objects.get(id=world["place"]),
        quantity=1,
        condition=actions.Condition.FIT,
        cause_key=f"return:{world['key']}",
    )


# --- Holds ----------------------------------------------------------------------------------------------------------


def test_killed_hold_is_completed_by_its_key():
    for world in deaths(hold, stocked):
        hold(world)
        assert counters(world) == (5, 2, 0)
        assert moves(world, Movement.Kind.HOLD) == Hold.objects.filter(cause_key=world["key"]).count() == 1
    assert proofs.differences() == {}


def test_killed_hold_that_nobody_repeats_comes_back_by_the_sweep():
    worlds = list(deaths(hold, stocked))
    sweep(worlds)
    assert {counters(world) for world in worlds} == {(5, 0, 0)}
    # The key tells what became of it: a hold that was made is over, one that was not is made now.
    assert [hold(world).state for world in worlds] == ["active", "expired", "expired", "expired"]


def test_a_new_key_after_a_lost_answer_holds_twice():
    """Why callers repeat with the same key: the worker died with the answer, not with the hold."""
    lost = [world for world in deaths(hold, stocked) if counters(world) == (5, 2, 0)]
    assert lost
    for world in lost:
        hold(world | {"key": f"{world['key']}:new"})
        assert counters(world) == (5, 4, 0)


def test_killed_hold_and_the_row_beside_it_come_together_or_not_at_all():
    for world in deaths(hold_beside_an_order, stocked):
        order = Item.objects.filter(sku=world["key"].upper().replace(":", "-"))
        assert counters(world)[1] == 2 * order.count()
        hold_beside_an_order(world)
        assert counters(world) == (5, 2, 0)
        assert order.get().description == str(Hold.objects.get(cause_key=world["key"]).id)
    assert proofs.differences() == {}


def test_killed_sale_is_completed_by_its_key():
    for world in deaths(hold_commit_ship, stocked):
        hold_commit_ship(world)
        assert counters(world) == (3, 0, 0)
        assert [moves(world, kind) for kind in ("hold", "commit", "ship")] == [1, 1, 1]
    assert proofs.differences() == {}


def test_killed_sale_that_nobody_repeats_comes_back_unless_it_was_paid():
    worlds = list(deaths(hold_commit_ship, stocked))
    sweep(worlds)
    # Dead before the hold, before COMMIT and before shipping; paid units stay claimed, shipped ones are gone.
    assert {counters(world) for world in worlds} == {(5, 0, 0), (5, 0, 2), (3, 0, 0)}


def test_killed_release_is_completed_by_its_key():
    for world in deaths(hold_release, stocked):
        hold_release(world)
        assert counters(world) == (5, 0, 0)
        assert moves(world, Movement.Kind.RELEASE) == 1
    assert proofs.differences() == {}


def test_killed_sweep_is_completed_by_the_next_one():
    for world in deaths(expire, with_due_holds):
        actions.expire_due()
        assert counters(world) == (5, 0, 0)
        assert moves(world, Movement.Kind.EXPIRE) == 2
    assert proofs.differences() == {}


# --- Goods ----------------------------------------------------------------------------------------------------------


def test_killed_delivery_is_completed_by_its_key():
    for world in deaths(receive, lambda: stocked(0)):
        receive(world)
        assert counters(world) == (3, 0, 0)
        assert Restock.objects.filter(balance__item=world["item"]).count() == 1
    assert proofs.differences() == {}


def test_killed_transfer_is_completed_by_its_keys():
    away = make.warehouse("LIL", "FR")
    for world in deaths(transfer, stocked):
        # Nothing is ever lost: it is here, there, or on the way.
        places = sum(Balance.objects.filter(item=world["item"]).values_list("on_hand", flat=True))
        assert places + sum(line.on_the_way for line in TransferLine.objects.filter(item=world["item"])) == 5
        transfer(world)
        assert counters(world) == (2, 0, 0)
        assert counters(world | {"place": away.id}) == (3, 0, 0)
        assert Transfer.objects.get(cause_key=world["key"]).state == Transfer.State.RECEIVED
    assert proofs.differences() == {}


def test_killed_return_is_completed_by_its_key():
    for world in deaths(return_units, shipped):
        return_units(world)
        assert counters(world) == (4, 0, 0)
        assert HoldLine.objects.get(balance__item=world["item"]).returned == 1
    assert proofs.differences() == {}
