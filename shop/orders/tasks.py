"""Celery: the sweep over unpaid orders."""

from celery import shared_task

from shop.orders import actions


@shared_task(name="shop.orders.expire_unpaid")
def expire_unpaid() -> None:
    """Expire orders whose payment window is over."""
    actions.expire_unpaid()
