"""Inventory as a Django app."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Stock and replenishment."""

    name = "inventory"
    verbose_name = "Inventory"
