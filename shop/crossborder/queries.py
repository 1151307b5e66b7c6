"""Reading markets, prices and delivery options."""

from datetime import date
from decimal import Decimal

from shop.crossborder.models import Market, ShippingOption
from shop.crossborder.pricing.queries import prices

__all__ = ["market_by_code", "prices", "shipping_amount", "shipping_options", "warehouse_ids"]


def market_by_code(code: str) -> Market | None:
    """Return the market with this code, or None."""
    return Market.objects.filter(code=code).first()


def warehouse_ids(market: Market) -> list[int]:
    """Return the market's warehouses, the preferred first."""
    return list(market.marketwarehouse_set.order_by("rank").values_list("warehouse_id", flat=True))


def shipping_options(market: Market) -> list[ShippingOption]:
    """Return the market's delivery options in order."""
    return list(market.shipping_options.order_by("position", "id"))


def shipping_amount(option: ShippingOption, *, goods: Decimal) -> Decimal:
    """Return what the option costs for goods of this value (market currency)."""
    free = option.free_above is not None and goods >= option.free_above
    return Decimal(0) if free else option.amount
