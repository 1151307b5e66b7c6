"""The replenishment pages of the admin."""

from inventory.replenishment.admin import purchases, reorder, suppliers

__all__ = ["purchases", "reorder", "suppliers"]
