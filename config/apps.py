"""The house's own wiring as a Django app: system checks and metrics."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the system checks and the task metrics."""

    name = "config"
    verbose_name = "Vitrine"

    def ready(self) -> None:
        from prometheus_client import REGISTRY

        # The Celery application must exist before a task is sent: shared tasks would go to a default one.
        from config import celery, checks, task_metrics  # noqa: F401

        REGISTRY.register(task_metrics.TaskCollector())
        checks.register_checks()
