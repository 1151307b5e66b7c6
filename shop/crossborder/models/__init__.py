"""The tables of markets, prices, delivery and the rule book."""

from shop.crossborder.models.markets import Market, MarketWarehouse
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
from shop.crossborder.models.shipping import FuelSurcharge, ShippingOption, Tariff, Zone

__all__ = [
    "DutyRule",
    "FeeRule",
    "FuelSurcharge",
    "Jurisdiction",
    "Market",
    "MarketWarehouse",
    "PlaceRule",
    "Price",
    "PriceChange",
    "PriceList",
    "PriceOrigin",
    "PricePolicy",
    "PriceSuggestion",
    "ProcedureRule",
    "RestrictionRule",
    "RoundingChoice",
    "RuleSet",
    "RuleSource",
    "ShippingOption",
    "Tariff",
    "TaxRule",
    "ThresholdRule",
    "Zone",
]
