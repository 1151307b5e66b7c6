"""Locks of the kernel (``flock``): given back when their holder ends, however it ends. Standard library only."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path


def open_lock(path: Path) -> int:
    """Open the lock file ``path``, making it if it is missing; the descriptor is not passed on to programs."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if it is free now; say whether it was."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_until(condition: Callable[[], bool], *, within: float, every: float = 0.02) -> bool:
    """Ask ``condition`` every ``every`` seconds; say whether it held within ``within`` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True


def is_locked(path: Path) -> bool:
    """Say whether somebody holds the lock file ``path`` exclusively."""
    descriptor = open_lock(path)
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)
