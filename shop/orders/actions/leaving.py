"""Leaving: a parcel goes to its carrier, and its units leave the stock on hand."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inventory.stock import actions as stock
from shop.orders import mails, transitions
from shop.orders.actions.moving import follow_parcels, lock
from shop.orders.actions.packing import carriage, lock_parcel, move_parcel, pack
from shop.orders.actions.rights import ask_rights
from shop.orders.fulfilment import allotting
from shop.orders.fulfilment.errors import BadParcel, ParcelMove
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import LEFT, OPEN, Shipment, ShipmentPart
from shop.orders.shipment_models import ShipmentState as State

GONE = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED)


@transaction.atomic
def ship(
    *,
    shipment_id: int,
    actor: str,
    cause: str,
    carrier_code: str = "",
    carrier: str = "",
    service: str = "",
    tracking_number: str = "",
    shipped_at: datetime | None = None,
) -> Shipment:
    """Hand a packed parcel to its carrier. Repeating changes nothing.

    The order is shipped when nothing of it is left that is not cancelled, partly shipped before. Carrier, service and
    number are those of packing where they are not given here.

    :raises ParcelMove: it is not packed and weighed, or was dropped.
    :raises shop.orders.actions.NotLicensed: the right to sell something in it was withdrawn; somebody must decide.
    :raises inventory.stock.errors.StockError: stock refuses, e.g. goods that are promised but not there yet.
    """
    order, shipment = lock_parcel(shipment_id)
    if shipment.state in LEFT:
        return shipment
    if shipment.state != State.PACKED:
        raise ParcelMove(shipment.number, shipment.state, State.SHIPPED)
    _leave(
        order,
        shipment,
        actor=actor,
        cause=cause,
        shipped_at=shipped_at or timezone.now(),
        **carriage(
            carrier_code or shipment.carrier_code,
            carrier or shipment.carrier,
            service or shipment.service,
            tracking_number or shipment.tracking_number,
        ),
    )
    follow_parcels(order, actor=actor, cause=cause)
    mails.shipped(order, shipment, more_to_come=order.state == OrderState.PARTLY_SHIPPED)
    return shipment


def _leave(order: Order, shipment: Shipment, *, actor: str, cause: str, **fields: object) -> None:
    parts = list(ShipmentPart.objects.filter(line__shipment=shipment).select_related("allotment", "line__order_line"))
    skus = list(dict.fromkeys(part.line.order_line.sku for part in parts))
    ask_rights(skus, country=order.country, channel=order.channel)
    units: dict[int, int] = defaultdict(int)
    for part in parts:
        if part.allotment.hold_line_id is not None:
            units[part.allotment.hold_line_id] += part.quantity
    move_parcel(shipment, State.SHIPPED, actor=actor, cause=cause, **fields)
    if order.hold_id and units:
        stock.ship(hold_id=order.hold_id, parts=units, key=shipment.number, actor=actor)


@transaction.atomic
def mark_shipped(*, order_id: UUID, actor: str, cause: str, tracking_number: str = "") -> Order:
    """Ship everything that is left: one parcel from each warehouse, and those that stand packed. Repeating is safe.

    Parcels that nobody has weighed get the sum of their variants' weights. For channels, and for a desk without scales.

    :raises shop.orders.transitions.IllegalTransition: the order is not paid.
    :raises NotLicensed: the right to sell was withdrawn since; somebody must decide.
    """
    order = lock(order_id)
    if order.state in GONE:
        return order
    transitions.check(order.number, order.state, OrderState.SHIPPED)
    rows = allotting.allotments(order)
    for warehouse_id in dict.fromkeys(row.warehouse_id for row in rows if row.left):
        serial = order.shipments.count() + 1
        pack(
            order_id=order.id,
            warehouse_id=warehouse_id,
            cause_key=f"order:{order.number}:rest:{serial}",
            actor=actor,
            cause=cause,
            tracking_number=tracking_number,
        )
    waiting = list(order.shipments.filter(state__in=OPEN))
    if not waiting:
        raise BadParcel(f"Nothing of order {order.number} is left to ship.")
    for shipment in waiting:
        if shipment.state == State.PACKING:
            move_parcel(
                shipment,
                State.PACKED,
                actor=actor,
                cause=cause,
                weight_g=estimated_weight(shipment),
                packed_at=timezone.now(),
            )
        _leave(order, shipment, actor=actor, cause=cause, shipped_at=timezone.now())
    order.refresh_from_db(fields=["state"])
    follow_parcels(order, actor=actor, cause=cause)
    for shipment in waiting:
        mails.shipped(order, shipment, more_to_come=False)
    return order


def estimated_weight(shipment: Shipment) -> int:
    """Return the weight of a parcel's units in grams, each with its packing, at least one."""
    lines = shipment.lines.select_related("order_line__variant")
    return max(sum(line.order_line.variant.weight_g * line.quantity for line in lines), 1)
