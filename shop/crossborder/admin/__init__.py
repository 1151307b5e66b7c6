"""The pages of the room: markets, prices, delivery, the rule book, and papers of customs."""

from shop.crossborder.admin import (
    china,
    exchange,
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
    "exchange",
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
