"""Production batches: which lot leaves first, who got which, and what a recall takes off sale."""

from datetime import date

import pytest
from django.utils import timezone

from inventory.models import Balance, Hold
from inventory.stock import actions, proofs
from inventory.stock.actions import Condition
from inventory.stock.actions.lots import Recalled
from inventory.stock.errors import ClaimExceeded, LotError
from inventory.stock.models import Lot, LotBalance, LotMovement
from tests import factories as make
from tests.inventory.stock.model_of_stock import contents, refused

pytestmark = pytest.mark.django_db


def deliver(balance: Balance, number: str, units: int, day: int, **facts) -> Lot:
    """Receive units of a lot produced on a day of January 2026."""
    actions.receive(
        item=balance.item,
        warehouse=balance.warehouse,
        quantity=units,
        cause="delivery",
        cause_key=f"{number}:{balance.id}:{day}",
        lot_number=number,
        produced_on=date(2026, 1, day),
        **facts,
    )
    return Lot.objects.get(item=balance.item, number=number)


def in_lots(balance: Balance) -> dict[str, int]:
    assert proofs.differences() == {}
    return dict(LotBalance.objects.filter(balance=balance, units__gt=0).values_list("lot__number", "units"))


def hold(balance: Balance, units: int, *, key: str = "k", cause: str = "order:1") -> Hold:
    return actions.hold(
        demand={balance.item_id: units},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause=cause,
        cause_key=key,
        expires_at=None,
    )


def sell(balance: Balance, units: int, *, key: str = "k", cause: str = "order:1") -> Hold:
    held = hold(balance, units, key=key, cause=cause)
    actions.commit(hold_id=held.id)
    actions.ship(hold_id=held.id)
    return held


def test_units_of_no_lot_leave_first_then_the_oldest_lots():
    balance = make.balance(2)
    deliver(balance, "NEW", 4, day=20)  # told first, produced last
    deliver(balance, "OLD", 3, day=5)
    sell(balance, 2, key="a")
    assert in_lots(balance) == {"NEW": 4, "OLD": 3}
    sell(balance, 2, key="b")
    assert in_lots(balance) == {"NEW": 4, "OLD": 1}
    sell(balance, 3, key="c")
    assert in_lots(balance) == {"NEW": 2}


def test_of_two_lots_of_one_day_the_first_known_leaves_first():
    balance = make.balance(0)
    deliver(balance, "B", 2, day=5)
    deliver(balance, "A", 2, day=5)
    sell(balance, 3)
    assert in_lots(balance) == {"A": 1}


def test_holding_and_paying_take_no_lot_yet():
    balance = make.balance(0)
    deliver(balance, "L1", 5, day=5)
    actions.commit(hold_id=hold(balance, 5).id)
    assert in_lots(balance) == {"L1": 5}


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("correct", {"delta": -3}),
        ("quarantine", {"quantity": 3}),
        ("damage", {"quantity": 3}),
        ("write_off", {"quantity": 3, "found": Condition.FIT}),
    ],
)
def test_whatever_takes_units_off_the_shelf_takes_them_from_the_same_lots(verb, facts):
    balance = make.balance(1)
    deliver(balance, "OLD", 3, day=5)
    deliver(balance, "NEW", 3, day=6)
    getattr(actions, verb)(item=balance.item, warehouse=balance.warehouse, cause="t", cause_key="x", **facts)
    assert in_lots(balance) == {"OLD": 1, "NEW": 3}


def test_the_ledger_says_which_order_got_which_lot():
    balance = make.balance(0)
    lot = deliver(balance, "L1", 3, day=5)
    deliver(balance, "L2", 3, day=6)
    sell(balance, 2, key="a", cause="order:1")
    sell(balance, 2, key="b", cause="order:2")
    sell(balance, 2, key="c", cause="order:3")
    trail = LotMovement.objects.filter(movement__kind="ship", lot=lot)
    rows = trail.order_by("id").values_list("movement__cause", "delta")
    assert list(rows) == [("order:1", -2), ("order:2", -1)]
    other = LotMovement.objects.filter(movement__kind="ship", lot__number="L2").order_by("id")
    assert list(other.values_list("movement__cause", "delta")) == [("order:2", -1), ("order:3", -2)]


def test_a_named_lot_is_quarantined_out_of_its_turn():
    balance = make.balance(2)
    deliver(balance, "OLD", 3, day=5)
    newer = deliver(balance, "NEW", 3, day=6)
    actions.quarantine(item=balance.item, warehouse=balance.warehouse, quantity=2, cause="t", cause_key="x", lot=newer)
    assert in_lots(balance) == {"OLD": 3, "NEW": 1}


def test_no_more_of_a_lot_is_quarantined_than_lies_there():
    balance, other = make.balance(2), make.balance(0)
    lot, foreign = deliver(balance, "L1", 3, day=5), deliver(other, "L1", 3, day=5)
    place = {"item": balance.item, "warehouse": balance.warehouse, "cause": "t", "cause_key": "x"}
    with refused(LotError, match="fewer units"):
        actions.quarantine(**place, quantity=4, lot=lot)
    with refused(LotError):
        actions.quarantine(**place, quantity=1, lot=foreign)
    hold(balance, 3)
    with refused(ClaimExceeded):
        actions.quarantine(**place, quantity=3, lot=lot)
    actions.quarantine(**place, quantity=2, lot=lot)
    assert in_lots(balance) == {"L1": 1}


@pytest.mark.parametrize("condition", [Condition.INSPECT, Condition.DAMAGED])
def test_units_unfit_for_sale_are_given_no_lot(condition):
    balance = make.balance(0)
    with refused(LotError):
        deliver(balance, "L1", 3, day=5, condition=condition)


def test_a_lot_delivered_twice_is_one_lot_with_its_first_day():
    balance = make.balance(0)
    first = deliver(balance, "L1", 3, day=5)
    again = deliver(balance, "L1", 2, day=9)
    assert (first.id, again.produced_on) == (again.id, date(2026, 1, 5))
    assert in_lots(balance) == {"L1": 5}


def test_a_recall_quarantines_what_is_unclaimed_everywhere_and_reports_what_is_claimed():
    here = make.balance(0)
    there = make.balance(0, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    elsewhere = make.balance(4, sku=here.item.sku, at=make.warehouse("NGB", "CN"))
    lot = deliver(here, "L1", 6, day=5)
    deliver(here, "L2", 1, day=6)
    deliver(there, "L1", 3, day=5)
    held = hold(here, 4)
    # Seven lie here and four are claimed, so three can go; which of them are of the lot is known only when packed.
    done = actions.recall(lot=lot, reason="glaze")
    assert sorted(done, key=lambda one: one.warehouse) == [Recalled("LIL", 3, 0), Recalled("LON", 3, 3)]
    for balance, counters in ((here, (4, 3)), (there, (0, 3)), (elsewhere, (4, 0))):
        balance.refresh_from_db()
        assert (balance.on_hand, balance.quarantined) == counters
    lot.refresh_from_db()
    assert (lot.recall_reason, lot.recalled_at <= timezone.now()) == ("glaze", True)
    before = contents()
    assert actions.recall(lot=lot, reason="glaze") == [Recalled("LON", 0, 3)]
    assert contents() == before
    actions.release(hold_id=held.id)
    assert actions.recall(lot=lot, reason="again") == [Recalled("LON", 3, 0)]
    assert in_lots(here) == {"L2": 1}
    lot.refresh_from_db()
    assert lot.recall_reason == "glaze"


def test_units_promised_beyond_the_stock_do_not_keep_a_lot_on_sale():
    balance = make.balance(0)
    Balance.objects.filter(id=balance.id).update(backorder_limit=5)
    lot = deliver(balance, "L1", 3, day=5)
    hold(balance, 4)
    assert actions.recall(lot=lot, reason="glaze") == [Recalled("LON", 3, 0)]
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held, balance.quarantined) == (0, 4, 3)


def test_nothing_more_of_a_recalled_lot_is_received():
    balance = make.balance(0)
    lot = deliver(balance, "L1", 3, day=5)
    actions.recall(lot=lot, reason="glaze")
    with refused(LotError, match="recalled"):
        deliver(balance, "L1", 2, day=9)


def test_a_delivery_told_again_after_the_recall_changes_nothing():
    balance = make.balance(0)
    lot = deliver(balance, "L1", 3, day=5)
    actions.recall(lot=lot, reason="glaze")
    deliver(balance, "L1", 3, day=5)


def test_units_that_were_under_way_during_a_recall_do_not_come_on_sale():
    balance, lille = make.balance(0), make.warehouse("LIL", "FR")
    lot = deliver(balance, "L1", 3, day=5)
    sent = actions.send_transfer(source=balance.warehouse, destination=lille, lines={balance.item_id: 3}, cause_key="t")
    assert actions.recall(lot=lot, reason="glaze") == []
    try:
        actions.receive_transfer(transfer=sent, parts=None, key="a")
    except LotError:
        return
    assert Balance.objects.get(item=balance.item, warehouse=lille).on_hand == 0
