"""The pages of the room: markets, prices, delivery and the rule book."""

from shop.crossborder.admin import (
    markets,
    price_lists,
    price_policies,
    prices,
    rule_review,
    rule_territories,
    rules,
    shipping,
)

__all__ = [
    "markets",
    "price_lists",
    "price_policies",
    "prices",
    "rule_review",
    "rule_territories",
    "rules",
    "shipping",
]
