"""The base of every task: sent only after commit, traced by one correlation id, counted."""

from typing import Any
from uuid import uuid4

import structlog
from celery import Task
from celery.result import AsyncResult
from django.db import transaction
from kombu.exceptions import OperationalError

from config import task_metrics

log = structlog.get_logger("vitrine.task")


class VitrineTask(Task):
    """A Celery task that cannot run before the transaction that asked for it has committed (DESIGN law 6).

    The correlation id of the request or task that sends travels in the message headers and is bound to the log of the
    run. Starts, successes, retries and failures are counted in the cache and exposed at ``/metrics``.
    """

    abstract = True

    def apply_async(  # type: ignore[override]
        self,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        task_id: str | None = None,
        **options: Any,
    ) -> AsyncResult:
        """Send after the surrounding transaction commits, or at once outside one; the id is known either way."""
        task_id = task_id or str(uuid4())
        bound = structlog.contextvars.get_contextvars()
        headers = dict(options.pop("headers", None) or {})
        headers.setdefault("correlation_id_vitrine", bound.get("correlation_id") or bound.get("request_id") or task_id)
        send = super().apply_async

        def publish() -> None:
            try:
                send(args, kwargs, task_id=task_id, headers=headers, **options)
            except OperationalError as error:
                # The work stands as a row and a sweep drives it (DESIGN law 5): a broker that is away costs time only.
                log.error("task not sent", task=self.name, error=str(error))  # noqa: TRY400

        connection = transaction.get_connection()
        if connection.in_atomic_block:
            connection.on_commit(publish, robust=True)
        else:
            publish()
        return AsyncResult(task_id, app=self.app)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        headers = getattr(self.request, "headers", None) or {}
        correlation = headers.get("correlation_id_vitrine") or getattr(self.request, "correlation_id_vitrine", None)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation or task_id, task=self.name, task_id=task_id)
        task_metrics.count(self.name, "started")

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        task_metrics.succeeded(self.name)

    def on_retry(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        task_metrics.count(self.name, "retried")
        log.warning("task retried", error=str(exc))

    def on_failure(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        task_metrics.count(self.name, "failed")
        log.error("task failed", error=str(exc), exception=str(einfo))
