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
    DutyRule,
    FeeRule,
    Jurisdiction,
    Market,
    MarketWarehouse,
    PlaceRule,
    Price,
    ProcedureRule,
    RestrictionRule,
    RuleSet,
    RuleSource,
    ShippingOption,
    TaxRule,
    ThresholdRule,
)
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.payments.models import Payment, StripeEvent
from shop.store_api.models import IdempotencyRecord

__all__ = [
    "Basket",
    "BasketLine",
    "ChannelOrder",
    "DutyRule",
    "FeeRule",
    "IdempotencyRecord",
    "Jurisdiction",
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
    "PlaceRule",
    "Price",
    "ProcedureRule",
    "Product",
    "ProductImage",
    "ProductText",
    "RestrictionRule",
    "RuleSet",
    "RuleSource",
    "SalesChannel",
    "ShippingOption",
    "StripeEvent",
    "TaxRule",
    "ThresholdRule",
    "Variant",
]
