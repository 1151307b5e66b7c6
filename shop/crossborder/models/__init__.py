"""The tables of markets, prices, delivery and the rule book."""

from shop.crossborder.models.markets import Market, MarketWarehouse
from shop.crossborder.models.price_policies import PricePolicy, PriceSuggestion
from shop.crossborder.models.prices import Price, PriceChange, PriceList, PriceOrigin
from shop.crossborder.models.rules import TaxRate
from shop.crossborder.models.shipping import ShippingOption

__all__ = [
    "Market",
    "MarketWarehouse",
    "Price",
    "PriceChange",
    "PriceList",
    "PriceOrigin",
    "PricePolicy",
    "PriceSuggestion",
    "ShippingOption",
    "TaxRate",
]
