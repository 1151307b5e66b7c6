"""The shop as a Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The sale."""

    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        from shop.accounts import receivers  # noqa: F401 (connects them)
        from shop.alerts.account_letters import ACCOUNT_KINDS
        from shop.alerts.letters import KINDS

        KINDS.update(ACCOUNT_KINDS)
