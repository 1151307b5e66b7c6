"""Goods as they come, go and change, and the note that something is back in stock."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import transaction

from inventory.models import Balance, Hold, Movement
from inventory.stock import actions, proofs
from inventory.stock.actions import Condition
from inventory.stock.errors import BadQuantity, ClaimExceeded, HoldUnknown, StockError
from inventory.stock.models import BundleComponent, Restock
from tests import factories as make
from tests.inventory.stock.model_of_stock import contents, refused

pytestmark = pytest.mark.django_db

COUNTERS = ("on_hand", "quarantined", "damaged")


def counters(balance: Balance) -> tuple[int, int, int]:
    """What is fit, quarantined and damaged."""
    balance.refresh_from_db()
    assert proofs.differences() == {}
    return balance.on_hand, balance.quarantined, balance.damaged


def do(verb: str, balance: Balance, quantity: int, *, key: str = "x", **facts) -> Balance:
    amount = {"delta" if verb == "correct" else "quantity": quantity}
    place = {"item": balance.item, "warehouse": balance.warehouse}
    return getattr(actions, verb)(**place, **amount, cause="test", cause_key=key, **facts)


def stocked() -> Balance:
    """Ten units fit for sale, five to be inspected, three damaged; four of the fit ones are held."""
    balance = make.balance(10)
    do("receive", balance, 5, key="i", condition=Condition.INSPECT)
    do("receive", balance, 3, key="d", condition=Condition.DAMAGED)
    actions.hold(
        demand={balance.item_id: 4},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause_key="h",
        expires_at=None,
    )
    return balance


FOUND = {"found": Condition.INSPECT}
FIT = {"found": Condition.FIT}


@pytest.mark.parametrize(
    ("verb", "quantity", "facts", "expected"),
    [
        ("receive", 2, {}, (12, 5, 3)),
        ("receive", 2, {"condition": Condition.INSPECT}, (10, 7, 3)),
        ("receive", 2, {"condition": Condition.DAMAGED}, (10, 5, 5)),
        ("correct", 7, {}, (17, 5, 3)),
        ("correct", -6, {}, (4, 5, 3)),
        ("quarantine", 6, {}, (4, 11, 3)),
        ("clear", 5, {}, (15, 0, 3)),
        ("damage", 6, {}, (4, 5, 9)),
        ("damage", 5, FOUND, (10, 0, 8)),
        ("write_off", 3, {}, (10, 5, 0)),
        ("write_off", 5, FOUND, (10, 0, 3)),
        ("write_off", 6, FIT, (4, 5, 3)),
    ],
)
def test_each_verb_moves_units_from_one_condition_to_another_once(verb, quantity, facts, expected):
    balance = stocked()
    returned = do(verb, balance, quantity, **facts)
    assert counters(balance) == expected
    assert tuple(getattr(returned, one) for one in COUNTERS) == expected
    before = contents()
    assert do(verb, balance, quantity, **facts) == balance
    assert contents() == before


# Six of the ten are unclaimed, five await inspection, three are damaged.
@pytest.mark.parametrize(
    ("verb", "quantity", "facts"),
    [
        ("correct", -7, {}),
        ("quarantine", 7, {}),
        ("clear", 6, {}),
        ("damage", 7, {}),
        ("damage", 6, FOUND),
        ("write_off", 4, {}),
        ("write_off", 6, FOUND),
        ("write_off", 7, FIT),
    ],
)
def test_one_unit_more_than_there_is_unclaimed_is_refused(verb, quantity, facts):
    balance = stocked()
    with refused(ClaimExceeded, match=balance.item.sku):
        do(verb, balance, quantity, **facts)


@pytest.mark.parametrize("verb", ["receive", "quarantine", "clear", "damage", "write_off"])
@pytest.mark.parametrize("quantity", [0, -1, 2.0, "2", True, 1_000_001])
def test_what_is_no_quantity_is_refused(verb, quantity):
    balance = stocked()
    with refused(BadQuantity):
        do(verb, balance, quantity)


@pytest.mark.parametrize("delta", [0, True, 2.0, "2", 1_000_001, -1_000_001])
def test_what_is_no_correction_is_refused(delta):
    balance = stocked()
    with refused(BadQuantity):
        do("correct", balance, delta)


def test_damaged_units_are_not_damaged_again():
    balance = stocked()
    with refused(ValueError):
        do("damage", balance, 1, found=Condition.DAMAGED)


@pytest.mark.parametrize("verb", ["quarantine", "clear", "damage", "write_off"])
def test_where_nothing_was_ever_counted_nothing_can_be_taken(verb):
    item, warehouse = make.item(), make.warehouse("NEW")
    with refused(ClaimExceeded):
        getattr(actions, verb)(item=item, warehouse=warehouse, quantity=1, cause="test", cause_key="x")


def test_units_promised_beyond_the_stock_do_not_let_more_units_go_than_there_are():
    balance = make.balance(2)
    Balance.objects.filter(id=balance.id).update(backorder_limit=9)
    with refused(ClaimExceeded):
        do("quarantine", balance, 3)
    do("quarantine", balance, 2)
    assert counters(balance) == (0, 2, 0)


def test_receiving_a_bundle_is_refused_by_name():
    bundle, part = make.item(), make.balance(5)
    BundleComponent.objects.create(bundle=bundle, component=part.item)
    with pytest.raises(StockError), transaction.atomic():
        actions.receive(item=bundle, warehouse=part.warehouse, quantity=1, cause="test", cause_key="x")


def shipped(balance: Balance, units: int, of: int | None = None) -> Hold:
    held = actions.hold(
        demand={balance.item_id: units},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause="order:1",
        cause_key="h",
        channel="web",
        expires_at=None,
    )
    actions.commit(hold_id=held.id)
    parts = {} if of is None else {"parts": {held.lines.get().id: of}, "key": "p"}
    actions.ship(hold_id=held.id, **parts)
    return held


def take_back(held: Hold, balance: Balance, units: int, *, condition=Condition.FIT, key: str = "r", **facts) -> Balance:
    place = {"item": balance.item, "warehouse": balance.warehouse, **facts}
    return actions.return_units(hold_id=held.id, quantity=units, condition=condition, cause_key=key, **place)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(Condition.FIT, (9, 0, 0)), (Condition.INSPECT, (7, 2, 0)), (Condition.DAMAGED, (7, 0, 2))],
)
def test_units_return_in_the_condition_they_came_in_and_count_once(condition, expected):
    balance = make.balance(10)
    held = shipped(balance, 3)
    for _ in range(2):
        take_back(held, balance, 2, condition=condition)
        assert counters(balance) == expected
        assert held.lines.get().returned == 2
    row = Movement.objects.get(kind="return")
    assert (row.cause, row.channel) == ("order:1", "web")


def test_no_more_units_return_than_were_shipped_and_not_returned_yet():
    balance = make.balance(10)
    held = shipped(balance, 5, of=3)
    take_back(held, balance, 2)
    with refused(ClaimExceeded, match="2 to return, 1 shipped"):
        take_back(held, balance, 2, key="s")
    take_back(held, balance, 1, key="s")
    actions.ship(hold_id=held.id)
    take_back(held, balance, 2, key="t", condition=Condition.INSPECT)
    assert counters(balance) == (8, 2, 0)  # 10 - 5 shipped + 3 fit


def test_units_return_to_any_warehouse_though_not_as_another_item():
    balance, other = make.balance(10), make.balance(10)
    held = shipped(balance, 3)
    lille = make.warehouse("LIL", "FR")
    returned = take_back(held, balance, 3, warehouse=lille)
    assert (returned.warehouse, returned.on_hand) == (lille, 3)
    with refused(ClaimExceeded):
        take_back(held, other, 1, key="s")


def test_a_return_to_an_unknown_hold_is_refused():
    balance = make.balance(10)
    with refused(HoldUnknown):
        take_back(Hold(id=uuid4()), balance, 1)


def test_what_returns_was_on_several_lines():
    here = make.balance(2)
    there = make.balance(3, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    held = actions.hold(
        demand={here.item_id: 5},
        warehouses=[here.warehouse_id, there.warehouse_id],
        holder="ann",
        cause_key="h",
        expires_at=None,
    )
    actions.commit(hold_id=held.id)
    actions.ship(hold_id=held.id)
    take_back(held, here, 4)
    assert sum(held.lines.values_list("returned", flat=True)) == 4
    with refused(ClaimExceeded):
        take_back(held, here, 2, key="s")


def test_a_movement_says_when_it_happened_and_who_did_it():
    balance = make.balance(10)
    then = datetime(2020, 5, 17, 12, tzinfo=UTC)
    do("receive", balance, 2, actor="ann", occurred_at=then)
    row = Movement.objects.get(cause_key="x")
    assert (row.actor, row.occurred_at, row.cause, row.on_hand_delta, row.on_hand_after) == ("ann", then, "test", 2, 12)
    assert row.created_at > then


def notes() -> list[int]:
    return list(Restock.objects.order_by("id").values_list("available", flat=True))


def test_what_had_nothing_to_promise_and_now_has_is_noted_once():
    balance = make.balance(0)
    do("receive", balance, 3, key="a")
    assert notes() == [3]
    do("receive", balance, 3, key="a")
    do("receive", balance, 2, key="b")
    assert notes() == [3]


def test_a_restock_counts_what_can_be_promised():
    balance = make.balance(0)
    Balance.objects.filter(id=balance.id).update(safety=4)
    do("receive", balance, 4, key="a")
    assert notes() == []
    do("receive", balance, 3, key="b")
    assert notes() == [3]
    assert Restock.objects.get().movement.cause_key == "b"


def test_units_that_are_not_fit_for_sale_are_no_restock_until_they_are_cleared():
    balance = make.balance(0)
    do("receive", balance, 3, key="a", condition=Condition.INSPECT)
    do("receive", balance, 3, key="b", condition=Condition.DAMAGED)
    assert notes() == []
    do("clear", balance, 2, key="c")
    assert notes() == [2]


@pytest.mark.parametrize("way", ["correct", "return"])
def test_other_ways_back_on_the_shelf_are_noted_too(way):
    balance = make.balance(3)
    held = shipped(balance, 3)
    if way == "correct":
        do("correct", balance, 1)
    else:
        take_back(held, balance, 1)
    assert notes() == [3, 1]  # the first delivery, then this


def test_a_refused_return_notes_nothing():
    balance = make.balance(3)
    held = shipped(balance, 3)
    with refused(ClaimExceeded):
        take_back(held, balance, 4)
