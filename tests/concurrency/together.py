"""Attempts that start together: in threads, or in processes of their own, each with its own database connection.

Processes are forked from one warmed process (see ``warmed``), so that one costs milliseconds and shares nothing.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.conf import settings
from django.db import connection, connections

from config.locks import wait_until
from inventory.stock.errors import StockError

PATIENCE = 30.0  # seconds until a test that hangs says so
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.concurrency.warmed"])


def said(attempt: Callable[..., Any], *args: Any) -> str:
    """Return what became of an attempt: its answer as text, or the name of stock's refusal."""
    try:
        return str(attempt(*args))
    except StockError as refusal:
        return type(refusal).__name__


# --- Threads --------------------------------------------------------------------------------------------------------


def all_at_once(attempt: Callable[[int], str], buyers: int = 8) -> list[str]:
    """Run ``attempt(number)`` in as many threads with a connection each, started together; return the outcomes."""
    barrier = Barrier(buyers)

    def run(number: int) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=PATIENCE)
            return attempt(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(buyers) as pool:
        return list(pool.map(run, range(buyers)))


def race(
    worlds: Sequence[Any],
    *attempts: Callable[[Any], Any],
    before: Callable[[Any], None] = lambda _world: None,
) -> Iterator[tuple[Any, list[str]]]:
    """Run all ``attempts`` on each world in turn, started together each time; yield each world with the outcomes.

    The threads and their connections live through all rounds, so that nothing but the attempt lies between the start
    and the first statement. ``before(world)`` is done once while all wait at the start.
    """
    upcoming = iter(worlds)
    barrier = Barrier(len(attempts), action=lambda: before(next(upcoming)))

    def run(attempt: Callable[[Any], Any]) -> list[str]:
        outcomes = []
        try:
            connection.ensure_connection()
            for world in worlds:
                barrier.wait(timeout=PATIENCE)
                outcomes.append(said(attempt, world))
        except BaseException:
            # The others are told, rather than left waiting for us.
            barrier.abort()
            raise
        finally:
            connections.close_all()
        return outcomes

    with ThreadPoolExecutor(len(attempts)) as pool:
        runs = [pool.submit(run, attempt) for attempt in attempts]
    failures = [error for done in runs if (error := done.exception())]
    if failures:
        # Whoever was only left alone at the barrier has less to tell than whoever left.
        raise min(failures, key=lambda error: "Barrier" in type(error).__name__)
    return zip(worlds, map(list, zip(*(done.result() for done in runs), strict=True)), strict=True)


def start(attempt: Callable[[], Any]) -> Callable[..., str]:
    """Start an attempt in a thread with a connection of its own; return what waits ``within`` seconds for its outcome."""

    def run() -> str:
        try:
            return said(attempt)
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(1)
    running = pool.submit(run)
    pool.shutdown(wait=False)
    return lambda within=PATIENCE: running.result(timeout=within)


# --- Processes ------------------------------------------------------------------------------------------------------


def database() -> dict[str, Any]:
    """Return where this process' database is, for :func:`enter` in another."""
    return {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


def enter(where: dict[str, Any]) -> None:
    """Work in the database ``where`` from now on (first thing in a process that has no connection yet)."""
    assert connection.connection is None, "a connection was inherited"
    settings.DATABASES["default"].update(where)
    connection.settings_dict.update(where)


_start: Any = None  # the barrier of a process of all_at_once_apart


def _join(where: dict[str, Any], barrier: Any) -> None:
    global _start  # noqa: PLW0603 (barriers are handed over when a process starts, and in no other way)
    _start = barrier
    enter(where)


def _run_apart(attempt: Callable[[int, Any], Any], number: int, worlds: Sequence[Any]) -> list[str]:
    outcomes = []
    try:
        connection.ensure_connection()
        for world in worlds:
            _start.wait(timeout=PATIENCE)
            outcomes.append(said(attempt, number, world))
    except BaseException:
        _start.abort()
        raise
    finally:
        connections.close_all()
    return outcomes


def race_apart(
    worlds: Sequence[Any], attempt: Callable[[int, Any], Any], *, buyers: int = 8
) -> Iterator[tuple[Any, list[str]]]:
    """Run ``attempt(number, world)`` in as many processes on each world in turn, as :func:`race` does in threads.

    ``attempt`` is a function of a module, and worlds are plain values: both travel.
    """
    join = (database(), PROCESSES.Barrier(buyers))
    with ProcessPoolExecutor(buyers, mp_context=PROCESSES, initializer=_join, initargs=join) as pool:
        # Each waits at the barrier for all others, so that none is given two of these.
        runs = [pool.submit(_run_apart, attempt, number, worlds) for number in range(buyers)]
        outcomes = [run.result(timeout=2 * PATIENCE) for run in runs]
    return zip(worlds, map(list, zip(*outcomes, strict=True)), strict=True)


# --- Certainty ------------------------------------------------------------------------------------------------------


@contextmanager
def other_connection() -> Iterator[Any]:
    """A connection beside the thread's own, for locks and looks from outside."""
    beside = connection.copy()
    try:
        yield beside
    finally:
        beside.close()


def wait_for_waiters(number: int, *, within: float = PATIENCE) -> None:
    """Return when ``number`` sessions of this database wait for a lock."""
    with other_connection() as beside, beside.cursor() as cursor:

        def waiting() -> bool:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.fetchone()[0] == number)

        assert wait_until(waiting, within=within, every=0.005), f"{number} sessions should wait for a lock"
