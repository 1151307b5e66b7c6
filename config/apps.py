"""The house's own wiring as a Django app: system checks and metrics."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the system checks and the task metrics."""

    name = "config"
    verbose_name = "Vitrine"

    def ready(self) -> None:
        from prometheus_client import REGISTRY

        from config import checks, task_metrics

        REGISTRY.register(task_metrics.TaskCollector())
        checks.register_checks()
