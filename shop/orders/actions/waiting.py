"""Waiting for money: a bank that takes days, a payment that failed, a buyer who tries again. Units stay set aside."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from inventory.stock import actions as stock
from inventory.stock.errors import HoldExpired, HoldNotActive
from shop.orders import mails
from shop.orders.actions.moving import lock, move
from shop.orders.models import Order, OrderState

log = structlog.get_logger("vitrine.orders")
WAITING = (OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED)


@transaction.atomic
def keep_waiting(*, order_id: UUID, until: datetime) -> bool:
    """Set an unpaid order's units aside until then. False: it is paid or over, or its units have gone back."""
    return _extend(lock(order_id), until)


def _extend(order: Order, until: datetime) -> bool:
    if order.state not in WAITING or order.hold_id is None:
        return False
    try:
        stock.extend(hold_id=order.hold_id, expires_at=until)
    except (HoldExpired, HoldNotActive):
        log.info("the units have gone back", order=order.number)
        return False
    order.expires_at = until
    order.save(update_fields=["expires_at"])
    return True


@transaction.atomic
def mark_payment_failed(*, order_id: UUID, until: datetime, actor: str, cause: str) -> Order:
    """The bank refused for good: the buyer may try again until then. Repeating changes nothing; a paid order stays."""
    order = lock(order_id)
    if order.state == OrderState.AWAITING_PAYMENT:
        move(order, OrderState.PAYMENT_FAILED, actor=actor, cause=cause)
        _extend(order, until)
        mails.payment_failed(order, key=cause)
    return order


@transaction.atomic
def await_payment_again(*, order_id: UUID, until: datetime, actor: str, cause: str) -> bool:
    """The buyer tries again: the units stay until then. False: it is paid or over, or its units have gone back."""
    order = lock(order_id)
    if not _extend(order, until):
        return False
    if order.state == OrderState.PAYMENT_FAILED:
        move(order, OrderState.AWAITING_PAYMENT, actor=actor, cause=cause)
    return True
