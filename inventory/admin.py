"""Gathers the admin of the rooms."""

from inventory.stock import admin as stock_admin

__all__ = ["stock_admin"]
