"""The Celery application; tasks are found in the three apps."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("vitrine", task_cls="config.task:VitrineTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("urgent", "orders", "mail", "bulk")]
app.autodiscover_tasks()


@beat_init.connect
def _first_heartbeat(**_facts: Any) -> None:
    """Readiness need not wait for the first tick of the schedule."""
    app.send_task("config.heartbeat", queue="urgent")
