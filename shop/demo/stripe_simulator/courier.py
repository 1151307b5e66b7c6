"""Carrying events to the webhook: signed, tried up to ten times, and going on after a restart."""

import hashlib
import hmac
import http.client
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from shop.demo.stripe_simulator import events, faults, sessions
from shop.demo.stripe_simulator.books import Books, Step

log = logging.getLogger("vitrine.simulators.stripe")
TIME_OUT = 10.0
# A sending that is being tried belongs to its courier for so long, in seconds.
CLAIM = TIME_OUT + 5
# The longest sleep between two looks at the books, in seconds.
LONGEST_REST = 1.0


def signature(payload: bytes, *, secret: str, at: int) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 of ``<unix time>.<payload>`` under the endpoint's secret."""
    mac = hmac.new(secret.encode(), str(at).encode() + b"." + payload, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


@dataclass(frozen=True)
class _Claimed:
    sending: int
    event: str
    tries: int
    payload: bytes


@dataclass(frozen=True)
class _Outcome:
    status: int | None
    error: str
    milliseconds: int

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Courier:
    """One background thread that delivers what is due and lets sessions expire in time."""

    def __init__(self, *, books: Books, url: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        """:raises ValueError: ``url`` is not an absolute http(s) address."""
        self._books = books
        self._target = urlsplit(url)
        if self._target.scheme not in {"http", "https"} or not self._target.hostname:
            raise ValueError(f"The webhook address is not an absolute http(s) URL: {url}")
        self._secret = secret
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ensure_running(self) -> None:
        """Start the thread unless it runs; a process that was forked after the start has none."""
        with self._starting:
            if self._stopping.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="stripe-courier", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look at the books now."""
        self._wake.set()

    def close(self) -> None:
        """Stop after the delivery under way."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(TIME_OUT + 1)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                claimed = self._claim()
                if claimed is not None:
                    self._finish(claimed, self._post(claimed.payload))
                    continue
            except sqlite3.OperationalError:
                # The file is busy or being moved: the rows are still due at the next look.
                log.warning("the books cannot be read now", exc_info=True)
            self._wake.wait(LONGEST_REST)

    def _claim(self) -> _Claimed | None:
        with self._books.transaction() as connection:
            now = self._clock()
            sessions.expire_due(Step(connection, int(now)))
            direction = -1 if faults.read(connection)[faults.REORDER] else 1
            row = connection.execute(
                "UPDATE sending SET due = ?, tries = tries + 1 WHERE id = ("
                " SELECT id FROM sending WHERE state = 'waiting' AND due <= ? ORDER BY due, id * ? LIMIT 1"
                ") RETURNING id, event, tries",
                (now + CLAIM, now, direction),
            ).fetchone()
            if row is None:
                return None
            return _Claimed(row["id"], row["event"], row["tries"], events.payload(connection, row["event"]))

    def _post(self, payload: bytes) -> _Outcome:
        target = self._target
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(target.hostname), target.port, timeout=TIME_OUT)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, secret=self._secret, at=int(self._clock())),
            "User-Agent": "Stripe-simulator/1.0",
        }
        began = time.monotonic()
        status, error = None, ""
        try:
            connection.request("POST", path, body=payload, headers=headers)
            response = connection.getresponse()
            response.read(65_536)
            status = response.status
        except (OSError, http.client.HTTPException) as failure:
            error = f"{type(failure).__name__}: {failure}"[:300]
        finally:
            connection.close()
        return _Outcome(status, error, round((time.monotonic() - began) * 1000))

    def _finish(self, claimed: _Claimed, outcome: _Outcome) -> None:
        now = self._clock()
        missed = "given up" if claimed.tries >= events.MOST_TRIES else "waiting"
        state = "delivered" if outcome.taken else missed
        with self._books.transaction() as connection:
            connection.execute(
                "UPDATE sending SET state = ?, due = ? WHERE id = ?",
                (state, now + 2 ** (claimed.tries - 1), claimed.sending),
            )
            connection.execute(
                "INSERT INTO attempt (sending, event, number, at, status, error, milliseconds)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    claimed.sending, claimed.event, claimed.tries, now, outcome.status, outcome.error,
                    outcome.milliseconds,
                ),
            )  # fmt: skip


def attempts(connection: sqlite3.Connection, *, limit: int) -> list[dict[str, Any]]:
    """The newest attempts at delivery, newest first; ``status`` is None when nobody answered."""
    rows = connection.execute(
        "SELECT a.id, a.event, a.number, a.at, a.status, a.error, a.milliseconds, o.body"
        " FROM attempt a JOIN object o ON o.id = a.event ORDER BY a.id DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [
        {**{name: row[name] for name in row.keys() if name != "body"}, "type": json.loads(row["body"])["type"]}  # noqa: SIM118
        for row in rows
    ]
