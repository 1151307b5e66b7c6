"""Setting prices: history beside, plans, refusals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shop.crossborder.pricing import actions, errors, queries
from shop.crossborder.pricing.writing import NewPrice
from shop.models import Price, PriceChange
from tests import factories as make

pytestmark = pytest.mark.django_db


def words(variant, market):
    rows = PriceChange.objects.filter(variant=variant, market=market).order_by("id")
    return [(one.min_quantity, one.amount, one.valid.lower, one.valid.upper) for one in rows]


def one(variant, market, on, quantity=1):
    return queries.prices(variant_ids=[variant.id], market=market, on=on, quantities={variant.id: quantity}).get(
        variant.id
    )


def test_a_new_price_closes_the_old_and_tells_the_history(mug, fr, today):
    made = actions.set_price(variant=mug, market=fr, amount=Decimal("22.00"), actor="mina")
    assert (made.valid.lower, made.valid.upper, made.set_by, made.origin) == (today, None, "mina", "manual")
    assert one(mug, fr, today) == Decimal(22)
    assert one(mug, fr, today - timedelta(days=1)) == Decimal(20)
    assert words(mug, fr)[1:] == [(1, Decimal(22), today, None)]


def test_the_same_price_again_changes_nothing(mug, fr):
    actions.set_price(variant=mug, market=fr, amount=Decimal("20.00"), actor="mina")
    assert Price.objects.filter(variant=mug, market=fr).count() == 1
    assert len(words(mug, fr)) == 1


def test_on_the_same_day_the_last_price_replaces(mug, fr, today):
    actions.set_price(variant=mug, market=fr, amount=Decimal(22), actor="a")
    actions.set_price(variant=mug, market=fr, amount=Decimal(23), actor="b")
    rows = Price.objects.filter(variant=mug, market=fr, valid__contains=today)
    assert [(row.amount, row.set_by) for row in rows] == [(Decimal(23), "b")]
    assert [amount for _q, amount, *_rest in words(mug, fr)] == [Decimal(20), Decimal(22), Decimal(23)]


def test_a_planned_price_waits_and_can_be_cancelled(mug, fr, today):
    later = today + timedelta(days=10)
    planned = actions.set_price(variant=mug, market=fr, amount=Decimal(25), starts_on=later, actor="a")
    assert (one(mug, fr, today), one(mug, fr, later)) == (Decimal(20), Decimal(25))
    with pytest.raises(errors.PriceOverlap, match="MUG-1"):
        actions.set_price(variant=mug, market=fr, amount=Decimal(21), actor="a")
    assert one(mug, fr, today) == Decimal(20)
    actions.cancel_planned(price_id=planned.id, actor="a")
    assert one(mug, fr, later) == Decimal(20)
    assert words(mug, fr)[-1][1:] == (Decimal(20), today - timedelta(days=730), None)
    actions.set_price(variant=mug, market=fr, amount=Decimal(21), actor="a")
    with pytest.raises(errors.NotPlanned):
        actions.cancel_planned(price_id=Price.objects.get(amount=Decimal(21)).id, actor="a")


def test_an_ended_price_is_no_offer(mug, fr, today):
    row = Price.objects.get(variant=mug, market=fr)
    actions.end_price(price_id=row.id, ends_on=today + timedelta(days=1), actor="a")
    assert one(mug, fr, today) == Decimal(20)
    assert one(mug, fr, today + timedelta(days=1)) is None
    assert words(mug, fr)[-1] == (1, None, today + timedelta(days=1), None)
    with pytest.raises(errors.NotInForce):
        actions.end_price(price_id=row.id, ends_on=today + timedelta(days=9), actor="a")


@pytest.mark.parametrize("amount", ["0", "-1", "20.005", "NaN", "1E+15"])
def test_an_amount_must_be_a_price(mug, fr, amount):
    with pytest.raises(errors.BadAmount):
        actions.set_price(variant=mug, market=fr, amount=Decimal(amount), actor="a")


def test_yen_have_no_decimals(mug):
    with pytest.raises(errors.BadAmount):
        actions.set_price(variant=mug, market=make.market("jp"), amount=Decimal("3900.5"), actor="a")
    assert actions.set_price(variant=mug, market=make.market("jp"), amount=Decimal(3900), actor="a").amount == Decimal(
        3900
    )


def test_the_past_is_closed(mug, fr, today):
    with pytest.raises(errors.StartsInThePast):
        actions.set_price(variant=mug, market=fr, amount=Decimal(22), starts_on=today - timedelta(days=1), actor="a")
    with pytest.raises(errors.PriceOverlap):
        actions.introduce_prices(market=fr, amounts={mug.id: Decimal(1)}, since=today, actor="a")


def test_quantity_breaks_stand_beside(mug, fr, today, django_assert_num_queries):
    actions.set_price(variant=mug, market=fr, amount=Decimal(17), min_quantity=10, actor="a")
    with django_assert_num_queries(1):
        assert one(mug, fr, today, 9) == Decimal(20)
    assert one(mug, fr, today, 10) == Decimal(17)
    assert queries.prices(variant_ids=[mug.id], market=fr, on=today) == {mug.id: Decimal(20)}
    with pytest.raises(errors.BadQuantity):
        actions.set_price(variant=mug, market=fr, amount=Decimal(17), min_quantity=0, actor="a")


def test_many_are_set_in_a_fixed_number_of_statements(mug, fr, django_assert_num_queries):
    others = [make.variant(f"V-{number}", stock_at={}) for number in range(12)]
    for wanted in (others[:2], others[2:]):
        # Two savepoints' ends, the lock, rows, new rows, suggestions, rows again, history.
        with django_assert_num_queries(8):
            actions.set_prices(market=fr, prices=[NewPrice(it.id, Decimal(5)) for it in wanted], actor="a")


def test_all_or_none(mug, fr, today):
    other = make.variant("V-1", stock_at={})
    actions.set_price(variant=other, market=fr, amount=Decimal(9), starts_on=today + timedelta(days=3), actor="a")
    with pytest.raises(errors.PriceOverlap, match="V-1"):
        actions.set_prices(market=fr, prices=[NewPrice(mug.id, Decimal(5)), NewPrice(other.id, Decimal(5))], actor="a")
    assert one(mug, fr, today) == Decimal(20)


def test_the_history_refuses_to_be_changed(mug, fr):
    for verb in (lambda rows: rows.update(amount=1), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            verb(PriceChange.objects.filter(variant=mug))
