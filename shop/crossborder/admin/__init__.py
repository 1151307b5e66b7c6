"""The pages of the room: markets, prices, delivery and the rule book."""

from shop.crossborder.admin import markets, price_lists, price_policies, prices, rules, shipping, zones

__all__ = ["markets", "price_lists", "price_policies", "prices", "rules", "shipping", "zones"]
