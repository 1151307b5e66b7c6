"""Claiming what goes back: computed, counted against units and money in the same write, before Stripe is asked.

Locks are taken payment first, then order, as everywhere in this room.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from shop.orders import actions as orders
from shop.orders.actions.moving import lock
from shop.orders.actions.packing import take_apart
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import LEFT, OPEN, ShipmentLine
from shop.orders.transitions import SENT, TO_SHIP
from shop.payments import gateway
from shop.payments.models import Payment, Refund, RefundLine
from shop.payments.refund_amounts import Charged, Done, Part, SoldLine, part_of

log = structlog.get_logger("vitrine.payments")
# Reasons for which units that have not left stay in the house; for the others the goods have left and stay away,
# or the return itself books them back.
STAYS = {Refund.Reason.CANCELLED, Refund.Reason.WITHDRAWAL, Refund.Reason.WITHOUT_STOCK, Refund.Reason.LATE_PAYMENT}
REFUNDABLE = {*SENT, OrderState.RETURNED, OrderState.PAID_WITHOUT_STOCK}
ZERO = Decimal(0)


class NotRefundable(Exception):
    """The order cannot be paid back like that: nothing was charged by us, or so much is not left. Nothing changed."""


def worked_out(*, order_id: UUID, lines: Mapping[int, int], shipping: Decimal = ZERO) -> Part:
    """Return what a refund would pay back, as things stand now; nothing is written.

    :raises NotRefundable: more than is left, or nothing.
    """
    return _part(Order.objects.get(id=order_id), lines, shipping)[1]


def shipping_left(order: Order) -> Decimal:
    """Return what of the amount for delivery was not paid back."""
    return order.shipping - _sum(order, "shipping")


def _part(order: Order, lines: Mapping[int, int] | None, shipping: Decimal) -> tuple[dict[int, int], Part]:
    """Return the units and what they are worth; None: all that is left, delivery included."""
    sold = list(order.lines.all())
    done = Done(units={line.id: line.refunded for line in sold}, shipping=_sum(order, "shipping"))
    if lines is None:
        units = {line.id: line.quantity - line.refunded for line in sold if line.quantity > line.refunded}
        shipping = order.shipping - done.shipping
    else:
        units = dict(lines)
    if not units and not shipping:
        raise NotRefundable(f"Order {order.number} has nothing left to pay back.")
    try:
        return units, part_of(_charged(order, sold), done=done, units=units, shipping=shipping)
    except ValueError as error:
        raise NotRefundable(f"Order {order.number}: {error}") from error


def charged(order_id: UUID) -> Payment | None:
    """Return the payment that was charged for the order, locked."""
    states = [Payment.State.SUCCEEDED, Payment.State.REFUNDED]
    return Payment.objects.select_for_update().filter(order_id=order_id, state__in=states).first()


@transaction.atomic
def claim(
    *,
    order_id: UUID,
    lines: Mapping[int, int] | None,
    shipping: Decimal,
    reason: str,
    cause_key: str,
    actor: str,
    note: str,
    deduction: Decimal = ZERO,
    duties: bool = True,
) -> Refund:
    """Write the row of a refund, with everything counted that goes back; the same ``cause_key`` claims once.

    :raises NotRefundable: unpaid or paid elsewhere, more than is left, a dispute, or units that stand packed.
    :raises shop.payments.gateway.NotConfigured: no Stripe key is set.
    """
    payment = charged(order_id)
    order = lock(order_id)
    standing = Refund.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    if payment is None or order.state not in REFUNDABLE:
        raise NotRefundable(f"Order {order.number} is {order.state}: no payment of ours can be sent back for it.")
    units, part = _part(order, lines, shipping)
    if not duties:
        part = replace(part, duty=ZERO, fees=ZERO)
    if deduction < 0:
        raise NotRefundable(f"Order {order.number}: a deduction cannot be negative.")
    # All that is left is all that is left of the payment, whatever else was sent back or charged.
    other = payment.left - part.total if lines is None else -deduction
    if part.total + other <= 0:
        raise NotRefundable(f"Order {order.number}: nothing was paid for that, or nothing is left of it.")
    if payment.disputes.filter(withdrawn__gt=0).exists():
        raise NotRefundable(f"The bank took the money of order {order.number} back: there is a dispute.")
    # Without a key nothing may be claimed that could never be sent.
    gateway.client()
    row = Refund.objects.create(
        order=order,
        payment=payment,
        cause_key=cause_key,
        reason=reason,
        note=note[:500],
        actor=actor[:80],
        currency=order.currency,
        amount=part.total + other,
        goods=part.goods,
        shipping=part.shipping,
        duty=part.duty,
        fees=part.fees,
        tax_on_top=part.tax_on_top,
        other=other,
        due_at=timezone.now() + timedelta(minutes=1),
    )
    _take(row, payment, part)
    if reason in STAYS and order.state in TO_SHIP:
        _keep_back(order, units, whole=lines is None, row=row)
    log.info("refund claimed", order=order.number, amount=str(row.amount), currency=row.currency, reason=reason)
    return row


def _charged(order: Order, lines: list[OrderLine]) -> Charged:
    return Charged(
        currency=order.currency,
        lines=tuple(SoldLine(line.id, line.quantity, line.amount, line.tax) for line in lines),
        goods=order.goods,
        shipping=order.shipping,
        duty=order.duty,
        fees=order.fees,
        tax=order.tax,
        tax_in_prices=order.tax_in_prices,
    )


def _sum(order: Order, field: str) -> Decimal:
    standing = order.refunds.exclude(state=Refund.State.FAILED)
    return standing.aggregate(sum=Sum(field))["sum"] or ZERO


def _take(row: Refund, payment: Payment, part: Part) -> None:
    """Count what goes back: by units and by amount, each check inside its write (law 1)."""
    take_money(row, payment)
    for one in part.lines:
        units = OrderLine.objects.filter(id=one.line_id, quantity__gte=F("refunded") + one.quantity)
        if not units.update(refunded=F("refunded") + one.quantity):
            raise NotRefundable(f"Line {one.line_id} has fewer units left to pay back.")
    RefundLine.objects.bulk_create(
        RefundLine(refund=row, order_line_id=one.line_id, quantity=one.quantity, amount=one.amount, tax=one.tax)
        for one in part.lines
    )


def take_money(row: Refund, payment: Payment) -> None:
    """Count what goes back of a payment; the check is inside the write.

    :raises NotRefundable: less than that is left.
    """
    free = Payment.objects.filter(id=payment.id, charged__gte=F("refunded") + row.amount)
    if not free.update(refunded=F("refunded") + row.amount, updated_at=timezone.now()):
        raise NotRefundable(f"Of payment {payment.id} less than {row.amount} {row.currency} is left to send back.")


def claim_whole(*, payment: Payment, order: Order, reason: str, cause_key: str, actor: str, note: str) -> Refund:
    """Claim all that is left of a payment that belongs to no part of its order; the sweep sends it.

    Inside a transaction, with payment and order locked. The same ``cause_key`` claims once.

    :raises NotRefundable: nothing of it is left.
    """
    standing = Refund.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    if payment.left <= 0:
        raise NotRefundable(f"Nothing of payment {payment.id} is left to send back.")
    row = Refund.objects.create(
        order=order,
        payment=payment,
        cause_key=cause_key,
        reason=reason,
        note=note[:500],
        actor=actor[:80],
        currency=payment.charged_currency,
        amount=payment.left,
        goods=ZERO,
        shipping=ZERO,
        duty=ZERO,
        fees=ZERO,
        tax_on_top=ZERO,
        other=payment.left,
        due_at=timezone.now(),
    )
    take_money(row, payment)
    payment.refresh_from_db(fields=["refunded"])
    return row


def _keep_back(order: Order, units: Mapping[int, int], *, whole: bool, row: Refund) -> None:
    """Cancel the units that have not left, so that they are on sale again and cannot be packed.

    :raises NotRefundable: some stand packed; the parcel must be dropped first.
    """
    cause = f"refund {row.reason}"
    if whole:
        for shipment in order.shipments.filter(state__in=OPEN):
            take_apart(shipment, actor=row.actor, cause=cause)
    gone = dict(
        ShipmentLine.objects.filter(shipment__order=order, shipment__state__in=LEFT)
        .order_by()
        .values_list("order_line")
        .annotate(units=Sum("quantity"))
    )
    parts: dict[int, int] = {}
    for line in order.lines.all():
        asked = units.get(line.id, 0)
        before = line.refunded - asked
        # Units whose refund failed are cancelled already.
        idle = max(line.cancelled - before, 0)
        here = min(max(asked - idle, 0), line.quantity - line.packed - line.cancelled)
        if asked > gone.get(line.id, 0) + line.cancelled + here - before:
            raise NotRefundable(f"{line.sku} of order {order.number} stands packed: drop its parcel first.")
        if here:
            parts[line.id] = here
    if parts:
        orders.cancel_units(order_id=order.id, lines=parts, cause_key=f"refund:{row.id}", actor=row.actor, cause=cause)
