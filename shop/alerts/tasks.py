"""Celery: send a letter, and every letter that is due; tell those who wait for a restock."""

from celery import shared_task

from shop.alerts import sending
from shop.alerts.restock import actions as restock
from shop.alerts.restock import calling


@shared_task(name="shop.alerts.send_mail")
def send_mail(key: str) -> None:
    """Send the letter with this key, if it is due."""
    sending.send(key=key)


@shared_task(name="shop.alerts.send_due_mail")
def send_due_mail() -> None:
    """Send what is due: letters whose task was lost, whose worker died, or whose server was away."""
    sending.send_due()


@shared_task(name="shop.alerts.call_waiters")
def call_waiters() -> None:
    """Tell those for whom there is something now."""
    calling.call_waiters()


@shared_task(name="shop.alerts.forget_alerts")
def forget_alerts() -> None:
    """Delete the wishes that are over."""
    restock.forget()
