"""Ending: cancelled, expired or refunded; what was claimed goes back."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from inventory.stock import actions as stock
from inventory.stock.errors import HoldNotActive
from licensing.royalties import actions as royalties
from shop.orders.actions.moving import lock, move
from shop.orders.actions.packing import take_apart
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import OPEN

log = structlog.get_logger("vitrine.orders")
UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED)


@transaction.atomic
def cancel_unpaid(*, order_id: UUID, actor: str, cause: str) -> Order:
    """Give up an order that nobody paid: its units go back. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: it is paid or shipped.
    """
    order = lock(order_id)
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
        return order
    move(order, OrderState.CANCELLED, actor=actor, cause=cause)
    give_back(order)
    return order


@transaction.atomic
def mark_refunded(*, order_id: UUID, actor: str, cause: str) -> Order:
    """The money went back in full: allocated units return and royalties reverse. Repeating changes nothing."""
    order = lock(order_id)
    if order.state == OrderState.REFUNDED:
        return order
    was_paid = order.state in {OrderState.PAID, OrderState.PICKING}
    if was_paid:
        # What stands packed is taken apart: the money is gone, so nothing may leave.
        for shipment in order.shipments.filter(state__in=OPEN):
            take_apart(shipment, actor=actor, cause=cause)
    move(order, OrderState.REFUNDED, actor=actor, cause=cause)
    if was_paid:
        if order.hold_id:
            _cancel_claim(order.hold_id, order, actor=actor)
        royalties.reverse_source(prefix=f"order:{order.number}/", cause=cause, on=timezone.localdate())
    return order


def _cancel_claim(hold_id: UUID, order: Order, *, actor: str) -> None:
    try:
        stock.cancel(hold_id=hold_id, actor=actor)
    except HoldNotActive:
        # Its lines were cancelled one after the other.
        log.info("claim was over before", order=order.number)


def give_back(order: Order) -> None:
    if order.hold_id is None:
        return
    try:
        stock.release(hold_id=order.hold_id, actor="orders")
    except HoldNotActive:
        # The stock sweeper was here first: the units are back already.
        log.info("hold was over before", order=order.number)


def expire_unpaid(*, limit: int = 100) -> int:
    """Expire orders whose payment window is over and give their units back; return how many. Any number may run.

    One transaction an order: balances are locked in key order within one, which two orders together would break.
    """
    done = 0
    while done < limit and _expire_one():
        done += 1
    return done


@transaction.atomic
def _expire_one() -> bool:
    order = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(state__in=UNPAID, expires_at__lte=timezone.now())
        .order_by("expires_at")
        .first()
    )
    if order is None:
        return False
    move(order, OrderState.EXPIRED, actor="sweeper", cause="the payment window is over")
    give_back(order)
    return True
