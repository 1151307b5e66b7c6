"""The stock pages of the admin. Quantities are whole units and move by actions only."""

from inventory.stock.admin import balances, counts, fences, holds, items, lots, movements, transfers, warehouses

__all__ = ["balances", "counts", "fences", "holds", "items", "lots", "movements", "transfers", "warehouses"]
