"""What a person decides about a case. Each verb closes the case with a note; deciding twice is refused."""

from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction

from shop.orders import actions as orders
from shop.orders.actions.moving import lock
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import LEFT
from shop.payments import cases, refunding
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund

log = structlog.get_logger("vitrine.payments")
Kind = PaymentCase.Kind
UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED)


class NotDecidable(Exception):
    """The case is closed, or cannot be decided like that. Nothing changed."""


def _open(case_id: int, *, note: str, kinds: tuple[str, ...] = ()) -> tuple[PaymentCase, Payment, Order]:
    """Return case, payment and order, locked (the payment first)."""
    if not note.strip():
        raise NotDecidable("Say why.")
    known = PaymentCase.objects.get(id=case_id)
    payment = Payment.objects.select_for_update().get(id=known.payment_id)
    order = lock(known.order_id)
    case = PaymentCase.objects.select_for_update().get(id=case_id)
    if case.resolved_at is not None:
        raise NotDecidable(f"The case was closed by {case.resolved_by}.")
    if kinds and case.kind not in kinds:
        raise NotDecidable(f"A case of the kind “{case.get_kind_display()}” is not decided like that.")
    return case, payment, order


@transaction.atomic
def note_only(*, case_id: int, actor: str, note: str) -> PaymentCase:
    """Close a case with a note; nothing else changes.

    :raises NotDecidable: it is closed, or money of the buyer's would stay here for nothing.
    """
    case, payment, _order = _open(case_id, note=note)
    if case.kind in {Kind.AMOUNT, Kind.CURRENCY} and payment.state == Payment.State.MISMATCH and payment.left:
        raise NotDecidable("The buyer's money is here: accept it or send it back.")
    return cases.close(case, actor=actor, resolution=note)


@transaction.atomic
def accept_amount(*, case_id: int, actor: str, note: str) -> Order:
    """Take what was paid for what was asked: the order is paid.

    :raises NotDecidable: another currency, some of it was sent back, or the order was paid otherwise.
    """
    case, payment, order = _open(case_id, note=note, kinds=(Kind.AMOUNT,))
    if payment.state != Payment.State.MISMATCH or payment.refunded:
        raise NotDecidable("The payment is no longer as it was when the case was opened.")
    others = order.payments.filter(state__in=[Payment.State.SUCCEEDED, Payment.State.REFUNDED])
    if others.exists():
        raise NotDecidable(f"Order {order.number} was paid otherwise: send this back.")
    payment.state = Payment.State.SUCCEEDED
    payment.save(update_fields=["state", "updated_at"])
    cases.close(case, actor=actor, resolution=note)
    return orders.mark_paid(order_id=order.id, actor=actor, cause=f"amount accepted: {note}"[:160])


@transaction.atomic
def send_back(*, case_id: int, actor: str, note: str) -> Refund:
    """Send back what was paid wrongly; an order that nothing else has paid for ends. The sweep sends the money.

    :raises NotDecidable: it is closed, of another kind, or the money is on its way already.
    """
    case, payment, order = _open(case_id, note=note, kinds=(Kind.AMOUNT, Kind.CURRENCY))
    if payment.state != Payment.State.MISMATCH:
        raise NotDecidable("The payment is no longer as it was when the case was opened.")
    try:
        row = refunding.claim_whole(
            payment=payment,
            order=order,
            reason=Refund.Reason.MISMATCH,
            cause_key=f"case:{case.pk}",
            actor=actor,
            note=note,
        )
    except refunding.NotRefundable as error:
        raise NotDecidable(str(error)) from error
    if order.state in UNPAID:
        orders.cancel_unpaid(order_id=order.id, actor=actor, cause="the payment was sent back")
    cases.close(case, actor=actor, resolution=note)
    return row


def pay_back_again(*, case_id: int, actor: str, note: str) -> Refund:
    """Try a refund that failed once more, with the same units, sums and deduction; whoever asks, it goes back once.

    :raises NotDecidable: it is closed, of another kind, or what it was for has been paid back otherwise.
    """
    case = PaymentCase.objects.select_related("refund").get(id=case_id)
    failed = case.refund
    if not note.strip() or case.kind != Kind.REFUND_FAILED or failed is None or case.resolved_at is not None:
        raise NotDecidable("Only the open case of a failed refund, with a note, is tried again.")
    key = refunding.again_key(failed)
    try:
        row = _same_again(failed, key=key, actor=actor, note=note)
    except refunding.NotRefundable as error:
        raise NotDecidable(str(error)) from error
    with transaction.atomic():
        cases.close_by_cause(case.cause_key, actor=actor, resolution=note)
    return refunding.send(refund_id=row.id)


def _same_again(failed: Refund, *, key: str, actor: str, note: str) -> Refund:
    lines = {line.order_line_id: line.quantity for line in failed.lines.all()}
    if lines or failed.shipping:
        return refunding.refund(
            order_id=failed.order_id,
            lines=lines,
            shipping=failed.shipping,
            reason=failed.reason,
            cause_key=key,
            actor=actor,
            note=note,
            deduction=max(-failed.other, Decimal(0)),
            duties=bool(failed.duty or failed.fees),
        )
    return _whole_again(failed.payment_id, failed, key=key, actor=actor, note=note)


@transaction.atomic
def _whole_again(payment_id: UUID, failed: Refund, *, key: str, actor: str, note: str) -> Refund:
    payment = Payment.objects.select_for_update().get(id=payment_id)
    order = lock(failed.order_id)
    if failed.reason == Refund.Reason.MADE_AT_STRIPE:
        raise refunding.NotRefundable("That refund was made at Stripe: try it again there.")
    return refunding.claim_whole(
        payment=payment, order=order, reason=failed.reason, cause_key=key, actor=actor, note=note
    )


@transaction.atomic
def take_order_back(*, case_id: int, actor: str, note: str) -> Order:
    """All of the money went back at Stripe and nothing has left: units go back on sale, royalties reverse.

    :raises NotDecidable: some of the money is still here, or a parcel has left.
    """
    case, payment, order = _open(case_id, note=note, kinds=(Kind.REFUND_ELSEWHERE,))
    if payment.left or payment.refunds.filter(state=Refund.State.PENDING).exists():
        raise NotDecidable("Some of the money is still here or on its way: pay back the rest by line first.")
    if order.shipments.filter(state__in=LEFT).exists() or order.state not in {OrderState.PAID, OrderState.PICKING}:
        raise NotDecidable(f"Order {order.number} is {order.get_state_display()}: its goods cannot be taken back here.")
    cases.close(case, actor=actor, resolution=note)
    return orders.mark_refunded(order_id=order.id, actor=actor, cause=f"refund made at Stripe: {note}"[:160])
