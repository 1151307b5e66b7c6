"""Reading markets, prices, delivery options and tax rules."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from shop.crossborder.models import Market, Price, ShippingOption, TaxRate
from shop.crossborder.quote import Rule


def market_by_code(code: str) -> Market | None:
    """Return the market with this code, or None."""
    return Market.objects.filter(code=code).first()


def warehouse_ids(market: Market) -> list[int]:
    """Return the market's warehouses, the preferred first."""
    return list(market.marketwarehouse_set.order_by("rank").values_list("warehouse_id", flat=True))


def prices(*, variant_ids: Iterable[int], market: Market, on: date) -> dict[int, Decimal]:
    """Return variant id → price on that day, in the market's currency. Variants without a price are absent."""
    rows = Price.objects.filter(variant_id__in=list(variant_ids), market=market, valid__contains=on)
    return dict(rows.values_list("variant_id", "amount"))


def shipping_options(market: Market) -> list[ShippingOption]:
    """Return the market's active delivery methods in order, whatever they may refuse. One statement."""
    return list(market.shipping_options.filter(active=True).order_by("position", "id"))


def least_prices(on: date) -> dict[str, Any]:
    """Return annotations of methods: ``least`` and ``least_free_above``, in the currency of the market.

    They are the lowest of the day's tariffs, else the flat price; null: there is none.
    """
    today = Q(tariffs__valid__contains=on)
    return {
        "least": Coalesce(Min("tariffs__amount", filter=today), F("amount")),
        "least_free_above": Coalesce(Min("tariffs__free_above", filter=today), F("free_above")),
    }


def priced_from(on: date) -> QuerySet[ShippingOption]:
    """Return active methods in order, with what they cost at least: see :func:`least_prices`."""
    return ShippingOption.objects.filter(active=True).annotate(**least_prices(on)).order_by("position", "id")


def tax_rules(*, country: str, market: Market, on: date) -> list[Rule]:
    """Return the tax rules for goods that this market's warehouses send to ``country`` on that day."""
    origins = set(market.warehouses.values_list("country", flat=True))
    if origins == {country}:
        regime = TaxRate.Regime.DOMESTIC
    elif country == "CN":
        regime = TaxRate.Regime.CBEC
    else:
        regime = TaxRate.Regime.IMPORT
    rows = TaxRate.objects.filter(jurisdiction=country, regime=regime, valid__contains=on)
    return [
        Rule(
            id=row.id,
            jurisdiction=row.jurisdiction,
            regime=row.regime,
            category=row.category,
            name=row.name,
            rate=row.rate,
            valid_from=row.valid.lower,
            source=row.source,
            confirmed=row.confirmed_on is not None,
        )
        for row in rows
    ]
