"""The Celery application; tasks are found in the three apps."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("vitrine", task_cls="config.task:VitrineTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("urgent", "orders", "mail", "bulk")]
app.autodiscover_tasks()
