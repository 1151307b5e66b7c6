"""Tariffs: both sides of each band, steps, surcharge, free above, and never cheaper for being heavier."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.delivery.tariffs import Band, Priced, band_amount, band_for, from_origin, price

D = Decimal
TABLE = [
    Band(D("4.95"), 2000, free_above=D(60)),
    Band(D("6.95"), 5000),
    Band(D("9.95"), 10_000, step_g=1000, step_amount=D("0.80")),
]


def cost(grams: int, bands=TABLE, *, goods="0", surcharge="0", currency="GBP") -> Priced | None:
    return price([(grams, bands)], goods=D(goods), surcharge=D(surcharge), currency=currency)


@pytest.mark.parametrize(
    ("grams", "amount"),
    [
        (1, "4.95"), (2000, "4.95"), (2001, "6.95"), (5000, "6.95"), (5001, "9.95"), (10_000, "9.95"),
        (10_001, "10.75"), (11_000, "10.75"), (11_001, "11.55"),
    ],
)  # fmt: skip
def test_both_sides_of_each_band_and_step(grams, amount):
    assert cost(grams).amount == D(amount)


def test_beyond_the_last_band_without_steps_there_is_no_price():
    assert cost(5000, TABLE[:2]).amount == D("6.95")
    assert cost(5001, TABLE[:2]) is None
    assert cost(1, []) is None
    assert cost(10**9, [Band(D(5))]).amount == D(5)


@pytest.mark.parametrize(("goods", "amount"), [("59.99", "4.95"), ("60.00", "0"), ("60.01", "0")])
def test_both_sides_of_free_above(goods, amount):
    assert cost(2000, goods=goods) == Priced(D(amount), D(60))
    assert cost(2001, goods=goods) == Priced(D("6.95"), None), "a band without a mark is never free"


def test_several_parcels_are_free_together_from_the_highest_mark():
    other = [Band(D(3), None, free_above=D(80))]
    both = price([(1, TABLE), (1, other)], goods=D(70), surcharge=D(0), currency="GBP")
    assert both == Priced(D(3), D(80))


def test_the_surcharge_is_rounded_half_up_for_each_parcel():
    assert cost(1, surcharge="0.1").amount == D("5.45")  # 5.445
    yen = [Band(D(1795))]
    assert cost(1, yen, surcharge="0.1", currency="JPY").amount == D(1975)  # 1974.5


def test_rows_of_an_origin_go_before_rows_from_anywhere():
    anywhere, french = Band(D(9)), Band(D(5), origin="FR")
    assert from_origin([anywhere, french], "FR") == [french]
    assert from_origin([anywhere, french], "GB") == [anywhere]
    assert from_origin([french], "GB") == []


tables = st.lists(
    st.tuples(st.integers(1, 30_000), st.integers(0, 10_000)), min_size=1, max_size=6, unique_by=lambda one: one[0]
).map(
    lambda rows: [
        Band(D(amount), up_to, step_g=700, step_amount=D(3))
        for up_to, amount in zip(sorted(one[0] for one in rows), sorted(one[1] for one in rows), strict=True)
    ]
)


@given(tables, st.integers(1, 60_000), st.integers(0, 30_000))
def test_a_heavier_parcel_never_costs_less(table, grams, more):
    def amount(weight):
        return band_amount(band_for(table, weight), weight)

    assert amount(grams + more) >= amount(grams)
