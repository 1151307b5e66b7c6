"""Celery: the sweep over baskets that nobody uses any more."""

from celery import shared_task

from shop.checkout import basket


@shared_task(name="shop.checkout.expire_baskets")
def expire_baskets() -> None:
    """Delete baskets that were not used for 30 days."""
    basket.expire()
