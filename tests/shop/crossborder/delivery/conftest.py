"""A British method by weight, an express that refuses much, and goods to send."""

from decimal import Decimal

import pytest

from shop.models import Market, ShippingOption, Tariff, Zone
from tests import factories as make


@pytest.fixture
def gb(db) -> Market:
    """Standard by weight to two zones, express to one of them."""
    market = make.market("gb")
    standard = market.shipping_options.get()
    express = ShippingOption.objects.create(
        market=market, code="express", names={"en": "Express", "fr": "Exprès"}, days_from=1, days_to=2, position=1,
        refuses=["battery", "liquid"], max_weight_g=5000, max_side_cm=60, volumetric_divisor=5000,
    )  # fmt: skip
    home = Zone.objects.create(market=market, name="Home", countries=["GB"], valid=make.ALWAYS)
    far = Zone.objects.create(
        market=market, name="Islands", countries=["GB"], postcodes=["ZE"], extra_days=2, valid=make.ALWAYS
    )
    Zone.objects.create(market=market, name="Nobody", countries=["GB"], postcodes=["IM"], valid=make.ALWAYS)
    rows = [
        (standard, home, 1000, "4.95", "60"), (standard, home, 5000, "6.95", None), (standard, far, 5000, "9.95", None),
        (express, home, 5000, "12.00", None),
    ]  # fmt: skip
    for method, zone, up_to, amount, mark in rows:
        Tariff.objects.create(
            method=method, zone=zone, up_to_grams=up_to, amount=Decimal(amount), free_above=mark, valid=make.ALWAYS
        )
    ShippingOption.objects.filter(pk=standard.pk).update(amount=None, max_weight_g=5000)
    return market
