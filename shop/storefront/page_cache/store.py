"""Where pages are kept: compressed, in each process, and in Valkey for all of them.

What a visitor can make many of (filters, far pages) is kept in the process alone, whose share is bounded; Valkey holds
one page for each address and few more. A page is found under its address and served only with the stamp it was made
under. Where Valkey is away, the process's own share does.
"""

import gzip
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger("vitrine.storefront")
PREFIX = "page:1"
SECONDS = 20 * 60  # stamps change every quarter of an hour; what is older is never asked for again
SHARE = 32 * 1024 * 1024  # bytes of pages a process keeps
LEVEL = 6  # of gzip


@dataclass(frozen=True)
class Kept:
    """A page as it is sent: ``stamp`` is what it was made of, ``packed`` its body in gzip, ``size`` bytes unpacked."""

    stamp: str
    etag: str
    headers: Mapping[str, str]
    packed: bytes
    size: int

    def body(self) -> bytes:
        """Return the body unpacked, for the rare program that takes no gzip."""
        return gzip.decompress(self.packed)


def pack(*, stamp: str, body: bytes, headers: Mapping[str, str]) -> Kept:
    """Compress a page once; its tag names its content."""
    tag = blake2b(body, digest_size=16).hexdigest()
    return Kept(stamp, f'W/"{tag}"', dict(headers), gzip.compress(body, LEVEL, mtime=0), len(body))


class Share:
    """A process's own pages, the least lately used ones given up first."""

    def __init__(self, limit: int = SHARE) -> None:
        self.limit, self.held = limit, 0
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, stamp: str) -> Kept | None:
        """Return the page if it was made under this stamp."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.stamp != stamp:
                return None
            self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: Kept) -> None:
        """Keep the page instead of the one before it."""
        with self._lock:
            former = self._pages.pop(key, None)
            self.held += len(page.packed) - (len(former.packed) if former else 0)
            self._pages[key] = page
            while self.held > self.limit and self._pages:
                self.held -= len(self._pages.popitem(last=False)[1].packed)

    def clear(self) -> None:
        """Give all of them up."""
        with self._lock:
            self._pages.clear()
            self.held = 0


share = Share()


def get(key: str, stamp: str, *, shared: bool) -> Kept | None:
    """Return the page that was kept under this stamp, of the process or of Valkey."""
    found = share.get(key, stamp)
    if found or not shared:
        return found
    try:
        there: Kept | None = cache.get(f"{PREFIX}:{key}")
    except RedisError as error:
        log.warning("kept pages are away", error=type(error).__name__)
        return None
    if there is None or there.stamp != stamp:
        return None
    share.put(key, there)
    return there


def put(key: str, page: Kept, *, shared: bool) -> None:
    """Keep a page."""
    share.put(key, page)
    if shared:
        try:
            cache.set(f"{PREFIX}:{key}", page, SECONDS)
        except RedisError as error:
            log.warning("page not kept for others", error=type(error).__name__)
