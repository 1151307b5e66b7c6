"""The pages of the room: markets, prices, delivery, the rule book, and filings with customs."""

from shop.crossborder.admin import china, markets, prices, rules, shipping

__all__ = ["china", "markets", "prices", "rules", "shipping"]
