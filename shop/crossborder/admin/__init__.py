"""The pages of the room: markets, prices, delivery and the rule book."""

from shop.crossborder.admin import markets, prices, rules, shipping, zones

__all__ = ["markets", "prices", "rules", "shipping", "zones"]
