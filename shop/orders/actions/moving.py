"""The one way an order's state moves: checked against the table, with an event row and a log line."""

from typing import Any
from uuid import UUID

import structlog

from shop.orders import transitions
from shop.orders.models import Order, OrderEvent

log = structlog.get_logger("vitrine.orders")


def move(order: Order, to_state: str, *, actor: str, cause: str, **fields: Any) -> None:
    """Move a locked order and log the move."""
    transitions.check(order.number, order.state, to_state)
    OrderEvent.objects.create(order=order, from_state=order.state, to_state=to_state, actor=actor, cause=cause)
    order.state = to_state
    for name, value in fields.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *fields])
    log.info("order moved", order=order.number, to=to_state, cause=cause)


def lock(order_id: UUID) -> Order:
    return Order.objects.select_for_update().get(id=order_id)
