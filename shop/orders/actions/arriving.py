"""Arriving: a parcel is with the buyer, and the order is over when nobody can withdraw from it any more."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from shop.orders.actions.moving import follow_parcels, lock, move
from shop.orders.actions.packing import lock_parcel, move_parcel
from shop.orders.fulfilment.errors import BadParcel, ParcelMove
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import Shipment
from shop.orders.shipment_models import ShipmentState as State

SWEEPER = "sweeper"
OVER = "the period to withdraw is over"


@transaction.atomic
def mark_delivered(*, shipment_id: int, actor: str, cause: str, delivered_at: datetime | None = None) -> Shipment:
    """The parcel is with the buyer; when all of the order's are, the order is delivered. Repeating changes nothing.

    :raises ParcelMove: it has not left.
    :raises BadParcel: it would have arrived before it left, or in the future.
    """
    order, shipment = lock_parcel(shipment_id)
    if shipment.state == State.DELIVERED:
        return shipment
    if shipment.state != State.SHIPPED:
        raise ParcelMove(shipment.number, shipment.state, State.DELIVERED)
    now = timezone.now()
    when = delivered_at or now
    if when > now or (shipment.shipped_at is not None and when < shipment.shipped_at):
        raise BadParcel(f"Parcel {shipment.number} cannot have arrived before it left, nor in the future.")
    move_parcel(shipment, State.DELIVERED, actor=actor, cause=cause, delivered_at=when)
    follow_parcels(order, actor=actor, cause=cause)
    return shipment


@transaction.atomic
def complete(*, order_id: UUID, actor: str, cause: str) -> Order:
    """Nobody can withdraw from the order any more. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: it has not arrived, or the period to withdraw is not over.
    """
    order = lock(order_id)
    if order.state == OrderState.COMPLETED:
        return order
    move(order, OrderState.COMPLETED, actor=actor, cause=cause)
    return order


def complete_due(*, limit: int = 100) -> int:
    """Complete the orders whose time has come; return how many. Any number of sweepers may run."""
    done = 0
    while done < limit and _complete_one():
        done += 1
    return done


@transaction.atomic
def _complete_one() -> bool:
    order = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(state__in=[OrderState.SHIPPED, OrderState.DELIVERED], completes_at__lte=timezone.now())
        .order_by("completes_at")
        .first()
    )
    if order is None:
        return False
    follow_parcels(order, actor=SWEEPER, cause=OVER)
    if order.completes_at is None or order.completes_at > timezone.now():
        return True  # looked at anew: it is due later
    move(order, OrderState.COMPLETED, actor=SWEEPER, cause=OVER)
    return True


def without_news() -> QuerySet[Shipment]:
    """Return the tracked parcels that left long ago and are not known to have arrived: a person asks their carrier.

    Parcels without tracking never tell; their orders are completed by the calendar.
    """
    since = timezone.now() - timedelta(days=settings.PARCEL_NEWS_DAYS)
    return Shipment.objects.filter(state=State.SHIPPED, shipped_at__lte=since).exclude(tracking_number="")


def note_completion(*, limit: int = 100) -> int:
    """Note from when orders may be completed that have left and lack the date; return how many were looked at.

    Those with a tracked parcel on its way wait for news of it.
    """
    on_its_way = Shipment.objects.filter(order=OuterRef("pk"), state=State.SHIPPED).exclude(tracking_number="")
    gone = Shipment.objects.filter(order=OuterRef("pk"), state__in=[State.SHIPPED, State.DELIVERED])
    waiting = Order.objects.filter(
        Exists(gone), ~Exists(on_its_way), state__in=[OrderState.SHIPPED, OrderState.DELIVERED], completes_at=None
    )
    ids = list(waiting.order_by("placed_at").values_list("id", flat=True)[:limit])
    for order_id in ids:
        with transaction.atomic():
            follow_parcels(lock(order_id), actor=SWEEPER, cause="looked at anew")
    return len(ids)
