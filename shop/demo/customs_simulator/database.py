"""The SQLite file behind the simulator: documents, replies with the moment they become available, calls."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "customs.sqlite3"
SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    guid TEXT NOT NULL,
    company TEXT NOT NULL,
    number TEXT NOT NULL,
    platform TEXT NOT NULL,
    order_no TEXT NOT NULL,
    head TEXT NOT NULL,
    lines TEXT NOT NULL,
    state TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL,
    received REAL NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    UNIQUE (kind, guid)
);
CREATE INDEX IF NOT EXISTS document_order ON document (platform, order_no);
CREATE INDEX IF NOT EXISTS document_number ON document (kind, company, number);
CREATE TABLE IF NOT EXISTS allowance (
    person TEXT NOT NULL,
    year INTEGER NOT NULL,
    order_no TEXT NOT NULL,
    paid TEXT NOT NULL,
    PRIMARY KEY (person, year, order_no)
);
CREATE TABLE IF NOT EXISTS reply (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES document (id),
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    available REAL NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS reply_queue ON reply (taken, available, id);
"""
TABLES = ("reply", "allowance", "document")


class Database:
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
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed when the block ends, rolled back when it raises."""
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
