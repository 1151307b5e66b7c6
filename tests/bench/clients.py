"""Many clients at once: processes with a connection each, so that no interpreter lock stands between them."""

import multiprocessing
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.db import connection, connections

CLIENTS = 16
SECONDS = 2.0
ROUNDS = 3


def _client(work: Callable[[], None], ready: Any, go: Any, counts: Any) -> None:
    connection.ensure_connection()
    for _ in range(5):
        work()
    ready.release()
    go.wait()
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        work()
        done += 1
    counts.put(done / (time.perf_counter() - started))
    connections.close_all()


def together(work: Callable[[], None], *, clients: int = CLIENTS) -> float:
    """Return calls per second over all clients, each a forked process that calls ``work`` for two seconds."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, go, counts = context.Semaphore(0), context.Event(), context.Queue()
    started = [context.Process(target=_client, args=(work, ready, go, counts)) for _ in range(clients)]
    for process in started:
        process.start()
    for _ in started:
        ready.acquire()
    go.set()
    total = sum(counts.get() for _ in started)
    for process in started:
        process.join()
    return total


def side_by_side(base: Callable[[], None], other: Callable[[], None]) -> tuple[float, float, float]:
    """Return (base per second, other per second, ratio other to base): medians of rounds that take turns."""
    pairs = [(together(base), together(other)) for _ in range(ROUNDS)]
    return (
        median(pair[0] for pair in pairs),
        median(pair[1] for pair in pairs),
        median(pair[1] / pair[0] for pair in pairs),
    )
