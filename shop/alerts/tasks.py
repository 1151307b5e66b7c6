"""Celery: send a letter, and every letter that is due."""

from celery import shared_task

from shop.alerts import sending


@shared_task(name="shop.alerts.send_mail")
def send_mail(key: str) -> None:
    """Send the letter with this key, if it is due."""
    sending.send(key=key)


@shared_task(name="shop.alerts.send_due_mail")
def send_due_mail() -> None:
    """Send what is due: letters whose task was lost, whose worker died, or whose server was away."""
    sending.send_due()
