"""The tables of markets, prices, delivery and the rule book."""

from shop.crossborder.models.china import CustomsDocument, CustomsFiling, CustomsReply
from shop.crossborder.models.markets import Market, MarketWarehouse
from shop.crossborder.models.prices import Price
from shop.crossborder.models.rules import TaxRate
from shop.crossborder.models.shipping import ShippingOption

__all__ = [
    "CustomsDocument",
    "CustomsFiling",
    "CustomsReply",
    "Market",
    "MarketWarehouse",
    "Price",
    "ShippingOption",
    "TaxRate",
]
