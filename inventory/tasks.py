"""Celery tasks of the rooms."""

from celery import shared_task

from inventory.replenishment import advising
from inventory.stock import actions


@shared_task(name="inventory.expire_holds")
def expire_holds() -> None:
    """Give back the units of holds whose time is over."""
    actions.expire_due()


@shared_task(name="inventory.compute_advice")
def compute_advice() -> None:
    """Renew the reorder advice from the ledger."""
    advising.compute_advice()
