"""Money back. The row is written first, then Stripe is asked outside any transaction, then the outcome is applied once.

A worker that dies in between leaves a row that is due again; the row's id is the idempotency key, so that asking again
never pays back twice. Locks are taken payment first, then order, as everywhere in this room.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import stripe
import structlog
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from licensing.royalties import actions as royalties
from shop.crossborder.money import round_money
from shop.orders import actions as orders
from shop.orders import mails
from shop.orders.actions.moving import lock
from shop.orders.actions.packing import take_apart
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import LEFT, OPEN, ShipmentLine
from shop.orders.transitions import SENT, TO_SHIP
from shop.payments import cases, gateway
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund, RefundLine
from shop.payments.refund_amounts import Charged, Done, Part, SoldLine, part_of
from shop.payments.stripe_amounts import to_stripe

log = structlog.get_logger("vitrine.payments")
# Stripe forgets an idempotency key after 24 hours; from then on it is asked what it has before it is told anything.
KEY_LIVES = timedelta(hours=20)
# Reasons for which units that have not left stay in the house; for the others the goods have left and stay away,
# or the return itself books them back.
STAYS = {Refund.Reason.CANCELLED, Refund.Reason.WITHDRAWAL, Refund.Reason.WITHOUT_STOCK, Refund.Reason.LATE_PAYMENT}
# Of money for goods that came back the return itself tells, and of money that came too late the order did.
TOLD = {Refund.Reason.CANCELLED, Refund.Reason.WITHDRAWAL, Refund.Reason.GOODWILL}
REFUNDABLE = {*SENT, OrderState.RETURNED, OrderState.PAID_WITHOUT_STOCK}
AWAY = {OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED, OrderState.RETURNED}
ZERO = Decimal(0)


class NotRefundable(Exception):
    """The order cannot be paid back like that: nothing was charged by us, or so much is not left. Nothing changed."""


def refund(
    *,
    order_id: UUID,
    lines: Mapping[int, int] | None,
    shipping: Decimal = ZERO,
    reason: str,
    cause_key: str,
    actor: str,
    note: str = "",
) -> Refund:
    """Pay back units of an order (order line id → units) and an amount for delivery; None: all that is left.

    Duty, fees and tax follow the goods. Units that have not left are cancelled at once, so that they cannot leave
    without being paid for. The same ``cause_key`` pays back once. The refund is pending while Stripe cannot be asked.

    :raises NotRefundable: unpaid or paid elsewhere (a marketplace), more than is left, or units that stand packed.
    :raises shop.payments.gateway.NotConfigured: no Stripe key is set.
    """
    row = _claim(
        order_id=order_id,
        lines=lines,
        shipping=shipping,
        reason=reason,
        cause_key=cause_key,
        actor=actor,
        note=note,
    )
    return send(refund_id=row.id)


def worked_out(*, order_id: UUID, lines: Mapping[int, int], shipping: Decimal = ZERO) -> Part:
    """Return what :func:`refund` would pay back, as things stand now; nothing is written.

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
def _claim(
    *,
    order_id: UUID,
    lines: Mapping[int, int] | None,
    shipping: Decimal,
    reason: str,
    cause_key: str,
    actor: str,
    note: str,
) -> Refund:
    payment = charged(order_id)
    order = lock(order_id)
    standing = Refund.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    if payment is None or order.state not in REFUNDABLE:
        raise NotRefundable(f"Order {order.number} is {order.state}: no payment of ours can be sent back for it.")
    units, part = _part(order, lines, shipping)
    # All that is left is all that is left of the payment, whatever else was sent back or charged.
    other = payment.left - part.total if lines is None else ZERO
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


def send(*, refund_id: UUID) -> Refund:
    """Ask Stripe to pay back, and apply what it says; a refund that was settled stays as it is.

    While Stripe cannot be asked the refund stays pending and the sweep asks again.
    """
    row = Refund.objects.select_related("payment", "order").get(id=refund_id)
    if row.state != Refund.State.PENDING:
        return row
    wait = timedelta(seconds=min(2**row.attempts * 15, 3600))
    Refund.objects.filter(id=row.id).update(attempts=F("attempts") + 1, due_at=timezone.now() + wait)
    try:
        said = _ask(row)
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        # Stripe will say the same tomorrow: a person has to look.
        return _settle(row.id, Refund.State.FAILED, error=error.user_message or str(error))
    except stripe.StripeError as error:
        Refund.objects.filter(id=row.id).update(last_error=str(error)[:2000])
        log.warning("refund waits", order=row.order.number, error=str(error))
        row.refresh_from_db()
        return row
    return apply(refund_id=row.id, said=said)


def _ask(row: Refund) -> stripe.Refund:
    client = gateway.client()
    if row.stripe_id:
        return client.v1.refunds.retrieve(row.stripe_id)
    if row.created_at < timezone.now() - KEY_LIVES:
        known = client.v1.refunds.list(params={"payment_intent": row.payment.payment_intent, "limit": 100})
        for one in known.auto_paging_iter():
            if one.metadata and one.metadata.to_dict().get("refund") == str(row.id):
                return one
    return client.v1.refunds.create(
        params={
            "payment_intent": row.payment.payment_intent,
            "amount": to_stripe(round_money(row.amount, row.currency), row.currency),
            "metadata": {"order": row.order.number, "refund": str(row.id)},
        },
        options={"idempotency_key": f"refund:{row.id}"},
    )


OUTCOMES = {
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}


def apply(*, refund_id: UUID, said: stripe.Refund) -> Refund:
    """Apply what Stripe says of a refund now. Repeatable, in any order."""
    Refund.objects.filter(id=refund_id, stripe_id=None).update(stripe_id=said.id)
    state = OUTCOMES.get(said.status or "", Refund.State.PENDING)
    if state == Refund.State.PENDING:
        return Refund.objects.get(id=refund_id)
    error = str(said.to_dict().get("failure_reason") or "Stripe could not pay back.")
    return _settle(refund_id, state, error=error if state == Refund.State.FAILED else "")


@transaction.atomic
def _settle(refund_id: UUID, state: str, *, error: str = "") -> Refund:
    """Apply the outcome once. A refund that had succeeded may still fail later (a closed account): it opens again."""
    known = Refund.objects.get(id=refund_id)
    payment = Payment.objects.select_for_update().get(id=known.payment_id)
    order = lock(known.order_id)
    row = Refund.objects.select_for_update().get(id=refund_id)
    if row.state in {state, Refund.State.FAILED}:
        return row
    was, row.state = row.state, state
    row.settled_at, row.due_at, row.last_error = timezone.now(), None, error[:2000]
    row.save(update_fields=["state", "settled_at", "due_at", "last_error"])
    if state == Refund.State.FAILED:
        _give_back(row, payment)
        cases.open_case(
            kind=PaymentCase.Kind.REFUND_FAILED,
            cause_key=f"refund failed:{row.id}",
            payment=payment,
            refund=row,
            facts=error or "Stripe could not pay back.",
        )
        log.error("refund failed", order=order.number, amount=str(row.amount), error=error, after=was)
        return row
    _reverse(order, row)
    all_gone = not payment.left and not payment.refunds.filter(state=Refund.State.PENDING).exists()
    # A second charge, or one of another amount, was never what paid for the order.
    if all_gone and payment.state == Payment.State.SUCCEEDED:
        payment.state = Payment.State.REFUNDED
        payment.save(update_fields=["state", "updated_at"])
        stays = not order.lines.exclude(cancelled=F("quantity")).exists()
        if stays or order.state == OrderState.PAID_WITHOUT_STOCK:
            orders.mark_refunded(order_id=order.id, actor=row.actor, cause=f"refund {row.reason}")
    if row.reason in TOLD:
        mails.refunded(order, row.amount, key=str(row.id))
    log.info("refund sent back", order=order.number, amount=str(row.amount), currency=row.currency)
    return row


def _give_back(row: Refund, payment: Payment) -> None:
    """The money did not go back: it can be tried anew. Units that were cancelled stay so until a person decides."""
    fields: dict[str, Any] = {"refunded": F("refunded") - row.amount, "updated_at": timezone.now()}
    if payment.state == Payment.State.REFUNDED:
        fields["state"] = Payment.State.SUCCEEDED
    Payment.objects.filter(id=payment.id).update(**fields)
    for line in row.lines.all():
        OrderLine.objects.filter(id=line.order_line_id).update(refunded=F("refunded") - line.quantity)


def _reverse(order: Order, row: Refund) -> None:
    """Royalties are owed on what was sold and kept: they go back by the units that were paid back in all.

    Up to a level, not by this refund's units: those of a refund that failed afterwards have been taken back already.
    """
    if order.state == OrderState.PAID_WITHOUT_STOCK:
        return
    today = timezone.localdate()
    settled = dict(
        RefundLine.objects.filter(refund__order=order, refund__state=Refund.State.SUCCEEDED)
        .order_by()
        .values_list("order_line")
        .annotate(units=Sum("quantity"))
    )
    for line in row.lines.select_related("order_line"):
        royalties.reverse_units_to(
            source=f"order:{order.number}/{line.order_line.position}",
            quantity=settled[line.order_line_id],
            cause_key=f"refund:{row.id}",
            cause=f"refund {row.reason}",
            on=today,
        )


def refund_in_full(*, order_id: UUID, actor: str, cause: str) -> Refund:
    """Send back all of an order of which nothing has left; its units go back on sale. Repeating pays back once.

    :raises NotRefundable: as :func:`refund`, and when a parcel has left.
    """
    order = Order.objects.get(id=order_id)
    if order.shipments.filter(state__in=LEFT).exists() or order.state in AWAY:
        raise NotRefundable(f"Parcels of order {order.number} have left: pay back by line, or take a return.")
    without = order.state == OrderState.PAID_WITHOUT_STOCK
    # A refund that failed is no reason not to try again; one that hangs or is through is the one that stands.
    tried = order.refunds.filter(state=Refund.State.FAILED).count()
    return refund(
        order_id=order_id,
        lines=None,
        reason=Refund.Reason.WITHOUT_STOCK if without else Refund.Reason.CANCELLED,
        cause_key=f"full:{order_id}:{tried}",
        actor=actor,
        note=cause,
    )
