"""The races over the last unit between operating system processes, which share no interpreter lock with each other."""

import pytest

from inventory.models import Balance
from inventory.stock import actions, proofs
from tests import factories as make
from tests.concurrency.together import race_apart

ROUNDS = 20
pytestmark = pytest.mark.django_db(transaction=True)


def hold_last(number: int, world: tuple[int, int]) -> str:
    item, warehouse = world
    actions.hold(
        demand={item: 1},
        warehouses=[warehouse],
        holder=f"buyer:{number}",
        cause_key=f"buyer:{number}:{item}",
        expires_at=None,
    )
    return "sold"


def hold_in_opposite_orders(number: int, world: tuple[list[int], int]) -> str:
    items, warehouse = world
    actions.hold(
        demand=dict.fromkeys(items if number % 2 else reversed(items), 1),
        warehouses=[warehouse],
        holder=f"buyer:{number}",
        cause_key=f"buyer:{number}:{items[0]}",
        expires_at=None,
    )
    return "sold"


def hold_by_the_same_key(_number: int, world: tuple[int, int]) -> str:
    item, warehouse = world
    made = actions.hold(
        demand={item: 1}, warehouses=[warehouse], holder="buyer", cause_key=f"buyer:{item}", expires_at=None
    )
    return str(made.id)


def test_one_of_eight_processes_gets_the_last_unit():
    balances = [make.balance(1) for _ in range(ROUNDS)]
    worlds = [(one.item_id, one.warehouse_id) for one in balances]
    for _world, outcomes in race_apart(worlds, hold_last):
        assert sorted(outcomes) == ["OutOfStock"] * 7 + ["sold"]
    assert set(Balance.objects.values_list("on_hand", "held")) == {(1, 1)}
    assert proofs.differences() == {}


def test_processes_that_hold_three_items_in_opposite_orders_neither_deadlock_nor_oversell():
    # Five of each for eight buyers: those who come late are refused whole, without a line left behind.
    baskets = [[make.balance(5) for _ in range(3)] for _ in range(ROUNDS)]
    worlds = [([one.item_id for one in basket], basket[0].warehouse_id) for basket in baskets]
    for _world, outcomes in race_apart(worlds, hold_in_opposite_orders):
        assert sorted(outcomes) == ["OutOfStock"] * 3 + ["sold"] * 5
    assert set(Balance.objects.values_list("on_hand", "held")) == {(5, 5)}
    assert proofs.differences() == {}


def test_eight_processes_with_one_cause_key_get_one_hold():
    balances = [make.balance(8) for _ in range(ROUNDS)]
    for _world, outcomes in race_apart([(one.item_id, one.warehouse_id) for one in balances], hold_by_the_same_key):
        assert len(set(outcomes)) == 1
    assert set(Balance.objects.values_list("held", flat=True)) == {1}
    assert proofs.differences() == {}
