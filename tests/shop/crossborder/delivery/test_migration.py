"""Flat prices of before become one zone and one tariff for any weight, and back."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from shop import migrations
from shop.models import ShippingOption, Tariff, Zone
from tests import factories as make

MIGRATIONS = Path(migrations.__file__).parent
step = import_module(f"shop.migrations.{next(MIGRATIONS.glob('*_delivery.py')).stem}")


@pytest.mark.django_db
def test_amounts_stay_and_come_back():
    for code in ("gb", "jp"):
        make.market(code)
    ShippingOption.objects.filter(market__code="gb").update(free_above=60)
    before = list(ShippingOption.objects.order_by("id").values_list("amount", "free_above"))
    step.price_by_tariff(apps, None)
    assert not ShippingOption.objects.exclude(amount=None, free_above=None).exists()
    tariffs = Tariff.objects.order_by("method_id")
    assert list(tariffs.values_list("amount", "free_above")) == before
    assert {one.up_to_grams for one in tariffs} == {None}
    assert sorted(Zone.objects.values_list("market__code", "countries")) == [("gb", ["GB"]), ("jp", ["JP"])]
    step.price_flat(apps, None)
    assert list(ShippingOption.objects.order_by("id").values_list("amount", "free_above")) == before
