"""The chart's numbers, and the days it is drawn from."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Item
from inventory.stock import actions
from inventory.stock.admin.history import last_days
from inventory.stock.charts import SALES_HEIGHT, STOCK_HEIGHT, WIDTH, Day, ceiling, draw
from tests import factories

TODAY = date(2026, 11, 23)


def days(*pairs: tuple[int, int], last: date = TODAY) -> list[Day]:
    return [Day(last - timedelta(days=len(pairs) - 1 - at), on_hand, sold) for at, (on_hand, sold) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 5), (6, 10), (11, 20), (41, 50), (99, 100), (1001, 2000)],
)
def test_an_axis_ends_at_a_round_number(highest, top):
    assert ceiling(highest) == top


def test_the_line_steps_where_the_stock_changes():
    chart = draw(days((4, 0), (4, 0), (2, 2), (0, 2)))
    assert chart.line == "M0 0H450V90H675V180H900"
    assert chart.area == "M0 0H450V90H675V180H900V180H0Z"
    assert (chart.last_y, chart.last_percent) == (STOCK_HEIGHT, 100)
    assert [(one.value, one.percent) for one in chart.stock_grid] == [(0, 100), (2, 50), (4, 0)]


def test_bars_stand_on_the_line_and_returns_hang_below_it():
    chart = draw(days((4, 2), (5, -1), (5, 0)))
    sold, back, none = chart.bars
    assert [(one.value, one.y) for one in chart.sales_grid] == [(-1, SALES_HEIGHT), (0, 48), (2, 0)]
    assert (sold.top, sold.height) == (0, 48)
    assert (back.top, back.height) == (48, 24)
    assert none.height == 0
    assert chart.sold == 1
    assert chart.best.sold == 2


def test_the_area_lies_between_line_and_zero():
    chart = draw(days((10, 0), (-10, 0)))
    assert chart.area.endswith("V90H0Z")
    assert [one.value for one in chart.stock_grid] == [-10, 0, 10]


def test_a_label_gives_way_to_the_zero_it_would_stand_on():
    chart = draw(days((4, 90), (5, -1), (5, 0)))
    assert [one.value for one in chart.sales_grid] == [0, 100]


def test_nothing_ever_there_is_drawn_on_the_floor():
    chart = draw(days((0, 0)))
    assert chart.line == f"M0 {STOCK_HEIGHT:g}H900"
    assert [bar.height for bar in chart.bars] == [0]


def test_months_are_ticked_where_they_begin_and_fit():
    chart = draw(days(*[(1, 0)] * 90))
    assert [tick.day for tick in chart.ticks] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert chart.ticks[0].percent == round(100 * 6 / 90, 2)
    at_the_edge = draw(days(*[(1, 0)] * 90, last=date(2026, 11, 2)))
    assert date(2026, 11, 1) not in [tick.day for tick in at_the_edge.ticks]


def test_weeks_end_with_the_last_day():
    chart = draw(days(*[(number, 1) for number in range(9)]))
    assert [(week.first, week.last, week.on_hand, week.sold) for week in chart.weeks] == [
        (TODAY - timedelta(days=6), TODAY, 8, 7),
        (TODAY - timedelta(days=8), TODAY - timedelta(days=7), 1, 2),
    ]


def test_no_days_are_refused():
    with pytest.raises(ValueError, match="at least one day"):
        draw([])


@given(st.lists(st.tuples(st.integers(-50, 10**6), st.integers(-1000, 10**6)), min_size=1, max_size=120))
def test_everything_stays_within_its_panel(pairs):
    chart = draw(days(*pairs))
    xs = [float(x) for x in re.findall(r"H([\d.e+]+)", chart.line)]
    ys = [float(y) for y in re.findall(r"(?:M0 |V)([-\d.e+]+)", chart.line)]
    assert xs == sorted(xs)
    assert xs[-1] == WIDTH
    assert all(-0.01 <= y <= STOCK_HEIGHT + 0.01 for y in ys)
    assert all(bar.top >= -0.01 and bar.top + bar.height <= SALES_HEIGHT + 0.02 for bar in chart.bars)
    assert sum(week.sold for week in chart.weeks) == chart.sold


# --- Read from the ledger -------------------------------------------------------------------------------------------


def noon(back: int) -> datetime:
    day = timezone.localdate() - timedelta(days=back)
    return timezone.make_aware(datetime.combine(day, time(12)))


def receive(thing: Item, units: int, back: int, *, at: str = "LON") -> None:
    actions.receive(
        item=thing,
        warehouse=factories.warehouse(at),
        quantity=units,
        cause="test",
        cause_key=f"{at}:{back}",
        occurred_at=noon(back),
    )


@pytest.fixture
def sold_mug(db) -> Item:
    """Received 10 a hundred days ago and 4 ten days ago elsewhere; 3 sold, 1 of them cancelled, 2 shipped, 1 returned."""
    thing = factories.item("MUG-1")
    receive(thing, 10, 100)
    receive(thing, 4, 10, at="LIL")
    place = factories.warehouse()
    hold = actions.hold(
        demand={thing.id: 3},
        warehouses=[place.id],
        holder="ada",
        cause_key="h",
        expires_at=None,
        occurred_at=noon(8),
    )
    actions.commit(hold_id=hold.id, occurred_at=noon(8))
    line = hold.lines.get()
    actions.cancel(hold_id=hold.id, parts={line.id: 1}, key="c", occurred_at=noon(7))
    actions.ship(hold_id=hold.id, occurred_at=noon(6))
    actions.return_units(
        hold_id=hold.id,
        item=thing,
        warehouse=place,
        quantity=1,
        condition=actions.Condition.INSPECT,
        cause_key="r",
        occurred_at=noon(2),
    )
    return thing


def test_days_are_counted_back_from_what_is_there(sold_mug, django_assert_num_queries):
    with django_assert_num_queries(2):
        read = last_days(sold_mug)
    assert len(read) == 90
    assert read[-1].day == timezone.localdate()
    by_age = {len(read) - 1 - at: one for at, one in enumerate(read)}
    assert [by_age[back].on_hand for back in (89, 11, 10, 7, 6, 2, 0)] == [10, 10, 14, 14, 12, 12, 12]
    assert {back: one.sold for back, one in by_age.items() if one.sold} == {8: 3, 7: -1, 2: -1}
    assert sum(one.sold for one in read) == 1


def test_what_nobody_counts_has_no_days(db, django_assert_num_queries):
    thing = factories.item("SET-1")
    with django_assert_num_queries(1):
        assert last_days(thing) == []


def test_the_day_ends_at_the_shops_midnight(db, settings):
    thing = factories.item("MUG-1")
    with timezone.override("Asia/Tokyo"):
        late = timezone.make_aware(datetime.combine(date(2026, 11, 20), time(23, 30)))
        actions.receive(
            item=thing, warehouse=factories.warehouse(), quantity=2, cause="x", cause_key="x", occurred_at=late
        )
        read = {one.day: one.on_hand for one in last_days(thing, today=TODAY)}
    assert (read[date(2026, 11, 19)], read[date(2026, 11, 20)], read[date(2026, 11, 21)]) == (0, 2, 2)
