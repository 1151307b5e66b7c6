"""Which row counts, and how that runs in time."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.pricing.in_force import Break, Row, breaks, in_force, news, timeline

DAY = date(2026, 1, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


@st.composite
def some_rows(draw) -> list[Row]:
    found = []
    for _number in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, 20))
        length = draw(st.one_of(st.none(), st.integers(1, 10)))
        listed = draw(st.one_of(st.none(), st.integers(1, 2)))
        found.append(
            Row(
                amount=Decimal(draw(st.integers(1, 5))),
                min_quantity=draw(st.sampled_from([1, 1, 5, 10])),
                first=day(first),
                after=day(first + length) if length else None,
                list_id=listed,
                priority=listed or 0,
            )
        )
    return found


def on(segments, moment):
    return next(
        (one.amount, one.list_id)
        for one in segments
        if (one.first is None or one.first <= moment) and (one.after is None or moment < one.after)
    )


@given(some_rows(), st.sampled_from([1, 5, 12]))
def test_a_timeline_says_of_every_day_what_is_in_force_that_day(rows, quantity):
    told = timeline(rows, quantity=quantity)
    for number in range(-1, 35):
        price = in_force([row for row in rows if row.holds_on(day(number))], quantity=quantity)
        assert on(told, day(number)) == ((price.amount, price.list_id) if price else (None, None))
    assert all((a.amount, a.list_id) != (b.amount, b.list_id) for a, b in pairwise(told))


@given(some_rows(), some_rows())
def test_news_over_what_was_known_gives_what_is(before, after):
    known, true = timeline(before, quantity=1), timeline(after, quantity=1)
    told = news(known, true)
    for number in range(-1, 35):
        of_day = [one for one in told if (one.first or date.min) <= day(number) < (one.after or date.max)]
        heard = (of_day[0].amount, of_day[0].list_id) if of_day else on(known, day(number))
        assert heard == on(true, day(number))


@given(some_rows(), st.integers(1, 20))
def test_more_units_never_cost_more_each_at_the_regular_price(rows, quantity):
    regular = [row for row in rows if row.list_id is None]
    few, many = in_force(regular, quantity=quantity), in_force(regular, quantity=quantity + 1)
    if few:
        assert many
        assert many.amount <= few.amount


def test_a_list_counts_only_below_the_regular_price_and_by_rank():
    regular = Row(Decimal(20))
    low, high = Row(Decimal(15), list_id=1, priority=1), Row(Decimal(17), list_id=2, priority=2)
    assert in_force([regular, low, high]).amount == Decimal(17)
    assert in_force([regular, low, high]).reduced
    assert not in_force([regular, Row(Decimal(20), list_id=1)]).reduced
    assert not in_force([low]).reduced  # nothing to be reduced from
    assert in_force([Row(Decimal(9), min_quantity=10)]) is None


def test_breaks_are_only_those_that_make_a_unit_cheaper():
    rows = [Row(Decimal(20)), Row(Decimal(18), 5), Row(Decimal(19), 8), Row(Decimal(16), 10)]
    assert breaks(rows) == (Break(5, Decimal(18)), Break(10, Decimal(16)))
    assert breaks([*rows, Row(Decimal(17), list_id=1)]) == (Break(10, Decimal(16)),)
    assert breaks([Row(Decimal(20))]) == ()
