"""Which program made a page: a page of an older release, or from before a flush, is never served."""

from functools import cache as once
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

import shop

log = structlog.get_logger("vitrine.storefront")
GENERATION = "page:generation"
MADE_OF = ("*.html", "*.py", "*.mo", "*.csv")


@once
def name() -> str:
    """Return a name of templates, words and program as they lie on the disk, and of the static files' names."""
    digest = blake2b(digest_size=8)
    folder = Path(shop.__file__).parent
    for pattern in MADE_OF:
        for file in sorted(folder.rglob(pattern)):
            facts = file.stat()
            digest.update(f"{file.relative_to(folder)}:{facts.st_size}:{facts.st_mtime_ns};".encode())
    manifest = Path(settings.STATIC_ROOT or folder) / "staticfiles.json"
    digest.update(manifest.read_bytes() if manifest.is_file() else b"")
    digest.update(f"{settings.SITE_URL}{settings.DEMO}{settings.DEBUG}".encode())
    return digest.hexdigest()


def generation() -> str:
    """Return what the last flush has written; empty where there was none, or Valkey is away."""
    try:
        return str(cache.get(GENERATION, ""))
    except RedisError as error:
        log.warning("generation of kept pages is away", error=type(error).__name__)
        return ""


def flush() -> None:
    """Let no kept page be served any more, in any process; raise RedisError where Valkey is away."""
    cache.set(GENERATION, uuid4().hex, None)
