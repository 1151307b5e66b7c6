"""Celery: hand messages to China's customs, and fetch what it answers."""

from celery import shared_task

from shop.crossborder.china import actions, connections

BATCH = 20  # documents or replies a run; what is left is the next run's


@shared_task(name="shop.crossborder.send_customs", soft_time_limit=45, time_limit=55)
def send_customs() -> None:
    """Send what is due, if there is anywhere to send it."""
    if connections.gateway():
        actions.send_due(limit=BATCH)


@shared_task(name="shop.crossborder.poll_customs", soft_time_limit=45, time_limit=55)
def poll_customs() -> None:
    """Fetch and apply replies."""
    actions.poll_due(limit=5 * BATCH)
