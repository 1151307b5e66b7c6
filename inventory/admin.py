"""Gathers the admin of the rooms."""

from inventory.replenishment import admin as replenishment_admin
from inventory.stock import admin as stock_admin

__all__ = ["replenishment_admin", "stock_admin"]
