"""Cross rates and guards: arithmetic, and both sides of each limit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.exchange import guards
from shop.crossborder.exchange.rates import Rates, UnknownCurrency

DAY = date(2026, 11, 20)
CODES = ["EUR", "GBP", "USD", "JPY", "KRW"]
rate = st.decimals("0.0001", "100000", places=4)
tables = st.fixed_dictionaries(dict.fromkeys(CODES[1:], rate)).map(lambda per_eur: Rates("reference", DAY, per_eur))
code = st.sampled_from(CODES)
TINY = Decimal("1e-24")  # of the value: what 28 digits leave after a few divisions


def near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TINY * max(abs(one), abs(other))


@given(tables, code)
def test_a_currency_for_itself_is_one(table, one):
    assert table.rate(one, one) == 1


@given(tables, code, code)
def test_the_way_back_is_the_inverse(table, one, other):
    assert near(table.rate(one, other) * table.rate(other, one), Decimal(1))


@given(tables, code, code, code)
def test_a_detour_costs_nothing(table, one, by, other):
    assert near(table.rate(one, by) * table.rate(by, other), table.rate(one, other))


@given(tables, code)
def test_from_the_euro_it_is_the_table(table, one):
    assert table.rate("EUR", one) == table.per_eur.get(one, 1)


def test_units_of_the_quote_for_one_of_the_base():
    table = Rates("reference", DAY, {"GBP": Decimal("0.88"), "USD": Decimal("1.10")})
    assert table.rate("GBP", "USD") == Decimal("1.25")
    assert table.rate("USD", "GBP") == Decimal("0.8")


def test_an_unknown_currency_is_named():
    with pytest.raises(UnknownCurrency, match="THB"):
        Rates("reference", DAY, {"GBP": Decimal("0.88")}).rate("GBP", "THB")


def test_the_day_of_a_pair_is_that_of_its_older_rate():
    table = Rates("reference", DAY, {}, days={"CHF": DAY - timedelta(6)})
    assert table.day_of("GBP", "USD") == DAY
    assert table.day_of("GBP", "CHF") == table.day_of("CHF", "EUR") == DAY - timedelta(6)


@pytest.mark.parametrize(
    ("before", "after", "jumped"),
    [
        ("1", "1.1", False), ("1", "1.1000000001", True), ("1", "0.9", False), ("1", "0.8999999999", True),
        ("165.05", "181.555", False), ("165.05", "181.5550000001", True), ("1", "1", False), (None, "5", False),
    ],
)  # fmt: skip
def test_both_sides_of_ten_per_cent(before, after, jumped):
    assert guards.jumps(None if before is None else Decimal(before), Decimal(after)) is jumped


@given(rate, rate)
def test_a_jump_is_a_move_of_more_than_a_tenth(before, after):
    ten = Decimal(10)
    assert guards.jumps(before, after) is (ten * after > 11 * before or ten * after < 9 * before)


def test_moved_names_currencies_and_change():
    before = {"GBP": Decimal("0.88"), "CHF": Decimal("1.20")}
    after = {"GBP": Decimal("0.89"), "CHF": Decimal("1.02"), "USD": Decimal("1.10")}
    assert guards.moved(before, after) == {"CHF": Decimal("-0.15")}


@pytest.mark.parametrize(("days", "old"), [(-1, False), (0, False), (4, False), (5, True)])
def test_both_sides_of_four_days(days, old):
    assert guards.is_old(DAY, DAY + timedelta(days)) is old
