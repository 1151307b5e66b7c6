"""Demand from the ledger, and the advice that follows from it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from inventory.models import Balance, PurchaseOrder, ReorderAdvice, Supplier, SupplierItem
from inventory.replenishment import actions as purchases
from inventory.replenishment.advising import compute_advice, draft_within_budget, on_order
from inventory.replenishment.demand import daily_demand, weekly
from inventory.stock import actions as stock
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sell(balance: Balance, units: int, *, days_ago: int, key: str, channel: str = "web"):
    at = NOW - timedelta(days=days_ago)
    held = stock.hold(
        demand={balance.item_id: units},
        warehouses=[balance.warehouse_id],
        holder="t",
        cause=f"order:{key}",
        cause_key=key,
        channel=channel,
        expires_at=None,
        occurred_at=at,
    )
    stock.commit(hold_id=held.id, occurred_at=at)
    return held


def supplier(currency: str = "GBP", **terms) -> Supplier:
    return Supplier.objects.create(
        code=f"s-{currency.lower()}", name="Potter", country="GB", currency=currency, **terms
    )


def demand(**options):
    rows = daily_demand(since=NOW - timedelta(days=60), until=NOW, **options)
    return [(one.item_id, one.warehouse_id, one.channel, one.day, one.units) for one in rows]


def test_demand_is_per_item_channel_and_day():
    balance = make.balance(100)
    sell(balance, 3, days_ago=2, key="a")
    sell(balance, 4, days_ago=2, key="b")
    sell(balance, 5, days_ago=2, key="c", channel="tmall")
    day, ids = date(2026, 11, 21), (balance.item_id, balance.warehouse_id)
    assert demand() == [(*ids, "tmall", day, 5), (*ids, "web", day, 7)]


def test_what_was_cancelled_or_came_back_was_no_demand():
    balance = make.balance(100)
    cancelled = sell(balance, 80, days_ago=3, key="a")
    stock.cancel(hold_id=cancelled.id, occurred_at=NOW - timedelta(days=2))
    returned = sell(balance, 9, days_ago=3, key="b")
    stock.ship(hold_id=returned.id, occurred_at=NOW - timedelta(days=3))
    stock.return_units(
        hold_id=returned.id,
        item=balance.item,
        warehouse=make.warehouse("PAR", "FR"),
        quantity=4,
        condition=stock.Condition.DAMAGED,
        cause_key="r",
        occurred_at=NOW - timedelta(days=1),
    )
    assert demand() == [(balance.item_id, balance.warehouse_id, "web", date(2026, 11, 20), 5)]


def test_demand_is_one_statement(django_assert_num_queries):
    for _ in range(3):
        sell(make.balance(10), 1, days_ago=1, key=str(_))
    with django_assert_num_queries(1):
        assert len(demand()) == 3


def test_weeks_end_today_and_the_oldest_comes_first():
    balance = make.balance(100)
    for days, units in ((1, 1), (7, 2), (8, 4), (21, 8), (22, 16)):
        sell(balance, units, days_ago=days, key=str(days))
    rows = daily_demand(since=NOW - timedelta(days=60), until=NOW)
    assert weekly(rows, until=NOW.date(), weeks=3) == {(balance.item_id, balance.warehouse_id): [8, 4, 3]}


@pytest.fixture
def moving() -> Balance:
    """Seven units sold a week for twenty weeks; 20 left, four weeks of lead time, cartons of 12."""
    balance = make.balance(0)
    stock.receive(
        item=balance.item,
        warehouse=balance.warehouse,
        quantity=160,
        cause="t",
        cause_key="t",
        occurred_at=NOW - timedelta(days=200),
    )
    for week in range(20):
        sell(balance, 7, days_ago=7 * week + 3, key=f"w{week}")
    SupplierItem.objects.create(
        supplier=supplier(lead_time_days=28), item=balance.item, unit_cost=Decimal("2.50"), minimum=24, multiple=12
    )
    return balance


def test_advice_orders_up_to_the_demand_of_lead_time_and_review(moving):
    assert compute_advice(now=NOW) == 1
    row = ReorderAdvice.objects.get()
    # One a day, never varying: 28 for the lead time, 7 for the review; 20 there: 15 wanted, 24 is the least in cartons.
    assert row.daily_demand == pytest.approx(1.0, rel=0.02)
    assert (row.reorder_point, row.order_up_to, row.available, row.suggested) == (28, 35, 20, 24)
    assert row.days_of_cover == pytest.approx(20.0, rel=0.02)
    assert (row.pace, row.last_sold_on) == ("moving", date(2026, 11, 20))
    moving.refresh_from_db()
    assert (moving.low_at, moving.high_at) == (28, 35 + 180)


def test_what_is_on_order_is_not_ordered_again(moving):
    order = purchases.draft(
        supplier=Supplier.objects.get(), warehouse=moving.warehouse, lines={moving.item_id: 24}, actor="t"
    )
    assert on_order([moving.warehouse_id]) == {}
    purchases.send(order=order)
    assert on_order([moving.warehouse_id]) == {(moving.item_id, moving.warehouse_id): 24}
    compute_advice(now=NOW)
    assert ReorderAdvice.objects.get().suggested == 0


def test_dead_slow_and_new_stock_are_told_apart():
    ages = {"new": 10, "slow": 90, "dead": 300}
    for name, days in ages.items():
        stock.receive(
            item=make.item(name.upper()),
            warehouse=make.warehouse(),
            quantity=5,
            cause="t",
            cause_key=name,
            occurred_at=NOW - timedelta(days=days),
        )
    compute_advice(now=NOW)
    assert {row.item.sku: row.pace for row in ReorderAdvice.objects.all()} == {name.upper(): name for name in ages}


def test_computing_again_renews_the_rows(moving):
    compute_advice(now=NOW - timedelta(days=1))
    compute_advice(now=NOW)
    row = ReorderAdvice.objects.get()
    assert row.computed_at == NOW


def test_the_statements_do_not_grow_with_the_items(moving, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        compute_advice(now=NOW)
    for number in range(30):
        sell(make.balance(50), 2, days_ago=4, key=f"x{number}")
    with django_assert_num_queries(len(few)):
        assert compute_advice(now=NOW) == 31


def test_drafts_stay_within_the_budget_and_go_by_supplier(moving):
    compute_advice(now=NOW)
    advised = ReorderAdvice.objects.get()
    assert draft_within_budget(advice_ids=[advised.id], budget=Decimal("59.99"), actor="ada") == []
    (order,) = draft_within_budget(advice_ids=[advised.id], budget=Decimal("60.00"), actor="ada")
    assert (order.state, order.created_by, order.currency) == ("draft", "ada", "GBP")
    assert list(order.lines.values_list("item_id", "quantity", "unit_cost")) == [(moving.item_id, 24, Decimal("2.50"))]


def test_a_foreign_price_without_a_rate_cannot_be_weighed(moving):
    SupplierItem.objects.all().delete()
    SupplierItem.objects.create(
        supplier=supplier("JPY", lead_time_days=28), item=moving.item, unit_cost=Decimal(400), minimum=24, multiple=12
    )
    compute_advice(now=NOW)
    advised = ReorderAdvice.objects.get()
    assert draft_within_budget(advice_ids=[advised.id], budget=Decimal(1000), actor="t") == []
    (order,) = draft_within_budget(
        advice_ids=[advised.id], budget=Decimal(1000), actor="t", rates={"JPY": Decimal("0.005")}
    )
    assert (order.currency, order.rate) == ("JPY", Decimal("0.005"))
    assert PurchaseOrder.objects.count() == 1
