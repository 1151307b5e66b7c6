"""What is shown by rule is what the quote says, to the last minor unit."""

from decimal import Decimal

import pytest

from shop.checkout.charges import CHARGES, by_rule, rate_text
from shop.crossborder.landed_cost.answer import StepCode
from tests.shop.crossborder.landed_cost.purchases import cost, line

PURCHASES = [
    ("FR", "EUR", [line("491191", "45.00", origin="GB"), line("691200", "18.00")], {"registered": ["IOSS"]}),
    ("FR", "EUR", [line("491191", "45.00"), line("490199", "18.00")], {"sender": "FR", "prices_include_tax": True}),
    ("CA", "CAD", [line("691200", "60.00"), line("490199", "33.33")], {"region": "BC", "prices_include_tax": True}),
    ("US", "USD", [line("69120044", "24.00", origin="GB")], {}),
    ("RO", "EUR", [line("691200", "24.00")], {"registered": ["IOSS"]}),
]


@pytest.mark.parametrize(("country", "currency", "lines", "more"), PURCHASES)
def test_the_parts_make_the_whole(country, currency, lines, more):
    quote = cost(country, currency, *lines, shipping="9.90", **more)
    assert sum(by_rule(quote.steps, codes={StepCode.TAX}).values(), Decimal(0)) == quote.tax
    others = by_rule(quote.steps, codes=CHARGES - {StepCode.TAX})
    assert sum(others.values(), Decimal(0)) == quote.duty + quote.fees


def test_rates_are_written_as_the_language_writes_them():
    assert rate_text(Decimal("0.05500"), "en") == "5.5%"
    assert rate_text(Decimal("0.05500"), "fr").replace("\u202f", " ").replace("\xa0", " ") == "5,5 %"
    assert rate_text(Decimal("0.20000"), "ja") == "20%"
