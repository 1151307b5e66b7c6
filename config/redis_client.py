"""One Redis client a process, for what is not cache: heartbeat, counters, gates."""

from functools import cache

import redis
from django.conf import settings


@cache
def client() -> redis.Redis:
    """Return the shared client (thread-safe, own connection pool, explicit time-outs in seconds)."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
