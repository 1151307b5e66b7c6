"""Stock: what is held, committed, shipped and given back; refusals leave nothing behind."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import Balance, Hold, Movement
from inventory.stock import actions, proofs
from inventory.stock.errors import ClaimExceeded, HoldNotActive, OutOfStock
from tests import factories as make

pytestmark = pytest.mark.django_db


def hold(balance: Balance, quantity: int, *, key: str = "k", minutes: int = 30) -> Hold:
    return actions.hold(
        demand={balance.item_id: quantity},
        warehouses=[balance.warehouse_id],
        holder="test",
        cause_key=key,
        expires_at=timezone.now() + timedelta(minutes=minutes),
    )


def assert_proved() -> None:
    assert proofs.differences() == {}


def test_hold_commit_ship_walks_the_units_out():
    balance = make.balance(10)
    held = hold(balance, 3)
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held, balance.allocated) == (10, 3, 0)
    actions.commit(hold_id=held.id)
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held, balance.allocated) == (10, 0, 3)
    actions.ship(hold_id=held.id)
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held, balance.allocated) == (7, 0, 0)
    kinds = list(Movement.objects.filter(balance=balance).order_by("id").values_list("kind", flat=True))
    assert kinds == ["receive", "hold", "commit", "ship"]
    assert_proved()


def test_hold_is_all_or_nothing_and_names_every_short_line():
    plenty, scarce, none = make.balance(10), make.balance(2), make.balance(0)
    with pytest.raises(OutOfStock) as refused:
        actions.hold(
            demand={plenty.item_id: 1, scarce.item_id: 3, none.item_id: 1},
            warehouses=[plenty.warehouse_id],
            holder="test",
            cause_key="k",
            expires_at=None,
        )
    assert [(one.sku, one.asked, one.available) for one in refused.value.shortages] == [
        (scarce.item.sku, 3, 2),
        (none.item.sku, 1, 0),
    ]
    assert not Hold.objects.exists()
    assert not Balance.objects.filter(held__gt=0).exists()


def test_same_cause_holds_once():
    balance = make.balance(10)
    assert hold(balance, 3).id == hold(balance, 3).id
    balance.refresh_from_db()
    assert balance.held == 3


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_quantities_out_of_range_are_refused(quantity):
    balance = make.balance(10)
    with pytest.raises(ValueError, match="between 1 and"):
        hold(balance, quantity)


def test_safety_stock_is_never_promised():
    balance = make.balance(10)
    Balance.objects.filter(id=balance.id).update(safety=8)
    with pytest.raises(OutOfStock) as refused:
        hold(balance, 3)
    assert refused.value.shortages[0].available == 2


def test_preferred_warehouse_first_then_split():
    london, lille = make.warehouse("LON"), make.warehouse("LIL", "FR")
    first = make.balance(2, sku="AAA-1", at=lille)
    second = make.balance(5, sku="AAA-1", at=london)
    whole = actions.hold(
        demand={first.item_id: 4}, warehouses=[lille.id, london.id], holder="t", cause_key="a", expires_at=None
    )
    assert [(line.balance_id, line.quantity) for line in whole.lines.all()] == [(second.id, 4)]
    split = actions.hold(
        demand={first.item_id: 3}, warehouses=[lille.id, london.id], holder="t", cause_key="b", expires_at=None
    )
    assert sorted((line.balance_id, line.quantity) for line in split.lines.all()) == [(first.id, 2), (second.id, 1)]
    assert_proved()


def test_expired_units_return_exactly_once_and_commit_is_refused_afterwards():
    balance = make.balance(5)
    held = hold(balance, 5, minutes=-1)
    assert actions.expire_due() == [held.id]
    assert actions.expire_due() == []
    balance.refresh_from_db()
    assert (balance.held, balance.available) == (0, 5)
    with pytest.raises(HoldNotActive):
        actions.commit(hold_id=held.id)
    assert_proved()


def test_a_hold_past_its_time_does_not_stand_in_a_buyers_way():
    balance = make.balance(1)
    hold(balance, 1, key="late", minutes=-1)
    assert hold(balance, 1, key="next").state == Hold.State.ACTIVE


def test_release_commit_cancel_repeat_without_effect():
    balance = make.balance(5)
    released = hold(balance, 2, key="a")
    assert actions.release(hold_id=released.id) is True
    assert actions.release(hold_id=released.id) is False
    committed = hold(balance, 2, key="b")
    assert actions.commit(hold_id=committed.id) is True
    assert actions.commit(hold_id=committed.id) is False
    assert actions.cancel(hold_id=committed.id) is True
    assert actions.cancel(hold_id=committed.id) is False
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held, balance.allocated) == (5, 0, 0)
    assert_proved()


def test_receive_and_correct_apply_a_cause_once():
    balance = make.balance(5)
    for _ in range(2):
        actions.receive(item=balance.item, warehouse=balance.warehouse, quantity=4, cause="po", cause_key="po:1")
    balance.refresh_from_db()
    assert balance.on_hand == 9
    actions.correct(item=balance.item, warehouse=balance.warehouse, delta=-2, cause="count", cause_key="count:1")
    balance.refresh_from_db()
    assert balance.on_hand == 7
    assert_proved()


def test_a_correction_below_the_claims_is_refused():
    balance = make.balance(5)
    hold(balance, 4)
    with pytest.raises(ClaimExceeded):
        actions.correct(item=balance.item, warehouse=balance.warehouse, delta=-2, cause="count", cause_key="count:1")
    balance.refresh_from_db()
    assert balance.on_hand == 5


def test_the_database_itself_refuses_a_claim_beyond_the_stock():
    balance = make.balance(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.filter(id=balance.id).update(held=6)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_movement SET on_hand_delta = 99",
        "DELETE FROM inventory_movement",
        "TRUNCATE inventory_movement CASCADE",
    ],
)
def test_the_ledger_is_append_only(statement):
    make.balance(5)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Movement.objects.get().on_hand_delta == 5


def test_two_changes_to_one_balance_must_be_summed_first():
    from inventory.stock.ledger import Change, apply

    balance = make.balance(5)
    with pytest.raises(ValueError, match="sum the demand"):
        apply([Change(balance.id, "a", held=1), Change(balance.id, "b", held=1)], kind=Movement.Kind.HOLD, cause="t")


class AnyHistory(TestCase):
    """Whatever is done in whatever order, the ledger explains the balance and no claim exceeds the stock."""

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["receive", "hold", "commit", "release", "ship", "cancel", "expire"]), st.integers(1, 6)
            ),
            max_size=25,
        )
    )
    def test_ledger_explains_balance(self, steps):
        balance = make.balance(5)
        holds: list[Hold] = []
        for number, (verb, quantity) in enumerate(steps):
            try:
                with transaction.atomic():
                    if verb == "receive":
                        actions.receive(
                            item=balance.item,
                            warehouse=balance.warehouse,
                            quantity=quantity,
                            cause="t",
                            cause_key=f"r{number}:{balance.id}",
                        )
                    elif verb == "hold":
                        holds.append(hold(balance, quantity, key=f"h{number}:{balance.id}", minutes=(-1) ** quantity))
                    elif verb == "expire":
                        actions.expire_due()
                    elif holds:
                        getattr(actions, verb)(hold_id=holds[quantity % len(holds)].id)
            except (OutOfStock, HoldNotActive):
                continue
        balance.refresh_from_db()
        assert balance.held + balance.allocated <= balance.on_hand
        assert_proved()
