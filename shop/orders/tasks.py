"""Celery: the sweeps over orders that are unpaid, that are over, and that China's customs is to know of."""

from celery import shared_task

from shop.orders import actions, china_filing, popularity
from shop.orders.documents import invoicing


@shared_task(name="shop.orders.expire_unpaid")
def expire_unpaid() -> None:
    """Expire orders whose payment window is over."""
    actions.expire_unpaid()


@shared_task(name="shop.orders.complete_due")
def complete_due() -> None:
    """Complete delivered orders that nobody can withdraw from any more."""
    actions.note_completion()
    actions.complete_due()


@shared_task(name="shop.orders.file_china_customs")
def file_china_customs() -> None:
    """File paid cross-border orders for China with its customs, where something is to be filed."""
    china_filing.sweep()


@shared_task(name="shop.orders.write_invoices")
def write_invoices() -> None:
    """Issue the invoices of paid orders that have none."""
    invoicing.sweep()


@shared_task(name="shop.orders.count_sales")
def count_sales() -> None:
    """Count the units that each product has sold of late."""
    popularity.count_sales()
