"""Reading markets, prices and delivery options."""

from datetime import date
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from shop.crossborder.models import Market, ShippingOption
from shop.crossborder.pricing.queries import prices

__all__ = ["market_by_code", "priced_from", "prices", "shipping_options", "warehouse_ids"]


def market_by_code(code: str) -> Market | None:
    """Return the market with this code, or None."""
    return Market.objects.filter(code=code).first()


def warehouse_ids(market: Market) -> list[int]:
    """Return the market's warehouses, the preferred first."""
    return list(market.marketwarehouse_set.order_by("rank").values_list("warehouse_id", flat=True))


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
