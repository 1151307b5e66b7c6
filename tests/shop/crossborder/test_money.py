"""Amounts as each reader writes them, and in minor units."""

from decimal import Decimal

import pytest

from shop.crossborder.landed_cost.money import apportion, minor_unit
from shop.crossborder.money import display, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("1234.5", "EUR", "fr", "1 234,50 €"),
        ("1234.5", "GBP", "en", "£1,234.50"),
        ("158", "CNY", "zh-hans", "¥158.00"),
        ("3200", "JPY", "ja", "￥3,200"),
        ("3200", "JPY", "zh-hans", "JP¥3,200"),
        ("15.9", "CHF", "fr", "15,90 CHF"),
        ("15.9", "CHF", "en", "CHF 15.90"),
        ("18.95", "USD", "en", "$18.95"),
        ("20", "AUD", "en", "$20.00"),
        ("45000", "KRW", "en", "₩45,000"),
        ("1234.5", "JPY", "ja", "￥1,235"),
    ],
)
def test_amounts_are_written_as_their_readers_do(amount, currency, language, written):
    said = display(Decimal(amount), currency, language)
    assert said.replace("\u202f", " ").replace("\xa0", " ") == written


@pytest.mark.parametrize(("amount", "currency", "minor"), [("18.00", "GBP", 1800), ("3200", "JPY", 3200)])
def test_minor_units(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("18.005", "GBP"), ("3200.5", "JPY")])
def test_an_amount_with_too_many_decimals_is_refused(amount, currency):
    with pytest.raises(ValueError, match="whole number of minor units"):
        to_minor(Decimal(amount), currency)


def test_shares_add_up_to_the_whole():
    parts = apportion(Decimal("9.90"), [Decimal(45), Decimal(18), Decimal(1)], minor_unit("EUR"))
    assert sum(parts) == Decimal("9.90")
    assert all(part >= 0 for part in parts)
