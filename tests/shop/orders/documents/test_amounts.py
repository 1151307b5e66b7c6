"""The parts of an invoice add up to the order's total, whatever the currency, rates, discounts and reliefs."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.crossborder.landed_cost.money import apportion, minor_unit
from shop.orders.documents.amounts import DoesNotAddUp, Group, Sold, Sums, What, by_rate, charges

RATES = [Decimal(0), Decimal("0.055"), Decimal("0.07"), Decimal("0.091"), Decimal("0.1"), Decimal("0.2")]
ZERO = Decimal(0)


@st.composite
def orders(draw):
    """Sums and lines as checkout writes them: rounded by line, the rest as sums."""
    currency = draw(st.sampled_from(["GBP", "JPY", "KWD", "EUR", "KRW"]))
    included = draw(st.booleans())
    unit = minor_unit(currency)
    amount = st.integers(0, 5_000_000).map(lambda minor: minor * unit)
    count = draw(st.integers(1, 8))
    amounts = [draw(amount) for _ in range(count)]
    rates = [draw(st.sampled_from(RATES)) for _ in range(count)]
    taken = [draw(st.booleans()) for _ in range(count)]
    shipping, duty, fees = draw(amount), draw(amount), draw(amount)
    untaxed = draw(st.sampled_from([ZERO, fees]))
    lines, contained, on_top = [], ZERO, ZERO
    shares = apportion(shipping, amounts, unit)
    for place in range(count):
        rate, base = rates[place], amounts[place]
        tax = (base * rate / (1 + rate) if included else base * rate).quantize(unit) if taken[place] else ZERO
        of_delivery = (shares[place] * rate / (1 + rate) if included else shares[place] * rate).quantize(unit)
        group = Group("domestic" if taken[place] else "export", "VAT", rate if taken[place] else None)
        lines.append(Sold(place + 1, draw(st.integers(1, 9)), base, tax, group, taken[place]))
        if taken[place]:
            contained += tax + of_delivery if included else ZERO
            on_top += ZERO if included else tax + of_delivery
    on_top += draw(amount) if any(taken) else ZERO
    goods = sum(amounts, ZERO)
    sums = Sums(
        currency=currency,
        tax_included=included,
        goods=goods,
        shipping=shipping,
        duty=duty,
        fees=fees,
        tax=contained + on_top,
        tax_in_prices=contained,
        total=goods + shipping + duty + fees + on_top,
        untaxed_fees=untaxed,
    )
    return sums, lines


@settings(max_examples=400, deadline=None)
@given(orders())
def test_the_parts_add_up(order):
    sums, lines = order
    found = charges(sums, lines)
    unit = minor_unit(sums.currency)
    rows = by_rate(found)
    assert sum(one.gross for one in found) == sum(row.gross for row in rows) == sums.total
    assert sum(row.tax for row in rows) == sums.tax
    assert sum(row.net for row in rows) == sums.total - sums.tax
    assert all(one.net % unit == one.tax % unit == 0 for one in found)
    goods = [one for one in found if one.what is What.GOODS]
    assert [one.position for one in goods] == [line.position for line in lines]
    if sums.tax_included:
        assert [one.gross for one in goods] == [line.amount for line in lines]
    else:
        assert [one.net for one in goods] == [line.amount for line in lines]


def line(position=1, amount="12.00", tax="2.00", rate="0.2", **more):
    return Sold(position, 1, Decimal(amount), Decimal(tax), Group("domestic", "VAT", Decimal(rate)), True, **more)


def sums(**more):
    facts = {"goods": "12.00", "shipping": "0", "duty": "0", "fees": "0", "tax": "2.00", "tax_in_prices": "2.00",
             "total": "12.00"} | more  # fmt: skip
    return Sums("GBP", True, **{name: Decimal(value) for name, value in facts.items()})


def test_delivery_is_taxed_as_the_goods_it_carries():
    whole = sums(goods="30.55", shipping="6.00", tax="4.65", tax_in_prices="4.65", total="36.55")
    found = charges(whole, [line(amount="20.00", tax="3.33"), line(2, amount="10.55", tax="0.55", rate="0.055")])
    delivery = [(one.group.rate, one.net, one.tax) for one in found if one.what is What.DELIVERY]
    assert delivery == [
        (Decimal("0.2"), Decimal("3.27"), Decimal("0.66")),
        (Decimal("0.055"), Decimal("1.96"), Decimal("0.11")),
    ]


def test_what_is_due_at_the_door_is_not_on_the_invoice():
    at_the_door = Sold(1, 2, Decimal(6800), Decimal(680), Group("export", "", None), charged=False)
    whole = Sums("JPY", False, *(Decimal(one) for one in (6800, 500, 0, 0, 0, 0, 7300)))
    assert [(one.what, one.net, one.tax) for one in charges(whole, [at_the_door])] == [
        (What.GOODS, 6800, 0),
        (What.DELIVERY, 500, 0),
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"goods": "13.00"}, "lines add up to 12.00"),
        ({"tax_in_prices": "1.99"}, "lines contain 2.00"),
        ({"tax": "1.00"}, "all prices 2.00 of 1.00"),
        ({"total": "12.01"}, "add up to 12.00, not to 12.01"),
    ],
)
def test_contradictions_are_named(facts, said):
    with pytest.raises(DoesNotAddUp, match=said):
        charges(sums(**facts), [line()])


def test_tax_on_duty_that_is_paid_at_the_door_stands_apart_with_nothing_net():
    whole = sums(tax="2.60", total="12.60")
    found = charges(whole, [line(duty_due=Decimal(3))])
    assert [(one.what, one.net, one.tax) for one in found][1:] == [(What.DUTY, 0, Decimal("0.60"))]
