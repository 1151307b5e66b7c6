"""Until when a sale may be undone: both sides of each end, where the shopper is. Pure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.protections.return_period import (
    Basis,
    add_months,
    delivery_day,
    is_open,
    notice_day,
    return_period,
)

PLACED = date(2026, 6, 1)
EARLIEST, LATEST = datetime(2026, 1, 1), datetime(2027, 12, 1)  # noqa: DTZ001 (Hypothesis adds the zone)


def period(country, delivered, *, placed=PLACED, informed=PLACED):
    return return_period(country, contract_on=placed, delivered_at=delivered, informed_on=informed)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_nothing_ends_before_delivery():
    found = period("FR", None)
    assert found.last is None
    assert is_open(found, "FR", utc("2030-01-01 00:00"))


@pytest.mark.parametrize(
    ("country", "delivered", "last_moment", "first_after"),
    [
        # Delivered on Tuesday 9 June: the 14th day is Tuesday 23 June, ending at midnight in Paris (UTC+2).
        ("FR", "2026-06-09 10:00", "2026-06-23 21:59:59", "2026-06-23 22:00"),
        # In Paris it was the 10th already.
        ("FR", "2026-06-09 22:30", "2026-06-24 21:59:59", "2026-06-24 22:00"),
        ("GB", "2026-06-09 10:00", "2026-06-23 22:59:59", "2026-06-23 23:00"),
        # Seven days in China (UTC+8), from the local day of delivery.
        ("CN", "2026-06-08 17:00", "2026-06-16 15:59:59", "2026-06-16 16:00"),
        # The shop's own window in Japan (UTC+9) and in New York (UTC-4).
        ("JP", "2026-06-08 10:00", "2026-07-08 14:59:59", "2026-07-08 15:00"),
        ("US", "2026-06-08 10:00", "2026-07-09 03:59:59", "2026-07-09 04:00"),
        # Belgium has no calendar of ours: its zone is CLDR's.
        ("BE", "2026-06-09 10:00", "2026-06-23 21:59:59", "2026-06-23 22:00"),
    ],
)
def test_the_end_is_midnight_where_the_shopper_is(country, delivered, last_moment, first_after):
    found = period(country, utc(delivered))
    assert is_open(found, country, utc(last_moment))
    assert not is_open(found, country, utc(first_after))


def test_an_end_on_a_day_of_rest_moves_where_the_law_says_so():
    # Sunday 14 June in France moves to Monday; in Britain it does not.
    delivered = utc("2026-05-31 10:00")
    assert period("FR", delivered).last == date(2026, 6, 15)
    assert period("GB", delivered).last == date(2026, 6, 14)


def test_a_shopper_who_was_not_told_has_twelve_months_more():
    delivered = utc("2026-06-09 10:00")
    never = period("GB", delivered, informed=None)
    assert never.extended
    assert never.last == date(2027, 6, 23)
    # Told later: fourteen days from then, but never less than the usual end.
    later = period("GB", delivered, informed=date(2026, 8, 1))
    assert later.last == date(2026, 8, 15)
    soon = period("GB", delivered, informed=date(2026, 6, 8))
    assert (soon.last, soon.extended) == (date(2026, 6, 23), False)


def test_told_after_more_than_a_year_adds_nothing():
    found = period("GB", utc("2026-06-09 10:00"), informed=date(2027, 6, 20))
    assert found.last == date(2027, 6, 23)


@pytest.mark.parametrize(("country", "basis"), [("DE", "law"), ("KR", "law"), ("JP", "shop"), ("CH", "shop")])
def test_the_basis_is_law_or_the_shops_own_window(country, basis):
    assert period(country, utc("2026-06-09 10:00")).basis == Basis(basis)


def test_where_nothing_is_recorded_a_person_decides():
    found = period("BR", utc("2026-06-09 10:00"))
    assert found is None
    assert not is_open(found, "BR", utc("2026-06-09 10:00"))


def test_a_country_of_many_zones_is_read_in_the_shoppers_favour():
    # 05:00 UTC: already the 2nd in Brazil's east, still the 1st in its west.
    moment = utc("2026-06-02 03:30")
    assert delivery_day("BR", moment) == date(2026, 6, 2)
    assert notice_day("BR", moment) == date(2026, 6, 1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        notice_day("FR", datetime(2026, 6, 1))  # noqa: DTZ001 (on purpose)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day, months, expected):
    assert add_months(day, months) == expected


@given(
    st.sampled_from(["FR", "DE", "GB", "KR", "CN", "JP", "US", "IE", "CH", "NO"]),
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.booleans(),
)
def test_the_period_is_never_shorter_than_its_days(country, delivered, informed):
    found = period(country, delivered, placed=date(2026, 1, 1), informed=date(2026, 1, 1) if informed else None)
    assert found.last >= delivery_day(country, delivered) + timedelta(days=found.days)
    assert is_open(found, country, delivered + timedelta(days=found.days - 1))
