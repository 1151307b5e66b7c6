"""The base task: sent only after commit, traced, counted; a broker that is away never fails a sale."""

import json

import pytest
from django.conf import settings
from django.db import transaction

from config import redis_client, task_metrics
from config.celery import app
from config.task import VitrineTask
from config.tasks import HEARTBEAT_KEY, heartbeat

pytestmark = pytest.mark.django_db(transaction=True)
PREFIX = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]


@pytest.fixture
def queue():
    """What waits in the queue for urgent tasks."""
    client = redis_client.client()
    client.delete(f"{PREFIX}urgent")
    yield lambda: [json.loads(message) for message in client.lrange(f"{PREFIX}urgent", 0, -1)]
    client.delete(f"{PREFIX}urgent")


def test_sent_after_commit(queue):
    with transaction.atomic():
        sent = heartbeat.delay()
        assert queue() == []
    assert [message["headers"]["id"] for message in queue()] == [sent.id]


def test_never_sent_after_a_rollback(queue):
    with transaction.atomic():
        heartbeat.delay()
        transaction.set_rollback(True)
    assert queue() == []


def test_the_correlation_id_travels(queue):
    import structlog

    with structlog.contextvars.bound_contextvars(request_id="request-1234"):
        heartbeat.delay()
    assert queue()[0]["headers"]["correlation_id_vitrine"] == "request-1234"


def test_a_broker_that_is_away_is_logged_not_raised(caplog, monkeypatch):
    from kombu.exceptions import OperationalError

    def away(*_args, **_kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.app.task.Task.apply_async", away)
    heartbeat.delay()
    with transaction.atomic():
        heartbeat.delay()
    assert caplog.text.count("task not sent") == 2


def test_runs_are_counted():
    redis_client.client().delete(task_metrics.HASH)
    heartbeat.apply(throw=True)
    assert redis_client.client().get(HEARTBEAT_KEY)
    family = next(iter(task_metrics.TaskCollector().collect()))
    counted = {(s.labels["task"], s.labels["outcome"]): s.value for s in family.samples}
    assert counted[("config.heartbeat", "started")] == counted[("config.heartbeat", "succeeded")] == 1


def test_every_task_on_the_schedule_exists_and_has_a_queue():
    app.loader.import_default_modules()
    queues = {queue.name for queue in app.conf.task_queues}
    assert queues == {"urgent", "orders", "mail", "bulk"}
    for entry in app.conf.beat_schedule.values():
        task = app.tasks[entry["task"]]
        assert isinstance(task, VitrineTask)
    assert app.conf.task_acks_late
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
