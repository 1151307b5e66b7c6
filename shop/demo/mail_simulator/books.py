"""The letters that came, in one SQLite file."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

KEPT = 1_000  # letters; the oldest go first
SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    language TEXT NOT NULL,
    raw BLOB NOT NULL,
    received REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS letter_message ON letter (message_id);
"""
COLUMNS = "id, message_id, sender, recipients, subject, language, received"


@dataclass(frozen=True)
class Letter:
    """A letter as the list shows it; ``again`` when one with its Message-ID came before."""

    id: int
    message_id: str
    sender: str
    recipients: str
    subject: str
    language: str
    received: float
    again: int


class Books:
    """Every use opens its own connection, so that threads never share one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "mail.sqlite3"
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file, timeout=10)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def take(self, *, sender: str, recipients: list[str], raw: bytes) -> int:
        """Keep a letter as it came; return its number."""
        read = parse(raw)
        with self._open() as connection:
            made = connection.execute(
                "INSERT INTO letter (message_id, sender, recipients, subject, language, raw, received) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    str(read.get("Message-ID", "")),
                    sender,
                    ", ".join(recipients),
                    str(read.get("Subject", "")),
                    str(read.get("Content-Language", "")),
                    raw,
                    time.time(),
                ),
            )
            number = int(made.lastrowid or 0)
            connection.execute("DELETE FROM letter WHERE id <= ?", (number - KEPT,))
        return number

    def letters(self, limit: int = 200, *, to: str = "") -> list[Letter]:
        """Return the letters, newest first; only those to an address that holds ``to``."""
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS}, EXISTS (SELECT 1 FROM letter AS other WHERE other.message_id = letter.message_id "  # noqa: S608 (our own column names)
                "AND other.message_id <> '' AND other.id < letter.id) FROM letter "
                "WHERE instr(lower(recipients), lower(?)) ORDER BY id DESC LIMIT ?",
                (to, limit),
            ).fetchall()
        return [Letter(*columns) for columns in rows]

    def raw(self, number: int) -> bytes | None:
        """Return a letter as it came."""
        with self._open() as connection:
            row = connection.execute("SELECT raw FROM letter WHERE id = ?", (number,)).fetchone()
        return bytes(row[0]) if row else None

    def empty(self) -> None:
        """Throw every letter away."""
        with self._open() as connection:
            connection.execute("DELETE FROM letter")


def parse(raw: bytes) -> EmailMessage:
    """Return a letter with its parts."""
    read = message_from_bytes(raw, policy=policy.default)
    if not isinstance(read, EmailMessage):  # pragma: no cover (the default policy makes nothing else)
        raise TypeError(type(read))
    return read
