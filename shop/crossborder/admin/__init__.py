"""The pages of the room: markets, prices, delivery, the rule book, and papers of customs."""

from shop.crossborder.admin import (
    china,
    identities,
    markets,
    price_lists,
    price_policies,
    prices,
    rule_review,
    rule_territories,
    rules,
    shipping,
    zones,
)

__all__ = [
    "china",
    "identities",
    "markets",
    "price_lists",
    "price_policies",
    "prices",
    "rule_review",
    "rule_territories",
    "rules",
    "shipping",
    "zones",
]
