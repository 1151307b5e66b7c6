"""The pages of the room: markets, sellers, legal texts, prices, delivery, rules, rates, and papers of customs."""

from shop.crossborder.admin import (
    china,
    exchange,
    identities,
    legal,
    manufacturers,
    markets,
    price_lists,
    price_policies,
    prices,
    rule_review,
    rule_territories,
    rules,
    sellers,
    shipping,
    zones,
)

__all__ = [
    "china",
    "exchange",
    "identities",
    "legal",
    "manufacturers",
    "markets",
    "price_lists",
    "price_policies",
    "prices",
    "rule_review",
    "rule_territories",
    "rules",
    "sellers",
    "shipping",
    "zones",
]
