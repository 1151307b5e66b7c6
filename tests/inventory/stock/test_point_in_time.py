"""What there was at a moment, by when things happened."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inventory.models import Balance
from inventory.stock import actions, queries
from tests import factories as make

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return datetime(2026, 1, number, 12, tzinfo=UTC)


@pytest.fixture
def cup() -> Balance:
    """January 2026: ten arrive on the 1st, of six held on the 3rd and paid on the 5th four leave on the 7th.

    Told in another order than it happened: on the 2nd three more had arrived.
    """
    balance = make.balance(0, sku="CUP")
    place = {"item": balance.item, "warehouse": balance.warehouse, "cause": "test"}
    actions.receive(**place, quantity=10, cause_key="a", occurred_at=day(1))
    held = actions.hold(
        demand={balance.item_id: 6},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause_key="h",
        expires_at=None,
        occurred_at=day(3),
    )
    actions.commit(hold_id=held.id, occurred_at=day(5))
    actions.ship(hold_id=held.id, parts={held.lines.get().id: 4}, key="p", occurred_at=day(7))
    actions.receive(**place, quantity=3, cause_key="b", occurred_at=day(2))
    return balance


def row(on_hand: int, held: int = 0, allocated: int = 0, **others: int) -> dict:
    counters = {"held": held, "allocated": allocated, "fenced": 0, "quarantined": 0, "damaged": 0, **others}
    return {"sku": "CUP", "warehouse": "LON", "on_hand": on_hand, **counters}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (day(1) - timedelta(microseconds=1), []),
        (day(1), [row(10)]),
        (day(2), [row(13)]),
        (day(4), [row(13, held=6)]),
        (day(6), [row(13, allocated=6)]),
        (day(7) - timedelta(microseconds=1), [row(13, allocated=6)]),
        (day(7), [row(9, allocated=2)]),
        (day(31), [row(9, allocated=2)]),
    ],
)
def test_stock_at_a_moment_is_what_had_happened_by_then(cup, moment, expected):
    assert queries.stock_at(moment) == expected


@pytest.mark.usefixtures("cup")
def test_stock_now_is_what_the_balances_say():
    fan = make.balance(7, sku="FAN", at=make.warehouse("LIL", "FR"))
    place = {"item": fan.item, "warehouse": fan.warehouse}
    actions.quarantine(**place, quantity=2, cause="t", cause_key="q")
    actions.damage(**place, quantity=1, cause="t", cause_key="d")
    actions.set_aside(**place, quantity=3, purpose="drop", cause_key="f")
    rows = queries.stock_at(timezone.now() + timedelta(seconds=5))
    counters = ("on_hand", "held", "allocated", "fenced", "quarantined", "damaged")
    assert [tuple(one.values()) for one in rows] == [
        ("CUP", "LON", 9, 0, 2, 0, 0, 0),
        ("FAN", "LIL", 4, 0, 0, 3, 2, 1),
    ]
    assert [tuple(one[name] for name in counters) for one in rows] == list(
        Balance.objects.order_by("item__sku").values_list(*counters)
    )


def test_items_and_warehouses_are_chosen_and_one_statement_is_sent(cup, django_assert_num_queries):
    fan = make.balance(7, sku="FAN", at=make.warehouse("LIL", "FR"))
    there = make.balance(1, sku="CUP", at=fan.warehouse)
    now = timezone.now() + timedelta(seconds=5)

    def found(**chosen) -> list[tuple[str, str]]:
        with django_assert_num_queries(1):
            return [(one["sku"], one["warehouse"]) for one in queries.stock_at(now, **chosen)]

    assert found() == [("CUP", "LIL"), ("CUP", "LON"), ("FAN", "LIL")]
    assert found(item_ids=[cup.item_id]) == [("CUP", "LIL"), ("CUP", "LON")]
    assert found(warehouse_ids=[fan.warehouse_id]) == [("CUP", "LIL"), ("FAN", "LIL")]
    assert found(item_ids=[there.item_id], warehouse_ids=[there.warehouse_id]) == [("CUP", "LIL")]
    assert found(item_ids=[fan.item_id], warehouse_ids=[cup.warehouse_id]) == []


@pytest.mark.parametrize("nothing", [{"item_ids": []}, {"warehouse_ids": []}])
def test_none_of_the_items_is_not_all_of_them(cup, nothing):
    assert queries.stock_at(timezone.now(), **nothing) == []
