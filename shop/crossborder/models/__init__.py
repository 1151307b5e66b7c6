"""The tables of markets, prices, delivery and the rule book."""

from shop.crossborder.models.china import CustomsDocument, CustomsFiling, CustomsReply
from shop.crossborder.models.exchange import ExchangeRate
from shop.crossborder.models.identities import BuyerIdentity, IdentityAccess
from shop.crossborder.models.legal import LegalKind, LegalPage
from shop.crossborder.models.markets import Incoterm, Market, MarketWarehouse, PaymentMethod
from shop.crossborder.models.offering import OfferSweep, ProductOffer, Publication, StockState, VariantOffer
from shop.crossborder.models.price_policies import PricePolicy, PriceSuggestion, RoundingChoice
from shop.crossborder.models.prices import Price, PriceChange, PriceList, PriceOrigin
from shop.crossborder.models.rules import (
    DutyRule,
    FeeRule,
    Jurisdiction,
    PlaceRule,
    ProcedureRule,
    RestrictionRule,
    RuleSet,
    RuleSource,
    TaxRule,
    ThresholdRule,
)
from shop.crossborder.models.sellers import Registration, RegistrationKind, Seller
from shop.crossborder.models.shipping import FuelSurcharge, ShippingOption, Tariff, Zone

__all__ = [
    "BuyerIdentity",
    "CustomsDocument",
    "CustomsFiling",
    "CustomsReply",
    "DutyRule",
    "ExchangeRate",
    "FeeRule",
    "FuelSurcharge",
    "IdentityAccess",
    "Incoterm",
    "Jurisdiction",
    "LegalKind",
    "LegalPage",
    "Market",
    "MarketWarehouse",
    "OfferSweep",
    "PaymentMethod",
    "PlaceRule",
    "Price",
    "PriceChange",
    "PriceList",
    "PriceOrigin",
    "PricePolicy",
    "PriceSuggestion",
    "ProcedureRule",
    "ProductOffer",
    "Publication",
    "Registration",
    "RegistrationKind",
    "RestrictionRule",
    "RoundingChoice",
    "RuleSet",
    "RuleSource",
    "Seller",
    "ShippingOption",
    "StockState",
    "Tariff",
    "TaxRule",
    "ThresholdRule",
    "VariantOffer",
    "Zone",
]
