"""Packing: what lies in one warehouse goes into a parcel, or comes out of it again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from inventory.stock.quantities import units as checked_units
from shop.orders.actions.moving import lock, move
from shop.orders.fulfilment import allotting
from shop.orders.fulfilment.carriers import carriers, clean_number, tracking_url
from shop.orders.fulfilment.errors import BadParcel, NotToShip, ParcelMove
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import OPEN, Allotment, Shipment, ShipmentEvent, ShipmentLine, ShipmentPart
from shop.orders.shipment_models import ShipmentState as State
from shop.orders.transitions import TO_SHIP

log = structlog.get_logger("vitrine.orders")
HEAVIEST = 1_000_000  # grams
LONGEST = 1_000  # centimetres


def measures(weight_g: int | None, box_cm: tuple[int, int, int] | None) -> dict[str, Any]:
    """Return weight and box as the parcel keeps them.

    :raises BadParcel: not between one gram and a tonne, or a side not between 1 and 1,000 cm.
    """
    if weight_g is not None and not 0 < weight_g <= HEAVIEST:
        raise BadParcel(f"A parcel weighs between 1 and {HEAVIEST} grams, not {weight_g}.")
    if box_cm is not None and any(not 0 < side <= LONGEST for side in box_cm):
        raise BadParcel(f"A box measures between 1 and {LONGEST} cm a side, not {' × '.join(map(str, box_cm))}.")
    length, width, height = box_cm or (None, None, None)
    return {"weight_g": weight_g, "length_cm": length, "width_cm": width, "height_cm": height}


def carriage(code: str, name: str, service: str, number: str) -> dict[str, str]:
    """Return who carries the parcel as it keeps it; the tracking address is the carrier's.

    :raises shop.orders.fulfilment.carriers.BadTrackingNumber: the number has characters that no carrier uses.
    """
    known = carriers().get(code)
    clean = clean_number(number)
    return {
        "carrier_code": known.code if known else "",
        "carrier": (known.name if known else name)[:60],
        "service": service[:80],
        "tracking_number": clean,
        "tracking_url": tracking_url(code, clean),
    }


def move_parcel(shipment: Shipment, to_state: str, *, actor: str, cause: str, **fields: Any) -> None:
    """Move a parcel of a locked order, with its event row and a log line."""
    ShipmentEvent.objects.create(
        shipment=shipment, from_state=shipment.state, to_state=to_state, actor=actor, cause=cause
    )
    shipment.state = to_state
    for name, value in fields.items():
        setattr(shipment, name, value)
    shipment.save(update_fields=["state", *fields])
    log.info("parcel moved", parcel=shipment.number, to=to_state, cause=cause)


def lock_parcel(shipment_id: int) -> tuple[Order, Shipment]:
    """Return the parcel with its order, which is locked: parcels change under their order's lock."""
    order = lock(Shipment.objects.values_list("order_id", flat=True).get(id=shipment_id))
    shipment = Shipment.objects.get(id=shipment_id)
    shipment.order = order
    return order, shipment


@transaction.atomic
def pack(
    *,
    order_id: UUID,
    warehouse_id: int,
    cause_key: str,
    actor: str,
    cause: str,
    units: Mapping[int, int] | None = None,
    weight_g: int | None = None,
    box_cm: tuple[int, int, int] | None = None,
    carrier_code: str = "",
    carrier: str = "",
    service: str = "",
    tracking_number: str = "",
) -> Shipment:
    """Put units that lie in one warehouse into a new parcel. The same ``cause_key`` returns the first.

    ``units`` is allotment id → units (``shop.orders.fulfilment.allotting``); None: all that is left there. With a
    weight (grams, packing included) the parcel is packed, without one its box stays open. A paid order is being
    picked from here on.

    :raises NotToShip: the order is not paid, or over.
    :raises NothingLeft: more than is neither packed nor cancelled.
    :raises BadParcel: no contents, an allotment of another order or warehouse, a bad weight or measure.
    :raises inventory.stock.errors.BadQuantity: not a whole number of units.
    """
    order = lock(order_id)
    standing = Shipment.objects.filter(cause_key=cause_key, order=order).first()
    if standing:
        return standing
    if order.state not in TO_SHIP:
        raise NotToShip(order.number, order.state)
    facts = measures(weight_g, box_cm) | carriage(carrier_code, carrier, service, tracking_number)
    rows = {row.id: row for row in allotting.allotments(order)}
    here = {number: row for number, row in rows.items() if row.warehouse_id == warehouse_id}
    if units is None:
        units = {number: row.left for number, row in here.items() if row.left}
    if not units:
        raise BadParcel(f"Nothing of order {order.number} is left to pack there.")
    for number, quantity in units.items():
        if number not in here:
            raise BadParcel(f"Order {order.number} has nothing like that in this warehouse.")
        checked_units(quantity)
    counted = allotting.take(units, rows)
    serial = 1 + (order.shipments.order_by("-serial").values_list("serial", flat=True).first() or 0)
    state = State.PACKING if weight_g is None else State.PACKED
    shipment = Shipment.objects.create(
        order=order,
        warehouse_id=warehouse_id,
        serial=serial,
        number=f"{order.number}-{serial}",
        cause_key=cause_key,
        state=state,
        packed_at=None if weight_g is None else timezone.now(),
        **facts,
    )
    _fill(shipment, units, counted, rows)
    ShipmentEvent.objects.create(shipment=shipment, to_state=state, actor=actor, cause=cause)
    if order.state == OrderState.PAID:
        move(order, OrderState.PICKING, actor=actor, cause=f"parcel {shipment.number}")
    log.info("parcel packed", parcel=shipment.number, order=order.number)
    return shipment


def _fill(
    shipment: Shipment, units: Mapping[int, int], counted: Mapping[int, int], rows: Mapping[int, Allotment]
) -> None:
    lines = ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line_id=line_id, quantity=quantity)
        for line_id, quantity in counted.items()
    )
    by_line = {line.order_line_id: line for line in lines}
    ShipmentPart.objects.bulk_create(
        ShipmentPart(line=by_line[rows[number].order_line_id], allotment_id=number, quantity=quantity)
        for number, quantity in sorted(units.items())
    )


@transaction.atomic
def weigh(
    *,
    shipment_id: int,
    weight_g: int,
    actor: str,
    cause: str,
    box_cm: tuple[int, int, int] | None = None,
) -> Shipment:
    """Close a parcel's box and weigh it (grams), or correct the weight of one that has not left. Repeating is safe.

    :raises ParcelMove: it has left or was dropped.
    :raises BadParcel: a bad weight or measure.
    """
    _order, shipment = lock_parcel(shipment_id)
    if shipment.state not in OPEN:
        raise ParcelMove(shipment.number, shipment.state, State.PACKED)
    facts = measures(weight_g, box_cm)
    if shipment.state == State.PACKED:
        Shipment.objects.filter(id=shipment.id).update(**facts)
        shipment.refresh_from_db(fields=list(facts))
    else:
        move_parcel(shipment, State.PACKED, actor=actor, cause=cause, packed_at=timezone.now(), **facts)
    return shipment


@transaction.atomic
def drop_parcel(*, shipment_id: int, actor: str, cause: str) -> Shipment:
    """Take a parcel apart that has not left: its units can be packed again. Repeating changes nothing.

    :raises ParcelMove: it has left.
    """
    _order, shipment = lock_parcel(shipment_id)
    if shipment.state == State.DROPPED:
        return shipment
    if shipment.state not in OPEN:
        raise ParcelMove(shipment.number, shipment.state, State.DROPPED)
    take_apart(shipment, actor=actor, cause=cause)
    return shipment


def take_apart(shipment: Shipment, *, actor: str, cause: str) -> None:
    """Drop an open parcel of a locked order."""
    lines = list(shipment.lines.prefetch_related("parts"))
    allotting.put_back(
        {part.allotment_id: part.quantity for line in lines for part in line.parts.all()},
        {line.order_line_id: line.quantity for line in lines},
    )
    move_parcel(shipment, State.DROPPED, actor=actor, cause=cause)
