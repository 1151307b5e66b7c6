"""Liveness and readiness: alive needs nothing; ready names the part that fails."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config import redis_client
from config.tasks import HEARTBEAT_KEY

log = structlog.get_logger("vitrine.health")
BEAT_MAX_AGE = 60  # seconds; beat writes every 10


def missing_extensions() -> list[str]:
    """Return the PostgreSQL extensions that Vitrine needs and this database has not got."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in settings.REQUIRED_EXTENSIONS if name not in present]


def indexes_chinese() -> bool:
    """Tell whether the database's locale makes trigrams of Chinese text (``--lc-ctype`` must be UTF-8)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('青花瓷杯')) > 0")
        return bool(cursor.fetchone()[0])


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if missing := missing_extensions():
        return f"missing PostgreSQL extensions: {', '.join(missing)}"
    return "" if indexes_chinese() else "the database's locale cannot index Chinese: create it with a UTF-8 LC_CTYPE"


def _redis() -> str:
    redis_client.client().ping()
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} migrations to apply" if pending else ""


def _beat() -> str:
    stamp = redis_client.client().get(HEARTBEAT_KEY)
    if stamp is None:
        return "no heartbeat yet: is Celery beat running, and a worker on queue urgent?"
    age = int(time.time()) - int(stamp)
    return f"last heartbeat {age} s ago" if age > BEAT_MAX_AGE else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
    "beat": _beat,
}


def report() -> dict[str, str]:
    """Run every check; return ``{part: "ok" | what is wrong}``."""
    result = {}
    for part, check in CHECKS.items():
        try:
            result[part] = check() or "ok"
        except (DatabaseError, RedisError, OSError) as error:
            log.warning("not ready", part=part, error=str(error))
            result[part] = f"unreachable ({type(error).__name__})"
    return result


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Ready: 200 when every part is well, 503 with the failing parts named."""
    parts = report()
    failing = [part for part, state in parts.items() if state != "ok"]
    body = {"status": "ready" if not failing else "unavailable", "failing": failing, "parts": parts}
    return JsonResponse(body, status=503 if failing else 200)
