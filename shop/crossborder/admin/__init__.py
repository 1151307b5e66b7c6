"""The pages of the room: markets, prices, delivery, the rule book and buyers' identities."""

from shop.crossborder.admin import identities, markets, prices, rules, shipping

__all__ = ["identities", "markets", "prices", "rules", "shipping"]
