"""How long shoppers may withdraw, and by when they have their money: both sides of each last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.delivery.holidays import calendar
from shop.crossborder.protections.withdrawal import (
    refund_deadline,
    shared_days,
    withdrawal_deadline,
    withdrawal_right,
)

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 1))


@pytest.mark.parametrize(
    ("country", "delivered", "last"),
    [
        ("DE", "2026-06-02", "2026-06-16"),  # a Tuesday
        ("DE", "2026-06-06", "2026-06-22"),  # the 20th is a Saturday: Monday
        ("FR", "2026-06-30", "2026-07-15"),  # 14 July is a holiday there
        ("BE", "2026-06-30", "2026-07-14"),
        ("MC", "2026-06-02", "2026-06-16"),
        ("GB", "2026-06-06", "2026-06-20"),  # no day of grace for a weekend
        ("KR", "2026-06-02", "2026-06-09"),
        ("KR", "2026-06-06", "2026-06-15"),
        ("CN", "2026-06-02", "2026-06-09"),
    ],
)
def test_the_last_day(country, delivered, last):
    assert withdrawal_deadline(country, date.fromisoformat(delivered)) == date.fromisoformat(last)


@pytest.mark.parametrize("country", ["US", "JP", "AU", "CH", "BR", "ZZ", ""])
def test_where_the_law_gives_no_right_there_is_no_day(country):
    assert withdrawal_right(country, date(2026, 6, 1)) is None
    assert withdrawal_deadline(country, date(2026, 6, 1)) is None
    assert refund_deadline(country, withdrawn_on=date(2026, 6, 1)) is None


def test_before_the_directive_there_was_no_right_of_14_days():
    assert withdrawal_right("DE", date(2014, 6, 12)) is None
    assert withdrawal_right("DE", date(2014, 6, 13)).days == 14


def test_a_state_counts_from_its_accession():
    assert withdrawal_right("LI", date(2026, 1, 1)).key == "eea-withdrawal"
    assert withdrawal_right("HR", date(2026, 1, 1)).key == "eu-withdrawal"


def test_refunds_count_from_the_notice_or_from_the_goods():
    notice, back = date(2026, 6, 1), date(2026, 6, 8)
    assert refund_deadline("FR", withdrawn_on=notice) == date(2026, 6, 15)
    assert refund_deadline("FR", withdrawn_on=notice, returned_on=back) == date(2026, 6, 15)
    assert refund_deadline("GB", withdrawn_on=notice) is None
    assert refund_deadline("GB", withdrawn_on=notice, returned_on=back) == date(2026, 6, 22)
    assert refund_deadline("CN", withdrawn_on=notice, returned_on=back) == date(2026, 6, 15)
    # Three working days after a Thursday: Friday, Monday, Tuesday.
    assert refund_deadline("KR", withdrawn_on=notice, returned_on=date(2026, 6, 11)) == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("countries", "days"), [(["DE", "BE"], 14), (["FR", "MC"], 14), (["CH", "LI"], None), (["US"], None), ([], None)]
)
def test_a_market_says_what_holds_in_all_its_countries(countries, days):
    assert shared_days(countries, date(2026, 11, 1)) == days


@given(DAYS, st.sampled_from(["DE", "FR", "GB", "KR", "CN", "IT"]))
def test_nobody_gets_less_than_the_days_of_the_law_nor_a_last_day_of_rest(delivered, country):
    right, last = withdrawal_right(country, delivered), withdrawal_deadline(country, delivered)
    assert last - delivered >= timedelta(days=right.days)
    if right.until_working_day:
        assert calendar(country).works(last)
    else:
        assert last - delivered == timedelta(days=right.days)


@given(DAYS, DAYS, st.sampled_from(["DE", "GB", "KR"]))
def test_a_later_delivery_never_ends_earlier(one, other, country):
    first, second = sorted((one, other))
    assert withdrawal_deadline(country, first) <= withdrawal_deadline(country, second)
