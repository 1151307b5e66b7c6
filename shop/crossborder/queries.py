"""Reading markets, prices, delivery options and tax rules."""

from datetime import date
from decimal import Decimal

from shop.crossborder.models import Market, ShippingOption, TaxRate
from shop.crossborder.pricing.queries import prices
from shop.crossborder.quote import Rule

__all__ = ["market_by_code", "prices", "shipping_amount", "shipping_options", "tax_rules", "warehouse_ids"]


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
