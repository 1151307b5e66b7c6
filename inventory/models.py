"""Gathers the models of the rooms."""

from inventory.stock.models import Balance, Hold, HoldLine, Item, Movement, Warehouse

__all__ = ["Balance", "Hold", "HoldLine", "Item", "Movement", "Warehouse"]
