"""The pages of the room: markets, prices, delivery, the rule book, and papers of customs."""

from shop.crossborder.admin import china, exchange, markets, price_lists, price_policies, prices, rules, shipping, zones

__all__ = ["china", "exchange", "markets", "price_lists", "price_policies", "prices", "rules", "shipping", "zones"]
