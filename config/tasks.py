"""The beat heartbeat, which readiness reads."""

import time

from celery import shared_task

from config import redis_client

HEARTBEAT_KEY = "vitrine:beat"


@shared_task(name="config.heartbeat", ignore_result=True, expires=30)
def heartbeat() -> None:
    """Note the time (UNIX seconds): beat sends and a worker runs."""
    redis_client.client().set(HEARTBEAT_KEY, int(time.time()))
