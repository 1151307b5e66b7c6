"""The tables of markets, prices, delivery and the rule book."""

from shop.crossborder.models.markets import Market, MarketWarehouse
from shop.crossborder.models.prices import Price
from shop.crossborder.models.rules import TaxRate
from shop.crossborder.models.shipping import FuelSurcharge, ShippingOption, Tariff, Zone

__all__ = [
    "FuelSurcharge",
    "Market",
    "MarketWarehouse",
    "Price",
    "ShippingOption",
    "Tariff",
    "TaxRate",
    "Zone",
]
