"""Paying: the hold becomes an allocation and royalties accrue."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from inventory.stock import actions as stock
from inventory.stock.errors import HolderLimit, HoldNotActive, OutOfStock
from licensing.royalties import actions as royalties
from shop.orders import mails
from shop.orders.actions.moving import lock, move
from shop.orders.actions.placing import purpose_of
from shop.orders.models import Order, OrderLine, OrderState

log = structlog.get_logger("vitrine.orders")


@transaction.atomic
def mark_paid(*, order_id: UUID, actor: str, cause: str, paid_at: datetime | None = None) -> Order:
    """The money is there: the hold becomes an allocation and royalties accrue under the frozen terms.

    When the hold is gone (payment came late) the units are taken anew if they are still there; if not, the order
    becomes *paid without stock*, which refunds itself. Repeating changes nothing.
    """
    order = lock(order_id)
    if order.paid_at is not None:
        return order
    paid_at = paid_at or timezone.now()
    if order.state == OrderState.CANCELLED or not _allocate(order, actor=actor):
        move(order, OrderState.PAID_WITHOUT_STOCK, actor=actor, cause=cause, paid_at=paid_at)
        log.error("paid without stock", order=order.number)
        mails.sent_back(order)
        return order
    move(order, OrderState.PAID, actor=actor, cause=cause, paid_at=paid_at)
    lines = list(order.lines.all())
    for line in lines:
        _accrue(order, line, paid_at)
    mails.paid(order, lines)
    return order


def _allocate(order: Order, *, actor: str) -> bool:
    if order.hold_id is None:
        return False
    try:
        stock.commit(hold_id=order.hold_id, actor=actor)
    except HoldNotActive:
        return _hold_again(order, actor=actor)
    return True


def _hold_again(order: Order, *, actor: str) -> bool:
    """The hold had expired: claim the same units from the same warehouses, if they are still free."""
    lines = order.hold.lines.select_related("balance") if order.hold else []
    demand: dict[int, int] = {}
    warehouses: dict[int, None] = {}
    for line in lines:
        demand[line.balance.item_id] = demand.get(line.balance.item_id, 0) + line.quantity
        warehouses[line.balance.warehouse_id] = None
    try:
        order.hold = stock.hold(
            demand=demand,
            warehouses=list(warehouses),
            holder=order.hold.holder if order.hold else f"order:{order.number}",
            cause=f"order:{order.number}",
            cause_key=f"order:{order.cause_key}:late",
            channel=order.channel,
            purpose=purpose_of(order.channel),
            expires_at=None,
            actor=actor,
        )
    except (OutOfStock, HolderLimit):
        return False
    order.save(update_fields=["hold"])
    stock.commit(hold_id=order.hold.id, actor=actor)
    return True


def _accrue(order: Order, line: OrderLine, paid_at: datetime) -> None:
    if line.royalty_terms is None:
        return
    royalties.accrue(
        royalties.Sale(
            source=f"order:{order.number}/{line.position}",
            sku=line.sku,
            quantity=line.quantity,
            territory=order.country,
            channel=order.channel,
            sold_on=timezone.localdate(paid_at),
            currency=order.currency,
            gross=line.amount,
            tax=line.tax if order.tax_included else Decimal(0),
            frozen=line.royalty_terms,
        )
    )
