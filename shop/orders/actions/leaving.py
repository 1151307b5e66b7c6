"""Leaving: what is paid goes out of the house."""

from uuid import UUID

from django.db import transaction

from inventory.stock import actions as stock
from shop.orders.actions.moving import lock, move
from shop.orders.actions.rights import ask_rights
from shop.orders.models import Order, OrderState


@transaction.atomic
def mark_shipped(*, order_id: UUID, actor: str, cause: str) -> Order:
    """The parcel has left: the allocation leaves the stock on hand. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: the order is not paid.
    :raises NotLicensed: the right to sell was withdrawn since; somebody must decide.
    """
    order = lock(order_id)
    if order.state == OrderState.SHIPPED:
        return order
    ask_rights([line.sku for line in order.lines.all()], country=order.country, channel=order.channel)
    move(order, OrderState.SHIPPED, actor=actor, cause=cause)
    if order.hold_id:
        stock.ship(hold_id=order.hold_id, actor=actor)
    return order
