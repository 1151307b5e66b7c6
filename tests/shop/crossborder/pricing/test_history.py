"""The lowest price before a reduction (Directive 98/6/EC, article 6a)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shop.crossborder.pricing import actions, errors
from shop.crossborder.pricing.history import lowest_before, priors
from shop.models import PriceList
from tests import factories as make

pytestmark = pytest.mark.django_db


def lowest(variant, market, start, days=30):
    return lowest_before(variant_ids=[variant.id], market=market, reduction_start=start, days=days).get(variant.id)


def change(variant, market, amount, **more):
    return actions.set_price(variant=variant, market=market, amount=Decimal(amount), actor="a", **more)


def sale(market, first, after=None, name="Sale", priority=0) -> PriceList:
    return actions.open_price_list(
        market=market, name=name, valid=DateRange(first, after), actor="a", priority=priority
    )


@pytest.mark.parametrize(("until_ago", "expected"), [(29, "15"), (30, "20")])
def test_a_price_planned_to_end_counts_until_its_last_day(mug, fr, today, go_to, until_ago, expected):
    """The first day without it may be the 29th before the reduction: its last is then the first of the thirty."""
    go_to(today - timedelta(days=60))
    change(mug, fr, "15")
    change(mug, fr, "20", starts_on=today - timedelta(days=until_ago))
    go_to(today)
    assert lowest(mug, fr, today) == Decimal(expected)


@pytest.mark.parametrize(("changed_ago", "expected"), [(30, "15"), (31, "20")])
def test_the_morning_of_the_day_of_a_change_still_had_the_old_price(mug, fr, today, go_to, changed_ago, expected):
    go_to(today - timedelta(days=60))
    change(mug, fr, "15")
    go_to(today - timedelta(days=changed_ago))
    change(mug, fr, "20")
    assert lowest(mug, fr, today) == Decimal(expected)


def test_the_first_day_of_the_reduction_does_not_count(mug, fr, today):
    change(mug, fr, "12")
    assert lowest(mug, fr, today) == Decimal(20)
    assert lowest(mug, fr, today + timedelta(days=1)) == Decimal(12)


def test_what_was_planned_and_cancelled_in_time_was_never_offered(mug, fr, today, go_to):
    go_to(today - timedelta(days=20))
    planned = change(mug, fr, "5", starts_on=today - timedelta(days=10))
    go_to(today - timedelta(days=11))
    actions.cancel_planned(price_id=planned.id, actor="a")
    go_to(today)
    assert lowest(mug, fr, today) == Decimal(20)


def test_a_slip_of_some_hours_was_offered(mug, fr, today, go_to):
    go_to(today - timedelta(days=5))
    change(mug, fr, "2")
    change(mug, fr, "20")
    go_to(today)
    assert lowest(mug, fr, today) == Decimal(2)


def test_other_markets_quantities_and_variants_do_not_count(mug, fr, today):
    yesterday = today - timedelta(days=1)
    other = make.variant("V-1", stock_at={})
    actions.introduce_prices(market=fr, amounts={other.id: Decimal(3)}, since=yesterday, actor="a")
    actions.introduce_prices(market=make.market("cn"), amounts={mug.id: Decimal(4)}, since=yesterday, actor="a")
    change(mug, fr, "5", min_quantity=10)
    assert lowest(mug, fr, today + timedelta(days=1)) == Decimal(20)


def test_one_statement_for_many_and_none_for_nobody(mug, fr, today, django_assert_num_queries):
    others = [make.variant(f"V-{number}", stock_at={}) for number in range(5)]
    since = today - timedelta(days=3)
    actions.introduce_prices(market=fr, amounts={one.id: Decimal(7) for one in others}, since=since, actor="a")
    ids = [mug.id, *(one.id for one in others)]
    with django_assert_num_queries(1):
        found = lowest_before(variant_ids=ids, market=fr, reduction_start=today)
    assert sorted(found.values()) == [Decimal(7)] * 5 + [Decimal(20)]
    with django_assert_num_queries(0):
        assert lowest_before(variant_ids=[], market=fr, reduction_start=today) == {}
    assert lowest(others[0], fr, since) is None  # not on sale before


def test_each_step_of_a_progressive_reduction_names_the_step_before(mug, fr, today, go_to):
    first = today - timedelta(days=20)
    go_to(first)
    autumn = sale(fr, first)
    actions.start_reduction(price_list=autumn, amounts={mug.id: Decimal(18)}, actor="a")
    found = priors(variant_ids=[mug.id], market=fr, on=first)[mug.id]
    assert (found.since, found.amount) == (first, Decimal(20))
    go_to(today)
    assert priors(variant_ids=[mug.id], market=fr, on=today)[mug.id].since == first  # unbroken since
    actions.start_reduction(price_list=autumn, amounts={mug.id: Decimal(16)}, actor="a")
    found = priors(variant_ids=[mug.id], market=fr, on=today)[mug.id]
    assert (found.since, found.amount) == (today, Decimal(18))


def test_a_short_deeper_sale_ends_the_reduction_it_covers(mug, fr, today, go_to):
    start = today - timedelta(days=20)
    go_to(start)
    long, short = sale(fr, start), sale(fr, today - timedelta(days=9), today - timedelta(days=7), "Flash", priority=5)
    actions.start_reduction(price_list=long, amounts={mug.id: Decimal(18)}, actor="a")
    actions.start_reduction(price_list=short, amounts={mug.id: Decimal(15)}, actor="a")
    go_to(today)
    found = priors(variant_ids=[mug.id], market=fr, on=today)[mug.id]
    assert (found.since, found.amount) == (today - timedelta(days=7), Decimal(15))


def test_a_reduction_must_reduce(mug, fr, today):
    autumn = sale(fr, today, today + timedelta(days=9))
    with pytest.raises(errors.NotAReduction, match="MUG-1"):
        actions.start_reduction(price_list=autumn, amounts={mug.id: Decimal(20)}, actor="a")
    unpriced = make.variant("V-1", stock_at={})
    with pytest.raises(errors.NoRegularPrice, match="V-1"):
        actions.start_reduction(price_list=autumn, amounts={unpriced.id: Decimal(5)}, actor="a")
    with pytest.raises(errors.StartsInThePast):
        actions.start_reduction(
            price_list=autumn, amounts={mug.id: Decimal(5)}, actor="a", starts_on=today - timedelta(days=1)
        )
    with pytest.raises(errors.ListIsOver):
        actions.start_reduction(
            price_list=autumn, amounts={mug.id: Decimal(5)}, actor="a", starts_on=today + timedelta(days=9)
        )


def test_a_reduction_ends_with_its_list_or_by_hand(mug, fr, today, go_to):
    from shop.crossborder.pricing.queries import prices

    autumn = sale(fr, today, today + timedelta(days=9))
    assert actions.start_reduction(price_list=autumn, amounts={mug.id: Decimal(15)}, actor="a") == 1
    for ahead, expected in ((0, 15), (8, 15), (9, 20)):
        on = today + timedelta(days=ahead)
        assert prices(variant_ids=[mug.id], market=fr, on=on) == {mug.id: Decimal(expected)}
    go_to(today + timedelta(days=3))
    assert actions.end_reduction(price_list=autumn, actor="a") == 1
    on = today + timedelta(days=3)
    assert prices(variant_ids=[mug.id], market=fr, on=on) == {mug.id: Decimal(20)}
    autumn.refresh_from_db()
    assert autumn.valid.upper == on
    assert priors(variant_ids=[mug.id], market=fr, on=on) == {}


def test_per_cent_off_goes_to_the_price_points(mug, fr, today):
    assert actions.percent_off(market=fr, variant_ids=[mug.id], percent=Decimal(18), on=today) == {
        mug.id: Decimal("16.50")
    }
    with pytest.raises(errors.PriceRefused):
        actions.percent_off(market=fr, variant_ids=[mug.id], percent=Decimal(100), on=today)
