"""One renders, the others wait for it: in a process by a lock, between processes by a key in Valkey that expires."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from redis.exceptions import RedisError

from config.redis_client import client

T = TypeVar("T")
LEASE = 5_000  # milliseconds after which another may render, whatever became of the first
PATIENCE = 1.0  # seconds that others wait before they render themselves
LOOK = 0.02

_locks: dict[str, tuple[Lock, int]] = {}
_guard = Lock()


@contextmanager
def _of_process(key: str) -> Iterator[None]:
    """Hold the key's lock of this process; locks that nobody wants are dropped."""
    with _guard:
        lock, users = _locks.get(key, (Lock(), 0))
        _locks[key] = (lock, users + 1)
    held = lock.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if held:
            lock.release()
        with _guard:
            _, users = _locks[key]
            if users == 1:
                del _locks[key]
            else:
                _locks[key] = (lock, users - 1)


def _taken(name: str) -> bool:
    try:
        return not client().set(name, 1, nx=True, px=LEASE)
    except RedisError:
        return False


def _given_back(name: str) -> None:
    try:
        client().delete(name)
    except RedisError:
        return


def render_once(key: str, *, look: Callable[[], T | None], render: Callable[[], T], shared: bool) -> T:
    """Return what ``look`` finds, else what ``render`` makes (and keeps); of several callers at once one renders.

    ``shared``: also over processes. Who has waited for :data:`PATIENCE` seconds in vain renders too.
    """
    with _of_process(key):
        found = look()
        if found is not None:
            return found
        if not shared:
            return render()
        name = f"vitrine-turn:{key}"
        if _taken(name):
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                time.sleep(LOOK)
                found = look()
                if found is not None:
                    return found
            return render()
        try:
            return render()
        finally:
            _given_back(name)
