"""What the guards of an order's moves look at, read while it is locked."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from inventory.stock.models import HoldLine
from shop.orders.fulfilment.completing import Sent, arrived_on, completes_at
from shop.orders.models import Order
from shop.orders.shipment_models import LEFT, OPEN, Shipment, ShipmentState
from shop.orders.transitions import Facts


def units_left(order: Order) -> int:
    """Return the units that are neither cancelled nor gone: those the order still claims. One statement.

    An order without a claim on our stock counts the units of its lines that are in no parcel, and open parcels.
    """
    if order.hold_id is not None:
        outstanding = Sum(F("quantity") - F("shipped") - F("cancelled"))
        return int(HoldLine.objects.filter(hold_id=order.hold_id).aggregate(units=outstanding)["units"] or 0)
    unpacked = order.lines.aggregate(units=Sum(F("quantity") - F("packed") - F("cancelled")))["units"]
    return int(unpacked or 0) + order.shipments.filter(state__in=OPEN).count()


def completion(order: Order, parcels: Sequence[Shipment]) -> datetime | None:
    """Return from when the order may be completed; None while a tracked parcel is on its way, or none has left."""
    sent = [
        Sent(
            shipped_on=timezone.localdate(one.shipped_at),
            delivered_on=timezone.localdate(one.delivered_at) if one.delivered_at else None,
            tracked=bool(one.tracking_number),
        )
        for one in parcels
        if one.state in LEFT
    ]
    arrived = arrived_on(sent, untracked_days=settings.UNTRACKED_DELIVERY_DAYS)
    if arrived is None:
        return None
    return completes_at(
        order.country, arrived, margin_days=settings.COMPLETION_MARGIN_DAYS, zone=timezone.get_current_timezone()
    )


def facts_of(order: Order) -> Facts:
    """Return the facts of a locked order. Two statements."""
    parcels = list(order.shipments.exclude(state=ShipmentState.DROPPED))
    return Facts(
        now=timezone.now(),
        paid_at=order.paid_at,
        expires_at=order.expires_at,
        left=units_left(order),
        gone=sum(one.state in LEFT for one in parcels),
        open=sum(one.state in OPEN for one in parcels),
        undelivered=sum(one.state == ShipmentState.SHIPPED for one in parcels),
        completes_at=completion(order, parcels),
    )
