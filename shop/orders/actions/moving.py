"""The one way an order's state moves: checked against the table, with an event row and a log line."""

from typing import Any
from uuid import UUID

import structlog

from shop.orders import transitions
from shop.orders.fulfilment.facts import completion, facts_of
from shop.orders.models import Order, OrderEvent, OrderState
from shop.orders.shipment_models import ShipmentState

log = structlog.get_logger("vitrine.orders")


def move(order: Order, to_state: str, *, actor: str, cause: str, **fields: Any) -> None:
    """Move a locked order and log the move.

    :raises shop.orders.transitions.IllegalTransition: the table does not have it, or its guard does not hold.
    """
    transitions.check(order.number, order.state, to_state, lambda: facts_of(order))
    OrderEvent.objects.create(order=order, from_state=order.state, to_state=to_state, actor=actor, cause=cause)
    order.state = to_state
    for name, value in fields.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *fields])
    log.info("order moved", order=order.number, to=to_state, cause=cause)


def lock(order_id: UUID) -> Order:
    """Return the order, locked until the end of the transaction."""
    return Order.objects.select_for_update().get(id=order_id)


def follow_parcels(order: Order, *, actor: str, cause: str) -> None:
    """Bring a locked order to where its parcels and cancellations have it; repeating changes nothing.

    Partly shipped while something is left, shipped when nothing is, delivered when all has arrived. Notes from when
    the order may be completed.
    """
    facts = facts_of(order)
    if order.state in transitions.TO_SHIP and facts.gone:
        if not facts.left:
            move(order, OrderState.SHIPPED, actor=actor, cause=cause)
        elif order.state != OrderState.PARTLY_SHIPPED:
            move(order, OrderState.PARTLY_SHIPPED, actor=actor, cause=cause)
    if order.state == OrderState.SHIPPED and facts.gone and not facts.undelivered:
        move(order, OrderState.DELIVERED, actor=actor, cause=cause)
    if order.state in {OrderState.SHIPPED, OrderState.DELIVERED}:
        due = completion(order, list(order.shipments.exclude(state=ShipmentState.DROPPED)))
        if due != order.completes_at:
            order.completes_at = due
            order.save(update_fields=["completes_at"])
