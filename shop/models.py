"""Gathers the models of the rooms."""

from shop.accounts.models import MarketingConsent, Preference, SavedAddress, Wish
from shop.accounts.privacy.models import DataExport, Erasure, RetainedOrder
from shop.alerts.models import Mail
from shop.alerts.restock.models import StockAlert
from shop.catalogue.models.manufacturers import Manufacturer
from shop.catalogue.models.museums import Museum, MuseumText
from shop.catalogue.models.objects import MuseumObject, ObjectText
from shop.catalogue.models.pictures import ProductImage, Rendition
from shop.catalogue.models.product_types import Attribute, AttributeOption, ProductType
from shop.catalogue.models.products import AttributeValue, Product, ProductText
from shop.catalogue.models.search import SearchDocument, SearchMiss, SearchWord, Synonym
from shop.catalogue.models.themes import Theme, ThemeProduct, ThemeText
from shop.catalogue.models.variants import Variant
from shop.channels.models import ChannelOrder, Listing, SalesChannel
from shop.checkout.consents.models import OrderConsent
from shop.checkout.models import Basket, BasketLine
from shop.checkout.promotions.models import (
    BasketCode,
    Promotion,
    PromotionCode,
    PromotionCustomer,
    PromotionMoney,
    PromotionUse,
)
from shop.checkout.wrapping_models import WrappingPrice
from shop.crossborder.models import (
    BuyerIdentity,
    CustomsDocument,
    CustomsFiling,
    CustomsReply,
    DutyRule,
    ExchangeRate,
    FeeRule,
    FuelSurcharge,
    IdentityAccess,
    Jurisdiction,
    LegalPage,
    Market,
    MarketWarehouse,
    OfferSweep,
    PlaceRule,
    Price,
    PriceChange,
    PriceList,
    PricePolicy,
    PriceSuggestion,
    ProcedureRule,
    ProductOffer,
    Publication,
    Registration,
    RestrictionRule,
    RuleSet,
    RuleSource,
    Seller,
    ShippingOption,
    Tariff,
    TaxRule,
    ThresholdRule,
    VariantOffer,
    Zone,
)
from shop.desk.chaos.models import SimulatorSwitch
from shop.orders.documents.models import DocumentCounter, Invoice
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.shipment_models import Allotment, LineCancellation, Shipment, ShipmentEvent, ShipmentLine, ShipmentPart
from shop.payments.case_models import Dispute, PaymentCase
from shop.payments.models import Payment, Refund, RefundLine, StripeEvent
from shop.returns.models.excepted import ExceptedGoods
from shop.returns.models.requests import ReturnClaim, ReturnEvent, ReturnLine, ReturnRequest
from shop.returns.models.statements import WithdrawalStatement
from shop.returns.models.warehouse import ReturnAddress, UnexpectedUnits
from shop.store_api.models import IdempotencyRecord

__all__ = [
    "Allotment",
    "Attribute",
    "AttributeOption",
    "AttributeValue",
    "Basket",
    "BasketCode",
    "BasketLine",
    "BuyerIdentity",
    "ChannelOrder",
    "CustomsDocument",
    "CustomsFiling",
    "CustomsReply",
    "DataExport",
    "Dispute",
    "DocumentCounter",
    "DutyRule",
    "Erasure",
    "ExceptedGoods",
    "ExchangeRate",
    "FeeRule",
    "FuelSurcharge",
    "IdempotencyRecord",
    "IdentityAccess",
    "Invoice",
    "Jurisdiction",
    "LegalPage",
    "LineCancellation",
    "Listing",
    "Mail",
    "Manufacturer",
    "Market",
    "MarketWarehouse",
    "MarketingConsent",
    "Museum",
    "MuseumObject",
    "MuseumText",
    "ObjectText",
    "OfferSweep",
    "Order",
    "OrderConsent",
    "OrderEvent",
    "OrderLine",
    "Payment",
    "PaymentCase",
    "PlaceRule",
    "Preference",
    "Price",
    "PriceChange",
    "PriceList",
    "PricePolicy",
    "PriceSuggestion",
    "ProcedureRule",
    "Product",
    "ProductImage",
    "ProductOffer",
    "ProductText",
    "ProductType",
    "Promotion",
    "PromotionCode",
    "PromotionCustomer",
    "PromotionMoney",
    "PromotionUse",
    "Publication",
    "Refund",
    "RefundLine",
    "Registration",
    "Rendition",
    "RestrictionRule",
    "RetainedOrder",
    "ReturnAddress",
    "ReturnClaim",
    "ReturnEvent",
    "ReturnLine",
    "ReturnRequest",
    "RuleSet",
    "RuleSource",
    "SalesChannel",
    "SavedAddress",
    "SearchDocument",
    "SearchMiss",
    "SearchWord",
    "Seller",
    "Shipment",
    "ShipmentEvent",
    "ShipmentLine",
    "ShipmentPart",
    "ShippingOption",
    "SimulatorSwitch",
    "StockAlert",
    "StripeEvent",
    "Synonym",
    "Tariff",
    "TaxRule",
    "Theme",
    "ThemeProduct",
    "ThemeText",
    "ThresholdRule",
    "UnexpectedUnits",
    "Variant",
    "VariantOffer",
    "Wish",
    "WithdrawalStatement",
    "WrappingPrice",
    "Zone",
]
