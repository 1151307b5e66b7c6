"""Celery: answers remembered by Idempotency-Key are forgotten after 30 days."""

from celery import shared_task

from shop.store_api import idempotency


@shared_task(name="shop.store_api.forget_answers")
def forget_answers() -> None:
    """Delete what is older than the promise to remember it."""
    idempotency.forget()
