"""The shop as a Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The sale."""

    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        """Let promotion codes follow the lives of orders, and a guest's basket its owner at log-in."""
        from shop.checkout.promotions import receivers  # noqa: F401 (registers itself)
        from shop.storefront import signed_in  # noqa: F401
