"""Faults that a test or a person switches on, in what is delivered and in what is answered. Kept over a restart."""

import sqlite3
from typing import Any

from shop.demo.switchboard import Switch, describe

DELAY, DUPLICATE, REORDER = "delay_webhooks", "duplicate_webhooks", "reorder_webhooks"
DROP, SHARE = "drop_next", "drop_share"
FAIL, BEFORE, AFTER, HANG = "fail_next", "timeout_before", "timeout_after", "hang_seconds"
SWITCHES = (
    Switch(
        DELAY, "Delay webhooks", "Every new event is delivered so much later.", unit="seconds", most=86_400, whole=False
    ),
    Switch(DUPLICATE, "Duplicate webhooks", "Every new event is delivered so many times more.", unit="copies", most=10),
    Switch(
        REORDER,
        "Reorder webhooks",
        "New events are gathered for so long, then delivered newest first.",
        unit="seconds",
        most=3_600,
    ),
    Switch(
        DROP,
        "Drop next webhooks",
        "The next so many events are never delivered; they are kept and can be delivered by hand.",
        unit="events",
        most=1_000,
    ),
    Switch(
        SHARE,
        "Drop a share of webhooks",
        "Of every hundred new events so many are never delivered, evenly spread; they are kept.",
        unit="per cent",
        most=100,
    ),
    Switch(FAIL, "Fail next calls", "The next so many API calls answer 500 and do nothing.", unit="calls", most=1_000),
    Switch(
        BEFORE,
        "Time out before",
        "The next so many API calls are not carried out, and their connection is cut without an answer.",
        unit="calls",
        most=1_000,
    ),
    Switch(
        AFTER,
        "Time out after",
        "The next so many calls are carried out, but the answer never comes; the same idempotency key gets it later.",
        unit="calls",
        most=1_000,
    ),
    Switch(
        HANG,
        "Hang before cutting",
        "A call that times out hangs for so long before its connection is cut; 0 cuts it at once.",
        unit="seconds",
        most=60,
    ),
)
_KNOWN = {one.name: one for one in SWITCHES}
# Hundredths of an event that the share has dropped too few so far; a row beside the switches.
_OWED = "drop_owed"


class WrongFault(Exception):
    """A fault that does not exist or has a value out of bounds; one clear sentence."""


def read(connection: sqlite3.Connection) -> dict[str, float]:
    """All faults, 0 where nothing is wrong."""
    held = {row["name"]: row["value"] for row in connection.execute("SELECT name, value FROM fault")}
    return {name: held.get(name, 0.0) for name in _KNOWN}


def switch(connection: sqlite3.Connection, wanted: Any) -> dict[str, float]:
    """Set the faults named and leave the others. :raises WrongFault:"""
    if not isinstance(wanted, dict):
        raise WrongFault("Send an object with the faults to switch.")
    for name, value in wanted.items():
        known = _KNOWN.get(name)
        if known is None:
            raise WrongFault(f"There is no fault {name}; there are {', '.join(_KNOWN)}.")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= known.most or (known.whole and value != int(value)):
            raise WrongFault(f"{name} is a {'whole ' if known.whole else ''}number from 0 to {known.most:.0f}.")
        _write(connection, name, value)
    return read(connection)


def all_off(connection: sqlite3.Connection) -> dict[str, float]:
    """Turn every fault off. What was delayed or dropped before stays so."""
    connection.execute("DELETE FROM fault")
    return read(connection)


def described(held: dict[str, float]) -> dict[str, Any]:
    """Return the switches with their values, as the switchboard tells them."""
    return describe(simulator="Stripe", switches=SWITCHES, values=held)


def _write(connection: sqlite3.Connection, name: str, value: float) -> None:
    connection.execute("INSERT OR REPLACE INTO fault (name, value) VALUES (?, ?)", (name, value))


def take(connection: sqlite3.Connection, name: str) -> bool:
    """Whether this call or event is hit by a fault that is counted down; uses up one of it."""
    return bool(
        connection.execute("UPDATE fault SET value = value - 1 WHERE name = ? AND value >= 1", (name,)).rowcount
    )


def drops(connection: sqlite3.Connection, weather: dict[str, float]) -> bool:
    """Whether a new event is never delivered. A share is spread evenly: of 50 % every second one."""
    if take(connection, DROP):
        return True
    if not weather[SHARE]:
        return False
    row = connection.execute("SELECT value FROM fault WHERE name = ?", (_OWED,)).fetchone()
    owed = (row["value"] if row else 0.0) + weather[SHARE]
    dropped = owed >= 100
    _write(connection, _OWED, owed - 100 if dropped else owed)
    return dropped


def due(weather: dict[str, float], *, now: int) -> float:
    """Return when a new event is due (Unix seconds): delayed, and at the end of the span it is gathered in."""
    wanted = now + weather[DELAY]
    span = int(weather[REORDER])
    return float((wanted // span + 1) * span) if span else wanted
