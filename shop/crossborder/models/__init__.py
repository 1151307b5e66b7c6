"""The tables of markets, prices, delivery, the rule book and buyers' identities."""

from shop.crossborder.models.identities import BuyerIdentity, IdentityAccess
from shop.crossborder.models.markets import Market, MarketWarehouse
from shop.crossborder.models.prices import Price
from shop.crossborder.models.rules import TaxRate
from shop.crossborder.models.shipping import ShippingOption

__all__ = ["BuyerIdentity", "IdentityAccess", "Market", "MarketWarehouse", "Price", "ShippingOption", "TaxRate"]
