"""Gathers the models of the rooms."""

from shop.catalogue.models import (
    Museum,
    MuseumObject,
    MuseumText,
    ObjectText,
    Product,
    ProductImage,
    ProductText,
    Variant,
)
from shop.channels.models import ChannelOrder, Listing, SalesChannel
from shop.checkout.models import Basket, BasketLine
from shop.crossborder.models import (
    BuyerIdentity,
    IdentityAccess,
    Market,
    MarketWarehouse,
    Price,
    ShippingOption,
    TaxRate,
)
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.payments.models import Payment, StripeEvent
from shop.store_api.models import IdempotencyRecord

__all__ = [
    "Basket",
    "BasketLine",
    "BuyerIdentity",
    "ChannelOrder",
    "IdempotencyRecord",
    "IdentityAccess",
    "Listing",
    "Market",
    "MarketWarehouse",
    "Museum",
    "MuseumObject",
    "MuseumText",
    "ObjectText",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Payment",
    "Price",
    "Product",
    "ProductImage",
    "ProductText",
    "SalesChannel",
    "ShippingOption",
    "StripeEvent",
    "TaxRate",
    "Variant",
]
