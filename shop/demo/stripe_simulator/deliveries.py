"""How the newest events stand on their way to the webhook."""

import sqlite3
from typing import Any

_LATEST = """
SELECT o.id AS event, json_extract(o.body, '$.type') AS type, json_extract(o.body, '$.data.object.id') AS subject,
       o.created, s.state, s.tries, s.due, a.at, a.status, a.error, a.milliseconds,
       (SELECT count(*) FROM attempt WHERE event = o.id) AS sent
  FROM object o
  JOIN sending s ON s.id = (SELECT max(id) FROM sending WHERE event = o.id)
  LEFT JOIN attempt a ON a.id = (SELECT max(id) FROM attempt WHERE event = o.id)
 WHERE o.kind = 'event' ORDER BY o.seq DESC LIMIT ?
"""


def standing(state: str, tries: int) -> str:
    """Return ``waiting``, ``delivered``, ``given up``, or ``dropped`` for a sending that was never to be tried."""
    return "dropped" if state == "given up" and not tries else state


def latest(connection: sqlite3.Connection, *, limit: int) -> list[dict[str, Any]]:
    """The newest events, newest first: how their latest sending stands, and the last answer (None: nobody answered)."""
    return [
        {**dict(row), "state": standing(row["state"], row["tries"])}
        for row in connection.execute(_LATEST, (limit,)).fetchall()
    ]
