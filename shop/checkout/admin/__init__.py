"""The admin's pages of checkout."""

from shop.checkout.admin import codes, consents, promotions, uses, wrapping

__all__ = ["codes", "consents", "promotions", "uses", "wrapping"]
