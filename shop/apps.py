"""The shop as a Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The sale."""

    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        """Connect what follows others: promotion codes orders, a guest's basket and orders the log-in."""
        from shop.accounts import receivers as account_receivers  # noqa: F401 (registers itself)
        from shop.alerts.account_letters import ACCOUNT_KINDS
        from shop.alerts.letters import KINDS
        from shop.catalogue.search import receivers as search_receivers  # noqa: F401 (registers itself)
        from shop.checkout.promotions import receivers as promotion_receivers  # noqa: F401 (registers itself)
        from shop.storefront import signed_in  # noqa: F401 (registers itself)

        KINDS.update(ACCOUNT_KINDS)
