"""Prices from the base price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.pricing.deriving import TaxShift, derive, tax_shift, worth_suggesting
from shop.crossborder.pricing.points import PricePoints, Rounding

CENTS = PricePoints(Decimal("0.01"), (Decimal(0),))
ONES = PricePoints(Decimal(1), (Decimal(0), Decimal("0.95")), Rounding.NEAREST)


def test_base_times_rate_times_margin_at_a_point():
    assert derive(base=Decimal(18), rate=Decimal("1.15"), margin=Decimal("1.05"), points=CENTS) == Decimal(
        "21.74"
    )  # 21.735
    assert derive(base=Decimal(18), rate=Decimal("1.15"), margin=Decimal("1.05"), points=ONES) == Decimal("21.95")
    assert derive(
        base=Decimal(18), rate=Decimal(203), margin=Decimal(1), points=PricePoints(Decimal(100), (Decimal(0),))
    ) == Decimal(3700)


@pytest.mark.parametrize(
    ("base_tax", "target_tax", "expected"),
    [
        (True, True, "24.00"),
        (False, False, "24.00"),
        (True, False, "20.00"),  # 24 / 1.2
        (False, True, "26.40"),  # 24 × 1.1
    ],
)
def test_tax_is_taken_off_or_put_on(base_tax, target_tax, expected):
    shift = tax_shift(
        base_includes_tax=base_tax, target_includes_tax=target_tax, base_rate=Decimal("0.2"), target_rate=Decimal("0.1")
    )
    assert derive(base=Decimal(24), rate=Decimal(1), margin=Decimal(1), points=CENTS, tax=shift) == Decimal(expected)


@pytest.mark.parametrize(
    "wrong", [{"base": Decimal(0)}, {"rate": Decimal(-1)}, {"margin": Decimal("NaN")}, {"tax": TaxShift(Decimal(1))}]
)
def test_what_is_not_above_zero_is_refused(wrong):
    with pytest.raises(ValueError):
        derive(**({"base": Decimal(1), "rate": Decimal(1), "margin": Decimal(1), "points": CENTS} | wrong))


@given(st.decimals("0.01", "10000", places=2), st.decimals("0.01", "10000", places=2), st.decimals(0, 1, places=4))
def test_a_small_change_is_not_worth_it(old, new, minimum):
    worth = worth_suggesting(old=old, new=new, minimum=minimum)
    assert worth == (new != old and abs(new - old) / old >= minimum)


def test_the_limit_itself_is_worth_it_and_so_is_a_first_price():
    assert worth_suggesting(old=Decimal(100), new=Decimal(102), minimum=Decimal("0.02"))
    assert not worth_suggesting(old=Decimal(100), new=Decimal("101.99"), minimum=Decimal("0.02"))
    assert not worth_suggesting(old=Decimal(100), new=Decimal(100), minimum=Decimal(0))
    assert worth_suggesting(old=None, new=Decimal(1), minimum=Decimal(1))
