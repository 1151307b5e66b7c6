"""The simulator's books: one SQLite file that holds every object as JSON, idempotency keys, sendings and faults."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE_NAME = "stripe.sqlite3"
Body = dict[str, Any]

# object.hidden is what Stripe knows and does not show; object.due is when an open session expires.
SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    intent TEXT,
    charge TEXT,
    status TEXT,
    due INTEGER,
    body TEXT NOT NULL,
    hidden TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, seq);
CREATE INDEX IF NOT EXISTS object_intent ON object (intent, kind) WHERE intent IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_due ON object (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    request_id TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS sending (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL REFERENCES object (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given up')),
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS sending_due ON sending (due) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS sending_event ON sending (event);
CREATE TABLE IF NOT EXISTS attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sending INTEGER NOT NULL REFERENCES sending (id),
    event TEXT NOT NULL,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    status INTEGER,
    error TEXT NOT NULL,
    milliseconds INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS attempt_event ON attempt (event);
CREATE TABLE IF NOT EXISTS fault (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""
# Columns that are copied out of the body, so that lists can be cut by them.
_CUT_BY = ("intent", "charge", "status")


class Books:
    """One SQLite file in write-ahead mode. Every use opens its own connection, so threads never share one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / FILE_NAME
        connection = self._connect()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)
        finally:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed when the block ends, rolled back when it raises."""
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()


@dataclass(frozen=True)
class Step:
    """One transaction, the moment it happens (Unix seconds), and the API request behind it, if there is one."""

    connection: sqlite3.Connection
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Found:
    """An object of the books with what is not shown of it."""

    body: Body
    hidden: Body


def _columns(body: Body) -> list[Any]:
    intent = body["id"] if body["object"] == "payment_intent" else body.get("payment_intent")
    return [intent, body.get("charge"), body.get("status")]


def insert(step: Step, body: Body, *, hidden: Body | None = None, due: int | None = None) -> None:
    """Write a new object."""
    step.connection.execute(
        "INSERT INTO object (id, kind, created, intent, charge, status, due, body, hidden)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            body["id"], body["object"], body["created"], *_columns(body), due, json.dumps(body),
            json.dumps(hidden or {}),
        ),
    )  # fmt: skip


def save(step: Step, body: Body, *, due: int | None = None) -> None:
    """Write an object that exists; ``due`` None means that it never expires by itself (again)."""
    step.connection.execute(
        "UPDATE object SET intent = ?, charge = ?, status = ?, due = ?, body = ? WHERE id = ?",
        (*_columns(body), due, json.dumps(body), body["id"]),
    )


def find(step: Step, kind: str, name: str) -> Found | None:
    """The object of that kind and id, or None."""
    row = step.connection.execute("SELECT body, hidden FROM object WHERE id = ? AND kind = ?", (name, kind)).fetchone()
    return Found(json.loads(row["body"]), json.loads(row["hidden"])) if row else None


def get(step: Step, kind: str, name: str) -> Body:
    """The object of that kind and id, which the books themselves name. :raises LookupError: it is not there."""
    found = find(step, kind, name)
    if found is None:
        raise LookupError(f"{kind} {name}")
    return found.body


def page(
    step: Step, kind: str, *, limit: int, after: str = "", before: str = "", types: list[str] | None = None, **cut: str
) -> tuple[list[Body], bool]:
    """One page of a list, newest first, and whether more follows in the direction read.

    ``after`` and ``before`` are ids of objects of this kind; ``types`` cuts events by their type.
    """
    where, values = ["kind = ?"], [kind]
    for name, value in cut.items():
        if name in _CUT_BY:
            where.append(f"{name} = ?")
            values.append(value)
    if types:
        where.append(f"json_extract(body, '$.type') IN ({', '.join('?' * len(types))})")
        values += types
    for other, sign in ((after, "<"), (before, ">")):
        if other:
            where.append(f"seq {sign} (SELECT seq FROM object WHERE id = ?)")  # noqa: S608 (a sign of ours)
            values.append(other)
    order = "ASC" if before else "DESC"
    rows = step.connection.execute(
        f"SELECT body FROM object WHERE {' AND '.join(where)} ORDER BY seq {order} LIMIT ?",  # noqa: S608 (ours)
        (*values, limit + 1),
    ).fetchall()
    bodies = [json.loads(row["body"]) for row in rows[:limit]]
    return (bodies[::-1] if before else bodies), len(rows) > limit
