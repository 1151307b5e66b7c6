"""Shares of an order: whatever the sequence of part refunds, they add up to what was paid, to the minor unit."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.payments.refund_amounts import ZERO, Charged, Done, SoldLine, part_of

EXPONENT = {"GBP": -2, "JPY": 0, "KWD": -3}


@st.composite
def charged(draw) -> Charged:
    currency = draw(st.sampled_from(sorted(EXPONENT)))

    def money(most: int = 100_000) -> Decimal:
        return Decimal(draw(st.integers(0, most))).scaleb(EXPONENT[currency])

    lines = tuple(
        SoldLine(number, draw(st.integers(1, 7)), money(), money(9_000)) for number in range(1, draw(st.integers(2, 5)))
    )
    goods, shipping = sum((line.amount for line in lines), ZERO), money(5_000)
    tax = sum((line.tax for line in lines), ZERO) + (money(900) if shipping else ZERO)
    return Charged(
        currency=currency,
        lines=lines,
        goods=goods,
        shipping=shipping,
        duty=money(3_000),
        fees=money(300),
        tax=tax,
        tax_in_prices=draw(st.sampled_from([ZERO, tax])),
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(charged(), st.data())
def test_part_refunds_add_up_to_what_was_paid(sold, data):
    units: dict[int, int] = {}
    shipping, paid_back = ZERO, []
    while True:
        left = {line.id: line.quantity - units.get(line.id, 0) for line in sold.lines}
        if not any(left.values()) and shipping == sold.shipping:
            break
        asked = {key: data.draw(st.integers(0, most)) for key, most in left.items()}
        asked = {key: count for key, count in asked.items() if count}
        some = data.draw(st.sampled_from([ZERO, sold.shipping - shipping]))
        if not asked and not some:
            asked, some = {key: count for key, count in left.items() if count}, sold.shipping - shipping
        part = part_of(sold, done=Done(units, shipping), units=asked, shipping=some)
        assert min(part.goods, part.duty, part.fees, part.tax_on_top) >= 0
        assert part.goods == sum((line.amount for line in part.lines), ZERO)
        paid_back.append(part.total)
        units = {line.id: units.get(line.id, 0) + asked.get(line.id, 0) for line in sold.lines}
        shipping += some
    assert sum(paid_back, ZERO) == sold.total


SOLD = Charged(
    currency="GBP",
    lines=(SoldLine(1, 3, Decimal("10.00"), Decimal("1.67")), SoldLine(2, 1, Decimal("5.00"), Decimal("0.83"))),
    goods=Decimal("15.00"),
    shipping=Decimal("4.95"),
    duty=Decimal("1.00"),
    fees=ZERO,
    tax=Decimal("3.33"),
    tax_in_prices=Decimal("3.33"),
)


def test_a_third_of_ten_pounds():
    parts = [part_of(SOLD, done=Done({1: done}), units={1: 1}, shipping=ZERO) for done in range(3)]
    assert [part.goods for part in parts] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert [part.lines[0].tax for part in parts] == [Decimal("0.56"), Decimal("0.55"), Decimal("0.56")]
    assert [part.duty for part in parts] == [Decimal("0.22"), Decimal("0.22"), Decimal("0.23")]
    assert all(part.tax_on_top == 0 for part in parts)


@pytest.mark.parametrize(
    ("units", "shipping"),
    [({1: 4}, "0"), ({1: 0}, "0"), ({1: -1}, "0"), ({9: 1}, "0"), ({}, "4.96"), ({}, "-0.01")],
)
def test_more_than_is_left_is_refused(units, shipping):
    with pytest.raises(ValueError, match="left to pay back"):
        part_of(SOLD, done=Done({}), units=units, shipping=Decimal(shipping))


def test_tax_on_top_belongs_to_goods_and_delivery():
    sold = Charged(
        currency="GBP",
        lines=(SoldLine(1, 2, Decimal("20.00"), Decimal("4.00")),),
        goods=Decimal("20.00"),
        shipping=Decimal("5.00"),
        duty=ZERO,
        fees=ZERO,
        tax=Decimal("5.00"),
        tax_in_prices=ZERO,
    )
    one = part_of(sold, done=Done({}), units={1: 1}, shipping=ZERO)
    assert (one.goods, one.tax_on_top, one.total) == (Decimal("10.00"), Decimal("2.00"), Decimal("12.00"))
    delivery = part_of(sold, done=Done({1: 1}), units={}, shipping=Decimal("5.00"))
    assert (delivery.tax_on_top, delivery.total) == (Decimal("1.00"), Decimal("6.00"))
