"""The stock pages of the admin. Quantities are whole units and move by actions only."""

from inventory.stock.admin import counts, fences, lots, pages, transfers

__all__ = ["counts", "fences", "lots", "pages", "transfers"]
