"""The one way a balance changes: ``sql/move.sql``, a conditional UPDATE with its movement rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from inventory.stock.models import Movement

MOVE = "SELECT inventory_move(%s::bigint[], " + "%s::int[], " * 6 + "%s::bigint[], %s::text[], %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Change:
    """Deltas (units) to one balance, with the key that makes the change happen once; ``lot_id`` names the lot moved."""

    balance_id: int
    cause_key: str
    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    fenced: int = 0
    quarantined: int = 0
    damaged: int = 0
    lot_id: int | None = None


def apply(
    changes: Iterable[Change],
    *,
    kind: Movement.Kind,
    cause: str,
    actor: str = "",
    channel: str = "",
    occurred_at: datetime | None = None,
    promise: bool = False,
) -> set[int]:
    """Apply all changes whose condition holds and write their movements; return the ids of balances refused.

    All or nothing: when the answer is not empty, nothing was changed. Must run inside a transaction. ``promise`` keeps
    the safety stock out of reach. At most one change a balance: sum the demand first. ``occurred_at`` is when it
    happened, now unless told.

    :raises django.db.IntegrityError: a cause key was applied before, or a named lot has fewer units.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Stock changes only inside a transaction.")
    ordered = sorted(changes, key=lambda change: change.balance_id)
    ids = [change.balance_id for change in ordered]
    if len(set(ids)) != len(ids):
        raise ValueError("One change a balance: sum the demand per balance first.")
    if not ordered:
        return set()
    lots = [change.lot_id for change in ordered]
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            [
                ids,
                [change.on_hand for change in ordered],
                [change.held for change in ordered],
                [change.allocated for change in ordered],
                [change.fenced for change in ordered],
                [change.quarantined for change in ordered],
                [change.damaged for change in ordered],
                lots if any(lots) else None,
                [change.cause_key for change in ordered],
                kind,
                cause,
                actor,
                channel,
                occurred_at,
                promise,
            ],
        )
        refused = cursor.fetchone()[0]
    return set(refused or ())
