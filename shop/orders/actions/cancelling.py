"""Cancelling: paid units that will not leave go back on sale."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from inventory.stock import actions as stock
from inventory.stock.quantities import units as checked_units
from shop.orders.actions.moving import follow_parcels, lock
from shop.orders.fulfilment import allotting
from shop.orders.fulfilment.errors import BadParcel, NotToShip
from shop.orders.models import Order
from shop.orders.shipment_models import LineCancellation
from shop.orders.transitions import TO_SHIP


@transaction.atomic
def cancel_units(*, order_id: UUID, lines: Mapping[int, int], cause_key: str, actor: str, cause: str) -> Order:
    """Cancel units of a paid order that are in no parcel: order line id → units. The same ``cause_key`` does it once.

    They go back on sale; what is left of the order may be whole then (shipped). The money is the caller's matter.

    :raises NotToShip: the order is not paid, or over.
    :raises NothingLeft: so many are neither packed nor cancelled; a parcel that stands packed must be dropped first.
    :raises BadParcel: a line of another order, or none at all.
    """
    order = lock(order_id)
    if LineCancellation.objects.filter(order_line__order=order, cause_key=cause_key).exists():
        return order
    if order.state not in TO_SHIP:
        raise NotToShip(order.number, order.state)
    rows = allotting.allotments(order)
    known = {row.order_line_id: row.order_line for row in rows}
    if not lines or not known.keys() >= lines.keys():
        raise BadParcel(f"Order {order.number} has no such lines.")
    parts: dict[int, int] = defaultdict(int)
    for line_id in sorted(lines):
        checked_units(lines[line_id])
        for claim, units in allotting.cancel(known[line_id], lines[line_id], rows).items():
            parts[claim] += units
    LineCancellation.objects.bulk_create(
        LineCancellation(
            order_line_id=line_id, cause_key=cause_key[:160], quantity=lines[line_id], actor=actor, cause=cause
        )
        for line_id in sorted(lines)
    )
    if order.hold_id and parts:
        stock.cancel(hold_id=order.hold_id, parts=parts, key=cause_key, actor=actor)
    follow_parcels(order, actor=actor, cause=cause)
    return order
