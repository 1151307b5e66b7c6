"""What a refund has come to: sent back or failed, applied once to payment, order and royalties."""

from typing import Any
from uuid import UUID

import stripe
import structlog
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from licensing.royalties import actions as royalties
from shop.orders import actions as orders
from shop.orders import mails
from shop.orders.actions.moving import lock
from shop.orders.models import Order, OrderLine, OrderState
from shop.payments import cases
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund, RefundLine

log = structlog.get_logger("vitrine.payments")
# Of money for goods that came back the return itself tells, and of money that came too late the order did.
TOLD = {
    Refund.Reason.CANCELLED,
    Refund.Reason.WITHDRAWAL,
    Refund.Reason.GOODWILL,
    Refund.Reason.MISMATCH,
    Refund.Reason.SECOND_CHARGE,
}

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
    return settle(refund_id, state, error=error if state == Refund.State.FAILED else "")


@transaction.atomic
def settle(refund_id: UUID, state: str, *, error: str = "") -> Refund:
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
    if row.reason in TOLD and row.currency == order.currency:
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
