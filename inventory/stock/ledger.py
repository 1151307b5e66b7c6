"""The one way a balance changes: a conditional UPDATE and its movement rows, in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from inventory.stock.models import Movement


@dataclass(frozen=True)
class Change:
    """Deltas (units) to one balance, with the key that makes the change happen once."""

    balance_id: int
    cause_key: str
    on_hand: int = 0
    held: int = 0
    allocated: int = 0


# Rows are locked in primary-key order, so that two calls over the same rows never wait for each other in a circle.
# The condition is part of the write: under READ COMMITTED PostgreSQL evaluates it again on the newest row version.
APPLY = """
WITH demand AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(on_hand)s::int[], %(held)s::int[], %(allocated)s::int[])
        AS d(balance_id, on_hand, held, allocated)
), locked AS (
    SELECT id FROM inventory_balance WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE
)
UPDATE inventory_balance AS b
   SET on_hand = b.on_hand + d.on_hand,
       held = b.held + d.held,
       allocated = b.allocated + d.allocated,
       version = b.version + 1
  FROM demand AS d JOIN locked ON locked.id = d.balance_id
 WHERE b.id = d.balance_id
   AND b.on_hand + d.on_hand >= 0
   AND b.held + d.held >= 0
   AND b.allocated + d.allocated >= 0
   AND b.held + d.held + b.allocated + d.allocated
       <= b.on_hand + d.on_hand + b.backorder_limit - CASE WHEN %(promise)s THEN b.safety ELSE 0 END
RETURNING b.id, b.on_hand, b.held, b.allocated
"""


def apply(
    changes: Iterable[Change], *, kind: Movement.Kind, cause: str, actor: str = "", promise: bool = False
) -> set[int]:
    """Apply all changes whose condition holds and write their movements; return the ids of balances refused.

    Must run inside a transaction; the caller raises (and so rolls back) when the answer is not empty. ``promise``
    keeps the safety stock out of reach. At most one change a balance: sum the demand first.

    :raises django.db.IntegrityError: a cause key was applied before.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Stock changes only inside a transaction.")
    ordered = sorted(changes, key=lambda change: change.balance_id)
    ids = [change.balance_id for change in ordered]
    if len(set(ids)) != len(ids):
        raise ValueError("One change a balance: sum the demand per balance first.")
    if not ordered:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            APPLY,
            {
                "ids": ids,
                "on_hand": [change.on_hand for change in ordered],
                "held": [change.held for change in ordered],
                "allocated": [change.allocated for change in ordered],
                "promise": promise,
            },
        )
        after = {row[0]: row[1:] for row in cursor.fetchall()}
    refused = {balance_id for balance_id in ids if balance_id not in after}
    if refused:
        return refused
    Movement.objects.bulk_create(
        Movement(
            balance_id=change.balance_id,
            kind=kind,
            on_hand_delta=change.on_hand,
            held_delta=change.held,
            allocated_delta=change.allocated,
            on_hand_after=after[change.balance_id][0],
            held_after=after[change.balance_id][1],
            allocated_after=after[change.balance_id][2],
            cause=cause,
            cause_key=change.cause_key,
            actor=actor,
        )
        for change in ordered
    )
    return set()
