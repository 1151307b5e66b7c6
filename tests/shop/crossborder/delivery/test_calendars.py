"""Dates of delivery: cut-off, weekends, holidays on both sides, make-up days, and what is not known yet."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.delivery.calendars import Calendar, dispatch_day, estimate
from shop.crossborder.delivery.holidays import DATA, calendar, calendars, rows

NINE = ["GB", "FR", "DE", "US", "CN", "JP", "KR", "AU", "CH"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(ordered: str, origin: str, destination: str, first: int, last: int) -> tuple[str, str]:
    found = estimate(
        at(ordered), cut_off=12, days=(first, last), origin=calendar(origin), destination=calendar(destination)
    )
    return found.earliest.isoformat(), found.latest.isoformat()


@pytest.mark.parametrize(
    ("ordered", "left"),
    [
        ("2026-12-01T11:59", "2026-12-01"),
        ("2026-12-01T12:00", "2026-12-02"),
        ("2026-12-04T12:00", "2026-12-07"),  # a Friday afternoon
        ("2026-12-24T13:00", "2026-12-29"),  # Christmas, a weekend, Boxing Day made up for
        ("2026-06-30T11:30", "2026-07-01"),  # half past twelve by London's summer clock
    ],
)
def test_goods_leave_before_the_cut_off_on_working_days_only(ordered, left):
    assert dispatch_day(at(ordered), cut_off=12, origin=calendar("GB")).isoformat() == left


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("2026-12-01T09:00", "GB", "GB", 2, 4), ("2026-12-03", "2026-12-07")),
        (("2026-12-01T09:00", "GB", "GB", 0, 1), ("2026-12-01", "2026-12-02")),
        # Golden Week in Japan: 3 to 6 May 2026 are holidays.
        (("2026-05-01T01:00", "JP", "JP", 1, 2), ("2026-05-07", "2026-05-08")),
        # The National Day of China ends on 7 October; Saturday the 10th is worked, Sunday is not.
        (("2026-10-08T01:00", "CN", "CN", 1, 3), ("2026-10-09", "2026-10-12")),
        # 14 July is a holiday where the goods go, not where they leave.
        (("2026-07-13T09:00", "GB", "FR", 1, 1), ("2026-07-15", "2026-07-15")),
    ],
)
def test_days_are_counted_where_the_goods_go(case, expected):
    assert days(*case) == expected


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.sampled_from(NINE), st.sampled_from(NINE), st.integers(0, 12), st.integers(0, 6), st.integers(0, 23))
def test_an_estimate_is_never_on_a_day_of_rest(ordered, origin, destination, first, more, cut_off):
    goes, comes = calendar(origin), calendar(destination)
    found = estimate(ordered, cut_off=cut_off, days=(first, first + more), origin=goes, destination=comes)
    assert comes.works(found.earliest)
    assert comes.works(found.latest)
    left = dispatch_day(ordered, cut_off=cut_off, origin=goes)
    assert goes.works(left)
    assert left <= found.earliest <= found.latest
    worked = sum(comes.works(left + timedelta(days=ahead)) for ahead in range(1, (found.latest - left).days + 1))
    assert worked >= first + more


def test_an_unknown_country_rests_at_weekends_and_its_dates_are_not_certain():
    found = estimate(at("2026-12-04T09:00"), cut_off=12, days=(1, 1), origin=calendar("GB"), destination=calendar("NL"))
    assert (found.earliest.isoformat(), found.certain) == ("2026-12-07", False)


@pytest.mark.parametrize(("ordered", "certain"), [("2026-12-01T09:00", True), ("2026-12-30T09:00", False)])
def test_dates_in_a_year_that_is_not_announced_are_not_certain(ordered, certain):
    found = estimate(at(ordered), cut_off=12, days=(3, 6), origin=calendar("CN"), destination=calendar("CN"))
    assert found.certain is certain


def test_a_naive_moment_and_days_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        dispatch_day(datetime(2026, 1, 1), cut_off=12, origin=Calendar())  # noqa: DTZ001
    with pytest.raises(ValueError, match="not a range"):
        estimate(at("2026-01-01"), cut_off=12, days=(2, 1), origin=Calendar(), destination=Calendar())
    with pytest.raises(ValueError, match="No working day"):
        Calendar(weekend=frozenset(range(1, 8))).next_working(date(2026, 1, 1))


def test_every_row_has_its_source_and_each_country_both_years():
    with (DATA / "holidays.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["country", "date", "kind", "name", "source", "confidence"]
    found = rows("holidays")
    assert {(row["country"], row["date"][:4]) for row in found} == {
        (one, year) for one in NINE for year in ("2026", "2027")
    }
    assert len({(row["country"], row["date"]) for row in found}) == len(found)
    assert all(row["source"] and row["name"] for row in found)
    assert {row["confidence"] for row in found} <= {"secondary", "memory", "unconfirmed"}
    assert {row["kind"] for row in found} == {"holiday", "working"}
    for code, one in calendars().items():
        assert all(day.isoweekday() in one.weekend for day in one.working), code
        assert not one.working & one.holidays
