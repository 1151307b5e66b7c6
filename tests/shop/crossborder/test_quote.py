"""The quote: worked figures, and what must hold for every basket."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.money import display, to_minor
from shop.crossborder.quote import Kind, Line, Rule, apportion, make_quote


def rule(rate: str, *, category: str = "", confirmed: bool = True, number: int = 1) -> Rule:
    return Rule(
        id=number,
        jurisdiction="GB",
        regime="domestic",
        category=category,
        name="VAT",
        rate=Decimal(rate),
        valid_from=date(2011, 1, 4),
        source="VATA 1994",
        confirmed=confirmed,
    )


def line(price: str, *, quantity: int = 1, category: str = "mugs") -> Line:
    return Line(sku="A", category=category, quantity=quantity, unit_price=Decimal(price))


def quote(lines, rules, *, shipping="0", included=True, currency="GBP"):
    return make_quote(
        lines=lines, shipping=Decimal(shipping), rules=rules, country="GB", currency=currency, tax_included=included
    )


def test_uk_mugs_and_book_with_shipping_split_by_value():
    """The split of the worked case for two mugs and a zero-rated book: shipping 8.00 on 36.00 and 30.00."""
    made = quote(
        [line("18.00", quantity=2), line("30.00", category="books")],
        [rule("0.2"), rule("0", category="books", number=2)],
        shipping="8.00",
        included=False,
    )
    assert (made.tax, made.total, made.kind) == (Decimal("8.07"), Decimal("82.07"), Kind.FINAL)


def test_china_composite_rate_on_goods_and_freight():
    """Mug 168 and jigsaw 199 and freight 45: 412 x 9.1 % = 37.49."""
    made = quote([line("168"), line("199")], [rule("0.091")], shipping="45", included=False, currency="CNY")
    assert (made.tax, made.total) == (Decimal("37.49"), Decimal("449.49"))


def test_included_tax_is_taken_out_not_added():
    made = quote([line("18.00")], [rule("0.2")])
    assert (made.tax, made.total) == (Decimal("3.00"), Decimal("18.00"))


def test_missing_and_unconfirmed_rules_make_an_estimate():
    assert quote([line("18.00")], []).as_json()["notices"] == ["tax_rule_missing"]
    made = quote([line("18.00")], [rule("0.2", confirmed=False)])
    assert (made.kind, made.as_json()["incoterm"]) == (Kind.ESTIMATE, "DAP")


@pytest.mark.parametrize("lines", [[], [line("0")], [line("-1")], [line("1", quantity=0)]])
def test_nonsense_is_refused(lines):
    with pytest.raises(ValueError, match="A quote needs lines"):
        quote(lines, [])


PRICES = st.decimals(min_value=Decimal("0.01"), max_value=10**5, places=2)
LINES = st.lists(
    st.builds(
        Line,
        sku=st.just("A"),
        category=st.sampled_from(["mugs", "books"]),
        quantity=st.integers(1, 99),
        unit_price=PRICES,
    ),
    min_size=1,
    max_size=8,
)
RATES = st.decimals(min_value=0, max_value=Decimal("0.3"), places=3)


@given(LINES, PRICES, RATES, st.booleans())
def test_totals_add_up_to_the_minor_unit(lines, shipping, rate, included):
    made = make_quote(
        lines=lines,
        shipping=shipping,
        rules=[rule(str(rate)), rule("0", category="books", number=2)],
        country="GB",
        currency="GBP",
        tax_included=included,
    )
    assert made.total == made.goods + made.shipping + (0 if included else made.tax)
    assert made.goods == sum(one.amount for one in made.lines)
    assert 0 <= sum(one.tax for one in made.lines) <= made.tax + Decimal("0.005")
    assert made.total == made.total.quantize(Decimal("0.01"))


@given(PRICES, st.lists(PRICES, min_size=1, max_size=9))
def test_apportioned_parts_add_up(amount, weights):
    parts = apportion(amount, weights, "GBP")
    assert sum(parts) == amount
    assert len(parts) == len(weights)


@given(LINES, RATES)
def test_one_more_unit_never_costs_less(lines, rate):
    more = [Line(one.sku, one.category, one.quantity + 1, one.unit_price) for one in lines]
    first, second = (quote(these, [rule(str(rate))], included=False) for these in (lines, more))
    assert second.total > first.total


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        ("18", "GBP", "en", "£18.00"),
        ("18", "EUR", "fr", "18,00\xa0€"),
        ("198", "CNY", "zh-hans", "¥198.00"),
        ("1234.5", "JPY", "ja", "￥1,235"),
    ],
)
def test_amounts_read_as_each_language_writes_them(amount, currency, language, shown):
    assert display(Decimal(amount), currency, language) == shown


def test_minor_units():
    assert (to_minor(Decimal("18.00"), "GBP"), to_minor(Decimal(3900), "JPY")) == (1800, 3900)
    with pytest.raises(ValueError, match="minor units"):
        to_minor(Decimal("18.005"), "GBP")
