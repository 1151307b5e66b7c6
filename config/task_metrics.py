"""Task counters kept in Redis, so that every process sees the same totals, exposed to Prometheus."""

import time
from collections.abc import Iterator

import structlog
from prometheus_client.core import CounterMetricFamily
from redis.exceptions import RedisError

from config import redis_client

log = structlog.get_logger("vitrine.task")
HASH = "vitrine:task-counts"
LAST = "vitrine:task-successes"


def count(task: str, outcome: str) -> None:
    """Add one to a task's counter; a lost count is logged, never a reason for the task to fail."""
    try:
        redis_client.client().hincrby(HASH, f"{task}|{outcome}", 1)
    except RedisError as error:
        log.warning("task count lost", error=str(error))


def succeeded(task: str) -> None:
    """Count a success, and note when it was (Unix seconds)."""
    count(task, "succeeded")
    try:
        redis_client.client().hset(LAST, task, int(time.time()))
    except RedisError as error:
        log.warning("task time lost", error=str(error))


def last_successes() -> dict[str, int]:
    """Return when each task last ran through (Unix seconds), as far as Redis remembers and answers."""
    try:
        found = redis_client.client().hgetall(LAST)
    except RedisError:
        return {}
    return {(key.decode() if isinstance(key, bytes) else key): int(value) for key, value in found.items()}


class TaskCollector:
    """Prometheus collector of ``vitrine_tasks_total{task, outcome}``."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily("vitrine_tasks", "Celery tasks by outcome", labels=["task", "outcome"])
        try:
            counts = redis_client.client().hgetall(HASH)
        except RedisError:
            counts = {}
        for key, value in sorted(counts.items()):
            task, _, outcome = (key.decode() if isinstance(key, bytes) else key).partition("|")
            family.add_metric([task, outcome], int(value))
        yield family
