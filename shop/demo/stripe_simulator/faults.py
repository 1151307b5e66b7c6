"""Faults that a test or a person switches on: late, doubled webhooks and failing API calls. Kept over a restart."""

import sqlite3
from typing import Any

DELAY, DUPLICATE, FAIL = "delay_webhooks", "duplicate_webhooks", "fail_next"
# Seconds; extra copies of each event; API calls that answer 500 before doing anything.
MOST = {DELAY: 86_400.0, DUPLICATE: 10.0, FAIL: 1_000.0}


class WrongFault(Exception):
    """A fault that does not exist or has a value out of bounds; one clear sentence."""


def read(connection: sqlite3.Connection) -> dict[str, float]:
    """All faults, 0 where nothing is wrong."""
    held = {row["name"]: row["value"] for row in connection.execute("SELECT name, value FROM fault")}
    return {name: held.get(name, 0.0) for name in MOST}


def switch(connection: sqlite3.Connection, wanted: Any) -> dict[str, float]:
    """Set the faults named and leave the others. :raises WrongFault:"""
    if not isinstance(wanted, dict):
        raise WrongFault("Send an object with the faults to switch.")
    for name, value in wanted.items():
        if name not in MOST:
            raise WrongFault(f"There is no fault {name}; there are {', '.join(MOST)}.")
        whole = name != DELAY
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= MOST[name] or (whole and value != int(value)):
            raise WrongFault(f"{name} is a {'whole ' if whole else ''}number from 0 to {MOST[name]:.0f}.")
        connection.execute("INSERT OR REPLACE INTO fault (name, value) VALUES (?, ?)", (name, value))
    return read(connection)


def take_failure(connection: sqlite3.Connection) -> bool:
    """Whether this API call fails; uses up one of ``fail_next``."""
    return bool(
        connection.execute("UPDATE fault SET value = value - 1 WHERE name = ? AND value >= 1", (FAIL,)).rowcount
    )
