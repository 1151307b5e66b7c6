"""The SQLite file behind the simulator: schema, transactions, platform-sized ids."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "top.sqlite3"

# Ids beyond 2**53, as on the platform: whoever lets a float touch them reads a neighbour's order.
FIRST_IDS = {
    "num_iid": 92_000_000_000_000_001,
    "sku_id": 5_100_000_000_000_000_001,
    "tid": 3_620_000_000_000_000_001,
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS item (
    num_iid INTEGER PRIMARY KEY,
    item_key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    outer_id TEXT NOT NULL,
    price TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    has_skus INTEGER NOT NULL,
    shelf TEXT NOT NULL,
    presale INTEGER NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sku (
    sku_id INTEGER PRIMARY KEY,
    num_iid INTEGER NOT NULL REFERENCES item (num_iid),
    outer_id TEXT NOT NULL,
    properties TEXT NOT NULL,
    title TEXT NOT NULL,
    price TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (num_iid, outer_id, properties)
);
CREATE INDEX IF NOT EXISTS sku_outer ON sku (outer_id);
CREATE TABLE IF NOT EXISTS applied_increment (
    num_iid INTEGER NOT NULL,
    outer_biz_key TEXT NOT NULL,
    PRIMARY KEY (num_iid, outer_biz_key)
);
CREATE TABLE IF NOT EXISTS trade (
    tid INTEGER PRIMARY KEY,
    status TEXT NOT NULL,
    type TEXT NOT NULL,
    buyer TEXT NOT NULL,
    receiver TEXT NOT NULL,
    buyer_message TEXT NOT NULL,
    post_fee TEXT NOT NULL,
    close_reason TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    pay_time TEXT,
    consign_time TEXT,
    end_time TEXT
);
CREATE INDEX IF NOT EXISTS trade_modified ON trade (modified, tid);
CREATE TABLE IF NOT EXISTS trade_line (
    oid INTEGER PRIMARY KEY,
    tid INTEGER NOT NULL REFERENCES trade (tid),
    num_iid INTEGER NOT NULL,
    sku_id INTEGER,
    outer_iid TEXT NOT NULL,
    outer_sku_id TEXT NOT NULL,
    title TEXT NOT NULL,
    price TEXT NOT NULL,
    num INTEGER NOT NULL CHECK (num > 0),
    status TEXT NOT NULL,
    logistics_company TEXT,
    invoice_no TEXT,
    consign_time TEXT,
    end_time TEXT
);
CREATE INDEX IF NOT EXISTS trade_line_tid ON trade_line (tid);
CREATE TABLE IF NOT EXISTS call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    http_method TEXT NOT NULL,
    method TEXT NOT NULL,
    sign_ok INTEGER NOT NULL,
    session TEXT NOT NULL,
    params TEXT NOT NULL,
    code INTEGER NOT NULL,
    sub_code TEXT NOT NULL
);
"""
BUSINESS_TABLES = ("trade_line", "trade", "applied_increment", "sku", "item", "call")


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
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection whose reads all see one snapshot."""
        connection = self._connect()
        try:
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
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


def next_id(connection: sqlite3.Connection, name: str) -> int:
    """The next id of a kind (`num_iid`, `sku_id`, `tid`; lines share the trades' row). Never handed out twice."""
    connection.execute("INSERT OR IGNORE INTO counter (name, next) VALUES (?, ?)", (name, FIRST_IDS[name]))
    row = connection.execute("UPDATE counter SET next = next + 1 WHERE name = ? RETURNING next - 1", (name,)).fetchone()
    return int(row[0])
