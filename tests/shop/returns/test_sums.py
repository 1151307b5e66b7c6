"""What goes back beside the goods. Pure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.returns.errors import DeductionRefused
from shop.returns.sums import checked_deduction, delivery_share

MONEY = st.decimals(min_value=0, max_value=10_000, places=2)


def share(paid="14.95", standard="4.95", returned="0", *, whole=True, outbound=True):
    return delivery_share(
        paid=Decimal(paid),
        standard=None if standard is None else Decimal(standard),
        returned=Decimal(returned),
        whole=whole,
        outbound=outbound,
    )


def test_the_surcharge_of_express_stays():
    assert share() == Decimal("4.95")


def test_standard_delivery_goes_back_whole():
    assert share(paid="4.95") == Decimal("4.95")


def test_what_was_free_gives_nothing_back():
    assert share(paid="0") == 0


def test_a_part_of_the_order_takes_no_delivery_with_it():
    assert share(whole=False) == 0


def test_no_delivery_goes_back_where_the_law_does_not_say_so():
    assert share(outbound=False) == 0


def test_an_unknown_standard_is_read_for_the_shopper():
    assert share(standard=None) == Decimal("14.95")


@given(MONEY, st.none() | MONEY, MONEY, st.booleans(), st.booleans())
def test_never_more_than_was_paid_nor_less_than_nothing(paid, standard, returned, whole, outbound):
    found = delivery_share(paid=paid, standard=standard, returned=returned, whole=whole, outbound=outbound)
    assert 0 <= found <= paid
    assert standard is None or found <= standard
    # Delivery that went back before is not given twice.
    again = delivery_share(paid=paid, standard=standard, returned=returned + found, whole=whole, outbound=outbound)
    assert again == 0


@given(MONEY, MONEY)
def test_a_deduction_never_exceeds_the_goods(deduction, goods):
    if deduction > goods:
        with pytest.raises(DeductionRefused):
            checked_deduction(deduction, goods=goods)
    else:
        assert goods - checked_deduction(deduction, goods=goods) >= 0


@pytest.mark.parametrize("wrong", ["-0.01", "NaN", "Infinity"])
def test_a_deduction_is_a_real_amount(wrong):
    with pytest.raises(DeductionRefused):
        checked_deduction(Decimal(wrong), goods=Decimal(10))
