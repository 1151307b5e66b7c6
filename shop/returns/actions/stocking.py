"""Returned units in the books of the stock: quarantined as they come, then cleared, damaged or written off.

A bundle comes back as its components.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.stock import actions as stock
from inventory.stock import queries as stock_queries
from inventory.stock.actions import Condition
from inventory.stock.errors import ClaimExceeded
from inventory.stock.models import Item, Warehouse
from shop.orders.models import Order, OrderLine

KEY_LENGTH = 120  # of the ledger's cause keys


def components(line: OrderLine, units: int) -> dict[Item, int]:
    """Return what so many units of a line are made of, counted item → units, in the order of their ids."""
    item = line.variant.item_id
    counted = stock_queries.expand({item: units}, stock_queries.components([item]))
    items = Item.objects.in_bulk(counted)
    return {items[one]: quantity for one, quantity in sorted(counted.items())}


def quarantine(
    order: Order, line: OrderLine, units: int, *, warehouse: Warehouse, key: str, actor: str, at: datetime
) -> bool:
    """Take units that have come back into the books, to be looked at. The same key books once.

    False: the books know of no such units that were shipped and are not back, so these stay beside them.
    """
    if order.hold_id is None:
        return False
    try:
        with transaction.atomic():
            for item, quantity in components(line, units).items():
                stock.return_units(
                    hold_id=order.hold_id,
                    item=item,
                    warehouse=warehouse,
                    quantity=quantity,
                    condition=Condition.INSPECT,
                    cause_key=f"{key}:{item.pk}"[:KEY_LENGTH],
                    actor=actor,
                    occurred_at=at,
                )
    except ClaimExceeded:
        return False
    return True


def sort_out(
    line: OrderLine,
    *,
    resaleable: int,
    damaged: int,
    written_off: int,
    warehouse: Warehouse,
    cause: str,
    key: str,
    actor: str,
) -> None:
    """Move quarantined units of a line to where they were found to belong; the rest stays quarantined.

    :raises ClaimExceeded: fewer are quarantined at the warehouse.
    """
    verbs: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (resaleable, "clear", {}),
        (damaged, "damage", {"found": Condition.INSPECT}),
        (written_off, "write_off", {"found": Condition.DAMAGED}),
    )
    for units, verb, more in verbs:
        for item, quantity in (components(line, units) if units else {}).items():
            getattr(stock, verb)(
                item=item,
                warehouse=warehouse,
                quantity=quantity,
                cause=cause,
                cause_key=f"{key}:{item.pk}:{verb}"[:KEY_LENGTH],
                actor=actor,
                **more,
            )
