"""Real Celery workers: processes of their own, forked from a warmed one, on the test's database and broker."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from tests.concurrency.together import PATIENCE, PROCESSES, database, enter
from tests.faults.stripe_side import KEY, WEBHOOK_SECRET

PROCESSES.set_forkserver_preload(["tests.concurrency.warmed", "tests.faults.warmed"])


def point_at(stripe: str) -> dict[str, Any]:
    """Return the settings of a shop whose Stripe is at that address."""
    return {
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRETS": [WEBHOOK_SECRET],
        "STRIPE_API_BASE": stripe,
        "DEMO": True,
    }


def _join(where: dict[str, Any], stripe: str) -> None:
    enter(where)
    for name, value in point_at(stripe).items():
        setattr(settings, name, value)


def run_once(task: str, where: dict[str, Any], stripe: str) -> None:
    """Run one task, and nothing else (in a process of its own)."""
    _join(where, stripe)
    from config.celery import app

    app.tasks[task].run()


def run_worker(where: dict[str, Any], stripe: str) -> None:
    """Be a worker (in a process of its own)."""
    _join(where, stripe)
    from config.celery import app

    app.worker_main(
        ["worker", "--pool=solo", "--loglevel=ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat",
         "--queues=urgent,orders,mail,bulk"]
    )  # fmt: skip


class Worker:
    """One running worker; with ``task``, a process that runs that one and ends."""

    def __init__(self, stripe: str, task: str = "") -> None:
        target, first = (run_once, (task,)) if task else (run_worker, ())
        self.process = PROCESSES.Process(target=target, args=(*first, database(), stripe))
        self.process.start()

    def kill(self) -> None:
        """``kill -9``: nothing of it runs any more, no ``finally`` and no rollback of its own."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(PATIENCE)
        assert self.process.exitcode == -signal.SIGKILL


@contextmanager
def worker(stripe: str, task: str = "") -> Iterator[Worker]:
    """A worker that is gone when the block ends."""
    made = Worker(stripe, task)
    try:
        yield made
    finally:
        if made.process.is_alive():
            made.process.terminate()
            made.process.join(PATIENCE)
            if made.process.is_alive():
                made.kill()
