"""Negative controls: each race of ``test_claims`` with its guard taken off does its damage, every time.

Where the damage needs one caller to act on what it read before another wrote, a barrier between reading and writing
makes that certain. Behind most guards stands a constraint; it is dropped for the test, which is also how one sees that
it stands there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from inventory.models import Balance, BundleComponent, Hold, HoldLine, RingFence
from inventory.stock import actions, proofs, queries
from tests import factories as make
from tests.concurrency.together import PATIENCE, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def without(table: str, constraint: str) -> Iterator[None]:
    """Take a constraint off the table; the rows that break it are emptied away before it is put back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
        definition = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    try:
        yield
    finally:
        HoldLine.objects.all().delete()
        Hold.objects.all().delete()
        Balance.objects.update(held=0, allocated=0, fenced=0)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")


def held(balance: Balance, units: int, key: str, **facts: object) -> Hold:
    return actions.hold(
        demand={balance.item_id: units},
        warehouses=[balance.warehouse_id],
        **{"holder": key, "cause_key": key, "expires_at": None, **facts},
    )


def test_claims_without_the_condition_in_the_update_oversell():
    balance = make.balance(1)
    decided = Barrier(8)

    def buy(_number: int) -> str:
        with transaction.atomic():
            if not Balance.objects.get(id=balance.id).available:
                return "refused"
            decided.wait(timeout=PATIENCE)
            Balance.objects.filter(id=balance.id).update(held=F("held") + 1)
            return "sold"

    with without("inventory_balance", "balance_claims_within_stock"):
        assert all_at_once(buy) == ["sold"] * 8
        balance.refresh_from_db()
        assert (balance.on_hand, balance.held) == (1, 8)


def test_claims_without_the_condition_are_stopped_by_the_constraint():
    balance = make.balance(1)
    decided = Barrier(8)

    def buy(_number: int) -> str:
        decided.wait(timeout=PATIENCE)
        try:
            Balance.objects.filter(id=balance.id).update(held=F("held") + 1)
        except IntegrityError as error:
            return type(error.__cause__).__name__
        return "sold"

    assert sorted(all_at_once(buy)) == ["CheckViolation"] * 7 + ["sold"]


def test_two_rows_without_the_ordered_lock_deadlock():
    first, second = make.balance(5), make.balance(5)
    halfway = Barrier(2)

    def buy(number: int) -> str:
        one, other = (first, second) if number else (second, first)
        try:
            with transaction.atomic():
                Balance.objects.filter(id=one.id).update(held=F("held") + 1)
                halfway.wait(timeout=PATIENCE)
                Balance.objects.filter(id=other.id).update(held=F("held") + 1)
        except OperationalError as error:
            return type(error.__cause__).__name__
        return "sold"

    assert sorted(all_at_once(buy, 2)) == ["DeadlockDetected", "sold"]


def test_sweepers_without_the_state_condition_give_units_back_twice():
    balance = make.balance(5)
    hour_ago = timezone.now() - timedelta(hours=1)
    held(balance, 2, "due", expires_at=hour_ago)
    # Somebody else's claim, so that no CHECK stops the second time: the units given back are theirs.
    held(balance, 2, "other")
    read = Barrier(2)

    def sweep(_number: int) -> str:
        due = Hold.objects.get(state="active", expires_at__lte=timezone.now())
        units = due.lines.get().quantity
        read.wait(timeout=PATIENCE)
        with transaction.atomic():
            Hold.objects.filter(id=due.id).update(state="expired")
            Balance.objects.filter(id=balance.id).update(held=F("held") - units)
        return "swept"

    assert all_at_once(sweep, 2) == ["swept", "swept"]
    balance.refresh_from_db()
    assert balance.held == 0
    assert proofs.differences()["Every claim is a hold"] == [(balance.item.sku, "LON", 0, 0, 2, 0)]


def test_sweepers_without_skip_locked_wait_for_each_other():
    balance = make.balance(2)
    held(balance, 2, "due", expires_at=timezone.now() - timedelta(hours=1))
    locked, done = Barrier(2), Barrier(2)
    due = Hold.objects.filter(state="active", expires_at__lte=timezone.now())

    def sweep(number: int) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            if not number:
                list(due.select_for_update(no_key=True))
                locked.wait(timeout=PATIENCE)
                done.wait(timeout=PATIENCE)
                return "first"
            locked.wait(timeout=PATIENCE)
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            skipping = list(due.select_for_update(no_key=True, skip_locked=True))
            try:
                with transaction.atomic():
                    list(due.select_for_update(no_key=True))
            except OperationalError as error:
                return f"{len(skipping)} without waiting, else {type(error.__cause__).__name__}"
            finally:
                done.wait(timeout=PATIENCE)
            return "went through"

    assert all_at_once(sweep, 2) == ["first", "0 without waiting, else LockNotAvailable"]


def test_bundle_and_component_checked_one_by_one_oversell():
    balance, bundle = make.balance(3), make.item()
    BundleComponent.objects.create(bundle=bundle, component=balance.item, quantity=2)
    asked = {bundle.id: 1, balance.item_id: 2}
    left = queries.available_by_item(item_ids=asked, warehouse_ids=[balance.warehouse_id])
    assert all(left[item] >= units for item, units in asked.items())
    with without("inventory_balance", "balance_claims_within_stock"):
        for item, units in asked.items():
            claimed = units * queries.components([item]).get(item, {}).get(balance.item_id, 1)
            Balance.objects.filter(id=balance.id).update(held=F("held") + claimed)
        balance.refresh_from_db()
        assert (balance.on_hand, balance.held) == (3, 4)


def test_commit_and_release_without_the_state_check_both_succeed():
    balance = make.balance(4)
    hold = held(balance, 2, "one")
    held(balance, 2, "other")
    read = Barrier(2)

    def settle(number: int) -> str:
        state, allocated = ("committed", 2) if number else ("released", 0)
        assert Hold.objects.get(id=hold.id).state == "active"
        read.wait(timeout=PATIENCE)
        with transaction.atomic():
            Hold.objects.filter(id=hold.id).update(state=state)
            Balance.objects.filter(id=balance.id).update(held=F("held") - 2, allocated=F("allocated") + allocated)
        return state

    assert sorted(all_at_once(settle, 2)) == ["committed", "released"]
    balance.refresh_from_db()
    # Paid for by one and free for all at once; and the other buyer's claim is gone.
    assert (balance.held, balance.allocated, balance.available) == (0, 2, 2)
    assert "Every claim is a hold" in proofs.differences()


def test_parcels_without_the_hold_locked_ship_more_than_it_has():
    balance = make.balance(6)
    hold = held(balance, 3, "one")
    held(balance, 3, "other")
    line = hold.lines.get()
    read = Barrier(2)

    def ship(_number: int) -> str:
        outstanding = HoldLine.objects.get(id=line.id).outstanding
        read.wait(timeout=PATIENCE)
        with transaction.atomic():
            HoldLine.objects.filter(id=line.id).update(shipped=F("shipped") + outstanding)
            Balance.objects.filter(id=balance.id).update(
                on_hand=F("on_hand") - outstanding, held=F("held") - outstanding
            )
        return "shipped"

    with without("inventory_holdline", "holdline_counts_within_quantity"):
        assert all_at_once(ship, 2) == ["shipped", "shipped"]
        line.refresh_from_db()
        assert (line.quantity, line.shipped) == (3, 6)
        assert Balance.objects.get(id=balance.id).on_hand == 0


def test_returns_without_the_hold_locked_come_back_twice():
    balance = make.balance(3)
    hold = held(balance, 3, "one")
    actions.commit(hold_id=hold.id)
    actions.ship(hold_id=hold.id)
    read = Barrier(2)

    def take_back(_number: int) -> str:
        line = HoldLine.objects.get(hold=hold)
        left = line.shipped - line.returned
        read.wait(timeout=PATIENCE)
        with transaction.atomic():
            # Written as read: no constraint sees it.
            line.returned += left
            line.save(update_fields=["returned"])
            Balance.objects.filter(id=balance.id).update(on_hand=F("on_hand") + left)
        return "taken"

    assert all_at_once(take_back, 2) == ["taken", "taken"]
    balance.refresh_from_db()
    assert balance.on_hand == 6
    assert "The ledger explains every balance" in proofs.differences()


def test_a_count_of_live_holds_without_the_advisory_lock_lets_more_through():
    balance = make.balance(20)
    counted = Barrier(8)

    def buy(number: int) -> str:
        with transaction.atomic():
            if Hold.objects.filter(holder="one", state="active").count() >= 3:
                return "refused"
            counted.wait(timeout=PATIENCE)
            held(balance, 1, f"key:{number}", holder="one")
            return "held"

    assert all_at_once(buy) == ["held"] * 8
    assert Hold.objects.filter(holder="one", state="active").count() == 8


def test_a_cause_key_looked_up_but_not_unique_holds_as_often_as_it_is_told():
    balance = make.balance(20)
    looked = Barrier(8)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'inventory_hold'::regclass AND contype = 'u'"
        )
        (constraint,) = (name for (name,) in cursor.fetchall() if "cause_key" in name)

    def buy(_number: int) -> str:
        if Hold.objects.filter(cause_key="key").exists():
            return "again"
        looked.wait(timeout=PATIENCE)
        with transaction.atomic():
            hold = Hold.objects.create(holder="one", cause="one", cause_key="key")
            HoldLine.objects.create(hold=hold, balance=balance, quantity=1)
            Balance.objects.filter(id=balance.id).update(held=F("held") + 1)
        return "held"

    with without("inventory_hold", constraint):
        assert all_at_once(buy) == ["held"] * 8
        assert Hold.objects.filter(cause_key="key").count() == 8


def test_a_fence_read_without_its_balance_locked_gives_its_units_away_twice():
    balance = make.balance(4)
    fence = actions.set_aside(
        item=balance.item, warehouse=balance.warehouse, quantity=4, purpose="drop", cause_key="fence"
    )
    # Another fence of the same balance: without it, the CHECK would see the fenced units go below zero.
    make.balance(4, sku=balance.item.sku)
    actions.set_aside(item=balance.item, warehouse=balance.warehouse, quantity=4, purpose="other", cause_key="fence 2")
    read = Barrier(2)

    def take(number: int) -> str:
        share = RingFence.objects.get(id=fence.id).remaining
        read.wait(timeout=PATIENCE)
        with transaction.atomic():
            RingFence.objects.filter(id=fence.id).update(remaining=0)
            Balance.objects.filter(id=balance.id).update(fenced=F("fenced") - share, held=F("held") + share * number)
        return f"{share} {'held' if number else 'given back'}"

    assert all_at_once(take, 2) == ["4 given back", "4 held"]
    balance.refresh_from_db()
    # Of eight units four were for the other purpose: they can now be promised to anybody.
    assert (balance.held, balance.fenced, balance.available) == (4, 0, 4)
    assert proofs.differences()["Every fenced unit has its fence"] == [(balance.item.sku, "LON", 0, 4)]
