"""The tax shown by rule is the tax of the quote, to the last minor unit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.quote import Line, Rule, make_quote
from shop.storefront.queries.summary import rate_text, tax_by_rule

CATEGORIES = ["books", "mugs", "prints"]
RATES = {"books": Decimal("0.055"), "": Decimal("0.2")}
RULES = [
    Rule(
        id=number,
        jurisdiction="FR",
        regime="domestic",
        category=category,
        name="TVA",
        rate=rate,
        valid_from=None,
        source="test",
        confirmed=True,
    )
    for number, (category, rate) in enumerate(RATES.items(), start=1)
]


@given(
    goods=st.lists(
        st.tuples(st.sampled_from(CATEGORIES), st.integers(1, 9), st.integers(1, 50_000)), min_size=1, max_size=6
    ),
    shipping=st.integers(0, 5_000),
    included=st.booleans(),
    currency=st.sampled_from(["GBP", "JPY"]),
)
def test_the_parts_make_the_whole(goods, shipping, included, currency):
    unit = Decimal(1) if currency == "JPY" else Decimal("0.01")
    quote = make_quote(
        lines=[
            Line(sku=f"S-{number}", category=category, quantity=quantity, unit_price=price * unit)
            for number, (category, quantity, price) in enumerate(goods)
        ],
        shipping=shipping * unit,
        rules=RULES,
        country="FR",
        currency=currency,
        tax_included=included,
    )
    assert sum(tax_by_rule(quote).values()) == quote.tax


def test_rates_are_written_as_the_language_writes_them():
    assert rate_text(Decimal("0.05500"), "en") == "5.5%"
    assert rate_text(Decimal("0.05500"), "fr").replace("\u202f", " ").replace("\xa0", " ") == "5,5 %"
    assert rate_text(Decimal("0.20000"), "ja") == "20%"
