"""Picking: an order's pieces are fetched from their places, or the pick list is dropped."""

from uuid import UUID

from django.db import transaction

from shop.orders import transitions
from shop.orders.actions.moving import lock, move
from shop.orders.fulfilment.allotting import allotments
from shop.orders.models import Order, OrderState
from shop.orders.transitions import TO_SHIP


@transaction.atomic
def start_picking(*, order_id: UUID, actor: str, cause: str) -> Order:
    """Somebody fetches the pieces of a paid order: what serves which line is settled from here on.

    Repeating changes nothing, nor does it when parcels stand or have left.

    :raises shop.orders.transitions.IllegalTransition: nothing of the order is to ship.
    """
    order = lock(order_id)
    if order.state in TO_SHIP and order.state != OrderState.PAID:
        return order
    transitions.check(order.number, order.state, OrderState.PICKING)
    allotments(order)
    move(order, OrderState.PICKING, actor=actor, cause=cause)
    return order


@transaction.atomic
def drop_picking(*, order_id: UUID, actor: str, cause: str) -> Order:
    """The pieces go back to their places: the order waits again. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: it is not being picked, or a parcel stands packed.
    """
    order = lock(order_id)
    if order.state == OrderState.PAID:
        return order
    if order.state != OrderState.PICKING:  # only money makes an unpaid order paid
        raise transitions.IllegalTransition(order.number, order.state, OrderState.PAID, "it is not being picked")
    move(order, OrderState.PAID, actor=actor, cause=cause)
    return order
