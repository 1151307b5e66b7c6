"""The shop as a Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The sale."""

    name = "shop"
    verbose_name = "Shop"
