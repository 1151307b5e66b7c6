"""Events: written in the transaction of what happened, with the sendings that will carry them to the webhook."""

import json
import sqlite3

from shop.demo.stripe_simulator import books, deliveries, faults, shapes
from shop.demo.stripe_simulator.books import Body, Step

MOST_TRIES = 10


def record(step: Step, kind: str, subject: Body) -> Body:
    """Write the event ``kind`` about ``subject`` and plan its sendings: one, more while duplicates are on.

    An event that is dropped has a sending that is given up before it is tried: it can be delivered by hand.
    """
    weather = faults.read(step.connection)
    request: Body = {"id": step.request_id, "idempotency_key": step.idempotency_key}
    event = shapes.event(kind=kind, subject=subject, created=step.now, request=request, waiting=1)
    books.insert(step, event)
    due = faults.due(weather, now=step.now)
    if faults.drops(step.connection, weather):
        step.connection.execute("INSERT INTO sending (event, state, due) VALUES (?, 'given up', ?)", (event["id"], due))
        return event
    for _ in range(1 + int(weather[faults.DUPLICATE])):
        plan(step.connection, event["id"], due=due)
    return event


def plan(connection: sqlite3.Connection, event: str, *, due: float) -> None:
    """Plan one sending of an event at ``due`` (Unix seconds)."""
    connection.execute("INSERT INTO sending (event, state, due) VALUES (?, 'waiting', ?)", (event, due))


def shown(step: Step, event: Body) -> Body:
    """The event as the API shows it now: how many webhooks still wait is counted, not remembered."""
    row = step.connection.execute(
        "SELECT count(*) FROM sending WHERE event = ? AND state = 'waiting'", (event["id"],)
    ).fetchone()
    return {**event, "pending_webhooks": min(int(row[0]), 1)}


def sendings(connection: sqlite3.Connection) -> dict[str, str]:
    """How the latest sending of each event stands: ``waiting``, ``delivered``, ``given up`` or ``dropped``."""
    rows = connection.execute("SELECT event, state, tries FROM sending ORDER BY id")
    return {row["event"]: deliveries.standing(row["state"], row["tries"]) for row in rows}


def payload(connection: sqlite3.Connection, event: str) -> bytes:
    """The bytes that are sent: the same at each try."""
    row = connection.execute("SELECT body FROM object WHERE id = ?", (event,)).fetchone()
    return json.dumps(json.loads(row["body"]), indent=2, ensure_ascii=False).encode()
